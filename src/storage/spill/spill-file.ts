import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bugError } from '../../common/errors.js';
import { storageError } from '../storage-error.js';
import type { SpillDirectory } from './spill-directory.js';

/**
 * A temporary file that one thread appends to and any thread of the process reads, by its descriptor. It has no name
 * any more by the time it is used, where the platform allows that: whatever ends the process, its space is free again.
 * Calls are synchronous: they go to the page cache, and only memory that is short makes them wait.
 */
export class SpillFile {
  readonly descriptor: number;
  private readonly directory: SpillDirectory;
  private readonly path: string;
  private readonly isNamed: boolean;
  private end = 0;

  private constructor(directory: SpillDirectory, path: string, descriptor: number, isNamed: boolean) {
    this.directory = directory;
    this.path = path;
    this.descriptor = descriptor;
    this.isNamed = isNamed;
  }

  static create(directory: SpillDirectory): SpillFile {
    const path = join(directory.prepare(), directory.nextFileName());
    try {
      const descriptor = openSync(path, 'wx+', 0o600);
      return new SpillFile(directory, path, descriptor, !tryUnlink(path));
    } catch (thrown) {
      throw storageError(thrown, 'create', path);
    }
  }

  /** Writes the bytes at the end of the file; returns where they start. */
  append(bytes: Uint8Array): number {
    this.directory.take(bytes.byteLength);
    const start = this.end;
    this.end += bytes.byteLength;
    try {
      for (let done = 0; done < bytes.byteLength; ) {
        done += writeSync(this.descriptor, bytes, done, bytes.byteLength - done, start + done);
      }
    } catch (thrown) {
      throw storageError(thrown, 'write', this.path);
    }
    return start;
  }

  /** Gives the space back. */
  close(): void {
    this.directory.giveBack(this.end);
    this.end = 0;
    closeSync(this.descriptor);
    if (this.isNamed) tryUnlink(this.path);
  }
}

/** Fills `target` from a spill file that any thread of this process has open. */
export function readSpillFile(descriptor: number, offset: number, target: Uint8Array): void {
  try {
    for (let done = 0; done < target.byteLength; ) {
      const count = readSync(descriptor, target, done, target.byteLength - done, offset + done);
      if (count === 0) throw bugError(`a spill file ends at ${offset + done}`);
      done += count;
    }
  } catch (thrown) {
    throw storageError(thrown, 'read', 'spill file');
  }
}

function tryUnlink(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
