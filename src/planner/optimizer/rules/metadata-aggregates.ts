import { sameType } from '../../../types/sql-type.js';
import type { CatalogFile, ColumnStatistics, TableFiles } from '../../catalog-view.js';
import { compareConstants } from '../../compare-constants.js';
import type { ConstantExpression, Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { expressionKey } from '../../logical/expression-tree.js';
import type { LogicalAggregate, LogicalAggregateItem, LogicalScan, LogicalValues } from '../../logical/logical-plan.js';
import type { NodeRule } from '../rule.js';

/**
 * Footers know how many rows a file has, how many are NULL, and the least and the greatest value; paths know partition
 * values. What asks for nothing else reads no data: `count(*)`, `count(a)`, `min(a)`, `max(a)` of a whole table or of
 * some of its partitions, in groups of partitions, and the partitions themselves (DISTINCT).
 *
 *     aggregate count(*), max(a) over scan t [a]   →   metadata of t (1234, 99)
 *
 * Only bounds that are exact count: not those of texts that were cut, nor of floats, where NaN may be among the values.
 * Where one file lacks what is needed, the files are read.
 */
export const metadataAggregates: NodeRule = {
  name: 'metadata-aggregates',
  description: 'Answers counts, minima and maxima from footers and paths.',
  traversal: 'up',
  rewrite(node) {
    if (node.kind !== 'aggregate' || node.input.kind !== 'scan') return undefined;
    const { filters, limit, files } = node.input;
    return files && filters.length === 0 && limit === undefined ? answered(node, node.input, files) : undefined;
  },
};

/** The statistics of one column over some rows. */
interface Part {
  readonly rowCount: number;
  readonly statisticsOf: (expression: Expression) => ColumnStatistics | undefined;
}

function answered(node: LogicalAggregate, scan: LogicalScan, files: TableFiles): LogicalValues | undefined {
  const names = new Map(scan.columns.map((column) => [column.id, column.name]));
  const partitionOf = (expression: Expression): number => {
    const name = expression.kind === 'column' ? names.get(expression.column) : undefined;
    return name === undefined ? -1 : scan.table.partitionColumns.indexOf(name);
  };
  const keys = node.groupKeys.map(({ expression }) => partitionOf(expression));
  if (keys.includes(-1)) return undefined;
  const groups = new Map<string, { readonly values: readonly ConstantExpression[]; readonly parts: Part[] }>();
  if (keys.length === 0) groups.set('', { values: [], parts: [] });
  for (const file of files.files) {
    const parts = partsOf(file, names, partitionOf);
    if (!parts) return undefined;
    if (parts.length === 0) continue;
    const values = keys.map((key) => file.partitionValues[key]!);
    const name = values.map(expressionKey).join();
    const group = groups.get(name) ?? { values, parts: [] };
    group.parts.push(...parts);
    groups.set(name, group);
  }
  const rows: ConstantExpression[][] = [];
  for (const { values, parts } of groups.values()) {
    const results = node.aggregates.map((item) => resultOf(item, parts));
    if (!results.every((result) => result !== undefined)) return undefined;
    rows.push([...values, ...results]);
  }
  const columns = [...node.groupKeys, ...node.aggregates].map(({ column }) => column);
  const origin = { table: scan.table.name, files: files.files.length, totalFiles: files.totalFiles };
  return { kind: 'values', columns, rows, origin };
}

/** The row groups of a file that have rows; undefined where its footer is not known. */
function partsOf(
  file: CatalogFile,
  names: ReadonlyMap<number, string>,
  partitionOf: (expression: Expression) => number,
): readonly Part[] | undefined {
  return file.rowGroups
    ?.filter(({ rowCount }) => rowCount > 0)
    .map(({ rowCount, columns }) => ({
      rowCount,
      statisticsOf: (expression) => {
        if (expression.kind === 'constant') return ofConstant(expression, rowCount);
        const partition = partitionOf(expression);
        if (partition >= 0) return ofConstant(file.partitionValues[partition]!, rowCount);
        return expression.kind === 'column' ? columns.get(names.get(expression.column)!) : undefined;
      },
    }));
}

function ofConstant(value: ConstantExpression, rowCount: number): ColumnStatistics {
  if (value.value === null) return { nullCount: rowCount };
  return { min: value, max: value, minIsExact: true, maxIsExact: true, nullCount: 0 };
}

/** Undefined where the statistics do not tell. */
function resultOf({ call, distinct }: LogicalAggregateItem, parts: readonly Part[]): ConstantExpression | undefined {
  if (distinct || call.filter || call.order) return undefined;
  const name = functionOf(call.overload);
  const [argument] = call.args;
  if (name === 'count') {
    const count = argument ? countValues(argument, parts) : parts.reduce((sum, { rowCount }) => sum + rowCount, 0);
    return count === undefined ? undefined : { kind: 'constant', type: call.type, value: BigInt(count) };
  }
  if ((name !== 'min' && name !== 'max') || !argument || !sameType(argument.type, call.type)) return undefined;
  return extremum(name, argument, parts);
}

function countValues(argument: Expression, parts: readonly Part[]): number | undefined {
  let count = 0;
  for (const { rowCount, statisticsOf } of parts) {
    const nullCount = statisticsOf(argument)?.nullCount;
    if (nullCount === undefined) return undefined;
    count += rowCount - nullCount;
  }
  return count;
}

function extremum(name: 'min' | 'max', argument: Expression, parts: readonly Part[]): ConstantExpression | undefined {
  let best: ConstantExpression = { kind: 'constant', type: argument.type, value: null };
  for (const { rowCount, statisticsOf } of parts) {
    const statistics = statisticsOf(argument);
    if (statistics?.nullCount === rowCount) continue;
    const isExact = name === 'min' ? statistics?.minIsExact : statistics?.maxIsExact;
    const bound = statistics?.[name];
    if (!bound || !isExact) return undefined;
    const order = best.value === null ? 0 : compareConstants(bound, best);
    if (order === undefined) return undefined;
    if (best.value === null || (name === 'min' ? order < 0 : order > 0)) best = { ...bound, type: argument.type };
  }
  return best;
}
