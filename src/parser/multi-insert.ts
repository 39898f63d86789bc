import type { InsertStatement } from './ast/insert-statement.js';
import type { CommonTableExpression, ModifyingTable, Query, WithClause } from './ast/query.js';
import type { Relation } from './ast/relation.js';
import type { Select } from './ast/select.js';
import type { QueryStatement } from './ast/statement.js';

/** Raises a syntax error at this position. */
type Reject = (position: number, hint: string) => never;

/**
 * `FROM source INSERT … SELECT … INSERT … SELECT …` is the last of them below a WITH that has the others: each reads what
 * there was before the statement, and all of them are one commit.
 */
export function multiInsert(
  statement: QueryStatement,
  inserts: readonly InsertStatement[],
  reject: Reject,
): QueryStatement | InsertStatement {
  const [first] = inserts;
  if (first === undefined) return statement;
  const { position, end, query } = statement;
  const { body } = query;
  if (!isSource(query) || body.kind !== 'select') {
    reject(first.position, 'Before the first INSERT stand FROM and the source; each INSERT has its own SELECT.');
  }
  const source = sharedSource(body.from);
  const own = inserts.map((insert) => ({ ...insert, source: queryOfSource(insert, source.from, body.where, reject) }));
  const modifications: ModifyingTable[] = [];
  const tablesBefore = (query.with?.tables.length ?? 0) + source.tables.length;
  for (const [number, { with: replaced, ...insert }] of own.entries()) {
    for (const { statement: before } of replaced?.modifications ?? []) {
      modifications.push(unnamedTable(before, tablesBefore, modifications.length));
    }
    if (number + 1 === own.length) break;
    modifications.push(unnamedTable({ ...insert, with: undefined }, tablesBefore, modifications.length));
  }
  const known = query.with ?? { kind: 'with', recursive: false, tables: [], modifications: [], position };
  const tables = [...known.tables, ...source.tables];
  const clause: WithClause = { ...known, tables, modifications: [...known.modifications, ...modifications] };
  const isAlone = tables.length === 0 && clause.modifications.length === 0;
  return { ...own.at(-1)!, with: isAlone ? undefined : clause, position, end };
}

/** A statement of WITH that nothing can refer to. */
function unnamedTable(statement: ModifyingTable['statement'], tablesBefore: number, number: number): ModifyingTable {
  const { position } = statement;
  const name = { kind: 'identifier', name: `statement ${number + 1}`, quoted: true, position } as const;
  return { kind: 'modifyingTable', name, columns: [], statement, tablesBefore, implied: true, position };
}

/** FROM and WHERE, and nothing else. */
function isSource({ body, orderBy, limit, offset }: Query): boolean {
  if (body.kind !== 'select' || orderBy.length > 0 || limit !== undefined || offset !== undefined) return false;
  const [item] = body.items;
  // The star of a FROM without SELECT stands where FROM does.
  const isBare = body.items.length === 1 && item!.kind === 'star' && item!.position === body.position;
  return isBare && !(body.groupBy || body.having || body.qualify || body.windows.length > 0);
}

/** Subqueries become tables of WITH, which are computed once where they are volatile. */
function sharedSource(from: readonly Relation[]): {
  from: readonly Relation[];
  tables: readonly CommonTableExpression[];
} {
  const tables: CommonTableExpression[] = [];
  const shared = from.map((relation): Relation => {
    if (relation.kind !== 'subquery' || relation.lateral) return relation;
    const { query, position, alias } = relation;
    const name = { kind: 'identifier', name: `source ${tables.length + 1}`, quoted: true, position } as const;
    tables.push({ kind: 'commonTableExpression', name, columns: [], materialized: undefined, query, position });
    return { kind: 'table', name: { kind: 'qualifiedName', parts: [name], position }, alias, position };
  });
  return { from: shared, tables };
}

function queryOfSource(
  { source, onConflict, returning, position }: InsertStatement,
  from: readonly Relation[],
  where: Select['where'],
  reject: Reject,
): Query {
  if (onConflict !== undefined || returning !== undefined) {
    reject(position, 'ON CONFLICT and RETURNING belong to an INSERT of its own.');
  }
  if (source?.body.kind !== 'select') reject(position, 'Each INSERT behind FROM has a SELECT of the source.');
  const { body } = source;
  if (body.from.length > 0) reject(body.from[0]!.position, 'The source stands before the first INSERT.');
  const operands = [where, body.where].filter((condition) => condition !== undefined);
  const both =
    operands.length < 2
      ? operands[0]
      : ({ kind: 'logical', operator: 'and', operands, position: where!.position } as const);
  return { ...source, body: { ...body, from, where: both } };
}
