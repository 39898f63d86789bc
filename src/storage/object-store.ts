/**
 * Where a lake's bytes live. One implementation per scheme, chosen by `objectStoreFor(location)`.
 *
 * A *location* is an absolute POSIX path or `s3://bucket/key`; segments are separated by `/`, and a folder is written
 * without a trailing slash. The interface promises no more than an object store can keep: no folders to rename, no
 * appending, no locks.
 */
export interface ObjectStore {
  /** Everything beneath the folder, in no particular order. Nothing when the folder does not exist. */
  list(folder: string): Promise<ObjectInfo[]>;
  /** One level: the objects directly in the folder, and the names of the folders in it, both sorted. */
  listFolder(folder: string): Promise<FolderListing>;
  /** Is there a folder, or anything beneath it? */
  folderExists(folder: string): Promise<boolean>;
  /** Does nothing where folders are no things of their own. */
  createFolder(folder: string): Promise<void>;
  /** `undefined` when there is no object of that name (a folder is none). */
  stat(path: string): Promise<ObjectInfo | undefined>;
  /** A whole small object, or `undefined` when there is none. */
  readSmallObject(path: string): Promise<Uint8Array | undefined>;
  /** Fails (40001) when the object is not what was pinned any more, and with 58P01 when it is gone. */
  openFile(pin: PinnedFile): Promise<RandomAccessFile>;
  /** The object appears whole, or not at all, when `close` returns. Replaces an object of the same name. */
  createWriter(path: string): Promise<ObjectWriter>;
  /** Writes a small object unless there is one of that name. Answers whether it was written. Atomic and durable. */
  putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean>;
  /** The current state of an object kept by `compareAndSwap`, `undefined` if it was never written. */
  readSwappable(path: string): Promise<SwappableObject | undefined>;
  /**
   * Replaces a small object if its version is still `expectedVersion` (`undefined`: if there is none). Answers the new
   * version, or `undefined` when somebody else was first. Atomic among processes, durable, lock-free.
   */
  compareAndSwap(path: string, expectedVersion: string | undefined, bytes: Uint8Array): Promise<string | undefined>;
  /** Moves one object, keeping its version. Answers false when the source does not exist. Replaces the destination. */
  move(source: string, destination: string): Promise<boolean>;
  /** A second object of the same content and version, without reading it where that can be. The source must exist. */
  copy(source: string, destination: string): Promise<void>;
  /** Nothing happens when the object does not exist. */
  delete(path: string): Promise<void>;
  /** Deletes everything beneath the folder. */
  deleteFolder(folder: string): Promise<void>;
  /** Makes earlier moves into and out of these folders survive a loss of power. */
  syncFolders(folders: Iterable<string>): Promise<void>;
  /** Removes the folder and its parents beneath `root` as far as they are empty, where folders are things at all. */
  removeEmptyFolders(folder: string, root: string): Promise<void>;
}

export interface ObjectInfo {
  readonly path: string;
  readonly byteLength: number;
  /** Changes whenever the content does: modification time in ns since 1970, or an ETag. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

export interface FolderListing {
  readonly files: readonly ObjectInfo[];
  /** Names, not paths. */
  readonly folders: readonly string[];
}

/** A file as it was when a query was planned; plain data. Reading anything else is an error. */
export interface PinnedFile {
  readonly path: string;
  readonly byteLength: number;
  readonly version: string;
}

export interface RandomAccessFile {
  readonly path: string;
  readonly byteLength: number;
  /**
   * Fills the whole of `target`, which may be a view of shared memory, with the bytes from `offset`. Any number of
   * reads may be under way.
   */
  read(offset: number, target: Uint8Array): Promise<void>;
  /** Fails (40001) when the file was written to since it was opened. Call it once after the last read. */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

export interface ObjectWriter {
  readonly path: string;
  readonly byteLength: number;
  /** The bytes may be reused as soon as the promise resolves. One write at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Publishes the object, durably. After a failure nothing is left behind. */
  close(): Promise<ObjectInfo>;
  /** Leaves nothing behind. Never fails. */
  abort(): Promise<void>;
}

export interface SwappableObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}
