import { userError } from '../../common/errors.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { Query } from '../ast/query.js';
import type { ScalarSubquery } from '../ast/subquery.js';

/**
 * `(a, b) = (SELECT x, y …)`: for each column a subquery that takes its value out of the row. What they have in common is
 * computed once, as that of all queries.
 */
export function valuesOfSubquery({ query, position }: ScalarSubquery, columns: readonly Identifier[]): Expression[] {
  const { body } = query;
  const items =
    body.kind === 'select' && body.items.every(({ kind }) => kind !== 'star') ? body.items.length : undefined;
  if (items !== undefined && items !== columns.length) {
    throw userError('42601', 'number of columns does not match number of values', { position });
  }
  const identifier = (name: string): Identifier => ({ kind: 'identifier', name, quoted: true, position });
  const names = columns.map((_, i) => identifier(`value ${i + 1}`));
  const alias = { kind: 'tableAlias', name: identifier('values of the row'), columns: names, position } as const;
  return names.map((name): Expression => {
    const expression: Expression = { kind: 'columnReference', parts: [name], position };
    const part: Query = {
      kind: 'query',
      with: undefined,
      body: {
        kind: 'select',
        distinct: undefined,
        items: [{ kind: 'selectExpression', expression, alias: undefined, position }],
        from: [{ kind: 'subquery', lateral: false, query, alias, position }],
        where: undefined,
        groupBy: undefined,
        having: undefined,
        windows: [],
        qualify: undefined,
        position,
      },
      orderBy: [],
      limit: undefined,
      offset: undefined,
      position,
      end: query.end,
    };
    return { kind: 'scalarSubquery', query: part, position };
  });
}
