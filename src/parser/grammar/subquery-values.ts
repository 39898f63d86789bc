import { userError } from '../../common/errors.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { ScalarSubquery } from '../ast/subquery.js';
import { plainQuery, plainSelect } from '../plain-query.js';

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
    const items = [{ kind: 'selectExpression', expression, alias: undefined, position } as const];
    const part = plainSelect(items, [{ kind: 'subquery', lateral: false, query, alias, position }], position);
    return { kind: 'scalarSubquery', query: plainQuery(part, query.end), position };
  });
}
