import { bugError } from '../../common/errors.js';
import type { CatalogFile, TableFiles } from '../catalog-view.js';
import { andOf } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalScan } from '../logical/logical-plan.js';
import type { PinnedScanFile, PinnedTextFile, ScanColumn, TextScanColumn } from '../physical/physical-plan.js';
import type { TextFormat } from '../text-format.js';
import { type Lowered, type NodeLowering, ordinalsOf, type Required, withUses } from './lowered.js';
import { Ordinals } from './ordinals.js';
import { pruneRowGroups } from './prune-row-groups.js';

/** Filters are part of the scan, which leaves out files and row groups that have no such rows. */
export function lowerScan(node: LogicalScan, required: Required, lowering: NodeLowering): Lowered {
  const { table, files } = node;
  if (!files) throw bugError(`the files of ${table.name} were not listed`);
  if (table.textFormat) return lowerTextScan(node, files, table.textFormat, required, lowering);
  const isOutput = (column: LogicalColumn): boolean => required.has(column.id);
  const columns = node.columns.filter(isOutput);
  const read = [...columns, ...node.columns.filter((column) => !isOutput(column))];
  const ordinals = new Ordinals(read.map((column) => column.id));
  const names = new Map(read.map((column) => [column.id, column.name]));
  const partitions = table.partitionColumns;
  const scanColumns = read.map(({ name, type }): ScanColumn => {
    const partition = partitions.indexOf(name);
    return partition < 0 ? { kind: 'file', name, type } : { kind: 'partition', partition, type };
  });
  const pinned = files.files.flatMap((file): PinnedScanFile[] => {
    const rowGroups = pruneRowGroups(file, node.filters, (id) => names.get(id));
    if (rowGroups?.length === 0) return [];
    const { path, byteLength, version, partitionValues } = file;
    return [{ path, byteLength, version, partitionValues, rowGroups }];
  });
  return {
    columns,
    node: {
      ...lowering.base(node, columns),
      kind: 'scan',
      table: table.name,
      files: pinned,
      scanColumns,
      filters: node.filters.map((filter) => ordinals.resolve(filter)),
      totalFiles: files.totalFiles,
      totalRowGroups: countRowGroups(files.files),
      analysis: files.analysis,
      limit: node.limit,
    },
  };
}

/** Filters stand above the scan of a text file, which reads only the columns that are needed. */
function lowerTextScan(
  node: LogicalScan,
  files: TableFiles,
  format: TextFormat,
  required: Required,
  lowering: NodeLowering,
): Lowered {
  const { table, filters } = node;
  const needed = withUses(required, filters);
  const columns = node.columns.filter(({ id }) => needed.has(id));
  const scanColumns = columns.map(({ name, type }): TextScanColumn => {
    const partition = table.partitionColumns.indexOf(name);
    if (partition >= 0) return { kind: 'partition', partition, type };
    return { kind: 'field', field: table.columns.findIndex((column) => column.name === name), name, type };
  });
  const pinned = files.files.map(({ path, byteLength, version, partitionValues, text }): PinnedTextFile => {
    if (text === undefined) throw bugError(`"${path}" is no text file`);
    return { path, byteLength, version, partitionValues, text };
  });
  const { totalFiles } = files;
  const base = lowering.base(node, columns);
  const scan = {
    ...base,
    kind: 'textScan',
    table: table.name,
    format,
    zone: node.zone,
    files: pinned,
    scanColumns,
    totalFiles,
  } as const;
  if (filters.length === 0) return { columns, node: scan };
  const predicate = ordinalsOf({ columns, node: scan }).resolve(andOf(filters));
  return { columns, node: { ...lowering.base(node, columns), kind: 'filter', input: scan, predicate } };
}

function countRowGroups(files: readonly CatalogFile[]): number | undefined {
  let count = 0;
  for (const { rowGroups } of files) {
    if (!rowGroups) return undefined;
    count += rowGroups.length;
  }
  return count;
}
