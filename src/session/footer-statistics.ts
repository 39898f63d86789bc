import type { CatalogColumn, CatalogFile, ColumnStatistics, RowGroupStatistics } from '../planner/catalog-view.js';
import type { ConstantExpression, ConstantValue } from '../planner/expression.js';
import type { ParquetMetadata, StatisticsValue } from '../storage/parquet-reader/parquet-metadata.js';
import { physicalTypeOf, type SqlType } from '../types/sql-type.js';

/** What the footer of a file says of its row groups, in the planner's terms. Columns of another type are left out. */
export function rowGroupStatisticsOf(
  metadata: ParquetMetadata,
  columns: ReadonlyMap<string, CatalogColumn>,
): RowGroupStatistics[] {
  return metadata.rowGroups.map((group) => {
    const statistics = new Map<string, ColumnStatistics>();
    for (const [index, column] of metadata.columns.entries()) {
      const wanted = columns.get(column.name);
      if (wanted === undefined || column.type === undefined || !hasComparableValues(column.type, wanted.type)) continue;
      const { minimum, maximum, nullCount } = group.chunks[index]!.statistics;
      statistics.set(column.name, {
        min: toConstant(minimum, wanted.type),
        max: toConstant(maximum, wanted.type),
        nullCount,
      });
    }
    return { rowCount: group.rowCount, columns: statistics };
  });
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

/** Statistics of a whole scan: bounds and NULLs over all row groups of all files; values of partition columns. */
export function columnStatisticsOf(
  files: readonly CatalogFile[],
  partitionColumns: readonly CatalogColumn[],
): Map<string, ColumnStatistics> {
  const merged = new Map<string, MergedStatistics>();
  let groupCount = 0;
  for (const file of files) {
    for (const group of file.rowGroups ?? []) {
      groupCount++;
      for (const [name, statistics] of group.columns) {
        let entry = merged.get(name);
        if (entry === undefined) {
          entry = new MergedStatistics();
          merged.set(name, entry);
        }
        entry.add(statistics);
      }
    }
  }
  const result = new Map<string, ColumnStatistics>();
  for (const [name, entry] of merged) if (entry.groups === groupCount) result.set(name, entry.result());
  for (const [index, column] of partitionColumns.entries()) {
    result.set(column.name, partitionStatistics(files.map((file) => file.partitionValues[index]!)));
  }
  return result;
}

class MergedStatistics {
  groups = 0;
  private min: ConstantExpression | undefined;
  private max: ConstantExpression | undefined;
  private nullCount: number | undefined = 0;
  private isBounded = true;

  add(statistics: ColumnStatistics): void {
    this.groups++;
    const { min, max, nullCount } = statistics;
    this.nullCount = nullCount === undefined || this.nullCount === undefined ? undefined : this.nullCount + nullCount;
    if (min === undefined || max === undefined) {
      this.isBounded = false;
      return;
    }
    if (this.min === undefined || isLess(min.value, this.min.value)) this.min = min;
    if (this.max === undefined || isLess(this.max.value, max.value)) this.max = max;
  }

  result(): ColumnStatistics {
    return this.isBounded ? { min: this.min, max: this.max, nullCount: this.nullCount } : { nullCount: this.nullCount };
  }
}

function partitionStatistics(values: readonly ConstantExpression[]): ColumnStatistics {
  const present = values.filter((value) => value.value !== null);
  let min = present[0];
  let max = present[0];
  for (const value of present) {
    if (isLess(value.value, min!.value)) min = value;
    if (isLess(max!.value, value.value)) max = value;
  }
  return { min, max, distinctCount: new Set(present.map((value) => String(value.value))).size };
}

function isLess(left: ConstantValue, right: ConstantValue): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) < 0;
  return (left as number) < (right as number);
}
