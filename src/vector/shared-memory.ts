import { resourceError } from '../common/errors.js';
import { CHUNK_TABLE_WORDS, ChunkTable } from './chunk-table.js';
import { type BlockKey, KEPT_DIRECTORY_BYTES, KeptDirectory } from './kept-directory.js';
import { KEPT_PINS_BYTES, KeptPins } from './kept-pins.js';
import { SpinLock } from './spin-lock.js';

/** The unit of allocation and the alignment of row blocks: the base of a block is `pointer & ~(CHUNK_BYTES - 1)`. */
export const CHUNK_BYTES: number = 64 * 1024;
/** SIMD loads and stores may overshoot an allocation by up to this many bytes. */
export const PADDING_BYTES = 64;

const MAX_CHUNKS = 65_536;
/** What poisoned memory holds: not zero, not one, and a pointer or a length far outside any small memory. */
const POISON_BYTE = 0xcb;
const POISON_WORD = 0xcbcbcbcbcbcbcbcbn;

export interface SharedMemoryOptions {
  /**
   * For tests: memory is overwritten as it is handed out, so that a read of what nobody wrote shows; and users of this
   * memory check what they otherwise trust (see `isChecked`).
   */
  readonly checked?: boolean | undefined;
  /** For tests: pipeline breakers act as if there were hardly any memory, so that few rows make them spill. */
  readonly scarce?: boolean | undefined;
  /** Bytes of blocks that may be kept from query to query while no query needs the memory; a quarter of it by default. */
  readonly cacheLimit?: number | undefined;
}

/** A block that is kept, or in the making, and stays until its owner releases it or is freed. */
export interface KeptBlock {
  readonly pointer: number;
  readonly owner: number;
  readonly pin: number;
}

/*
 * The first chunks hold the allocator itself:
 *
 *   0        null page: nothing is ever allocated here, so that pointer 0 means "none"
 *   1024     control words (i32): lock, unused, allocated chunks, high-water mark, next owner, checked, the bytes that are
 *            spilled (i64), scarce, chunks that are kept, how many may be, where room is looked for next, control of the
 *            chunk table
 *   64 KiB   chunk table, one i32 a chunk: 0 = free, otherwise its owner
 *   320 KiB  constant tables for kernels (64 KiB)
 *   384 KiB  directory of kept blocks (64 KiB)
 *   448 KiB  pins of kept blocks (64 KiB)
 *   512 KiB  first chunk that can be allocated
 */
const CONTROL = 1024 / 4;
const LOCK = CONTROL;
const ALLOCATED = CONTROL + 2;
const HIGH_WATER = CONTROL + 3;
const NEXT_OWNER = CONTROL + 4;
const CHECKED = CONTROL + 5;
const SPILLED = (CONTROL + 6) / 2;
const SCARCE = CONTROL + 8;
const KEPT = CONTROL + 9;
const KEPT_LIMIT = CONTROL + 10;
const KEPT_HAND = CONTROL + 11;
const CHUNK_CONTROL = CONTROL + 12;
const OWNERS = CHUNK_BYTES / 4;
/** Where kernels find tables that are computed once, when the memory is created. */
export const CONSTANT_TABLES: number = CHUNK_BYTES + MAX_CHUNKS * 4;
const KEPT_DIRECTORY = CONSTANT_TABLES + CHUNK_BYTES;
const KEPT_PINS = KEPT_DIRECTORY + KEPT_DIRECTORY_BYTES;
const FIRST_CHUNK = (KEPT_PINS + KEPT_PINS_BYTES) / CHUNK_BYTES;

/** The owner of chunks that are kept; of no query. */
const KEEPER = -1;
/** Nothing more is kept while less than this share of the memory is free: queries may need it soon. */
const UNKEPT_SHARE = 1 / 2;
const DEFAULT_CACHE_SHARE = 1 / 4;

/**
 * One engine's memory: a shared `WebAssembly.Memory` created at its limit, so that no view of it ever goes stale, and
 * an allocator of 64 KiB chunks whose state lies in that memory, so that every thread allocates from the same pool.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  readonly chunkCount: number;
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly i64: BigInt64Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly view: DataView;
  private readonly chunks: ChunkTable;
  private readonly kept: KeptDirectory;
  private readonly pins: KeptPins;
  private readonly lock: SpinLock;

  private constructor(memory: WebAssembly.Memory) {
    const buffer = memory.buffer;
    this.memory = memory;
    // Kernels may read a little beyond the last one.
    this.chunkCount = Math.floor((buffer.byteLength - PADDING_BYTES) / CHUNK_BYTES);
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.view = new DataView(buffer);
    const control = this.i32.subarray(CHUNK_CONTROL, CHUNK_CONTROL + CHUNK_TABLE_WORDS);
    this.chunks = new ChunkTable(control, this.i32.subarray(OWNERS, OWNERS + this.chunkCount), FIRST_CHUNK);
    this.kept = new KeptDirectory(this.i32, KEPT_DIRECTORY);
    this.pins = new KeptPins(this.i32, KEPT_PINS);
    this.lock = new SpinLock(this.i32, LOCK);
  }

  /** Reserves address space for `byteLength` bytes (at most 4 GiB); pages become resident when touched. */
  static create(byteLength: number, options: SharedMemoryOptions = {}): SharedMemory {
    const pages = Math.min(65_536, Math.ceil(byteLength / 65_536));
    let memory: WebAssembly.Memory;
    try {
      memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    } catch (error) {
      throw resourceError('53200', `cannot reserve ${pages * 64} KiB of shared memory`, {
        hint: 'Each engine reserves 10 GiB of address space: raise `ulimit -v`, or lower --memory-limit.',
        cause: error,
      });
    }
    const shared = new SharedMemory(memory);
    shared.chunks.initialize();
    shared.i32[CHECKED] = options.checked === true ? 1 : 0;
    shared.i32[SCARCE] = options.scarce === true ? 1 : 0;
    const cacheLimit = options.cacheLimit ?? shared.capacityBytes * DEFAULT_CACHE_SHARE;
    shared.i32[KEPT_LIMIT] = Math.floor(Math.min(cacheLimit, shared.capacityBytes) / CHUNK_BYTES);
    return shared;
  }

  /** The same memory as seen from another thread. */
  static attach(memory: WebAssembly.Memory): SharedMemory {
    return new SharedMemory(memory);
  }

  /** Chunks in use now, over all threads: kept blocks are while somebody uses them. */
  get allocatedChunks(): number {
    return Atomics.load(this.i32, ALLOCATED);
  }

  get allocatedBytes(): number {
    return this.allocatedChunks * CHUNK_BYTES;
  }

  /** The most chunks that were ever in use at once. */
  get highWaterBytes(): number {
    return Atomics.load(this.i32, HIGH_WATER) * CHUNK_BYTES;
  }

  /** Bytes that are on disk for want of memory, over all threads. */
  get spilledBytes(): number {
    return Number(Atomics.load(this.i64, SPILLED));
  }

  /** Counts bytes that go to disk, or come from it; returns how many there are then. */
  addSpilledBytes(byteLength: number): number {
    return Number(Atomics.add(this.i64, SPILLED, BigInt(byteLength))) + byteLength;
  }

  /** Bytes that can be allocated at all. */
  get capacityBytes(): number {
    return (this.chunkCount - FIRST_CHUNK) * CHUNK_BYTES;
  }

  /** A number that no other owner of chunks has; for `allocateChunks` and `freeOwner`. */
  createOwner(): number {
    return Atomics.add(this.i32, NEXT_OWNER, 1) + 1;
  }

  /** `count` adjacent chunks that belong to `owner`. Their bytes are not cleared. */
  allocateChunks(count: number, owner: number): number {
    const pointer = this.takeChunks(count, owner);
    this.poison(pointer, count * CHUNK_BYTES);
    return pointer;
  }

  /** Was this memory created for tests that check more? */
  get isChecked(): boolean {
    return this.i32[CHECKED] !== 0;
  }

  /** Was this memory created for tests of spilling? */
  get isScarce(): boolean {
    return this.i32[SCARCE] !== 0;
  }

  /** Makes bytes zero. */
  clear(pointer: number, byteLength: number): void {
    this.fill(pointer, byteLength, 0, 0n);
  }

  /** By words, since V8 fills shared memory element by element. */
  private fill(pointer: number, byteLength: number, byte: number, word: bigint): void {
    const end = pointer + byteLength;
    const [first, last] = [Math.ceil(pointer / 8), Math.floor(end / 8)];
    if (first >= last) {
      this.u8.fill(byte, pointer, end);
      return;
    }
    this.i64.fill(word, first, last);
    if (first * 8 > pointer) this.u8.fill(byte, pointer, first * 8);
    if (last * 8 < end) this.u8.fill(byte, last * 8, end);
  }

  /** Overwrites what is about to be handed out, if this memory is checked. */
  poison(pointer: number, byteLength: number): void {
    if (this.isChecked) this.fill(pointer, byteLength, POISON_BYTE, POISON_WORD);
  }

  private takeChunks(count: number, owner: number): number {
    return this.lock.hold(() => {
      let start = this.chunks.find(count);
      if (start < 0 && this.dropUnused()) start = this.chunks.find(count);
      if (start < 0) throw this.outOfMemory(count);
      this.take(start, count, owner);
      return start * CHUNK_BYTES;
    });
  }

  private take(start: number, count: number, owner: number): void {
    this.chunks.take(start, count, owner);
    this.countAllocated(count);
  }

  private countAllocated(count: number): void {
    const allocated = Atomics.add(this.i32, ALLOCATED, count) + count;
    if (allocated > this.i32[HIGH_WATER]!) this.i32[HIGH_WATER] = allocated;
  }

  freeChunks(pointer: number, count: number): void {
    this.lock.hold(() => this.freeRun(pointer / CHUNK_BYTES, count));
  }

  /** Chunks that are in use belong to another owner from now on. */
  handChunks(pointer: number, count: number, owner: number): void {
    this.lock.hold(() => this.chunks.hand(pointer / CHUNK_BYTES, count, owner));
  }

  private freeRun(start: number, count: number): void {
    this.chunks.give(start, count);
    Atomics.sub(this.i32, ALLOCATED, count);
  }

  /** Frees every chunk that belongs to `owner`, and releases what it holds; returns how many chunks there were. */
  freeOwner(owner: number): number {
    return this.lock.hold(() => {
      for (const held of this.pins.removeAll(owner)) this.letGo(held);
      const freed = this.chunks.giveAll(owner);
      Atomics.sub(this.i32, ALLOCATED, freed);
      return freed;
    });
  }

  /** Bytes of blocks that are kept, whether used or not, and of those in the making. */
  get keptBytes(): number {
    return Atomics.load(this.i32, KEPT) * CHUNK_BYTES;
  }

  /** Room for a block to be kept, which belongs to `owner` until it is; undefined where there is none. */
  allocateKeepable(byteLength: number, owner: number): KeptBlock | undefined {
    const count = chunksFor(byteLength);
    return this.lock.hold(() => {
      const start = this.hasRoom(count) ? this.chunks.find(count) : -1;
      const pin = start < 0 ? -1 : this.pins.add(owner, -count);
      if (pin < 0) return undefined;
      this.take(start, count, owner);
      Atomics.add(this.i32, KEPT, count);
      return { pointer: start * CHUNK_BYTES, owner, pin };
    });
  }

  /**
   * Keeps a complete block that `allocateKeepable` gave, as it is from now on: its bytes do not change. False where it
   * cannot be kept, or the same has been meanwhile: then it still belongs to its owner.
   */
  keep(key: BlockKey, { pointer, pin }: KeptBlock, byteLength: number): boolean {
    const count = chunksFor(byteLength);
    const start = pointer / CHUNK_BYTES;
    return this.lock.hold(() => {
      if (this.kept.find(key) >= 0) return false;
      const slot = this.kept.insert(key, start, count, nowSeconds());
      if (slot < 0) return false;
      this.chunks.hand(start, count, KEEPER);
      this.pins.change(pin, slot);
      return true;
    });
  }

  /** A kept block, which stays until `releaseKept`; undefined where it is not kept. */
  useKept(key: BlockKey, owner: number): KeptBlock | undefined {
    return this.lock.hold(() => {
      const slot = this.kept.find(key);
      const pin = slot < 0 ? -1 : this.pins.add(owner, slot);
      if (pin < 0) return undefined;
      if (this.kept.pin(slot, nowSeconds()) === 1) this.countAllocated(this.kept.countOf(slot));
      return { pointer: this.kept.startOf(slot) * CHUNK_BYTES, owner, pin };
    });
  }

  /** Nothing happens where its owner was freed before. A block that was not kept is freed. */
  releaseKept({ pointer, owner, pin }: KeptBlock): void {
    this.lock.hold(() => {
      const held = this.pins.remove(pin, owner);
      if (held === undefined) return;
      this.letGo(held);
      if (held < 0) this.freeRun(pointer / CHUNK_BYTES, -held);
    });
  }

  /** `held` by a pin that is gone: a user less, or chunks in the making less, which are the owner's still. */
  private letGo(held: number): void {
    if (held < 0) Atomics.add(this.i32, KEPT, held);
    else if (this.kept.unpin(held) === 0) Atomics.sub(this.i32, ALLOCATED, this.kept.countOf(held));
  }

  /** Whether `count` more chunks may be kept, now that what was not used for long has given way. */
  private hasRoom(count: number): boolean {
    const { i32 } = this;
    const limit = i32[KEPT_LIMIT]!;
    if (count > limit) return false;
    if (i32[KEPT]! + count > limit) {
      const hand = i32[KEPT_HAND]!;
      i32[KEPT_HAND] = this.kept.handAfter(hand);
      for (const slot of this.kept.idle(hand, nowSeconds())) this.drop(slot);
    }
    const most = this.chunkCount * (1 - UNKEPT_SHARE);
    return i32[KEPT]! + count <= limit && i32[ALLOCATED]! + i32[KEPT]! + count <= most;
  }

  /** Gives up all kept blocks that nobody uses; answers whether there were any. */
  private dropUnused(): boolean {
    let found = false;
    for (const slot of this.kept.unused()) {
      this.drop(slot);
      found = true;
    }
    return found;
  }

  private drop(slot: number): void {
    const start = this.kept.startOf(slot);
    const count = this.kept.countOf(slot);
    this.kept.remove(slot);
    this.chunks.give(start, count);
    Atomics.sub(this.i32, KEPT, count);
  }

  private outOfMemory(count: number): Error {
    const mebibytes = (chunks: number): string => `${Math.round((chunks * CHUNK_BYTES) / 2 ** 20)} MiB`;
    return resourceError('53200', `out of memory: ${mebibytes(count)} more are needed`, {
      detail: `${mebibytes(this.allocatedChunks)} of ${mebibytes(this.chunkCount - FIRST_CHUNK)} are in use.`,
      hint: 'Raise --memory-limit (at most 4GB), or let the query read less.',
    });
  }
}

function chunksFor(byteLength: number): number {
  return Math.ceil((byteLength + PADDING_BYTES) / CHUNK_BYTES);
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
