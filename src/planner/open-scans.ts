import type { CatalogFile, ScanRequest, TableFiles } from './catalog-view.js';
import type { ConstantExpression, Expression } from './expression.js';
import { columnsOf, substituteColumns } from './logical/expression-tree.js';
import type { LogicalNode, LogicalScan } from './logical/logical-plan.js';
import { mapInputs, visitPlan } from './logical/plan-tree.js';
import type { RuleContext } from './optimizer/rule.js';
import { foldConstants } from './optimizer/rules/constant-folding.js';
import { simplify } from './optimizer/rules/simplify-boolean.js';
import { isVolatile } from './optimizer/volatility.js';

/**
 * Lists the files of every scan, all at the same time, leaving out partitions that its filters rule out. Scans of one
 * table see the same commit: it is listed once.
 */
export async function openScans(plan: LogicalNode, context: RuleContext): Promise<LogicalNode> {
  const scans: LogicalScan[] = [];
  visitPlan(plan, (node) => {
    if (node.kind === 'scan' && !node.files) scans.push(node);
  });
  if (scans.length === 0) return plan;
  const groups = new Map<string | LogicalScan, LogicalScan[]>();
  for (const scan of scans) {
    const key = scan.table.shared?.key ?? scan;
    groups.set(key, [...(groups.get(key) ?? []), scan]);
  }
  const opened = new Map((await Promise.all([...groups.values()].map((group) => openTogether(group, context)))).flat());
  const replace = (node: LogicalNode): LogicalNode =>
    node.kind === 'scan' ? (opened.get(node) ?? node) : mapInputs(node, replace);
  return replace(plan);
}

type Opened = readonly [before: LogicalScan, after: LogicalScan];

/** Opens scans of one table. */
async function openTogether(scans: readonly LogicalScan[], context: RuleContext): Promise<Opened[]> {
  const openings = scans.map((scan) => openingOf(scan, context));
  const [first] = openings;
  const { table } = scans[0]!;
  const files =
    openings.length === 1 || !table.shared
      ? [await table.openScan(first!.request)]
      : await table.shared.openScans(openings.map(({ request }) => request));
  return scans.map((scan, i) => [scan, openings[i]!.finish(files[i]!)] as const);
}

/** What a scan asks for, and what it is with the answer. */
interface Opening {
  readonly request: ScanRequest;
  finish(files: TableFiles): LogicalScan;
}

function openingOf(scan: LogicalScan, context: RuleContext): Opening {
  const { table } = scan;
  const partitions = new Map<number, number>();
  for (const column of scan.columns) {
    const index = table.partitionColumns.indexOf(column.name);
    if (index >= 0) partitions.set(column.id, index);
  }
  const onPartitions = scan.filters.filter((filter) => isDecidable(filter, partitions));
  const columns = scan.columns.map((column) => column.name);
  if (onPartitions.length === 0) return { request: { columns }, finish: (files) => ({ ...scan, files }) };
  const undecided = new Set<Expression>();
  const matches = partitionTest(onPartitions, partitions, context, undecided);
  return {
    request: { columns, matchesPartition: matches },
    finish: (files) => ({
      ...scan,
      files: onlyMatching(files, (file) => matches(file.partitionValues)),
      // Every file that is left satisfies those that were decided for each.
      filters: scan.filters.filter((filter) => !onPartitions.includes(filter) || undecided.has(filter)),
    }),
  };
}

/** Does the filter use partition columns and nothing else? */
function isDecidable(filter: Expression, partitions: ReadonlyMap<number, number>): boolean {
  const columns = columnsOf(filter);
  return columns.size > 0 && !isVolatile(filter) && [...columns].every((id) => partitions.has(id));
}

type PartitionTest = (values: readonly (ConstantExpression | undefined)[]) => boolean;

/**
 * Filters whose columns are not all known yet count as true. So do those that fail, or that folding does not bring down to
 * a constant: with all columns known they are `undecided`, and have to run.
 */
function partitionTest(
  filters: readonly Expression[],
  partitions: ReadonlyMap<number, number>,
  context: RuleContext,
  undecided: Set<Expression>,
): PartitionTest {
  return (values) => {
    const known = new Map<number, Expression>();
    for (const [id, index] of partitions) {
      const value = values[index];
      if (value) known.set(id, value);
    }
    return filters.every((filter) => {
      const folded = simplify(foldConstants(substituteColumns(filter, known), context));
      if (folded.kind === 'constant') return folded.value === true;
      if (columnsOf(folded).size === 0) undecided.add(filter);
      return true;
    });
  };
}

function onlyMatching(files: TableFiles, test: (file: CatalogFile) => boolean): TableFiles {
  const kept = files.files.filter(test);
  if (kept.length === files.files.length) return files;
  const share = kept.length / files.files.length;
  return { ...files, files: kept, rowCount: files.rowCount && Math.round(files.rowCount * share) };
}
