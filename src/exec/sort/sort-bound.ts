import type { SortNode } from '../../planner/physical/physical-plan.js';
import type { ColumnStatistics, StatisticsValue } from '../../storage/parquet-reader/parquet-metadata.js';
import { isNestedType, type PhysicalType, physicalTypeOf } from '../../types/sql-type.js';
import type { Vector } from '../../vector/vector.js';
import type { LaneContext } from '../operators/operator.js';
import { SORT_BOUND, sortFlagsOf, sortKindOf } from '../operators/sort-layout.js';
import { VectorSource } from '../rows/vector-source.js';

const GREATEST_IMAGE = 0xffff_ffff_ffff_ffffn;
const SIGN = 0x8000_0000_0000_0000n;

/**
 * The bound of a top-N by its first key. Lanes that have as many rows as are wanted lower it to the last of them; what
 * lies beyond it need not be kept, nor read. It lies in the query block and only falls.
 */
export class SortBound {
  private readonly context: LaneContext;
  private readonly address: number;
  private readonly physical: PhysicalType;
  private readonly descending: boolean;
  private readonly nullsFirst: boolean;
  private readonly flags: number;
  private readonly source = new VectorSource();

  /** Undefined where all rows are wanted, or there is no image of the first key. */
  static open(context: LaneContext, node: SortNode): SortBound | undefined {
    const key = node.keys[0];
    if (node.limit === undefined || key === undefined || isNestedType(key.expression.type)) return undefined;
    return new SortBound(context, node);
  }

  private constructor(context: LaneContext, node: SortNode) {
    const key = node.keys[0]!;
    this.context = context;
    this.address = context.block.addressOfWord(node.id, SORT_BOUND);
    this.physical = physicalTypeOf(key.expression.type);
    this.descending = key.descending;
    this.nullsFirst = key.nullsFirst;
    this.flags = sortFlagsOf(key);
  }

  /** Does it exclude anything yet? */
  get isSet(): boolean {
    const { u32 } = this.context.shared;
    return (u32[this.address / 4]! | u32[this.address / 4 + 1]!) !== 0;
  }

  /** As many rows as are wanted come before the row of this entry, or are it. */
  lower(entry: number): void {
    this.context.kernels.lowerSortBound(this.address, entry);
  }

  /** Lists the rows that may be wanted, by their first keys; returns how many. */
  select(keys: Vector, rowCount: number, selection: number): number {
    const { kernels, shared } = this.context;
    const { data, codes, step, validity, validityStep } = this.source.set(keys, shared);
    const kind = sortKindOf(this.physical);
    const { address, flags } = this;
    return kernels.selectBySortBound(
      address,
      kind,
      flags,
      data,
      codes,
      step,
      validity,
      validityStep,
      rowCount,
      selection,
    );
  }

  /** Do statistics of first keys prove that no row of these is wanted? Floating point: bounds do not tell of NaNs. */
  excludes({ nullCount, minimum, maximum }: ColumnStatistics, rowCount: number): boolean {
    if (!this.isSet) return false;
    const { u32 } = this.context.shared;
    const low = BigInt(u32[this.address / 4]!);
    const bound = GREATEST_IMAGE - ((BigInt(u32[this.address / 4 + 1]!) << 32n) | low);
    if (this.nullsFirst && nullCount !== 0) return false;
    if (nullCount === rowCount) return bound < GREATEST_IMAGE;
    if (!this.descending) {
      const least = imageOf(minimum, this.physical);
      return least !== undefined && least > bound;
    }
    if (this.physical === 'f32' || this.physical === 'f64') return false;
    const greatest = imageOf(maximum, this.physical);
    return greatest !== undefined && GREATEST_IMAGE - greatest > bound;
  }
}

/** The image of a value as `assembly/sort-image.ts` has it; undefined where it is not known here. */
function imageOf(value: StatisticsValue | undefined, physical: PhysicalType): bigint | undefined {
  switch (physical) {
    case 'i32':
      return typeof value === 'number' ? BigInt(value) + SIGN : undefined;
    case 'i64':
      return typeof value === 'bigint' ? value + SIGN : undefined;
    case 'f32':
    case 'f64':
      return typeof value === 'number' && !Number.isNaN(value) ? imageOfDouble(value) : undefined;
    case 'string':
    case 'uuid':
      return value instanceof Uint8Array ? imageOfBytes(value) : undefined;
    default:
      return undefined;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

function imageOfDouble(value: number): bigint {
  scratch.setFloat64(0, value + 0);
  const bits = scratch.getBigUint64(0);
  return bits & SIGN ? GREATEST_IMAGE - bits : bits | SIGN;
}

function imageOfBytes(bytes: Uint8Array): bigint {
  scratch.setBigUint64(0, 0n);
  for (let at = 0; at < Math.min(8, bytes.length); at++) scratch.setUint8(at, bytes[at]!);
  return scratch.getBigUint64(0);
}
