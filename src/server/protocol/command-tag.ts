import type { CommandCompletion } from '../../session/session.js';

/** The tag of CommandComplete: `SELECT 5`, `INSERT 0 5` (the 0 was an OID once), `CREATE TABLE`. */
export function formatCommandTag({ command, rowCount }: CommandCompletion): string {
  if (rowCount === undefined) return command;
  return command === 'INSERT' ? `INSERT 0 ${rowCount}` : `${command} ${rowCount}`;
}
