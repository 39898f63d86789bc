/** Lines of columns padded to their widest cell; the first column is flush left, the others flush right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const formatRow = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [formatRow(header), rule, ...rows.map(formatRow)].join('\n');
}

export const printTable = (header: readonly string[], rows: readonly (readonly string[])[]): void =>
  console.log(formatTable(header, rows));

export const formatMilliseconds = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 1);
