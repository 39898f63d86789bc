import { randomBytes } from 'node:crypto';
import { joinLocation, relativeLocation } from '../location.js';

/**
 * Where Millrace keeps its own state, at the root of a lake:
 *
 *     _millrace/tables/<table>/head              the table's head: its last commit and its definition
 *     _millrace/tables/<table>/intents/*.json    what each recent commit adds and removes
 *     _millrace/staging/<commit>/<path>          new files, until they are moved to <path>
 *     _millrace/trash/<commit>/<path>            removed files, for a while
 *     _millrace/schemas/<schema>.json            schemas that were created
 *     _millrace/sequences/<column>               the next number of an identity column
 *     _millrace/statistics/<table>/*.json        what ANALYZE found, one a file of the table
 */
export const STATE_FOLDER = '_millrace';

/** A table as commits know it; plain data. */
export interface TableAddress {
  /** The lake's root. */
  readonly lake: string;
  /** Unique in the lake and fit for a file name: `public.events`. */
  readonly name: string;
  /** Where its files are, relative to the lake. */
  readonly folder: string;
}

export function tableFolder(table: TableAddress): string {
  return joinLocation(table.lake, table.folder);
}

export function tablesStateFolder(lake: string): string {
  return joinLocation(lake, STATE_FOLDER, 'tables');
}

export function headPath(table: TableAddress): string {
  return joinLocation(tablesStateFolder(table.lake), table.name, 'head');
}

export function intentsFolder(table: TableAddress): string {
  return joinLocation(tablesStateFolder(table.lake), table.name, 'intents');
}

export function stagingFolder(lake: string, commit?: string): string {
  return joinLocation(lake, STATE_FOLDER, 'staging', commit ?? '');
}

export function trashFolder(lake: string, commit?: string): string {
  return joinLocation(lake, STATE_FOLDER, 'trash', commit ?? '');
}

/** Of a table; without one, where the folders of all are. */
export function statisticsFolder(lake: string, table?: string): string {
  return joinLocation(lake, STATE_FOLDER, 'statistics', table ?? '');
}

/** Written before the first file goes to the trash; its age is that of the trash. */
export function trashMarkerPath(lake: string, commit: string): string {
  return joinLocation(trashFolder(lake, commit), '.since');
}

/** The final location of a staged file, `undefined` for any other path. */
export function finalPathOfStaged(path: string): { readonly lake: string; readonly path: string } | undefined {
  const marker = `/${STATE_FOLDER}/staging/`;
  const at = path.lastIndexOf(marker);
  if (at < 0) return undefined;
  const inCommit = path.slice(at + marker.length);
  const slash = inCommit.indexOf('/');
  const lake = at === 0 ? '/' : path.slice(0, at);
  return slash < 0 ? undefined : { lake, path: joinLocation(lake, inCommit.slice(slash + 1)) };
}

/** Names of commits sort by time and are unique: `20260322T101500123Z-9f86d081`. */
export function newCommitId(now: Date = new Date()): string {
  return `${now.toISOString().replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`;
}

/** How the names of a commit's new files begin. */
export function filePrefixOf(commit: string): string {
  return `part-${commit}-`;
}

/** Does Millrace name files like that? */
export function isOwnFileName(path: string): boolean {
  return /(^|\/)part-\d{8}T\d{9}Z-[0-9a-f]{8}-[^/]*$/.test(path);
}

/** When the commit began, in milliseconds since 1970; `undefined` if it is no commit's name. */
export function commitTimeMs(commit: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(commit);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second, millisecond] = match.slice(1).map(Number) as number[];
  return Date.UTC(year!, month! - 1, day, hour, minute, second, millisecond);
}

/** `path` relative to the lake; it must lie in the lake. */
export function pathInLake(lake: string, path: string): string {
  const relative = relativeLocation(lake, path);
  if (relative === undefined) throw new Error(`"${path}" is not in the lake "${lake}"`);
  return relative;
}
