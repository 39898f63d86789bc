/** Names the content of a block, the same in all threads: three words of a file's digest, and the number of a part of it. */
export type BlockKey = readonly [number, number, number, number];

const SLOT_WORDS = 8;
const START = 4;
const COUNT = 5;
const PINS = 6;
const STAMP = 7;
/** Slots in which a key can be: further ones are not looked at. */
const PROBES = 16;
/** What has not been used for this long gives way to others. */
const IDLE_SECONDS = 10;
/** Slots that are looked at for such when room is wanted. */
const SWEEP_SLOTS = 256;

/** Entries of the directory, a power of two. */
export const KEPT_SLOTS = 2048;
export const KEPT_DIRECTORY_BYTES: number = KEPT_SLOTS * SLOT_WORDS * 4;

/**
 * The blocks of chunks that are kept when the query that made them has ended. In shared memory, 32 bytes a slot; whoever
 * calls holds the lock of the allocator.
 *
 *   0 key (16 bytes)   16 first chunk, 0 where the slot is empty   20 chunks   24 users now   28 last used, seconds
 */
export class KeptDirectory {
  private readonly i32: Int32Array;
  private readonly base: number;

  constructor(i32: Int32Array, pointer: number) {
    this.i32 = i32;
    this.base = pointer / 4;
  }

  startOf(slot: number): number {
    return this.i32[this.at(slot) + START]!;
  }

  countOf(slot: number): number {
    return this.i32[this.at(slot) + COUNT]!;
  }

  /** The slot of a key, -1 if it is not kept. */
  find(key: BlockKey): number {
    const { i32 } = this;
    const first = homeOf(key);
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (first + probe) & (KEPT_SLOTS - 1);
      const at = this.at(slot);
      if (i32[at + START] !== 0 && key.every((word, i) => i32[at + i] === (word | 0))) return slot;
    }
    return -1;
  }

  /** Notes a block that has one user; -1 where all slots of its key are taken. */
  insert(key: BlockKey, start: number, count: number, now: number): number {
    const { i32 } = this;
    const first = homeOf(key);
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (first + probe) & (KEPT_SLOTS - 1);
      if (this.startOf(slot) !== 0) continue;
      i32.set([...key, start, count, 1, now], this.at(slot));
      return slot;
    }
    return -1;
  }

  remove(slot: number): void {
    this.i32.fill(0, this.at(slot), this.at(slot) + SLOT_WORDS);
  }

  /** Answers how many users there are with this one. */
  pin(slot: number, now: number): number {
    const at = this.at(slot);
    this.i32[at + STAMP] = now;
    return ++this.i32[at + PINS]!;
  }

  /** Answers how many users are left. */
  unpin(slot: number): number {
    return --this.i32[this.at(slot) + PINS]!;
  }

  /** Slots of blocks that nobody uses. */
  *unused(): Generator<number> {
    for (let slot = 0; slot < KEPT_SLOTS; slot++) if (this.isUnused(slot)) yield slot;
  }

  /** Of some slots from `hand` on, those of blocks that nobody has used for a while. */
  *idle(hand: number, now: number): Generator<number> {
    for (let step = 0; step < SWEEP_SLOTS; step++) {
      const slot = (hand + step) & (KEPT_SLOTS - 1);
      if (this.isUnused(slot) && now - this.i32[this.at(slot) + STAMP]! > IDLE_SECONDS) yield slot;
    }
  }

  /** Where the sweep after one from `hand` begins. */
  handAfter(hand: number): number {
    return (hand + SWEEP_SLOTS) & (KEPT_SLOTS - 1);
  }

  private isUnused(slot: number): boolean {
    return this.startOf(slot) !== 0 && this.i32[this.at(slot) + PINS] === 0;
  }

  private at(slot: number): number {
    return this.base + slot * SLOT_WORDS;
  }
}

function homeOf(key: BlockKey): number {
  return (key[0] + Math.imul(key[3], 0x9e3779b1)) & (KEPT_SLOTS - 1);
}
