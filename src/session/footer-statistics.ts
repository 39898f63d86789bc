import type { ColumnSketch } from '../catalog/statistics/column-sketch.js';
import type { MergedStatistics } from '../catalog/statistics/read-statistics.js';
import type { CatalogColumn, CatalogFile, ColumnStatistics, RowGroupStatistics } from '../planner/catalog-view.js';
import type { ConstantExpression, ConstantValue } from '../planner/expression.js';
import type { ParquetMetadata, StatisticsValue } from '../storage/parquet-reader/parquet-metadata.js';
import { formatType, physicalTypeOf, type SqlType } from '../types/sql-type.js';
import { estimateDistinct } from './estimate-distinct.js';
import { sketchStatistics } from './sketch-statistics.js';

/** One column of one file: its statistics per row group, and over all of them. Undefined where nothing is known. */
interface ColumnOfFile {
  readonly groups: readonly ColumnStatistics[];
  readonly merged: ColumnStatistics | undefined;
}

/** Footers do not change, so what was derived from one is kept as long as the footer is. */
const derived = new WeakMap<ParquetMetadata, Map<string, ColumnOfFile | undefined>>();

function columnOfFile(metadata: ParquetMetadata, { name, type }: CatalogColumn): ColumnOfFile | undefined {
  let columns = derived.get(metadata);
  if (columns === undefined) {
    columns = new Map();
    derived.set(metadata, columns);
  }
  const key = `${name}\u0000${formatType(type)}`;
  if (!columns.has(key)) columns.set(key, deriveColumn(metadata, name, type));
  return columns.get(key);
}

function deriveColumn(metadata: ParquetMetadata, name: string, type: SqlType): ColumnOfFile | undefined {
  const index = metadata.columns.findIndex((column) => column.name === name);
  const column = metadata.columns[index];
  if (column?.type === undefined || !hasComparableValues(column.type, type)) return undefined;
  // NaN is left out of the bounds, and -0 may stand for 0.
  const isFloat = type.kind === 'real' || type.kind === 'double';
  const groups = metadata.rowGroups.map((group): ColumnStatistics => {
    const { minimum, maximum, nullCount, minimumIsExact, maximumIsExact } = group.chunks[index]!.statistics;
    return {
      min: toConstant(minimum, type),
      max: toConstant(maximum, type),
      minIsExact: minimumIsExact && !isFloat,
      maxIsExact: maximumIsExact && !isFloat,
      nullCount: column.nullable ? nullCount : 0,
    };
  });
  const merged = mergeStatistics(
    groups,
    metadata.rowGroups.map(({ rowCount }) => rowCount),
  );
  return { groups, merged: merged && { ...merged, distinctCount: estimateDistinct(metadata, index) } };
}

/** What the footer of a file says of its row groups, in the planner's terms. Columns of another type are left out. */
export function rowGroupStatisticsOf(
  metadata: ParquetMetadata,
  columns: readonly CatalogColumn[],
): RowGroupStatistics[] {
  const known = columns.flatMap((column) => {
    const statistics = columnOfFile(metadata, column);
    return statistics === undefined ? [] : [{ name: column.name, groups: statistics.groups }];
  });
  return metadata.rowGroups.map(({ rowCount }, group) => ({
    rowCount,
    columns: new Map(known.map(({ name, groups }) => [name, groups[group]!])),
  }));
}

/**
 * Statistics of a whole scan: bounds, NULLs and distinct values over all files, where all of them have them; and what
 * ANALYZE has found of some of them.
 */
export function columnStatisticsOf(
  footers: readonly ParquetMetadata[],
  columns: readonly CatalogColumn[],
  analyzed?: MergedStatistics,
): Map<string, ColumnStatistics> {
  const result = new Map<string, ColumnStatistics>();
  for (const column of columns) {
    const files = footers.map((footer) => columnOfFile(footer, column)?.merged);
    const known = files.filter((_, i) => footers[i]!.rowCount > 0);
    const rowCounts = footers.map((footer) => footer.rowCount).filter((count) => count > 0);
    const isComplete = known.length > 0 && known.every((file) => file !== undefined);
    const ofFooters = isComplete
      ? { ...mergeStatistics(known, rowCounts)!, distinctCount: distinctOfFiles(known) }
      : undefined;
    const sketch = analyzed?.sketches.get(column.name);
    if (sketch === undefined) {
      if (ofFooters !== undefined) result.set(column.name, ofFooters);
      continue;
    }
    const covered = new Set(analyzed!.covered.get(column.name));
    const others = files.filter((_, i) => footers[i]!.rowCount > 0 && !covered.has(i));
    const rowCount = footers.reduce((sum, footer) => sum + footer.rowCount, 0);
    result.set(column.name, withAnalyzed(ofFooters, sketch, others, rowCount));
  }
  return result;
}

/** What the analysed files say of all; `others` are those that are not, as their footers tell. */
function withAnalyzed(
  ofFooters: ColumnStatistics | undefined,
  sketch: ColumnSketch,
  others: readonly (ColumnStatistics | undefined)[],
  rowCount: number,
): ColumnStatistics {
  const own = sketchStatistics(sketch);
  if (others.length === 0)
    return { ...ofFooters, ...own, min: ofFooters?.min ?? own.min, max: ofFooters?.max ?? own.max };
  const known = others.filter((file) => file !== undefined);
  const parts = [own, ...known];
  const distinctCount = known.length === others.length ? distinctOfFiles(parts) : undefined;
  return {
    ...ofFooters,
    nullCount: ofFooters?.nullCount ?? (sketch.nullCount / sketch.rowCount) * rowCount,
    distinctCount: distinctCount ?? sketch.distinctCount,
    distribution: own.distribution,
  };
}

/** Files of one table hold the same values or, where their ranges do not meet, others. */
function distinctOfFiles(files: readonly ColumnStatistics[]): number | undefined {
  const counts = files.map(({ distinctCount }) => distinctCount);
  if (!counts.every((count) => count !== undefined)) return undefined;
  const most = counts.reduce((max, count) => Math.max(max, count), 1);
  const sum = counts.reduce((total, count) => total + count, 0);
  return haveOwnRanges(files) ? sum : Math.min(sum, most * 2);
}

function haveOwnRanges(files: readonly ColumnStatistics[]): boolean {
  const ranges = files.flatMap(({ min, max }) => (min && max ? [{ min: min.value, max: max.value }] : []));
  if (ranges.length < files.length) return false;
  ranges.sort((a, b) => (isLess(a.min, b.min) ? -1 : 1));
  return ranges.every(({ min }, i) => i === 0 || isLess(ranges[i - 1]!.max, min));
}

/** Partition columns with more values are not told apart. */
const MAX_PARTITION_VALUES = 1_000;

/** Statistics of a partition column: its values stand in the paths of the files, and footers say how many rows have it. */
export function partitionStatisticsOf(
  files: readonly CatalogFile[],
  partition: number,
  rowCounts: readonly number[] | undefined,
): ColumnStatistics {
  const values = new Map<string, { readonly constant: ConstantExpression; rows: number }>();
  let nullCount = 0;
  for (const [index, file] of files.entries()) {
    const constant = file.partitionValues[partition]!;
    const rows = rowCounts?.[index] ?? 0;
    if (constant.value === null) nullCount += rows;
    else {
      const known = values.get(String(constant.value));
      if (known === undefined) values.set(String(constant.value), { constant, rows });
      else known.rows += rows;
    }
  }
  const list = [...values.values()];
  const bounds = list.map(({ constant }): ColumnStatistics => ({ min: constant, max: constant }));
  const merged = { ...mergeStatistics(bounds), distinctCount: values.size };
  const present = list.reduce((sum, { rows }) => sum + rows, 0);
  if (rowCounts === undefined || present === 0) return { ...merged, nullCount: undefined };
  if (list.length > MAX_PARTITION_VALUES) return { ...merged, nullCount };
  const common = list.map(({ constant, rows }) => ({ value: constant.value, share: rows / present }));
  return { ...merged, nullCount, distribution: { type: list[0]!.constant.type, common, bounds: [] } };
}

/** `rowCounts`: of the parts. Those that hold nothing but NULL have no bounds, and take none away. */
function mergeStatistics(
  parts: readonly ColumnStatistics[],
  rowCounts: readonly number[] = [],
): ColumnStatistics | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const withValues = parts.filter(({ nullCount }, i) => nullCount === undefined || nullCount !== rowCounts[i]);
  let { min, max } = withValues[0] ?? first;
  for (const part of withValues.slice(1)) {
    min = min && part.min && (isLess(part.min.value, min.value) ? part.min : min);
    max = max && part.max && (isLess(max.value, part.max.value) ? part.max : max);
  }
  let nullCount: number | undefined = 0;
  for (const part of parts) {
    nullCount = nullCount === undefined || part.nullCount === undefined ? undefined : nullCount + part.nullCount;
  }
  return { min, max, nullCount };
}

function hasComparableValues(from: SqlType, to: SqlType): boolean {
  if (physicalTypeOf(from) !== physicalTypeOf(to)) return false;
  if (from.kind === 'decimal' || to.kind === 'decimal') {
    return from.kind === 'decimal' && to.kind === 'decimal' && from.scale === to.scale;
  }
  return physicalTypeOf(to) === 'string' || from.kind === to.kind;
}

function toConstant(value: StatisticsValue | undefined, type: SqlType): ConstantExpression | undefined {
  if (value === undefined) return undefined;
  if (!(value instanceof Uint8Array)) return { kind: 'constant', type, value };
  if (physicalTypeOf(type) !== 'string') return undefined;
  if (type.kind === 'bytea') return { kind: 'constant', type, value };
  try {
    return { kind: 'constant', type, value: new TextDecoder('utf-8', { fatal: true }).decode(value) };
  } catch {
    return undefined; // a bound that was cut within a character
  }
}

function isLess(left: ConstantValue, right: ConstantValue): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) < 0;
  return (left as number) < (right as number);
}
