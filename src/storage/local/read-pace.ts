/** Larger reads are always left to libuv's threads: even from memory they take long enough to be worth it. */
const MAX_BYTES = 2 ** 20;
/** A read from the page cache takes less than this, and what follows for each byte; from a disk it takes longer. */
const CACHED_MS = 0.25;
const CACHED_MS_PER_BYTE = 0.5 / 2 ** 20;
/** After a read that took longer, so many are left to libuv before one is tried again. */
const READS_TO_LEAVE = 64;

/**
 * Whether a thread reads by itself, or lets libuv's threads read meanwhile. These have to be woken, and have to wait for
 * the event loop to take the answer: for bytes in the page cache that takes longer than to copy them. A disk is better
 * waited for by others, and whether the bytes are cached shows only in the time that reading them takes.
 */
export class ReadPace {
  private readsToLeave = 0;

  /** Is the next read likely to be one from the page cache? */
  expectsCached(byteLength: number): boolean {
    if (byteLength > MAX_BYTES) return false;
    if (this.readsToLeave === 0) return true;
    this.readsToLeave--;
    return false;
  }

  /** Tells how long a read has taken that the thread did by itself. */
  note(byteLength: number, elapsedMs: number): void {
    if (elapsedMs > CACHED_MS + byteLength * CACHED_MS_PER_BYTE) this.readsToLeave = READS_TO_LEAVE;
  }
}
