import { formatLogical } from '../format-expression.js';
import type { ScanNode, TextScanNode } from '../physical/physical-plan.js';
import { formatBytes } from './format-bytes.js';
import { formatOver } from './format-over.js';

export function scanDetails(node: ScanNode): string[] {
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

export function textScanDetails({ columns, files, totalFiles }: TextScanNode): string[] {
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
