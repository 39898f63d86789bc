import { DuckDBBlobValue, DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';

/** A value of DuckDB as PostgreSQL prints it. */
export function duckDBText(value: DuckDBValue): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof DuckDBListValue) return `{${value.items.map(element).join(',')}}`;
  if (value instanceof DuckDBStructValue) return `(${Object.values(value.entries).map(field).join(',')})`;
  if (value instanceof DuckDBBlobValue) return `\\x${Buffer.from(value.bytes).toString('hex')}`;
  return String(value);
}

function element(value: DuckDBValue): string {
  const text = duckDBText(value);
  if (text === null) return 'NULL';
  if (value instanceof DuckDBListValue) return text;
  const plain = text !== '' && text.toUpperCase() !== 'NULL' && !/[\s{},"\\]/.test(text);
  return plain ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function field(value: DuckDBValue): string {
  const text = duckDBText(value);
  if (text === null) return '';
  return text !== '' && !/[\s(),"\\]/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '$&$&')}"`;
}
