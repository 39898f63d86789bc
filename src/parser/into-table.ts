import type { CreateTableAsStatement } from './ast/definition-statement.js';
import type { QueryBody } from './ast/query.js';
import type { IntoClause } from './ast/select.js';
import type { QueryStatement } from './ast/statement.js';

/** `SELECT … INTO t` is CREATE TABLE t AS the query without it. The first SELECT of a UNION may say so. */
export function intoTable(statement: QueryStatement): QueryStatement | CreateTableAsStatement {
  const found = withoutInto(statement.query.body);
  if (found === undefined) return statement;
  const { query, position, end } = statement;
  const { name, temporary } = found.into;
  return {
    kind: 'createTableAs',
    name,
    orReplace: false,
    temporary,
    ifNotExists: false,
    columns: [],
    constraints: [],
    comment: undefined,
    partitionedBy: [],
    options: [],
    query: { ...query, body: found.body },
    withData: true,
    position,
    end,
  };
}

function withoutInto(body: QueryBody): { readonly body: QueryBody; readonly into: IntoClause } | undefined {
  if (body.kind === 'select') {
    const { into, ...select } = body;
    return into && { body: select, into };
  }
  if (body.kind === 'setOperation') {
    const left = withoutInto(body.left);
    return left && { body: { ...body, left: left.body }, into: left.into };
  }
  return undefined;
}
