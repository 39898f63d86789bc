import { REGISTER_COUNT } from '../../catalog/statistics/hyper-log-log.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import {
  COLUMN_BOUNDS,
  COLUMN_NULLS,
  FREQUENT_HEADER_BYTES,
  FREQUENT_LIMIT,
  FREQUENT_SLOTS,
  SKETCH_FILE,
  SKETCH_NEXT,
  SKETCH_ROWS,
  SKETCH_SAMPLED,
  SKETCH_THRESHOLD,
  type SketchColumn,
  type SketchLayout,
  WHOLE_SAMPLE,
} from './sketch-layout.js';

/** Buffers that thin out samples and counters: those of a lane, whichever sketch it works on. */
export interface SketchScratch {
  /** `sampleCapacity` u32 each, and no fewer than a table has slots. */
  readonly ranks: number;
  readonly rows: number;
  /** 8 bytes a slot of the counters. */
  readonly counters: number;
}

/** What is gathered of a file: a view of a sketch, which `sketch-layout.ts` draws. */
export class FileSketch {
  readonly pointer: number;
  readonly layout: SketchLayout;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly scratch: SketchScratch;
  private readonly words: number;

  constructor(shared: SharedMemory, kernels: Kernels, layout: SketchLayout, scratch: SketchScratch, pointer: number) {
    this.shared = shared;
    this.kernels = kernels;
    this.layout = layout;
    this.scratch = scratch;
    this.pointer = pointer;
    this.words = pointer / 4;
  }

  /** Begins a file. */
  clear(file: number): void {
    const { shared, pointer, words, layout } = this;
    shared.clear(pointer, layout.clearedBytes);
    shared.u32[words + SKETCH_FILE] = file;
    shared.u32[words + SKETCH_THRESHOLD] = WHOLE_SAMPLE;
    for (const { header } of layout.columns) shared.i64[(pointer + header + COLUMN_BOUNDS) / 8] = -1n;
  }

  get file(): number {
    return this.shared.u32[this.words + SKETCH_FILE]!;
  }

  get next(): number {
    return this.shared.u32[this.words + SKETCH_NEXT]!;
  }

  set next(pointer: number) {
    this.shared.u32[this.words + SKETCH_NEXT] = pointer;
  }

  get rowCount(): number {
    return this.shared.u32[this.words + SKETCH_ROWS]!;
  }

  set rowCount(count: number) {
    this.shared.u32[this.words + SKETCH_ROWS] = count;
  }

  get sampledRows(): number {
    return this.shared.u32[this.words + SKETCH_SAMPLED]!;
  }

  set sampledRows(count: number) {
    this.shared.u32[this.words + SKETCH_SAMPLED] = count;
  }

  get threshold(): number {
    return this.shared.u32[this.words + SKETCH_THRESHOLD]!;
  }

  nullsOf(column: SketchColumn): number {
    return this.shared.u32[(this.pointer + column.header) / 4 + COLUMN_NULLS]!;
  }

  addNulls(column: SketchColumn, count: number): void {
    this.shared.u32[(this.pointer + column.header) / 4 + COLUMN_NULLS]! += count;
  }

  /** Counts values by their hashes: those that are not NULL, each once or by its weight. Returns the NULLs. */
  addHashes(column: SketchColumn, hashes: number, validity: number, weights: number, count: number): number {
    const { kernels, pointer } = this;
    const table = pointer + column.frequent;
    for (let from = 0; from < count; ) {
      from = kernels.addFrequent(table, FREQUENT_SLOTS - 1, FREQUENT_LIMIT, hashes, validity, weights, from, count);
      if (from < count) kernels.shrinkFrequent(table, FREQUENT_SLOTS - 1, this.scratch.counters);
    }
    return kernels.addToRegisters(hashes, validity, weights, count, pointer + column.registers);
  }

  /** Room for sampled rows; at least one. */
  makeRoom(): number {
    if (this.sampledRows === this.layout.sampleCapacity) this.thinOut();
    return this.layout.sampleCapacity - this.sampledRows;
  }

  /** Keeps the rows with the lowest priorities, about half of those that a full sample has. */
  private thinOut(): void {
    const { kernels, pointer, layout, scratch } = this;
    kernels.copyBytes(pointer + layout.priorities, this.sampledRows * 4, scratch.ranks);
    this.lower(kernels.valueOfRank(scratch.ranks, this.sampledRows, layout.sampleRows) >>> 0);
  }

  /** Keeps rows below a threshold only. */
  private lower(threshold: number): void {
    const { shared, kernels, pointer, layout } = this;
    const { rows } = this.scratch;
    shared.u32[this.words + SKETCH_THRESHOLD] = threshold;
    const kept = kernels.selectSampleRows(pointer + layout.priorities, threshold, this.sampledRows, rows);
    this.takeRows(this, rows, kept, 0);
    this.sampledRows = kept;
  }

  /** Takes rows of a sample, listed in ascending order, as those from `at` on. */
  private takeRows(from: FileSketch, rows: number, count: number, at: number): void {
    const { kernels, pointer, layout } = this;
    const take = (offset: number, width: number): void => {
      if (width === 0) return;
      kernels.takeSampleValues(from.pointer + offset, width, 0, 1, rows, count, pointer + offset + at * width);
    };
    take(layout.priorities, 4);
    for (const { hashes, validity, values, valueBytes } of layout.columns) {
      take(hashes, 4);
      take(validity, 1);
      take(values, valueBytes);
    }
  }

  /** Adds what another lane has gathered of the same file. */
  merge(other: FileSketch): void {
    const { shared, kernels, pointer, scratch, layout } = this;
    this.rowCount += other.rowCount;
    for (const column of layout.columns) {
      this.addNulls(column, other.nullsOf(column));
      kernels.mergeRegisters(pointer + column.registers, other.pointer + column.registers, REGISTER_COUNT);
      this.mergeFrequent(column, other);
      const own = (pointer + column.header + COLUMN_BOUNDS) / 8;
      const others = (other.pointer + column.header + COLUMN_BOUNDS) / 8;
      const words = shared.i64;
      if (unsigned(words[others]!) < unsigned(words[own]!)) words[own] = words[others]!;
      if (unsigned(words[others + 1]!) > unsigned(words[own + 1]!)) words[own + 1] = words[others + 1]!;
    }
    const threshold = Math.min(this.threshold, other.threshold);
    if (this.threshold > threshold) this.lower(threshold);
    if (other.threshold > threshold) other.lower(threshold);
    while (this.sampledRows + other.sampledRows > layout.sampleCapacity) {
      const larger = this.sampledRows > layout.sampleRows ? this : other;
      larger.thinOut();
      (larger === this ? other : this).lower(larger.threshold);
    }
    const count = kernels.selectSampleRows(
      other.pointer + layout.priorities,
      WHOLE_SAMPLE,
      other.sampledRows,
      scratch.rows,
    );
    this.takeRows(other, scratch.rows, count, this.sampledRows);
    this.sampledRows += count;
  }

  /** Counters can be added like values; what was taken off either may be missing from any. */
  private mergeFrequent({ frequent }: SketchColumn, other: FileSketch): void {
    const { shared, kernels, pointer, scratch } = this;
    const table = pointer + frequent;
    const slots = other.pointer + frequent + FREQUENT_HEADER_BYTES;
    const hashes = scratch.ranks;
    const weights = scratch.rows;
    let count = 0;
    for (let slot = 0; slot < FREQUENT_SLOTS; slot++) {
      const weight = shared.u32[slots / 4 + slot * 2 + 1]!;
      if (weight === 0) continue;
      shared.u32[hashes / 4 + count] = shared.u32[slots / 4 + slot * 2]!;
      shared.u32[weights / 4 + count++] = weight;
    }
    for (let from = 0; from < count; ) {
      from = kernels.addFrequent(table, FREQUENT_SLOTS - 1, FREQUENT_LIMIT, hashes, 0, weights, from, count);
      if (from < count) kernels.shrinkFrequent(table, FREQUENT_SLOTS - 1, scratch.counters);
    }
    shared.u32[table / 4 + 1]! += shared.u32[(other.pointer + frequent) / 4 + 1]!;
  }
}

function unsigned(word: bigint): bigint {
  return BigInt.asUintN(64, word);
}
