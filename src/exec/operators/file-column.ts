import type { ScanColumn } from '../../planner/physical/physical-plan.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { sameType } from '../../types/sql-type.js';

/** The number in the file of a scan's column whose statistics speak of its values; undefined where it is read as another type. */
export function columnOfStatistics(metadata: ParquetMetadata, scanned: ScanColumn | undefined): number | undefined {
  if (scanned?.kind !== 'file') return undefined;
  const index = findFileColumn(metadata.columns, scanned.name);
  const type = metadata.columns[index]?.type;
  return type !== undefined && sameType(type, scanned.type) ? index : undefined;
}

/** By exact name, else by the only name that differs in case alone. */
export function findFileColumn(columns: readonly { readonly name: string }[], name: string): number {
  const exact = columns.findIndex((column) => column.name === name);
  if (exact >= 0) return exact;
  const lower = name.toLowerCase();
  const matches = columns.flatMap((column, index) => (column.name.toLowerCase() === lower ? [index] : []));
  return matches.length === 1 ? matches[0]! : -1;
}
