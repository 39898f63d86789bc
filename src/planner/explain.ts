import { unreachable } from '../common/errors.js';
import type { Expression } from './expression.js';
import { formatExpression, formatLogical, functionOf, type NameColumn } from './format-expression.js';
import { formatWindowCall } from './format-window.js';
import type {
  ExpandNode,
  HashAggregateNode,
  HashJoinNode,
  JoinKind,
  MetadataOrigin,
  PhysicalColumn,
  PhysicalNode,
  ScanNode,
  SortKey,
  SortNode,
  TextScanNode,
  WindowNode,
} from './physical/physical-plan.js';

/** What an operator did while the query ran, over all workers. */
export interface NodeCounters {
  readonly rows: number;
  /** Time in the operator itself, its inputs not counted, in ms, summed over workers. */
  readonly timeMs: number;
  readonly bytesRead?: number | undefined;
  /** Row groups that were left out by what the build sides of joins told. */
  readonly rowGroupsSkipped?: number | undefined;
  /** The most memory it held, in bytes. */
  readonly memoryBytes?: number | undefined;
  /** What it wrote to disk for want of memory. */
  readonly spilledBytes?: number | undefined;
  /** `rows` by worker. */
  readonly workerRows?: readonly number[] | undefined;
}

export interface ExplainOptions {
  /** By node id: for EXPLAIN ANALYZE. */
  readonly counters?: ReadonlyMap<number, NodeCounters> | undefined;
  /** Also the columns that each operator returns. */
  readonly verbose?: boolean | undefined;
}

/** The plan as a tree in PostgreSQL's form, one string a line. */
export function explainPlan(plan: PhysicalNode, options: ExplainOptions = {}): string[] {
  const lines: string[] = [];
  writeNode(plan, 0, options, lines);
  return lines;
}

function writeNode(node: PhysicalNode, depth: number, options: ExplainOptions, lines: string[]): void {
  const arrow = depth === 0 ? '' : `${' '.repeat(depth * 6 - 4)}->  `;
  const indent = ' '.repeat(depth * 6 + 2);
  lines.push(`${arrow}${titleOf(node)}  (${measuresOf(node, options)})`);
  if (options.verbose) lines.push(`${indent}Output: ${node.columns.map((column) => column.name).join(', ')}`);
  for (const detail of detailsOf(node)) lines.push(`${indent}${detail}`);
  for (const input of inputsOf(node)) writeNode(input, depth + 1, options, lines);
}

/** The plan as PostgreSQL's EXPLAIN (FORMAT JSON) nests it, for tools: details under the names that the text has. */
export function explainPlanAsJson(plan: PhysicalNode, options: ExplainOptions = {}): Readonly<Record<string, unknown>> {
  const actual = options.counters?.get(plan.id);
  const details = detailsOf(plan).map((detail): [string, string] => {
    const colon = detail.indexOf(': ');
    return colon < 0 ? [detail, ''] : [detail.slice(0, colon), detail.slice(colon + 2)];
  });
  const plans = inputsOf(plan).map((input) => explainPlanAsJson(input, options));
  return {
    'Node Type': titleOf(plan),
    'Plan Rows': plan.estimatedRows,
    ...(actual && { 'Actual Rows': actual.rows, 'Actual Total Time': actual.timeMs }),
    ...(actual?.bytesRead !== undefined && { 'Bytes Read': actual.bytesRead }),
    ...(actual?.memoryBytes !== undefined && { 'Memory Bytes': actual.memoryBytes }),
    ...(actual?.spilledBytes !== undefined && { 'Spilled Bytes': actual.spilledBytes }),
    ...(actual?.workerRows !== undefined && { 'Worker Rows': actual.workerRows }),
    ...(options.verbose && { Output: plan.columns.map((column) => column.name) }),
    ...Object.fromEntries(details),
    ...(plans.length > 0 && { Plans: plans }),
  };
}

/** The estimate, and what it was compared with. */
function measuresOf(node: PhysicalNode, { counters }: ExplainOptions): string {
  const estimate = `rows=${node.estimatedRows}`;
  if (!counters) return estimate;
  const actual = counters.get(node.id);
  if (!actual) return `${estimate}) (never executed`;
  const parts = [`actual rows=${actual.rows}`, `time=${actual.timeMs.toFixed(actual.timeMs < 10 ? 2 : 1)} ms`];
  if (actual.bytesRead !== undefined) parts.push(`read=${formatBytes(actual.bytesRead)}`);
  if (actual.rowGroupsSkipped) parts.push(`skipped=${actual.rowGroupsSkipped} row groups`);
  if (actual.memoryBytes !== undefined) parts.push(`memory=${formatBytes(actual.memoryBytes)}`);
  if (actual.spilledBytes !== undefined) parts.push(`spilled=${formatBytes(actual.spilledBytes)}`);
  const skew = skewOf(actual);
  if (skew !== undefined) parts.push(`skew=${skew.toFixed(1)}`);
  return `${estimate}) (${parts.join(' ')}`;
}

/** Fewer rows are at hand at once: which worker takes them says nothing. */
const MIN_ROWS_OF_SKEW = 100_000;
const NOTABLE_SKEW = 1.2;

/** How many times as many rows as on average the busiest worker had, where that is worth a word. */
function skewOf({ rows, workerRows }: NodeCounters): number | undefined {
  if (workerRows === undefined || rows < MIN_ROWS_OF_SKEW) return undefined;
  const skew = (Math.max(...workerRows) * workerRows.length) / rows;
  return skew > NOTABLE_SKEW ? skew : undefined;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** unit;
  return `${amount < 10 && unit > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

function inputsOf(node: PhysicalNode): readonly PhysicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'textScan':
    case 'values':
    case 'generateSeries':
    case 'workingTable':
      return [];
    case 'hashJoin':
      return [node.probe, node.build];
    case 'recursive':
      return [node.anchor.input, node.step];
    case 'unionAll':
      return node.inputs;
    case 'shared':
      return node.share === node.id ? [node.input] : [];
    default:
      return [node.input];
  }
}

const JOIN_NAMES: Readonly<Record<JoinKind, string>> = {
  inner: 'Join',
  left: 'Left Join',
  right: 'Right Join',
  full: 'Full Join',
  semi: 'Semi Join',
  anti: 'Anti Join',
  rightSemi: 'Right Semi Join',
  rightAnti: 'Right Anti Join',
  nullAwareAnti: 'Null-Aware Anti Join',
  mark: 'Mark Join',
  single: 'Single-Row Join',
};

function titleOf(node: PhysicalNode): string {
  switch (node.kind) {
    case 'scan':
      return `Parquet Scan on ${node.table}`;
    case 'textScan':
      return `${node.format.kind === 'csv' ? 'CSV' : 'JSON'} Scan on ${node.table}`;
    case 'values':
      if (node.origin) return `Metadata of ${node.origin.table}`;
      return node.columns.length === 0 && node.rows.length === 1 ? 'Result' : 'Values';
    case 'generateSeries':
      return 'Generate Series';
    case 'filter':
      return 'Filter';
    case 'project':
      return 'Project';
    case 'expand':
      return 'Grouping Sets';
    case 'unnest':
      return node.outer ? 'Outer Unnest' : 'Unnest';
    case 'hashAggregate':
      if (node.groupKeys.length === 0) return 'Aggregate';
      return node.aggregates.length === 0 ? 'Distinct' : 'Hash Aggregate';
    case 'hashJoin':
      return joinTitle(node);
    case 'sort':
      return node.limit === undefined ? 'Sort' : 'Top-N';
    case 'window':
      return 'Window';
    case 'limit':
      return 'Limit';
    case 'recursive':
      return node.distinct ? 'Recursive Union' : 'Recursive Union All';
    case 'workingTable':
      return 'Working Table';
    case 'unionAll':
      return 'Union All';
    case 'shared':
      return node.share === node.id ? `Shared Rows ${node.number}` : `Shared Rows ${node.number}, read again`;
    case 'parquetSink':
      return 'Parquet Sink';
    case 'analyzeSink':
      return 'Analyze';
    default:
      return unreachable(node, 'plan node');
  }
}

function joinTitle(node: HashJoinNode): string {
  if (node.probeKeys.length > 0) return `Hash ${JOIN_NAMES[node.joinKind]} (${node.distribution})`;
  if (node.joinKind === 'inner' && !node.residual) return 'Cross Join';
  return `Nested Loop ${JOIN_NAMES[node.joinKind]}`;
}

/** Expressions with the names of the columns they read. */
function formatOver(columns: readonly { readonly name: string }[]): (expression: Expression) => string {
  return (expression) => formatExpression(expression, (ordinal) => columns[ordinal]?.name ?? `#${ordinal}`);
}

function detailsOf(node: PhysicalNode): string[] {
  switch (node.kind) {
    case 'scan':
      return scanDetails(node);
    case 'textScan':
      return textScanDetails(node);
    case 'values':
      if (node.origin) return originDetails(node.origin);
      return node.rows.length === 1 && node.columns.length === 0 ? [] : [`Rows: ${node.rows.length}`];
    case 'generateSeries':
      return [`Range: ${node.start} to ${node.stop} by ${node.step}`];
    case 'filter':
      return [`Filter: ${formatOver(node.input.columns)(node.predicate)}`];
    case 'project':
      return projectDetails(node.expressions, node.input.columns, node.columns);
    case 'expand':
      return [`Sets: ${setsText(node)}`];
    case 'unnest': {
      const arrays = node.arrays.map((array) =>
        formatExpression(array, (ordinal) => node.input.columns[ordinal]?.name ?? `#${ordinal}`),
      );
      return [`Arrays: ${arrays.join(', ')}`];
    }
    case 'hashAggregate':
      return aggregateDetails(node);
    case 'hashJoin':
      return joinDetails(node);
    case 'sort':
      return sortDetails(node);
    case 'window':
      return windowDetails(node);
    case 'limit':
      return limitDetails(node.limit, node.offset);
    case 'unionAll':
    case 'recursive':
    case 'workingTable':
    case 'shared':
      return [];
    case 'parquetSink':
      return [`Directory: ${node.directory}`, `Compression: ${node.compression}`];
    case 'analyzeSink':
      return [`Directory: ${node.folder}`];
    default:
      return unreachable(node, 'plan node');
  }
}

function originDetails({ files, totalFiles }: MetadataOrigin): string[] {
  return [`Footers: ${files}${totalFiles > files ? ` of ${totalFiles}` : ''}`];
}

function scanDetails(node: ScanNode): string[] {
  const details: string[] = [];
  const names = node.scanColumns.map((column, i) => ({
    name: column.kind === 'file' ? column.name : (node.columns[i]?.name ?? `partition ${column.partition}`),
  }));
  if (node.filters.length > 0) {
    details.push(`Filter: ${formatLogical(node.filters, 'and', (ordinal) => names[ordinal]!.name)}`);
  }
  const format = formatOver(names);
  for (const { keys, matches } of node.joinFilters ?? []) {
    details.push(`Run-time Filter: ${keys.map((key, i) => `${format(key)} = ${matches[i]}`).join(' AND ')}`);
  }
  if (node.sortBound !== undefined) {
    const { column, rows } = node.sortBound;
    details.push(`Run-time Filter: ${names[column]!.name} among the first ${rows}`);
  }
  details.push(`Columns: ${names.length === 0 ? 'none' : names.map((column) => column.name).join(', ')}`);
  details.push(`Files: ${filesText(node)}`);
  if (node.analysis) {
    const { files, totalFiles, problems } = node.analysis;
    details.push(`Statistics: ${files} of ${totalFiles} files analyzed`);
    for (const problem of problems) details.push(`Statistics ignored: ${problem}`);
  }
  if (node.limit !== undefined) details.push(`Limit: ${node.limit}`);
  return details;
}

function textScanDetails({ columns, files, totalFiles }: TextScanNode): string[] {
  const names = columns.map(({ name }) => name);
  const total = totalFiles > files.length ? ` of ${totalFiles}` : '';
  const bytes = formatBytes(files.reduce((sum, file) => sum + file.byteLength, 0));
  return [`Columns: ${names.length === 0 ? 'none' : names.join(', ')}`, `Files: ${files.length}${total} (${bytes})`];
}

function filesText(node: ScanNode): string {
  const total = node.totalFiles > node.files.length ? ` of ${node.totalFiles}` : '';
  const bytes = formatBytes(node.files.reduce((sum, file) => sum + file.byteLength, 0));
  const kept = node.files.reduce((sum, file) => sum + (file.rowGroups?.length ?? 0), 0);
  const all = node.totalRowGroups;
  const groups = all === undefined || kept === all ? '' : `, row groups: ${kept} of ${all}`;
  return `${node.files.length}${total} (${bytes})${groups}`;
}

function projectDetails(
  expressions: readonly Expression[],
  input: readonly PhysicalColumn[],
  columns: readonly PhysicalColumn[],
): string[] {
  const format = formatOver(input);
  const computed = expressions.flatMap((expression, i) => {
    if (expression.kind === 'column') return [];
    return [`${format(expression)} AS ${columns[i]!.name}`];
  });
  return computed.length > 0 ? [`Compute: ${computed.join(', ')}`] : [];
}

function aggregateDetails(node: HashAggregateNode): string[] {
  const format = formatOver(node.input.columns);
  const details: string[] = [];
  if (node.groupKeys.length > 0) details.push(`Group Key: ${node.groupKeys.map(format).join(', ')}`);
  if (node.aggregates.length > 0) {
    const calls = node.aggregates.map(({ overload, args, filter }) => {
      const where = filter ? ` FILTER (WHERE ${format(filter)})` : '';
      return `${functionOf(overload)}(${args.length === 0 ? '*' : args.map(format).join(', ')})${where}`;
    });
    details.push(`Aggregates: ${calls.join(', ')}`);
  }
  return details;
}

function setsText(node: ExpandNode): string {
  const names = new Map<number, string>();
  node.outputs.forEach((output, i) => {
    if (output.kind === 'key') names.set(output.key, node.columns[i]!.name);
  });
  return node.sets.map((set) => `(${set.map((key) => names.get(key) ?? `key ${key + 1}`).join(', ')})`).join(', ');
}

function joinDetails(node: HashJoinNode): string[] {
  const details: string[] = [];
  const ofProbe = formatOver(node.probe.columns);
  const ofBuild = formatOver(node.build.columns);
  if (node.probeKeys.length > 0) {
    const pairs = node.probeKeys.map((key, i) => {
      const operator = node.nullsEqual[i] ? 'IS NOT DISTINCT FROM' : '=';
      return `${ofProbe(key)} ${operator} ${ofBuild(node.buildKeys[i]!)}`;
    });
    details.push(`Hash Cond: ${pairs.join(' AND ')}`);
  }
  if (node.residual) {
    details.push(`Join Filter: ${formatOver([...node.probe.columns, ...node.build.columns])(node.residual)}`);
  }
  return details;
}

function sortDetails(node: SortNode): string[] {
  const { columns } = node.input;
  const keys = formatSortKeys(node.keys, (ordinal) => columns[ordinal]?.name ?? `#${ordinal}`);
  return [`Sort Key: ${keys}`, ...limitDetails(node.limit, node.offset ?? 0)];
}

function formatSortKeys(keys: readonly SortKey[], nameOf: NameColumn): string {
  return keys
    .map(({ expression, descending, nullsFirst }) => {
      const nulls = descending === nullsFirst ? '' : ` NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
      return `${formatExpression(expression, nameOf)}${descending ? ' DESC' : ''}${nulls}`;
    })
    .join(', ');
}

function windowDetails(node: WindowNode): string[] {
  const { columns } = node.input;
  const nameOf = (ordinal: number): string => columns[ordinal]?.name ?? `#${ordinal}`;
  const details: string[] = [];
  const calls = node.functions.map((call) => formatWindowCall(call, nameOf));
  if (node.partitionKeys.length > 0) {
    details.push(`Partition Key: ${node.partitionKeys.map((key) => formatExpression(key, nameOf)).join(', ')}`);
  }
  if (node.orderKeys.length > 0) details.push(`Sort Key: ${formatSortKeys(node.orderKeys, nameOf)}`);
  details.push(`Functions: ${calls.join(', ')}`);
  if (node.limit) details.push(`Limit: ${calls[node.limit.function]} <= ${node.limit.count}`);
  return details;
}

function limitDetails(limit: number | undefined, offset: number): string[] {
  const details = limit === undefined ? [] : [`Limit: ${limit}`];
  return offset > 0 ? [...details, `Offset: ${offset}`] : details;
}
