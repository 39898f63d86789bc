import { readFileSync } from 'node:fs';

export interface NamedQuery {
  readonly name: string;
  readonly sql: string;
  /** Needs what is not there yet: until then it is refused, never answered wrongly. */
  readonly pending: boolean;
}

/** Queries that each stand below a comment with their name, and end in a semicolon; `-- pending: why` may be between. */
export function readQueryFile(url: URL): NamedQuery[] {
  return readFileSync(url, 'utf8')
    .split(/;\s*(?:\n|$)/)
    .map((block) => block.trim())
    .filter((block) => block.length > 0)
    .map((block) => {
      const lines = block.split('\n');
      const sql = lines.filter((line) => !line.startsWith('-- ')).join('\n');
      return { name: lines[0]!.slice(3), sql, pending: lines.some((line) => line.startsWith('-- pending:')) };
    });
}
