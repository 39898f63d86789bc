import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const QUERY_COUNT = 22;

/** The text of a query, by its number from 1. */
export function readQuery(query: number): Promise<string> {
  return readFile(join('bench', 'tpch', 'queries', `q${String(query).padStart(2, '0')}.sql`), 'utf8');
}

/** The numbers that an option names: `all`, or a list. */
export function parseQueryNumbers(text: string): number[] {
  return text === 'all' ? Array.from({ length: QUERY_COUNT }, (_, index) => index + 1) : text.split(',').map(Number);
}
