import type { PinnedFile } from '../../storage/object-store.js';
import { pinKey } from '../../storage/parquet-reader/footer-cache.js';

/** A table that is written a row at a time has many files of less than a kilobyte. */
const SMALL_FILE_BYTES = 32 * 1024;
/** What they may take of each thread's JavaScript heap. */
const HELD_BYTES = 8 * 2 ** 20;

/** The bytes of small files by path and version, those used last. */
export class SmallFileCache {
  private readonly files = new Map<string, Uint8Array>();
  private heldBytes = 0;

  static isSmall(pin: PinnedFile): boolean {
    return pin.byteLength <= SMALL_FILE_BYTES;
  }

  get(pin: PinnedFile): Uint8Array | undefined {
    const key = pinKey(pin);
    const known = this.files.get(key);
    if (known === undefined) return undefined;
    // Entries of a Map keep the order in which they were set: the first is the one not used for longest.
    this.files.delete(key);
    this.files.set(key, known);
    return known;
  }

  set(pin: PinnedFile, bytes: Uint8Array): void {
    this.delete(pinKey(pin));
    this.files.set(pinKey(pin), bytes);
    this.heldBytes += bytes.byteLength;
    for (const key of this.files.keys()) {
      if (this.heldBytes <= HELD_BYTES) return;
      this.delete(key);
    }
  }

  private delete(key: string): void {
    this.heldBytes -= this.files.get(key)?.byteLength ?? 0;
    this.files.delete(key);
  }
}
