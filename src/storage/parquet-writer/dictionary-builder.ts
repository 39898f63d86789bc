import type { PhysicalType } from '../../types/sql-type.js';
import { byteWidthOf } from '../../types/sql-type.js';
import { PADDING_BYTES } from '../../vector/shared-memory.js';
import { emptyBuffer, type GrowableBuffer } from './buffer-pool.js';
import type { WriterWorkspace } from './writer-workspace.js';

/** Layout of the state: `src/kernels/assembly/dictionary-build.ts`. */
const STATE_BYTES = 32;
const TABLE = 0;
const MASK = 1;
const ENTRIES = 2;
const ENTRY_COUNT = 3;
const ENTRY_CAPACITY = 4;
const BYTE_LENGTH = 5;
const BYTE_CAPACITY = 6;
const OFFSETS = 7;

const FIRST_SLOTS = 64;
const SLOT_BYTES = 8;

/** The distinct values of a column chunk, in order of appearance, and a hash table that finds them. */
export class DictionaryBuilder {
  private readonly workspace: WriterWorkspace;
  private readonly physical: PhysicalType;
  private readonly byteLimit: number;
  private readonly state: GrowableBuffer = emptyBuffer();
  private readonly table: GrowableBuffer = emptyBuffer();
  private readonly entries: GrowableBuffer = emptyBuffer();
  private readonly offsets: GrowableBuffer = emptyBuffer();
  private slotCount = 0;

  /** The entries may take up to `byteLimit` bytes. */
  constructor(workspace: WriterWorkspace, physical: PhysicalType, byteLimit: number) {
    this.workspace = workspace;
    this.physical = physical;
    this.byteLimit = byteLimit;
    workspace.pool.reserve(this.state, STATE_BYTES);
    this.words.fill(0, 0, STATE_BYTES / 4);
    this.growTable();
    this.updateCapacities();
  }

  get entryCount(): number {
    return this.words[ENTRY_COUNT]!;
  }

  /** Bytes of the entries: values of the physical type, strings as PLAIN. */
  get entryBytes(): number {
    return this.physical === 'string' ? this.words[BYTE_LENGTH]! : this.entryCount * byteWidthOf(this.physical);
  }

  get entriesPointer(): number {
    return this.entries.pointer;
  }

  /** Strings only: u32 per entry. */
  get offsetsPointer(): number {
    return this.offsets.pointer;
  }

  /** Bytes of memory held. */
  get heldBytes(): number {
    return this.state.capacity + this.table.capacity + this.entries.capacity + this.offsets.capacity;
  }

  /**
   * Writes the codes of data[positions[i]] (data[i] when `positions` is 0). Answers false, with nothing of use at
   * `codes`, when the entries would exceed the limit.
   */
  encode(data: number, positions: number, count: number, codes: number): boolean {
    const width = byteWidthOf(this.physical);
    for (let done = 0; ; ) {
      const source = positions === 0 ? data + done * width : data;
      const sourcePositions = positions === 0 ? 0 : positions + done * 4;
      done += this.encodeSome(source, sourcePositions, count - done, codes + done * 4);
      if (done === count) return true;
      // It stopped at a value that does not fit.
      const position = positions === 0 ? done : this.workspace.shared.u32[positions / 4 + done]!;
      const needed = this.physical === 'string' ? 4 + this.workspace.shared.u32[(data + position * width) / 4]! : width;
      if (this.entryBytes + needed > this.byteLimit) return false;
      this.grow(needed);
    }
  }

  release(): void {
    for (const buffer of [this.state, this.table, this.entries, this.offsets]) this.workspace.pool.release(buffer);
  }

  private get words(): Uint32Array {
    const start = this.state.pointer / 4;
    return this.workspace.shared.u32.subarray(start, start + STATE_BYTES / 4);
  }

  private encodeSome(data: number, positions: number, count: number, codes: number): number {
    const { kernels } = this.workspace;
    const state = this.state.pointer;
    if (this.physical === 'string') return kernels.dictionaryEncodeStrings(state, data, positions, count, codes);
    switch (byteWidthOf(this.physical)) {
      case 4:
        return kernels.dictionaryEncode4(state, data, positions, count, codes);
      case 8:
        return kernels.dictionaryEncode8(state, data, positions, count, codes);
      default:
        return kernels.dictionaryEncode16(state, data, positions, count, codes);
    }
  }

  /** Room for one entry more, of `entryBytes`, wherever it is short. */
  private grow(entryBytes: number): void {
    const { pool } = this.workspace;
    const next = this.entryCount + 1;
    this.entries.byteLength = this.entryBytes;
    pool.reserve(this.entries, this.entries.byteLength + entryBytes);
    if (this.physical === 'string') {
      this.offsets.byteLength = this.entryCount * 4;
      pool.reserve(this.offsets, next * 4);
    }
    if (next > this.slotCount / 2) this.growTable();
    this.updateCapacities();
  }

  private growTable(): void {
    const { pool, kernels, shared } = this.workspace;
    const slotCount = Math.max(FIRST_SLOTS, this.slotCount * 2);
    const grown = emptyBuffer();
    // Nothing overshoots a slot: the padding of the block is used as well, so that its size is a power of two.
    pool.reserve(grown, slotCount * SLOT_BYTES - PADDING_BYTES);
    shared.clear(grown.pointer, slotCount * SLOT_BYTES);
    kernels.dictionaryRehash(this.table.pointer, this.slotCount, grown.pointer, slotCount - 1);
    pool.release(this.table);
    Object.assign(this.table, grown);
    this.slotCount = slotCount;
  }

  private updateCapacities(): void {
    const { words } = this;
    const width = byteWidthOf(this.physical);
    const bytes = Math.min(this.entries.capacity, this.byteLimit);
    const isString = this.physical === 'string';
    const byRoom = isString ? Math.floor(this.offsets.capacity / 4) : Math.floor(bytes / width);
    words[TABLE] = this.table.pointer;
    words[MASK] = this.slotCount - 1;
    words[ENTRIES] = this.entries.pointer;
    words[ENTRY_CAPACITY] = Math.min(this.slotCount / 2, byRoom);
    words[BYTE_CAPACITY] = isString ? bytes : 0;
    words[OFFSETS] = this.offsets.pointer;
  }
}
