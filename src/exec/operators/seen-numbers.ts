import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { VectorSource } from '../rows/vector-source.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import type { LaneContext } from './operator.js';

const WHOLE: ReadonlySet<PhysicalType> = new Set<PhysicalType>(['bool', 'i32', 'i64']);
/** A range of so many numbers is always worth its bits (1 MiB). */
const SMALL_RANGE = 2 ** 23;
/** More numbers for each that was seen take more memory than a hash table. */
const MOST_NUMBERS_PER_SEEN = 256;
/** What bits may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 16;
const LEAST_NUMBER = -(2n ** 63n);
const GREATEST_NUMBER = 2n ** 63n - 1n;

type SeenContext = Pick<LaneContext, 'shared' | 'kernels' | 'scope' | 'owner'>;

/** Which whole numbers, dates or booleans there have been so far, NULL among them: a bit for each number of their range. */
export class SeenNumbers {
  private readonly context: SeenContext;
  private readonly width: number;
  private readonly bounds: number;
  private readonly nullSeen: number;
  private readonly source = new VectorSource();
  private scope: Scope;
  private bits = 0;
  /** The range. */
  private least = 0n;
  private size = 0;
  private seen = 0;

  private constructor(context: SeenContext, width: number) {
    const { shared, scope, owner } = context;
    this.context = context;
    this.width = width;
    this.bounds = scope.allocate(16);
    this.nullSeen = scope.allocateCleared(1);
    this.scope = new Scope(shared, owner);
  }

  /** Undefined where values are no whole numbers. */
  static create(context: SeenContext, physical: PhysicalType): SeenNumbers | undefined {
    return WHOLE.has(physical) ? new SeenNumbers(context, byteWidthOf(physical)) : undefined;
  }

  /**
   * Lists the rows whose value has not been seen before, nor in a row before them, at `selection`; returns how many. Undefined
   * where the numbers lie too far apart: then nothing has changed, and nothing more is to be asked.
   */
  select(column: Vector, rowCount: number, selection: number): number | undefined {
    if (!this.extend(column, rowCount)) return undefined;
    const { bits, least, nullSeen, width } = this;
    const { shared, kernels } = this.context;
    const { data, codes, step } = this.source.set(column, shared);
    // Of a constant no row but the first is new.
    const count = column.encoding === 'constant' ? Math.min(1, rowCount) : rowCount;
    const { validity } = column;
    const found = kernels.selectUnseenNumbers(
      bits,
      least,
      nullSeen,
      data,
      codes,
      step,
      width,
      validity,
      count,
      selection,
    );
    this.seen += found;
    return found;
  }

  /** All that was seen, in batches; NULL last. A column is valid until the next is asked for. */
  *list(physical: PhysicalType): Generator<{ readonly column: Vector; readonly rowCount: number }, void, void> {
    const { shared, kernels, scope } = this.context;
    const { bits, least, size, width, bounds: found } = this;
    const column = new Vector(physical);
    const values = scope.allocate(BATCH_ROWS * width);
    for (let place = 0; place < size; ) {
      place = kernels.listSeenNumbers(bits, least, place, size, width, values, BATCH_ROWS, found);
      column.setFlat(values, 0);
      yield { column, rowCount: shared.u32[found / 4]! };
    }
    if (shared.u8[this.nullSeen] === 0) return;
    column.setConstant(values, scope.allocateCleared(1));
    yield { column, rowCount: 1 };
  }

  free(): void {
    this.scope.free();
  }

  /** Makes the range contain all numbers of a batch; false where it would be too large. */
  private extend({ encoding, data, validity, dictionarySize }: Vector, rowCount: number): boolean {
    const { shared, kernels } = this.context;
    const count = encoding === 'flat' ? rowCount : encoding === 'constant' ? Math.min(1, rowCount) : dictionarySize;
    const nulls = encoding === 'dictionary' ? 0 : validity;
    if (kernels.boundsOfKeys(data, this.width, nulls, count, this.bounds) === 0) return true;
    const low = shared.i64[this.bounds / 8]!;
    const high = shared.i64[this.bounds / 8 + 1]!;
    const end = this.least + BigInt(this.size);
    if (this.size > 0 && low >= this.least && high < end) return true;
    const [from, to] = this.size === 0 ? [low, high] : [minOf(low, this.least), maxOf(high, end - 1n)];
    const most = this.mostNumbers(rowCount);
    // It grows by its size again, so that numbers that come in order do not move it batch by batch.
    const more = BigInt(this.size);
    const wideFrom = from < this.least || this.size === 0 ? maxOf(from - more, LEAST_NUMBER) : from;
    const wideTo = to >= end || this.size === 0 ? minOf(to + more, GREATEST_NUMBER) : to;
    return this.move(wideFrom, wideTo, most) || this.move(from, to, most);
  }

  private mostNumbers(rowCount: number): number {
    const affordable = freeBreakerBytes(this.context.shared) * SHARE_OF_FREE * 8;
    return Math.min(affordable, Math.max(SMALL_RANGE, (this.seen + rowCount) * MOST_NUMBERS_PER_SEEN));
  }

  /** Bits for all numbers between two, which contain those of the range so far; false where there are more than `most`. */
  private move(from: bigint, to: bigint, most: number): boolean {
    const { shared, kernels, owner } = this.context;
    // Whole bytes are copied.
    const least = from - (BigInt.asUintN(64, from) % 8n);
    const size = Number(to - least) + 1;
    if (size > most) return false;
    const byteLength = Math.ceil(size / 8);
    const scope = new Scope(shared, owner);
    const bits = scope.allocate(byteLength);
    kernels.clearBytes(bits, byteLength);
    if (this.size > 0) {
      kernels.copyBytes(this.bits, Math.ceil(this.size / 8), bits + Number(this.least - least) / 8);
    }
    this.scope.free();
    this.scope = scope;
    this.bits = bits;
    this.least = least;
    this.size = size;
    return true;
  }
}

const minOf = (left: bigint, right: bigint): bigint => (left < right ? left : right);
const maxOf = (left: bigint, right: bigint): bigint => (left > right ? left : right);
