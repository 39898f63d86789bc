import { byteWidthOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import type { Vector } from '../../vector/vector.js';
import type { LaneContext } from './operator.js';

const CODE_BYTES = 4;

/**
 * Codes of group keys that are dictionaries. Where a key has too many entries for groups to be found by index, as years of
 * all the dates of a file, entries with equal values are given one number.
 */
export class KeyCodes {
  /** Combinations of the keys' codes, NULL being one; set by `prepare`. */
  combinations = 0;
  private readonly context: LaneContext;
  private readonly mostCombinations: number;
  private readonly scope: Scope;
  private dictionaries: number[] = [];
  private sizes: number[] = [];
  /** By key, where its codes are numbered: a u32 a code; else 0. */
  private numbers: number[] = [];

  /** `mostCombinations`: from how many on codes are numbered. */
  constructor(context: LaneContext, mostCombinations: number) {
    this.context = context;
    this.mostCombinations = mostCombinations;
    this.scope = new Scope(context.shared, context.owner);
  }

  /** Are these the dictionaries that it was prepared for last? */
  isPreparedFor(keys: readonly Vector[]): boolean {
    return keys.every((key, index) => key.dictionaryId === this.dictionaries[index]);
  }

  /** Looks at the dictionaries of the keys, all of which have one. */
  prepare(keys: readonly Vector[]): void {
    this.scope.reset();
    this.dictionaries = keys.map((key) => key.dictionaryId);
    this.sizes = keys.map((key) => key.dictionarySize);
    this.numbers = keys.map(() => 0);
    this.combinations = this.countCombinations();
    if (this.combinations <= this.mostCombinations) return;
    for (const [index, key] of keys.entries()) {
      // Texts are compared elsewhere: their values are references.
      if (key.physical !== 'string' && key.physical !== 'bool') this.number(index, key);
    }
    this.combinations = this.countCombinations();
  }

  /** Where the number of each row's combination is, a u32 a row: the codes themselves, or `indexes`. */
  combine(keys: readonly Vector[], indexes: number, rowCount: number): number {
    const [only] = keys;
    if (keys.length === 1 && only!.validity === 0 && this.numbers[0] === 0) return only!.codes;
    for (const [index, { codes, validity }] of keys.entries()) {
      const [numbers, size] = [this.numbers[index]!, this.sizes[index]!];
      this.context.kernels.combineCodes(codes, validity, numbers, size, indexes, index === 0, rowCount);
    }
    return indexes;
  }

  free(): void {
    this.scope.free();
  }

  private number(index: number, { data, dictionarySize, physical }: Vector): void {
    const { kernels } = this.context;
    const slotCount = 2 ** Math.ceil(Math.log2(dictionarySize * 2 + 1));
    const numbers = this.scope.allocate(dictionarySize * CODE_BYTES);
    const slots = this.scope.allocate(slotCount * CODE_BYTES);
    kernels.clearBytes(slots, slotCount * CODE_BYTES);
    const width = byteWidthOf(physical);
    this.sizes[index] = kernels.numberDistinct(data, width, dictionarySize, slots, slotCount - 1, numbers);
    this.numbers[index] = numbers;
  }

  /** Combinations without NULL. */
  get combinationsOfValues(): number {
    return this.sizes.reduce((product, size) => product * size, 1);
  }

  private countCombinations(): number {
    return this.sizes.reduce((product, size) => product * (size + 1), 1);
  }
}
