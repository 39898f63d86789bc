import { userError } from '../common/errors.js';

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** Bytes of `512MB`, `2GB`, `1.5 GB` or a plain number of bytes; units are powers of 1024, as in PostgreSQL. */
export function parseMemorySize(size: string | number): number {
  if (typeof size === 'number') return size;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmg]?b)?\s*$/i.exec(size);
  if (match === null) {
    throw userError('22023', `"${size}" is not an amount of memory`, { hint: 'Write it like 512MB or 2GB.' });
  }
  return Math.floor(Number(match[1]) * UNITS[(match[2] ?? 'b').toLowerCase()]!);
}
