import { type BigIntStats, fstatSync, readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { corruptError } from '../../common/errors.js';
import type { PinnedFile, RandomAccessFile } from '../object-store.js';
import { fileChangedError, storageError } from '../storage-error.js';
import { ReadPace } from './read-pace.js';

/** One call of read(2) transfers less than 2 GiB. */
const MAX_READ_BYTES = 1 << 30;

/** Of this thread. */
const pace = new ReadPace();

/** Reads straight into the caller's memory, shared memory included. */
export class LocalRandomAccessFile implements RandomAccessFile {
  readonly path: string;
  readonly byteLength: number;
  readonly #handle: FileHandle;
  readonly #version: string;

  constructor(handle: FileHandle, pin: PinnedFile) {
    this.#handle = handle;
    this.path = pin.path;
    this.byteLength = pin.byteLength;
    this.#version = pin.version;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    if (offset < 0 || offset + target.byteLength > this.byteLength) {
      throw corruptError(`file "${this.path}" refers to bytes beyond its end`, {
        detail: `Bytes ${offset} to ${offset + target.byteLength} were wanted, the file has ${this.byteLength}.`,
        hint: 'The file is truncated or damaged. Write it again.',
      });
    }
    let done = 0;
    while (done < target.byteLength) {
      const length = Math.min(target.byteLength - done, MAX_READ_BYTES);
      const bytesRead = await this.#readSome(target, done, length, offset + done);
      if (bytesRead === 0) throw fileChangedError(this.path);
      done += bytesRead;
    }
  }

  async #readSome(target: Uint8Array, start: number, length: number, offset: number): Promise<number> {
    try {
      if (pace.expectsCached(length)) {
        const started = performance.now();
        const bytesRead = readSync(this.#handle.fd, target, start, length, offset);
        pace.note(length, performance.now() - started);
        return bytesRead;
      }
      return (await this.#handle.read(target, start, length, offset)).bytesRead;
    } catch (thrown) {
      throw storageError(thrown, 'read', this.path);
    }
  }

  async assertUnchanged(): Promise<void> {
    if (!hasContent(this.#handle, this.byteLength, this.#version)) throw fileChangedError(this.path);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/**
 * Is the open file as long as it was, and unchanged? Asked without a detour by libuv's threads, whose way back is behind
 * whatever the thread computes: what is known of an open file takes a microsecond.
 */
export function hasContent(handle: FileHandle, byteLength: number, version: string): boolean {
  const stats = fstatSync(handle.fd, { bigint: true });
  return stats.size === BigInt(byteLength) && versionOf(stats) === version;
}

export function versionOf(stats: BigIntStats): string {
  return stats.mtimeNs.toString();
}
