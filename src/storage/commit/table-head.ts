import type { ObjectStore } from '../object-store.js';
import { headPath, type TableAddress } from './lake-layout.js';
import { decodeStateFile, encodeStateFile } from './state-file.js';

const FORMAT = 'table head';
const VERSION = 1;

/** The one object that decides what a table is: swapping it is the commit point. */
export interface TableHead {
  /** The last commit. */
  readonly commit: string;
  /** Number of commits so far. */
  readonly sequence: number;
  /** File name of the last commit's intent. */
  readonly intent: string;
  /** The intent has not been rolled forward yet, or not completely. */
  readonly pending: boolean;
  /** What the catalog keeps here: the definition of a table or view, null when there is none. */
  readonly definition: unknown;
}

export interface VersionedHead {
  /** `undefined` when the table was never written by Millrace. */
  readonly head: TableHead | undefined;
  /** For `compareAndSwap`. */
  readonly version: string | undefined;
}

export async function readTableHead(store: ObjectStore, table: TableAddress): Promise<VersionedHead> {
  const path = headPath(table);
  const object = await store.readSwappable(path);
  if (object === undefined) return { head: undefined, version: undefined };
  return { head: decodeStateFile(object.bytes, FORMAT, VERSION, path) as TableHead, version: object.version };
}

/** Answers whether the head was swapped; false when somebody else was first. */
export async function swapTableHead(
  store: ObjectStore,
  table: TableAddress,
  expectedVersion: string | undefined,
  head: TableHead,
): Promise<boolean> {
  const bytes = encodeStateFile(FORMAT, VERSION, head);
  return (await store.compareAndSwap(headPath(table), expectedVersion, bytes)) !== undefined;
}
