import type { FileHandle } from 'node:fs/promises';
import { parentLocation, temporaryPath } from '../location.js';
import type { ObjectInfo, ObjectWriter } from '../object-store.js';
import { storageError } from '../storage-error.js';
import type { FileSystem } from './file-system.js';
import { createFile, removeEmptyFolders, syncFolder } from './local-folders.js';
import { versionOf } from './local-random-access-file.js';

/** Writes beside the final name, syncs, renames. */
export class LocalObjectWriter implements ObjectWriter {
  readonly path: string;
  readonly #fileSystem: FileSystem;
  readonly #temporaryPath: string;
  /** The topmost folder that was created for this file. */
  readonly #createdFolder: string | undefined;
  #handle: FileHandle | undefined;
  #byteLength = 0;

  private constructor(
    fileSystem: FileSystem,
    path: string,
    temporary: string,
    handle: FileHandle,
    createdFolder: string | undefined,
  ) {
    this.#fileSystem = fileSystem;
    this.path = path;
    this.#temporaryPath = temporary;
    this.#handle = handle;
    this.#createdFolder = createdFolder;
  }

  static async open(fileSystem: FileSystem, path: string): Promise<LocalObjectWriter> {
    const temporary = temporaryPath(path);
    try {
      const { handle, createdFolder } = await createFile(fileSystem, temporary);
      return new LocalObjectWriter(fileSystem, path, temporary, handle, createdFolder);
    } catch (thrown) {
      throw storageError(thrown, 'create', path);
    }
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.byteLength) {
      try {
        const { bytesWritten } = await this.#open().write(bytes, done, bytes.byteLength - done);
        done += bytesWritten;
        this.#byteLength += bytesWritten;
      } catch (thrown) {
        await this.abort();
        throw storageError(thrown, 'write', this.path);
      }
    }
  }

  async close(): Promise<ObjectInfo> {
    try {
      const handle = this.#open();
      await handle.sync();
      const stats = await handle.stat({ bigint: true });
      this.#handle = undefined;
      await handle.close();
      await this.#fileSystem.rename(this.#temporaryPath, this.path);
      await syncFolder(this.#fileSystem, parentLocation(this.path));
      return {
        path: this.path,
        byteLength: this.#byteLength,
        version: versionOf(stats),
        modifiedMs: Number(stats.mtimeMs),
      };
    } catch (thrown) {
      await this.abort();
      throw storageError(thrown, 'write', this.path);
    }
  }

  async abort(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => {});
    await this.#fileSystem.unlink(this.#temporaryPath).catch(() => {});
    if (this.#createdFolder !== undefined) {
      await removeEmptyFolders(this.#fileSystem, parentLocation(this.path), parentLocation(this.#createdFolder));
    }
  }

  #open(): FileHandle {
    if (this.#handle === undefined) throw new Error('the writer is closed');
    return this.#handle;
  }
}
