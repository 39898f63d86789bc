import { resourceError } from '../../common/errors.js';
import type { SqlType } from '../../types/sql-type.js';
import { type PhysicalType, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { emptyBuffer } from './buffer-pool.js';
import type { BoundValue } from './column-bounds.js';
import { DictionaryBuilder } from './dictionary-builder.js';
import type { WriterWorkspace } from './writer-workspace.js';

/** Text is a string, bytea and UUIDs are bytes, intervals 16 bytes; all else as in `BoundValue`. */
export type PartitionValue = BoundValue | string | null;
/** One value per partition column. */
export type PartitionKey = readonly PartitionValue[];

export interface PartitionColumn {
  /** Position in the batches. */
  readonly index: number;
  readonly type: SqlType;
}

interface KeyColumn extends PartitionColumn {
  readonly physical: PhysicalType;
  /** Undefined for booleans: their values are their codes. */
  readonly dictionary: DictionaryBuilder | undefined;
}

/** Keys of partitions are kept as long as the writer lives. */
const KEY_BYTE_LIMIT = 2 ** 30;

/**
 * Numbers partitions densely in order of appearance. Each key column has a dictionary; its code, plus one, 0 for NULL,
 * numbers the first column's values, and each further column pairs what came before with its own code through one more
 * dictionary.
 */
export class PartitionNumbering {
  private readonly workspace: WriterWorkspace;
  private readonly columns: readonly KeyColumn[];
  /** `pairs[k]` numbers (number of columns 0..k, code of column k + 1). */
  private readonly pairs: readonly DictionaryBuilder[];
  private readonly numbers: number;
  private readonly codes: number;
  private readonly zipped: number;

  constructor(workspace: WriterWorkspace, columns: readonly PartitionColumn[]) {
    this.workspace = workspace;
    this.columns = columns.map(({ index, type }) => {
      const physical = physicalTypeOf(type);
      const isBoolean = physical === 'bool';
      const dictionary = isBoolean ? undefined : new DictionaryBuilder(workspace, physical, KEY_BYTE_LIMIT);
      return { index, type, physical, dictionary };
    });
    this.pairs = columns.slice(1).map(() => new DictionaryBuilder(workspace, 'i64', KEY_BYTE_LIMIT));
    const scratch = emptyBuffer();
    workspace.pool.reserve(scratch, BATCH_ROWS * 16);
    this.numbers = scratch.pointer;
    this.codes = this.numbers + BATCH_ROWS * 4;
    this.zipped = this.codes + BATCH_ROWS * 4;
  }

  /** All numbers given so far are below this. */
  get numberLimit(): number {
    const last = this.pairs.at(-1);
    if (last !== undefined) return last.entryCount;
    const first = this.columns[0];
    if (first === undefined) return 1;
    return first.dictionary === undefined ? 3 : first.dictionary.entryCount + 1;
  }

  /** The partition numbers of `count` (at most BATCH_ROWS) rows from `from`: a pointer to u32, until the next call. */
  numberRows(batch: Batch, from: number, count: number): number {
    const { kernels, shared } = this.workspace;
    const { numbers, codes, zipped } = this;
    if (this.columns.length === 0) shared.u32.fill(0, numbers / 4, numbers / 4 + count);
    for (const [position, column] of this.columns.entries()) {
      this.codeRows(column, batch.columns[column.index]!, from, count, position === 0 ? numbers : codes);
      if (position === 0) continue;
      kernels.zipCodes(numbers, codes, count, zipped);
      encodeKeys(this.pairs[position - 1]!, zipped, 0, count, numbers);
    }
    return numbers;
  }

  /** What a partition number stands for. */
  keyOf(number: number): PartitionKey {
    const { u32 } = this.workspace.shared;
    const key: PartitionValue[] = [];
    let rest = number;
    for (let position = this.columns.length - 1; position >= 0; position--) {
      let code = rest;
      if (position > 0) {
        const pair = this.pairs[position - 1]!.entriesPointer / 4 + rest * 2;
        rest = u32[pair]!;
        code = u32[pair + 1]!;
      }
      key.unshift(code === 0 ? null : this.valueOf(this.columns[position]!, code - 1));
    }
    return key;
  }

  private codeRows(column: KeyColumn, vector: Vector, from: number, count: number, target: number): void {
    const { kernels, shared, positions, translated } = this.workspace;
    const isConstant = vector.encoding === 'constant';
    const rows = isConstant ? 1 : count;
    const first = isConstant ? 0 : from;
    const valid = kernels.collectPositions(vector.codes, vector.validity, 0, first, rows, positions);
    if (column.dictionary === undefined) kernels.widenBytes(vector.data, positions, valid, translated);
    else encodeKeys(column.dictionary, vector.data, positions, valid, translated);
    kernels.spreadCodes(translated, vector.validity === 0 ? 0 : vector.validity + first, rows, target);
    if (isConstant) shared.u32.fill(shared.u32[target / 4]!, target / 4, target / 4 + count);
  }

  private valueOf(column: KeyColumn, code: number): PartitionValue {
    const { view, u8, u32, f32, f64, i32, i64 } = this.workspace.shared;
    const { dictionary, physical, type } = column;
    if (dictionary === undefined) return code !== 0;
    const entries = dictionary.entriesPointer;
    switch (physical) {
      case 'bool':
        return code !== 0;
      case 'i32':
        return i32[entries / 4 + code]!;
      case 'i64':
        return i64[entries / 8 + code]!;
      case 'f32':
        return f32[entries / 4 + code]!;
      case 'f64':
        return f64[entries / 8 + code]!;
      case 'i128': {
        const pointer = entries + code * 16;
        return (view.getBigInt64(pointer + 8, true) << 64n) | view.getBigUint64(pointer, true);
      }
      case 'interval':
      case 'uuid':
        return u8.slice(entries + code * 16, entries + code * 16 + 16);
      case 'string': {
        const entry = entries + u32[dictionary.offsetsPointer / 4 + code]!;
        const bytes = u8.slice(entry + 4, entry + 4 + view.getUint32(entry, true));
        return type.kind === 'bytea' ? bytes : new TextDecoder().decode(bytes);
      }
    }
  }
}

function encodeKeys(
  dictionary: DictionaryBuilder,
  data: number,
  positions: number,
  count: number,
  codes: number,
): void {
  if (dictionary.encode(data, positions, count, codes)) return;
  throw resourceError('53200', 'the values of a partition column take more than 1 GiB', {
    hint: 'Partition by a column with fewer distinct values.',
  });
}
