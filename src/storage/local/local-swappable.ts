import { joinLocation } from '../location.js';
import type { SwappableObject } from '../object-store.js';
import { systemErrorCode } from '../storage-error.js';
import type { FileSystem } from './file-system.js';

/**
 * Compare-and-swap without locks on a POSIX file system. The object is a folder that holds one file per version:
 *
 *     head/0000000000000041
 *     head/0000000000000042      ← the current one: the greatest name
 *
 * Version n + 1 is made by link(2), which fails if it exists: of two writers that saw version n, one wins. Old versions
 * are removed only when `KEPT_VERSIONS` newer ones exist *and* they are older than `KEPT_MS`. So the current version
 * cannot vanish while a slow reader lists the folder (readdir returns every name that is there all the time), and a
 * writer cannot take an old number for a new one between its listing and its link.
 */
const KEPT_VERSIONS = 16;
const KEPT_MS = 60 * 60 * 1000;
const VERSION_DIGITS = 16;

export async function readSwappable(fileSystem: FileSystem, folder: string): Promise<SwappableObject | undefined> {
  const current = (await listVersions(fileSystem, folder)).at(-1);
  if (current === undefined) return undefined;
  return { version: current, bytes: await fileSystem.readFile(joinLocation(folder, current)) };
}

/** Answers the new version, or `undefined` if `expectedVersion` is not the current one. */
export async function swap(
  fileSystem: FileSystem,
  folder: string,
  expectedVersion: string | undefined,
  putIfAbsent: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  const versions = await listVersions(fileSystem, folder);
  if (versions.at(-1) !== expectedVersion) return undefined;
  const next = String(Number(expectedVersion ?? 0) + 1).padStart(VERSION_DIGITS, '0');
  if (!(await putIfAbsent(joinLocation(folder, next)))) return undefined;
  await removeOldVersions(fileSystem, folder, versions);
  return next;
}

async function removeOldVersions(fileSystem: FileSystem, folder: string, versions: readonly string[]): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  for (const version of versions.slice(0, -KEPT_VERSIONS)) {
    const path = joinLocation(folder, version);
    try {
      if ((await fileSystem.stat(path)).mtimeMs > oldest) return;
      await fileSystem.unlink(path);
    } catch {
      // Another writer removed it, or the next one will.
    }
  }
}

/** In ascending order. */
async function listVersions(fileSystem: FileSystem, folder: string): Promise<string[]> {
  try {
    return (await fileSystem.readdir(folder)).filter((name) => /^\d{16}$/.test(name)).sort();
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}
