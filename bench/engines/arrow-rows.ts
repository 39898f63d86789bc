import { DataType, type Table, type Vector } from 'apache-arrow';

/** Rows of canonical values (compare/compare-results.ts) out of an Arrow table. */

/** apache-arrow gives a decimal as its 128 bits in four words, the low one first, without the scale. */
function decimalToNumber(words: Uint32Array, scale: number): number {
  let value = 0n;
  for (let word = words.length - 1; word >= 0; word--) value = (value << 32n) | BigInt(words[word]!);
  return Number(BigInt.asIntN(words.length * 32, value)) / 10 ** scale;
}

const isoText = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** `2026-03-22 10:20:30.5`, as DuckDB prints it: no zeros at the end of a fraction. */
function timestampToText(milliseconds: number, hasTimeZone: boolean): string {
  const microseconds = Math.round(milliseconds * 1000);
  const wholeSeconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds - wholeSeconds * 1_000_000;
  const digits = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
  return (
    isoText(wholeSeconds * 1000)
      .slice(0, 19)
      .replace('T', ' ') +
    digits +
    (hasTimeZone ? '+00' : '')
  );
}

function converterOf(type: DataType): (value: unknown) => unknown {
  if (DataType.isDictionary(type)) return converterOf(type.dictionary);
  if (DataType.isDecimal(type)) return (value) => decimalToNumber(value as Uint32Array, type.scale);
  if (DataType.isDate(type)) return (value) => isoText(Number(value)).slice(0, 10);
  if (DataType.isTimestamp(type)) return (value) => timestampToText(Number(value), Boolean(type.timezone));
  if (DataType.isTime(type)) return (value) => timestampToText(Number(value) / 1000, false).slice(11);
  return (value) => value;
}

function readColumn(column: Vector): unknown[] {
  const convert = converterOf(column.type);
  const values: unknown[] = [];
  for (const value of column) values.push(value === null ? null : convert(value));
  return values;
}

export function readArrowRows(table: Table): unknown[][] {
  const columns = table.schema.fields.map((_, index) => readColumn(table.getChildAt(index)!));
  return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column[row]));
}
