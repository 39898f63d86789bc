import type { BigIntStats, Dirent } from 'node:fs';
import { joinLocation, parentLocation, temporaryPath } from '../location.js';
import { mapConcurrently } from '../map-concurrently.js';
import type {
  FolderListing,
  ObjectInfo,
  ObjectStore,
  ObjectWriter,
  PinnedFile,
  RandomAccessFile,
  SwappableObject,
} from '../object-store.js';
import { fileChangedError, fileGoneError, storageError, systemErrorCode } from '../storage-error.js';
import type { FileSystem } from './file-system.js';
import { createFile, ensureFolder, removeEmptyFolders, syncFolder } from './local-folders.js';
import { LocalObjectWriter } from './local-object-writer.js';
import { hasContent, LocalRandomAccessFile, type OpenFile, openFileOf, versionOf } from './local-random-access-file.js';
import { readSwappable, swap } from './local-swappable.js';
import { quickFileSystem } from './quick-file-system.js';

/** Calls under way at a time in one listing; libuv has four threads by default. */
const LISTING_CONCURRENCY = 8;

export class LocalObjectStore implements ObjectStore {
  readonly #fileSystem: FileSystem;

  constructor(fileSystem: FileSystem = quickFileSystem) {
    this.#fileSystem = fileSystem;
  }

  async list(folder: string): Promise<ObjectInfo[]> {
    const { files, folders } = await this.#listFolder(folder, false);
    const nested = await mapConcurrently(folders, LISTING_CONCURRENCY, (name) => this.list(joinLocation(folder, name)));
    return [...files, ...nested.flat()];
  }

  async listFolder(folder: string): Promise<FolderListing> {
    return await this.#listFolder(folder, true);
  }

  /** Symbolic links to folders are followed one level at a time only, so that a cycle of links cannot trap a listing. */
  async #listFolder(folder: string, followFolderLinks: boolean): Promise<FolderListing> {
    const files: ObjectInfo[] = [];
    const folders: string[] = [];
    await mapConcurrently(await this.#readFolder(folder), LISTING_CONCURRENCY, async (entry) => {
      if (entry.isDirectory()) {
        folders.push(entry.name);
        return;
      }
      if (!entry.isFile() && !entry.isSymbolicLink()) return;
      const path = joinLocation(folder, entry.name);
      const stats = await this.#stat(path);
      if (stats?.isFile()) files.push(toObjectInfo(path, stats));
      else if (stats?.isDirectory() && followFolderLinks) folders.push(entry.name);
    });
    files.sort((left, right) => (left.path < right.path ? -1 : 1));
    folders.sort();
    return { files, folders };
  }

  async #readFolder(folder: string): Promise<Dirent[]> {
    try {
      return await this.#fileSystem.readdir(folder, { withFileTypes: true });
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw storageError(thrown, 'list', folder);
    }
  }

  async folderExists(folder: string): Promise<boolean> {
    return (await this.#stat(folder))?.isDirectory() === true;
  }

  async createFolder(folder: string): Promise<void> {
    try {
      await ensureFolder(this.#fileSystem, folder);
    } catch (thrown) {
      throw storageError(thrown, 'create', folder);
    }
  }

  async stat(path: string): Promise<ObjectInfo | undefined> {
    const stats = await this.#stat(path);
    return stats?.isFile() ? toObjectInfo(path, stats) : undefined;
  }

  async #stat(path: string): Promise<BigIntStats | undefined> {
    try {
      return await this.#fileSystem.stat(path, { bigint: true });
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw storageError(thrown, 'read', path);
    }
  }

  async readSmallObject(path: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#fileSystem.readFile(path);
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw storageError(thrown, 'read', path);
    }
  }

  async openFile(pin: PinnedFile): Promise<RandomAccessFile> {
    const fileSystem = this.#fileSystem;
    let opened: OpenFile | undefined;
    try {
      opened = openFileOf(fileSystem.openAtOnce?.(pin.path) ?? (await fileSystem.open(pin.path, 'r')));
      if (!hasContent(opened, pin.byteLength, pin.version)) throw fileChangedError(pin.path);
      return new LocalRandomAccessFile(opened, pin);
    } catch (thrown) {
      await opened?.close();
      throw isMissing(thrown) ? fileGoneError(pin.path) : storageError(thrown, 'open', pin.path);
    }
  }

  async createWriter(path: string): Promise<ObjectWriter> {
    return await LocalObjectWriter.open(this.#fileSystem, path);
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    const temporary = temporaryPath(path);
    let createdFolder: string | undefined;
    try {
      const created = await createFile(this.#fileSystem, temporary);
      const { handle } = created;
      createdFolder = created.createdFolder;
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (!(await this.#tryLink(temporary, path))) return false;
      await syncFolder(this.#fileSystem, parentLocation(path));
      return true;
    } catch (thrown) {
      throw storageError(thrown, 'write', path);
    } finally {
      await this.#fileSystem.unlink(temporary).catch(() => {});
      if (createdFolder !== undefined)
        await this.removeEmptyFolders(parentLocation(path), parentLocation(createdFolder));
    }
  }

  async #tryLink(source: string, destination: string): Promise<boolean> {
    try {
      await this.#fileSystem.link(source, destination);
      return true;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'EEXIST') return false;
      throw thrown;
    }
  }

  async readSwappable(path: string): Promise<SwappableObject | undefined> {
    try {
      return await readSwappable(this.#fileSystem, path);
    } catch (thrown) {
      throw storageError(thrown, 'read', path);
    }
  }

  async compareAndSwap(
    path: string,
    expectedVersion: string | undefined,
    bytes: Uint8Array,
  ): Promise<string | undefined> {
    try {
      return await swap(this.#fileSystem, path, expectedVersion, (version) => this.putIfAbsent(version, bytes));
    } catch (thrown) {
      throw storageError(thrown, 'write', path);
    }
  }

  async move(source: string, destination: string): Promise<boolean> {
    try {
      // A second attempt creates the destination's folder, a third one creates it again after somebody pruned it.
      for (let attempt = 0; attempt < 3; attempt++) {
        if (attempt > 0) await ensureFolder(this.#fileSystem, parentLocation(destination));
        if (await this.#tryRename(source, destination)) return true;
        if ((await this.#stat(source)) === undefined) return false;
      }
    } catch (thrown) {
      throw storageError(thrown, 'move', source);
    }
    throw storageError(Object.assign(new Error(), { code: 'ENOENT' }), 'move', destination);
  }

  async #tryRename(source: string, destination: string): Promise<boolean> {
    try {
      await this.#fileSystem.rename(source, destination);
      return true;
    } catch (thrown) {
      if (isMissing(thrown)) return false;
      if (systemErrorCode(thrown) !== 'EXDEV') throw thrown;
      return await this.#moveAcrossFileSystems(source, destination);
    }
  }

  /** The copy appears only while the source is still there: whoever is late must not bring a file back. */
  async #moveAcrossFileSystems(source: string, destination: string): Promise<boolean> {
    const temporary = temporaryPath(destination);
    try {
      const { atime, mtime } = await this.#fileSystem.stat(source);
      await this.#fileSystem.copyFile(source, temporary);
      const handle = await this.#fileSystem.open(temporary, 'r+');
      await handle.sync().finally(() => handle.close());
      await this.#fileSystem.utimes(temporary, atime, mtime);
      await this.#fileSystem.stat(source);
      await this.#fileSystem.rename(temporary, destination);
      await this.#fileSystem.unlink(source);
      return true;
    } catch (thrown) {
      await this.#fileSystem.unlink(temporary).catch(() => {});
      if (isMissing(thrown)) return false;
      throw thrown;
    }
  }

  /** A hard link: files of a lake are never written to again. */
  async copy(source: string, destination: string): Promise<void> {
    try {
      await ensureFolder(this.#fileSystem, parentLocation(destination));
      await this.#fileSystem.link(source, destination).catch(async () => {
        const { atime, mtime } = await this.#fileSystem.stat(source);
        await this.#fileSystem.copyFile(source, destination);
        await this.#fileSystem.utimes(destination, atime, mtime);
      });
    } catch (thrown) {
      throw storageError(thrown, 'copy', source);
    }
  }

  async delete(path: string): Promise<void> {
    try {
      await this.#fileSystem.unlink(path);
    } catch (thrown) {
      if (!isMissing(thrown)) throw storageError(thrown, 'delete', path);
    }
  }

  async deleteFolder(folder: string): Promise<void> {
    try {
      await this.#fileSystem.rm(folder, { recursive: true, force: true });
    } catch (thrown) {
      throw storageError(thrown, 'delete', folder);
    }
  }

  async syncFolders(folders: Iterable<string>): Promise<void> {
    await mapConcurrently([...new Set(folders)], LISTING_CONCURRENCY, async (folder) => {
      try {
        await syncFolder(this.#fileSystem, folder);
      } catch (thrown) {
        throw storageError(thrown, 'sync', folder);
      }
    });
  }

  async removeEmptyFolders(folder: string, root: string): Promise<void> {
    await removeEmptyFolders(this.#fileSystem, folder, root);
  }
}

function isMissing(thrown: unknown): boolean {
  const code = systemErrorCode(thrown);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function toObjectInfo(path: string, stats: BigIntStats): ObjectInfo {
  return { path, byteLength: Number(stats.size), version: versionOf(stats), modifiedMs: Number(stats.mtimeMs) };
}
