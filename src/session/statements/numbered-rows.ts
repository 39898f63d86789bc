import type { TableRelation } from '../../catalog/table-snapshot.js';
import { countNodeIds } from '../../exec/pipeline/pipeline-plan.js';
import type { RunningQuery } from '../../exec/running-query.js';
import { isBuiltInFunction } from '../../functions/registry.js';
import type { InsertStatement, Query, Expression as Syntax } from '../../parser/index.js';
import { hasNode, plainQuery } from '../../parser/index.js';
import { isSetFunction } from '../../planner/binder/set-functions.js';
import type { Expression } from '../../planner/expression.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { DEFAULT_FRAME } from '../../planner/window-call.js';
import { BIGINT } from '../../types/sql-type.js';
import type { StatementResult } from '../statement-result.js';
import { assertAssignable } from './generated-columns.js';
import { type IdentityColumn, identityColumns, nextNumbers, numberAt, numberSyntax } from './identity-columns.js';
import type { InsertTarget } from './insert-target.js';
import { droppingOnFailure, type KeptRows, keepRows, keptColumn, keptName } from './kept-rows.js';
import * as make from './make-syntax.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** What an INSERT writes, with its numbers among VALUES. */
export interface NumberedTarget extends InsertTarget {
  readonly statement: InsertStatement;
}

/** Of VALUES it is known how many numbers are wanted: they are written where DEFAULT stands, or nothing does. */
export async function numberedValues(
  context: StatementContext,
  statement: InsertStatement,
  target: InsertTarget,
): Promise<NumberedTarget> {
  const { table, supplied, constants } = target;
  const numbered = identityColumns(table).filter(({ name }) => !constants.has(name));
  const { position, overriding } = statement;
  const ofDefault: Syntax = { kind: 'defaultValue', position };
  const source = statement.source ?? plainQuery({ kind: 'values', rows: [supplied.map(() => ofDefault)], position });
  const { body } = source;
  if (numbered.length === 0 || body.kind !== 'values' || isQuery(source) || !fits(statement, target, body.rows)) {
    return { ...target, statement };
  }
  const columns = supplied.slice(0, body.rows[0]!.length);
  if (body.rows.length === 1 && body.rows[0]!.some(mayGiveRows)) return rowAsQuery(statement, target, body.rows[0]!);
  const omitted = numbered.filter((column) => !columns.includes(column));
  const rows = body.rows.map((row) => [...row, ...omitted.map((): Syntax => ofDefault)]);
  const all = [...columns, ...omitted];
  for (const column of numbered) {
    const at = all.indexOf(column);
    const wanting = rows.filter((row) => overriding === 'user' || row[at]!.kind === 'defaultValue');
    if (overriding === undefined) for (const row of rows) assertAssignable(column, row[at], 'insert');
    if (wanting.length === 0) continue;
    const increment = BigInt(column.identity.increment);
    let next = await nextNumbers(context, table, column, wanting.length);
    for (const row of wanting) {
      row[at] = numberSyntax(next, row[at]!.position);
      next += increment;
    }
  }
  return { ...target, supplied: all, statement: { ...statement, source: { ...source, body: { ...body, rows } } } };
}

/** A call of a function that gives rows, or of one that SQL has defined, which may. */
function mayGiveRows(value: Syntax): boolean {
  return hasNode(value, (node) => {
    if (node.kind !== 'functionCall') return false;
    const { name } = node.name.parts.at(-1)!;
    return isSetFunction(name) || !isBuiltInFunction(name);
  });
}

/** VALUES of one row as a query; where DEFAULT stands, the column is left out. */
function rowAsQuery(statement: InsertStatement, target: InsertTarget, row: readonly Syntax[]): NumberedTarget {
  const given = [...row.keys()].filter((i) => row[i]!.kind !== 'defaultValue');
  const supplied = given.map((i) => target.supplied[i]!);
  const columns = supplied.map(({ name }) => make.identifier(name));
  const source = make.query(
    given.map((i) => row[i]!),
    [],
    undefined,
  );
  return { ...target, supplied, statement: { ...statement, columns, source } };
}

/** Is it not known from the text which rows there are, and in which order? VALUES may be sorted and limited. */
export function isQuery({ body, with: clause, orderBy, limit, offset }: Query): boolean {
  return (
    body.kind !== 'values' || clause !== undefined || orderBy.length > 0 || limit !== undefined || offset !== undefined
  );
}

/** Are there as many values as columns want? Whoever counts them next says what is wrong. */
function fits(
  { columns }: InsertStatement,
  { supplied, table }: InsertTarget,
  rows: readonly (readonly Syntax[])[],
): boolean {
  const width = rows[0]!.length;
  if (rows.some((row) => row.length !== width) || width > supplied.length) return false;
  return width === supplied.length || (columns.length === 0 && table.partitionColumns.length === 0);
}

/** The columns that a query's rows lack, of which each gets a number. */
export function columnsToNumber(
  { table, supplied, constants, statement }: NumberedTarget,
  suppliedCount: number,
): readonly IdentityColumn[] {
  const { source, overriding } = statement;
  if (source === undefined || !isQuery(source)) return [];
  const given = supplied.slice(0, suppliedCount);
  return identityColumns(table).filter(
    (column) => !constants.has(column.name) && (overriding === 'user' || !given.includes(column)),
  );
}

/** Rows on their way into a table: `expressions` are its columns, of those of the plan. */
export interface WrittenRows {
  readonly plan: PhysicalNode;
  readonly expressions: readonly Expression[];
}

const NUMBER = 'number of its own';

/**
 * Rows of a query are kept, since nobody knows how many numbers they want before they are there, and numbered in the
 * order in which the query gives them; then numbers are reserved, and the rows go on to `work` with them.
 */
export async function withNumbers(
  context: StatementContext,
  table: TableRelation,
  numbered: readonly IdentityColumn[],
  { plan, expressions }: WrittenRows,
  work: (rows: WrittenRows) => Promise<StatementResult>,
): Promise<StatementResult> {
  if (numbered.length === 0) return await work({ plan, expressions });
  const isKept = table.columns.map((column) => !numbered.includes(column as IdentityColumn));
  const kept = await keepRows(
    context,
    { plan: withPlaces(plan) },
    [...table.columns.filter((_, i) => isKept[i]), { name: NUMBER, type: BIGINT, nullable: false }].map(
      // What columns must be is seen to where they are written.
      ({ name, type }) => ({ name, type, nullable: true }),
    ),
    [...expressions.filter((_, i) => isKept[i]), { kind: 'column', type: BIGINT, column: plan.columns.length }],
  );
  return await droppingOnFailure(kept, async () => {
    const values: Syntax[] = [];
    for (const [i, column] of table.columns.entries()) {
      if (isKept[i]) values.push(keptColumn(column.name));
      else {
        const first = await nextNumbers(context, table, column as IdentityColumn, kept.rowCount);
        values.push(numberAt(`"${keptName(NUMBER)}"`, column as IdentityColumn, first));
      }
    }
    const options = {
      targetTypes: table.columns.map(({ type }) => type),
      targetNames: table.columns.map(({ name }) => name),
    };
    const read = await withoutPositions(() =>
      planQueryOf(context, make.query(values, [kept.rows], undefined), [], options),
    );
    const result = await work({
      plan: read.plan,
      expressions: table.columns.map(({ type }, column): Expression => ({ kind: 'column', type, column })),
    });
    return await droppedAfter(result, kept);
  });
}

/** The rows with their places, from 1, in a last column. */
function withPlaces(input: PhysicalNode): PhysicalNode {
  return {
    kind: 'window',
    id: countNodeIds(input),
    columns: [...input.columns, { name: NUMBER, type: BIGINT }],
    estimatedRows: input.estimatedRows,
    input,
    partitionKeys: [],
    orderKeys: [],
    functions: [{ name: 'row_number', type: BIGINT, args: [], orderCount: 0, frame: DEFAULT_FRAME }],
    outputs: [...input.columns.keys()],
  };
}

/** What was kept goes when the statement is done, or given up. */
async function droppedAfter(result: StatementResult, kept: KeptRows): Promise<StatementResult> {
  if (result.kind === 'write') {
    return {
      ...result,
      commit: async (query: RunningQuery) => {
        const completion = await result.commit(query);
        await kept.drop();
        return completion;
      },
      abort: async () => {
        await result.abort();
        await kept.drop();
      },
    };
  }
  // With RETURNING the rows have been kept again, with their numbers.
  await kept.drop();
  return result;
}
