import type { PartitionValue, TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import type { Expression, OptimizeStatement } from '../../parser/index.js';
import { inputsOf } from '../../planner/physical/physical-inputs.js';
import type { PhysicalNode, ScanNode } from '../../planner/physical/physical-plan.js';
import { planRowPredicates } from '../../planner/plan-row-expressions.js';
import type { StatementResult } from '../statement-result.js';
import { referencesIn } from './column-references.js';
import * as make from './make-syntax.js';
import { MAX_PARTITIONS, overwriting, withinPartitions } from './modified-rows.js';
import { plannerContext, planQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, tableSink, writeResult } from './table-sink.js';

/** Half of what files grow to. */
const SMALL_FILE_BYTES = 256 * 2 ** 20;

const CLAUSE = { one: 'WHERE of OPTIMIZE', many: 'WHERE of OPTIMIZE' };

/**
 * OPTIMIZE: writes the partitions anew that have several small files, as one commit; all of a table without partitions. Rows keep
 * their order. Doing it again does nothing.
 */
export async function optimize(context: StatementContext, statement: OptimizeStatement): Promise<StatementResult> {
  const { table: name, where } = statement;
  const table = await getTable(context, name, 'optimize');
  if (where !== undefined) assertOfPartitions(context, name.parts.at(-1)!.name, table, where);
  // Begun before anything is read: a commit in between is a conflict.
  const write = await context.session.catalog.lakeOf(table).beginWrite(table);
  return await abortOnFailure(write, async () => {
    const target = { table: name, alias: undefined };
    const items = table.columns.map((column) => make.column(target, column.name));
    const listed = await planQueryOf(context, make.query(items, [make.target(target)], where), []);
    const found = fragmentedPartitions(listed.plan, table);
    if (found.length === 0) {
      await write.abort();
      const message = `"${table.displayName}" has no small files to put together`;
      context.session.notify({ severity: 'NOTICE', code: '00000', message });
      return { kind: 'done', completion: { command: 'OPTIMIZE', rowCount: undefined } };
    }
    const isWhole = table.partitionColumns.length === 0 || found.length > MAX_PARTITIONS;
    const partitions = isWhole ? undefined : found;
    const within = withinPartitions(target, table, partitions);
    const { plan } = await planQueryOf(context, make.query(items, [make.target(target)], within), []);
    // Rows that are there already are held to nothing.
    const sink = { ...tableSink(context, plan, table, write), isOrdered: true, violations: undefined };
    const result = writeResult(sink, write, overwriting(partitions), 'OPTIMIZE');
    return result.kind === 'write' ? { ...result, countsRows: false } : result;
  });
}

/** Files are replaced by partitions: a condition on other columns would mean parts of files. */
function assertOfPartitions(
  context: StatementContext,
  relation: string,
  { columns, partitionColumns }: TableRelation,
  where: Expression,
): void {
  planRowPredicates([where], { names: [relation], columns }, plannerContext(context), CLAUSE);
  const names = partitionColumns.map(({ name }) => name);
  const other = referencesIn(where).find(({ parts }) => !names.includes(parts.at(-1)!.name));
  if (other === undefined) return;
  const known = `Only the partition columns may be referenced: [${names.join(', ')}]`;
  throw userError('42P10', `Predicate references non-partition column '${other.parts.at(-1)!.name}'. ${known}`, {
    position: other.position,
    hint: 'Leave WHERE out to look at all partitions.',
  });
}

/** Of the partitions that a plan reads, those with several small files. */
function fragmentedPartitions(plan: PhysicalNode, table: TableRelation): (readonly PartitionValue[])[] {
  const partitions = new Map<string, { values: readonly PartitionValue[]; smallFiles: number }>();
  for (const { partitionValues, byteLength } of scannedFiles(plan)) {
    if (byteLength >= SMALL_FILE_BYTES) continue;
    const values = partitionValues.slice(0, table.partitionColumns.length).map(({ value }) => value as PartitionValue);
    const key = values.map((value) => `${typeof value} ${value}`).join('\0');
    const partition = partitions.get(key) ?? { values, smallFiles: 0 };
    partition.smallFiles++;
    partitions.set(key, partition);
  }
  return [...partitions.values()].filter(({ smallFiles }) => smallFiles > 1).map(({ values }) => values);
}

const scannedFiles = (plan: PhysicalNode): ScanNode['files'] =>
  plan.kind === 'scan' ? plan.files : inputsOf(plan).flatMap(scannedFiles);
