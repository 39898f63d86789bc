import { corruptError } from '../../common/errors.js';
import type { RandomAccessFile } from '../../storage/object-store.js';

/** A file whose bytes are all in memory, as they were when it was pinned. */
export class HeldFile implements RandomAccessFile {
  readonly path: string;
  private readonly bytes: Uint8Array;

  constructor(path: string, bytes: Uint8Array) {
    this.path = path;
    this.bytes = bytes;
  }

  get byteLength(): number {
    return this.bytes.byteLength;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    const end = offset + target.byteLength;
    if (offset < 0 || end > this.byteLength) {
      throw corruptError(`file "${this.path}" refers to bytes beyond its end`, {
        detail: `Bytes ${offset} to ${end} were wanted, the file has ${this.byteLength}.`,
        hint: 'The file is truncated or damaged. Write it again.',
      });
    }
    target.set(this.bytes.subarray(offset, end));
  }

  /** What is held is what was pinned, whatever has become of the file. */
  async assertUnchanged(): Promise<void> {}

  async close(): Promise<void> {}
}
