import type { CatalogColumn, CatalogFile, ColumnStatistics, RowGroupStatistics } from '../planner/catalog-view.js';
import type { ConstantExpression, ConstantValue } from '../planner/expression.js';
import type { ParquetMetadata, StatisticsValue } from '../storage/parquet-reader/parquet-metadata.js';
import { formatType, physicalTypeOf, type SqlType } from '../types/sql-type.js';
import { estimateDistinct } from './estimate-distinct.js';

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
  const merged = mergeStatistics(groups);
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

/** Statistics of a whole scan: bounds, NULLs and distinct values over all files, where all of them have them. */
export function columnStatisticsOf(
  footers: readonly ParquetMetadata[],
  columns: readonly CatalogColumn[],
): Map<string, ColumnStatistics> {
  const result = new Map<string, ColumnStatistics>();
  for (const column of columns) {
    const files = footers.filter((footer) => footer.rowCount > 0).map((footer) => columnOfFile(footer, column)?.merged);
    if (files.length === 0 || !files.every((file) => file !== undefined)) continue;
    result.set(column.name, { ...mergeStatistics(files)!, distinctCount: distinctOfFiles(files) });
  }
  return result;
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

/** Statistics of a partition column: its values stand in the paths of the files. */
export function partitionStatisticsOf(files: readonly CatalogFile[], partition: number): ColumnStatistics {
  const present = files.map((file) => file.partitionValues[partition]!).filter((value) => value.value !== null);
  const distinct = new Map(present.map((value) => [String(value.value), value]));
  const bounds = [...distinct.values()].map((value): ColumnStatistics => ({ min: value, max: value }));
  return { ...mergeStatistics(bounds), nullCount: undefined, distinctCount: distinct.size };
}

function mergeStatistics(parts: readonly ColumnStatistics[]): ColumnStatistics | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  let { min, max, nullCount } = first;
  for (const part of parts.slice(1)) {
    min = min && part.min && (isLess(part.min.value, min.value) ? part.min : min);
    max = max && part.max && (isLess(max.value, part.max.value) ? part.max : max);
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
