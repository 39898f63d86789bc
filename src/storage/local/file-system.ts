import type * as promises from 'node:fs/promises';

/** What the local store uses of the file system; tests put a failing disk in its place. */
export type FileSystem = PromisedFileSystem & {
  /** The descriptor of a file to read; undefined where it is better not to wait for it. */
  readonly openAtOnce?: (path: string) => number | undefined;
};

type PromisedFileSystem = Pick<
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
