import type { FileHandle } from 'node:fs/promises';
import { parentLocation, relativeLocation } from '../location.js';
import { systemErrorCode } from '../storage-error.js';
import type { FileSystem } from './file-system.js';

/** Creates the folder and its parents durably. Answers the topmost folder that was missing. */
export async function ensureFolder(fileSystem: FileSystem, folder: string): Promise<string | undefined> {
  const topmost = await fileSystem.mkdir(folder, { recursive: true });
  if (topmost === undefined) return undefined;
  for (let created = folder; ; created = parentLocation(created)) {
    await syncFolder(fileSystem, parentLocation(created));
    if (created === topmost || created === parentLocation(created)) return topmost;
  }
}

/** Folders that others prune while a file is about to be created in them are created again, this often. */
const CREATE_ATTEMPTS = 3;

/** Opens a new file for writing. `createdFolder` is the topmost folder that was missing. */
export async function createFile(
  fileSystem: FileSystem,
  path: string,
): Promise<{ readonly handle: FileHandle; readonly createdFolder: string | undefined }> {
  let createdFolder: string | undefined;
  for (let attempt = 1; ; attempt++) {
    createdFolder = (await ensureFolder(fileSystem, parentLocation(path))) ?? createdFolder;
    try {
      return { handle: await fileSystem.open(path, 'wx'), createdFolder };
    } catch (thrown) {
      if (systemErrorCode(thrown) !== 'ENOENT' || attempt === CREATE_ATTEMPTS) throw thrown;
    }
  }
}

/** File systems that cannot sync a folder make its entries durable by themselves. */
const UNSYNCABLE = new Set(['ENOENT', 'EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES', 'EBADF']);

export async function syncFolder(fileSystem: FileSystem, folder: string): Promise<void> {
  try {
    const handle = await fileSystem.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (!UNSYNCABLE.has(systemErrorCode(thrown) ?? '')) throw thrown;
  }
}

/** Removes the folder and its parents beneath `root` as far as they are empty. */
export async function removeEmptyFolders(fileSystem: FileSystem, folder: string, root: string): Promise<void> {
  for (let current = folder; relativeLocation(root, current); current = parentLocation(current)) {
    try {
      await fileSystem.rmdir(current);
    } catch (thrown) {
      if (systemErrorCode(thrown) !== 'ENOENT') return;
    }
  }
}
