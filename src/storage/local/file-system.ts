import type * as promises from 'node:fs/promises';

/** What the local store uses of `node:fs/promises`; tests put a failing disk in its place. */
export type FileSystem = Pick<
  typeof promises,
  | 'copyFile'
  | 'link'
  | 'mkdir'
  | 'open'
  | 'readdir'
  | 'readFile'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'unlink'
  | 'utimes'
>;
