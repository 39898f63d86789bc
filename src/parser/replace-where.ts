import type { InsertStatement, ReplaceWhere } from './ast/insert-statement.js';
import type { DeleteStatement } from './ast/modify-statement.js';
import type { WithClause } from './ast/query.js';

/**
 * `INSERT INTO t REPLACE WHERE condition query` is the INSERT below a WITH that deletes the rows: the query does not see
 * that they are gone, and both are one commit.
 */
export function replacingRows(insert: InsertStatement, replaceWhere: ReplaceWhere): InsertStatement {
  const { table, alias } = insert;
  const { condition: where, position, end } = replaceWhere;
  const nothing = { with: undefined, others: [], returning: undefined } as const;
  const statement: DeleteStatement = { kind: 'delete', ...nothing, table, alias, where, position, end };
  const name = { kind: 'identifier', name: 'replaced rows', quoted: true, position } as const;
  const deletion = {
    kind: 'modifyingTable',
    name,
    columns: [],
    statement,
    tablesBefore: 0,
    implied: true,
    position,
  } as const;
  const clause = { kind: 'with', recursive: false, tables: [], modifications: [deletion], position } as const;
  return { ...insert, with: clause, replaceWhere };
}

/** The WITH before a statement, with that which stands for its REPLACE WHERE. */
export function joinedClauses(before: WithClause, own: WithClause | undefined): WithClause {
  if (own === undefined) return before;
  const tablesBefore = before.tables.length;
  const modifications = own.modifications.map((modification) => ({ ...modification, tablesBefore }));
  return { ...before, modifications: [...before.modifications, ...modifications] };
}
