import { unreachable } from '../../common/errors.js';
import type { Expression } from '../expression.js';
import { formatExpression, functionOf, type NameColumn } from '../format-expression.js';
import { formatWindowCall } from '../format-window.js';
import type {
  ExpandNode,
  HashAggregateNode,
  HashJoinNode,
  MetadataOrigin,
  PhysicalColumn,
  PhysicalNode,
  SortKey,
  SortNode,
  WindowNode,
} from '../physical/physical-plan.js';
import type { ExplainOptions } from './explain-options.js';
import { formatBytes } from './format-bytes.js';
import { formatOver } from './format-over.js';
import { formatMs } from './node-measures.js';
import { scanDetails, textScanDetails } from './scan-details.js';

export function detailsOf(node: PhysicalNode, { verbose = false }: ExplainOptions = {}): string[] {
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
    case 'unnest':
      return [`Arrays: ${node.arrays.map(formatOver(node.input.columns)).join(', ')}`];
    case 'hashAggregate':
      return aggregateDetails(node);
    case 'hashJoin':
      return [...joinDetails(node), ...joinReasons(node, verbose)];
    case 'sort':
      return sortDetails(node);
    case 'window':
      return windowDetails(node);
    case 'limit':
      return limitDetails(node.limit, node.offset);
    case 'recursive':
      return node.isStreamed ? [] : ['Step: once a round, over all of its rows'];
    case 'unionAll':
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
  if (node.isPartitionWise) details.push('Partition by Partition: nothing to merge');
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

/** An order that is less better than this is not worth a word. */
const NOTABLE_GAIN = 1.2;

/** Why the join is as it is: the table that its workers share, and the order of joins where it was changed. */
function joinReasons(
  { build, buildBytes, shuffleFromBytes, order, probeKeys, codedTexts }: HashJoinNode,
  verbose: boolean,
): string[] {
  const coded = codedTexts.map((ordinal) => build.columns[ordinal]!.name);
  const codes = verbose && coded.length > 0 ? [`Texts as Codes: ${coded.join(', ')}`] : [];
  const limit = Number.isFinite(shuffleFromBytes) && verbose ? `, shuffled from ${formatBytes(shuffleFromBytes)}` : '';
  const table =
    probeKeys.length > 0
      ? [`Build Table: ${build.estimatedRows} rows, ${formatBytes(buildBytes)}${limit}`, ...codes]
      : codes;
  if (order === undefined || order.relations < 3) return table;
  const { relations, cost, writtenCost } = order;
  const written =
    writtenCost !== undefined && writtenCost >= NOTABLE_GAIN * cost
      ? ` (${formatMs(writtenCost / 1e6)} as written)`
      : '';
  if (written === '' && !verbose) return table;
  return [...table, `Join Order: ${relations} relations, cost ${formatMs(cost / 1e6)}${written}`];
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
