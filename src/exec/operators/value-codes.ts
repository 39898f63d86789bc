import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import type { Vector } from '../../vector/vector.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import type { LaneContext } from './operator.js';
import { boundsOf, extendRange, NO_NUMBERS, type NumberRange, WHOLE_NUMBERS } from './whole-numbers.js';

/** Numbers of a dictionary's entries: each less the least of the range; of texts, the codes themselves. */
interface EntryNumbers {
  /** Undefined where they are not those of any. */
  dictionaryId: number | undefined;
  capacity: number;
  pointer: number;
}

/** What an address for each combination may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 16;

/**
 * Codes of group keys that are whole numbers, dates or booleans of a small range, NULL being one: a value less the least of
 * its range. Ranges are what batches had so far and some more; they grow, and then the codes are others. Beside them, texts
 * have the codes of their dictionary, until it is another.
 */
export class ValueCodes {
  /** Combinations of codes; 0 before the first batch, and when there are too many. */
  combinations = 0;
  /** There are too many: it is not to be asked again. */
  isUseless: boolean;
  private readonly context: LaneContext;
  private readonly mostCombinations: number;
  private readonly scope: Scope;
  private ranges: readonly NumberRange[] = [];
  private readonly entries: EntryNumbers[];
  private readonly bounds: number;

  constructor(context: LaneContext, physicals: readonly PhysicalType[], mostCombinations: number) {
    this.context = context;
    this.mostCombinations = mostCombinations;
    this.scope = new Scope(context.shared, context.owner);
    this.isUseless = !physicals.every((physical) => WHOLE_NUMBERS.has(physical) || physical === 'string');
    this.entries = physicals.map(() => ({ dictionaryId: undefined, capacity: 0, pointer: 0 }));
    this.bounds = this.isUseless ? 0 : context.scope.allocate(16);
  }

  /**
   * Writes the combination of each row to `indexes`, a u32 a row. Returns whether it could: 'changed' when combinations
   * mean something else than before.
   */
  combine(keys: readonly Vector[], indexes: number, rowCount: number): 'same' | 'changed' | undefined {
    if (this.isUseless || !keys.every(hasCodes)) return undefined;
    if (this.combinations > 0 && this.tryCombine(keys, indexes, rowCount)) return 'same';
    this.extend(keys, rowCount);
    return !this.isUseless && this.tryCombine(keys, indexes, rowCount) ? 'changed' : undefined;
  }

  giveUp(): void {
    this.isUseless = true;
    this.scope.reset();
  }

  free(): void {
    this.scope.free();
  }

  private tryCombine(keys: readonly Vector[], indexes: number, rowCount: number): boolean {
    const { kernels } = this.context;
    return keys.every((key, index) => {
      const { least, size } = this.ranges[index]!;
      const { data, codes, validity } = key;
      if (key.physical === 'string') {
        if (this.entries[index]!.dictionaryId !== key.dictionaryId) return false;
        kernels.combineCodes(codes, validity, 0, size, indexes, index === 0, rowCount);
        return true;
      }
      if (key.encoding === 'dictionary') {
        const numbers = this.numberEntries(index, key);
        if (numbers !== 0) kernels.combineCodes(codes, validity, numbers, size, indexes, index === 0, rowCount);
        return numbers !== 0;
      }
      const width = byteWidthOf(key.physical);
      return kernels.combineValues(data, width, validity, least, size, indexes, index === 0, rowCount) === 0;
    });
  }

  /** Where the numbers of a dictionary's entries are; 0 when one of them is outside of the range. */
  private numberEntries(index: number, { data, dictionaryId, dictionarySize, physical }: Vector): number {
    const entries = this.entries[index]!;
    if (entries.dictionaryId === dictionaryId) return entries.pointer;
    if (entries.capacity < dictionarySize) {
      entries.capacity = 2 * dictionarySize;
      entries.pointer = this.scope.allocate(entries.capacity * 4);
    }
    const { least, size } = this.ranges[index]!;
    const width = byteWidthOf(physical);
    if (this.context.kernels.combineValues(data, width, 0, least, size, entries.pointer, true, dictionarySize) !== 0) {
      return 0;
    }
    entries.dictionaryId = dictionaryId;
    return entries.pointer;
  }

  /** Makes ranges contain the values of these keys, and where they can some more. */
  private extend(keys: readonly Vector[], rowCount: number): void {
    const { context, bounds } = this;
    const found = keys.map((key) => (key.physical === 'string' ? undefined : boundsOf(context, key, rowCount, bounds)));
    const rangesOf = (margin: boolean): NumberRange[] =>
      keys.map(({ physical, dictionarySize }, index) => {
        if (physical === 'string') return { least: 0n, size: dictionarySize };
        const [range = NO_NUMBERS, ofBatch] = [this.ranges[index], found[index]];
        return ofBatch === undefined ? range : extendRange(range, ofBatch, margin);
      });
    const wide = rangesOf(true);
    const affordable = (freeBreakerBytes(this.context.shared) * SHARE_OF_FREE) / 4;
    const most = Math.min(this.mostCombinations, affordable);
    const isWide = countCombinations(wide) <= most;
    this.ranges = isWide ? wide : rangesOf(false);
    this.combinations = countCombinations(this.ranges);
    for (const [index, { physical, dictionaryId }] of keys.entries()) {
      this.entries[index]!.dictionaryId = physical === 'string' ? dictionaryId : undefined;
    }
    if (this.combinations > most) this.giveUp();
  }
}

/** Texts have codes as a dictionary only. */
function hasCodes({ physical, encoding, dictionaryId }: Vector): boolean {
  if (physical === 'string') return encoding === 'dictionary' && dictionaryId !== 0;
  return encoding !== 'constant';
}

function countCombinations(ranges: readonly NumberRange[]): number {
  return ranges.reduce((product, { size }) => product * (size + 1), 1);
}
