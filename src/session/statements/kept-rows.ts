import { randomBytes } from 'node:crypto';
import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { WrittenFile } from '../../catalog/table-write.js';
import type { RunningQuery } from '../../exec/running-query.js';
import type * as Ast from '../../parser/index.js';
import type { Expression } from '../../planner/expression.js';
import type { ParquetSinkNode, PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { PlannedQuery } from '../../planner/plan-query.js';
import { TEMPORARY_SCHEMA } from '../temporary-lake.js';
import * as make from './make-syntax.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, sinkPlan } from './table-sink.js';

/**
 * Rows that a statement reads more than once, to write them and to return them: a temporary table that goes with the
 * statement. What is volatile has been computed then.
 */
export interface KeptRows {
  readonly name: Ast.QualifiedName;
  /** The entry of FROM that reads them. */
  readonly rows: Ast.Relation;
  readonly rowCount: number;
  drop(): Promise<void>;
}

export const KEPT = 'kept rows';

/** What a column is called there: by no name that somebody would write. */
export function keptName(name: string): string {
  return `kept ${name}`;
}

export function keptColumn(name: string): Ast.Expression {
  return make.columnOf(KEPT, keptName(name));
}

/** Columns may be given in another order, or computed, by `expressions` over the plan's. */
export async function keepRows(
  context: StatementContext,
  { plan }: Pick<PlannedQuery, 'plan'>,
  columns: readonly ColumnDefinition[],
  expressions: readonly Expression[] = columns.map(({ type }, column) => ({ kind: 'column', type, column })),
): Promise<KeptRows> {
  const { catalog } = context.session;
  const relation = `rows of a statement ${randomBytes(6).toString('hex')}`;
  const name = make.qualifiedName([TEMPORARY_SCHEMA, relation]);
  const { lake, name: address } = await catalog.locateNew(name, true);
  const definition = { columns, partitionColumns: [], options: {} };
  const write = await lake.beginCreateTable(address, definition);
  const files = await abortOnFailure(write, async () => {
    const sink = sinkPlan(context, plan, { name: relation, definition }, expressions, write);
    const written = await runSink(context, sink);
    await write.commit(written, { kind: 'append' });
    return written;
  });
  catalog.forgetRelations();
  const drop = async (): Promise<void> => {
    await lake.dropTable(address);
    catalog.forgetRelations();
  };
  return {
    name,
    rows: make.named(
      make.tableOf(name),
      KEPT,
      columns.map((column) => keptName(column.name)),
    ),
    rowCount: files.reduce((sum, file) => sum + file.rowCount, 0),
    drop,
  };
}

/** Runs a plan that writes files while a statement is planned. */
export async function runSink(
  context: StatementContext,
  sink: ParquetSinkNode,
): Promise<readonly (WrittenFile & { readonly rowCount: number })[]> {
  return (await runToEnd(context, sink)).files;
}

/** The same of any plan that gives no rows. */
export async function runToEnd({ engine, onCancel }: StatementContext, plan: PhysicalNode): Promise<RunningQuery> {
  const running = engine.executor.start(plan, { format: { kind: 'arrow' } });
  onCancel?.((reason) => running.cancel(reason));
  for await (const _chunk of running.chunks());
  return running;
}

/** Whatever happens, what was kept is dropped. */
export async function droppingOnFailure<Result>(kept: KeptRows, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await kept.drop().catch(() => undefined);
    throw error;
  }
}
