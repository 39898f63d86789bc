import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { VectorSource } from '../rows/vector-source.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import type { LaneContext } from './operator.js';
import { boundsOf, containsBounds, extendRange, NO_NUMBERS, type NumberRange, WHOLE_NUMBERS } from './whole-numbers.js';

/** A range of so many numbers is always worth its bits (1 MiB). */
const SMALL_RANGE = 2 ** 23;
/** More numbers for each that was seen take more memory than a hash table. */
const MOST_NUMBERS_PER_SEEN = 256;
/** What bits may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 16;

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
  private range = NO_NUMBERS;
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
    return WHOLE_NUMBERS.has(physical) ? new SeenNumbers(context, byteWidthOf(physical)) : undefined;
  }

  /**
   * Lists the rows whose value has not been seen before, nor in a row before them, at `selection`; returns how many. Undefined
   * where the numbers lie too far apart: then nothing has changed, and nothing more is to be asked.
   */
  select(column: Vector, rowCount: number, selection: number): number | undefined {
    if (!this.extend(column, rowCount)) return undefined;
    const { bits, range, nullSeen, width } = this;
    const { shared, kernels } = this.context;
    const { data, codes, step } = this.source.set(column, shared);
    // Of a constant no row but the first is new.
    const count = column.encoding === 'constant' ? Math.min(1, rowCount) : rowCount;
    const { validity } = column;
    const found = kernels.selectUnseenNumbers(
      bits,
      range.least,
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
    const { bits, width, bounds: found } = this;
    const { least, size } = this.range;
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
  private extend(column: Vector, rowCount: number): boolean {
    const found = boundsOf(this.context, column, rowCount, this.bounds);
    if (found === undefined || containsBounds(this.range, found)) return true;
    const most = this.mostNumbers(rowCount);
    const [wide, narrow] = [true, false].map((margin) => extendRange(this.range, found, margin));
    return this.move(wide!, most) || this.move(narrow!, most);
  }

  private mostNumbers(rowCount: number): number {
    const affordable = freeBreakerBytes(this.context.shared) * SHARE_OF_FREE * 8;
    return Math.min(affordable, Math.max(SMALL_RANGE, (this.seen + rowCount) * MOST_NUMBERS_PER_SEEN));
  }

  /** Bits for all numbers of a range, which contains that so far; false where there are more than `most`. */
  private move(range: NumberRange, most: number): boolean {
    const { shared, kernels, owner } = this.context;
    // Whole bytes are copied.
    const before = Number(BigInt.asUintN(64, range.least) % 8n);
    const least = range.least - BigInt(before);
    const size = range.size + before;
    if (size > most) return false;
    const byteLength = Math.ceil(size / 8);
    const scope = new Scope(shared, owner);
    const bits = scope.allocate(byteLength);
    kernels.clearBytes(bits, byteLength);
    const { range: old } = this;
    if (old.size > 0) kernels.copyBytes(this.bits, Math.ceil(old.size / 8), bits + Number(old.least - least) / 8);
    this.scope.free();
    this.scope = scope;
    this.bits = bits;
    this.range = { least, size };
    return true;
  }
}
