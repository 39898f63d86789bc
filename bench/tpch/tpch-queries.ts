import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const QUERY_COUNT = 22;

/** The text of a query, by its number from 1. */
export function readQuery(query: number): Promise<string> {
  return readFile(join('bench', 'tpch', 'queries', `q${String(query).padStart(2, '0')}.sql`), 'utf8');
}
