import { byteWidthOf } from '../../types/sql-type.js';
import type { Vector } from '../../vector/vector.js';
import { emptyBuffer, type GrowableBuffer } from './buffer-pool.js';
import { DictionaryBuilder } from './dictionary-builder.js';
import { notNullError } from './not-null-error.js';
import type { SchemaColumn } from './schema-node.js';
import type { WriterWorkspace } from './writer-workspace.js';

/** So many values show whether nearly all differ: then a dictionary is given up. */
const FIRST_TRIAL_VALUES = 8192;
const FIRST_TRIAL_SHARE = 0.9;
/** So many show whether they repeat often enough: ten thousand values drawn at random hardly do before. */
const SECOND_TRIAL_VALUES = 32_768;
const SECOND_TRIAL_SHARE = 0.6;

/** The rows of a batch to take: row numbers at `selection`, or `count` rows from `from` when `selection` is 0. */
export interface RowRange {
  selection: number;
  from: number;
  count: number;
}

/** What collects a column of a row group: a buffer, or several of them for a nested column. */
export interface ColumnCollector {
  readonly rowCount: number;
  /** Rows that are NULL. */
  readonly nullCount: number;
  /** Bytes of memory held. */
  readonly heldBytes: number;
  readonly leaves: readonly ColumnBuffer[];
  append(vector: Vector, range: RowRange): void;
  /** Forgets all rows and gives the memory back. */
  clear(): void;
}

/**
 * One leaf of the row group being collected, self-contained. An entry is a row; within lists it is an element, or a list
 * without any.
 *
 * - `levels`       one byte an entry, the definition level; for a flat column 0 = NULL, and empty as long as there is none
 * - `repetitions`  within lists one byte an entry, the repetition level
 * - in dictionary mode: `codes` (u32 a value) and `dictionary`
 * - in plain mode: `values`, of the physical type, strings as PLAIN
 *
 * Only entries whose definition level is the column's have a value. A column starts in dictionary mode, unless it is boolean, and falls back to plain for the
 * whole chunk when its values do not repeat or the dictionary outgrows its limit.
 */
export class ColumnBuffer implements ColumnCollector {
  readonly column: SchemaColumn;
  readonly leaves: readonly ColumnBuffer[] = [this];
  readonly levels: GrowableBuffer = emptyBuffer();
  readonly repetitions: GrowableBuffer = emptyBuffer();
  readonly values: GrowableBuffer = emptyBuffer();
  readonly codes: GrowableBuffer = emptyBuffer();
  dictionary: DictionaryBuilder | undefined;
  entryCount = 0;
  valueCount = 0;

  private readonly workspace: WriterWorkspace;
  private readonly width: number;
  private readonly dictionaryLimit: number;
  /** u32 per entry of the vectors' dictionary `translationId`: its code here, all bits set = not asked for yet. */
  private readonly translation: GrowableBuffer = emptyBuffer();
  private translationId = 0;
  private translationSize = 0;

  constructor(workspace: WriterWorkspace, column: SchemaColumn, dictionaryLimit: number) {
    this.workspace = workspace;
    this.column = column;
    this.width = byteWidthOf(column.type.physical);
    this.dictionaryLimit = dictionaryLimit;
  }

  /** Of a flat column. */
  get rowCount(): number {
    return this.entryCount;
  }

  get nullCount(): number {
    return this.entryCount - this.valueCount;
  }

  get heldBytes(): number {
    const levels = this.levels.capacity + this.repetitions.capacity;
    const own = levels + this.values.capacity + this.codes.capacity + this.translation.capacity;
    return own + (this.dictionary?.heldBytes ?? 0);
  }

  /** Rows of a flat column. */
  append(vector: Vector, range: RowRange): void {
    if (this.entryCount === 0) this.begin();
    const { kernels, shared, positions } = this.workspace;
    const isConstant = vector.encoding === 'constant';
    let valid = range.count;
    if (isConstant) {
      if (vector.validity !== 0 && shared.u8[vector.validity] === 0) valid = 0;
      shared.clear(positions, valid * 4);
      this.appendLevels(valid === 0 ? vector.validity : 0, range, valid, true);
    } else {
      const { selection, from, count } = range;
      const isPlainRange = vector.encoding === 'flat' && selection === 0;
      if (!isPlainRange || vector.validity !== 0) {
        valid = kernels.collectPositions(vector.codes, vector.validity, selection, from, count, positions);
      }
      this.appendLevels(vector.validity, range, valid, false);
      if (isPlainRange && valid === count) {
        this.appendValues(vector, vector.data + from * this.width, 0, valid);
        return;
      }
    }
    this.appendValues(vector, vector.data, positions, valid);
  }

  /** Entries of a leaf of a nested column: a byte of either level each, and the values of those that have one. */
  appendEntries(
    repetitions: number,
    definitions: number,
    entryCount: number,
    values: Vector,
    valueCount: number,
  ): void {
    if (this.entryCount === 0) this.begin();
    if (this.column.repetition > 0) this.appendBytes(this.repetitions, repetitions, entryCount);
    this.appendBytes(this.levels, definitions, entryCount);
    this.entryCount += entryCount;
    this.appendValues(values, values.data, 0, valueCount);
  }

  private appendBytes(buffer: GrowableBuffer, source: number, count: number): void {
    const { pool, shared } = this.workspace;
    pool.reserve(buffer, buffer.byteLength + count);
    shared.u8.copyWithin(buffer.pointer + buffer.byteLength, source, source + count);
    buffer.byteLength += count;
  }

  /** Replaces codes and dictionary by the values themselves. */
  fallBackToPlain(): void {
    const { kernels, pool } = this.workspace;
    const dictionary = this.dictionary!;
    const { entriesPointer, offsetsPointer } = dictionary;
    const codes = this.codes.pointer;
    const count = this.valueCount;
    if (this.column.type.physical === 'string') {
      this.values.byteLength = kernels.plainEntryBytes(entriesPointer, offsetsPointer, codes, count);
      pool.reserve(this.values, this.values.byteLength);
      kernels.writePlainEntries(entriesPointer, offsetsPointer, codes, count, this.values.pointer);
    } else {
      this.values.byteLength = count * this.width;
      pool.reserve(this.values, this.values.byteLength);
      this.gather(entriesPointer, codes, count, this.values.pointer);
    }
    this.releaseDictionary();
  }

  clear(): void {
    this.releaseDictionary();
    this.workspace.pool.release(this.levels);
    this.workspace.pool.release(this.repetitions);
    this.workspace.pool.release(this.values);
    this.entryCount = 0;
    this.valueCount = 0;
  }

  private begin(): void {
    const { physical } = this.column.type;
    if (physical === 'bool' || this.dictionaryLimit <= 0) return;
    this.dictionary = new DictionaryBuilder(this.workspace, physical, this.dictionaryLimit);
  }

  private releaseDictionary(): void {
    this.dictionary?.release();
    this.dictionary = undefined;
    this.workspace.pool.release(this.codes);
    this.workspace.pool.release(this.translation);
    this.translationId = 0;
    this.translationSize = 0;
  }

  private appendLevels(
    validity: number,
    { selection, from, count }: RowRange,
    valid: number,
    isConstant: boolean,
  ): void {
    const { kernels, pool, shared } = this.workspace;
    const { levels } = this;
    if (valid < count && !this.column.nullable) {
      throw notNullError(this.column.name);
    }
    if (valid < count || levels.byteLength > 0) {
      if (levels.byteLength === 0) {
        pool.reserve(levels, this.entryCount + count);
        shared.u8.fill(1, levels.pointer, levels.pointer + this.entryCount);
        levels.byteLength = this.entryCount;
      }
      pool.reserve(levels, levels.byteLength + count);
      const target = levels.pointer + levels.byteLength;
      if (isConstant || validity === 0) shared.u8.fill(valid === 0 ? 0 : 1, target, target + count);
      else if (selection !== 0) kernels.gather1(validity, selection, count, target);
      else shared.u8.copyWithin(target, validity + from, validity + from + count);
      levels.byteLength += count;
    }
    this.entryCount += count;
  }

  private appendValues(vector: Vector, data: number, positions: number, count: number): void {
    if (count === 0) return;
    if (this.dictionary !== undefined) {
      if (this.appendCodes(vector, this.dictionary, data, positions, count)) return;
      this.fallBackToPlain();
    }
    const { kernels, pool } = this.workspace;
    const { values } = this;
    const isString = this.column.type.physical === 'string';
    const byteLength = isString ? kernels.plainStringBytes(data, positions, count) : count * this.width;
    pool.reserve(values, values.byteLength + byteLength);
    const target = values.pointer + values.byteLength;
    if (isString) kernels.writePlainStrings(data, positions, count, target);
    else this.gather(data, positions, count, target);
    values.byteLength += byteLength;
    this.valueCount += count;
  }

  /** Answers false, and appends nothing, when the dictionary is to be given up. */
  private appendCodes(
    vector: Vector,
    dictionary: DictionaryBuilder,
    data: number,
    positions: number,
    count: number,
  ): boolean {
    const { kernels, pool, shared, untranslated, translated } = this.workspace;
    const { codes } = this;
    pool.reserve(codes, codes.byteLength + count * 4);
    const target = codes.pointer + codes.byteLength;
    if (vector.encoding === 'constant') {
      if (!dictionary.encode(data, 0, 1, target)) return false;
      shared.u32.fill(shared.u32[target / 4]!, target / 4, target / 4 + count);
    } else if (vector.encoding === 'dictionary') {
      const translation = this.translationOf(vector);
      const found = kernels.collectUntranslated(translation, positions, count, untranslated);
      if (found > 0) {
        if (!dictionary.encode(data, untranslated, found, translated)) return false;
        kernels.scatter(translated, 4, untranslated, found, translation);
      }
      kernels.gather4(translation, positions, count, target);
    } else if (!dictionary.encode(data, positions, count, target)) {
      return false;
    }
    codes.byteLength += count * 4;
    this.valueCount += count;
    if (this.hasFailedTrial(dictionary)) this.fallBackToPlain();
    return true;
  }

  private hasFailedTrial({ entryCount }: DictionaryBuilder): boolean {
    const { valueCount } = this;
    if (valueCount < FIRST_TRIAL_VALUES) return false;
    return entryCount > valueCount * (valueCount < SECOND_TRIAL_VALUES ? FIRST_TRIAL_SHARE : SECOND_TRIAL_SHARE);
  }

  private translationOf(vector: Vector): number {
    const { pool, shared } = this.workspace;
    const { translation } = this;
    const isKnown = vector.dictionaryId !== 0 && vector.dictionaryId === this.translationId;
    if (!isKnown || vector.dictionarySize !== this.translationSize) {
      pool.reserve(translation, vector.dictionarySize * 4);
      shared.u8.fill(0xff, translation.pointer, translation.pointer + vector.dictionarySize * 4);
      this.translationId = vector.dictionaryId;
      this.translationSize = vector.dictionarySize;
    }
    return translation.pointer;
  }

  private gather(data: number, positions: number, count: number, target: number): void {
    const { kernels, shared } = this.workspace;
    if (positions === 0) {
      shared.u8.copyWithin(target, data, data + count * this.width);
      return;
    }
    switch (this.width) {
      case 1:
        kernels.gather1(data, positions, count, target);
        break;
      case 4:
        kernels.gather4(data, positions, count, target);
        break;
      case 8:
        kernels.gather8(data, positions, count, target);
        break;
      default:
        kernels.gather16(data, positions, count, target);
        break;
    }
  }
}
