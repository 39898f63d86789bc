import { type BigIntStats, closeSync, fstatSync, read, readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { bugError, corruptError } from '../../common/errors.js';
import type { PinnedFile, RandomAccessFile } from '../object-store.js';
import { fileChangedError, storageError } from '../storage-error.js';
import { ReadPace } from './read-pace.js';

/** One call of read(2) transfers less than 2 GiB. */
const MAX_READ_BYTES = 1 << 30;

/** Of this thread. */
const pace = new ReadPace();
const readLater = promisify(read);

/** A file that is open for reading. */
export interface OpenFile {
  readonly fd: number;
  /** Nothing reads it any more. */
  close(): void | Promise<void>;
}

/** The file of a descriptor, or of a handle, which closes it when it is collected. */
export function openFileOf(opened: number | FileHandle): OpenFile {
  return typeof opened === 'number' ? { fd: opened, close: () => closeSync(opened) } : opened;
}

/** Reads straight into the caller's memory, shared memory included. */
export class LocalRandomAccessFile implements RandomAccessFile {
  readonly path: string;
  readonly byteLength: number;
  readonly #opened: OpenFile;
  readonly #version: string;
  readonly #reads = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(opened: OpenFile, pin: PinnedFile) {
    this.#opened = opened;
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
    if (this.#isClosed) throw bugError(`"${this.path}" is read after it was closed`);
    try {
      if (pace.expectsCached(length)) {
        const started = performance.now();
        const bytesRead = readSync(this.#opened.fd, target, start, length, offset);
        pace.note(length, performance.now() - started);
        return bytesRead;
      }
      const reading = readLater(this.#opened.fd, target, start, length, offset);
      this.#reads.add(reading);
      try {
        return (await reading).bytesRead;
      } finally {
        this.#reads.delete(reading);
      }
    } catch (thrown) {
      throw storageError(thrown, 'read', this.path);
    }
  }

  async assertUnchanged(): Promise<void> {
    if (this.#isClosed) throw bugError(`"${this.path}" is asked for after it was closed`);
    if (!hasContent(this.#opened, this.byteLength, this.#version)) throw fileChangedError(this.path);
  }

  /** Waits for what is still being read: the descriptor may be that of another file then. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#reads.size > 0) await Promise.allSettled(this.#reads);
    await this.#opened.close();
  }
}

/**
 * Is the open file as long as it was, and unchanged? Asked without a detour by libuv's threads, whose way back is behind
 * whatever the thread computes: what is known of an open file takes a microsecond.
 */
export function hasContent({ fd }: OpenFile, byteLength: number, version: string): boolean {
  const stats = fstatSync(fd, { bigint: true });
  return stats.size === BigInt(byteLength) && versionOf(stats) === version;
}

export function versionOf(stats: BigIntStats): string {
  return stats.mtimeNs.toString();
}
