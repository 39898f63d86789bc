import type { SortKey, WindowNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import { GroupFinder } from '../operators/group-finder.js';
import { GroupTable } from '../operators/group-table.js';
import type { LaneContext } from '../operators/operator.js';
import { createRowLayout } from '../rows/row-layout.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { createOrderImages, type OrderImages } from './order-images.js';

/** A partition keeps an image for each of its first rows: for more of them than this, nothing is left out. */
const MAX_ROWS = 256;
const HEADER_BYTES = 8;
const IMAGE_BYTES = 16;
/** What partitions may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 8;
/** Rows after which it is looked at whether so few are left out that even a small table is not worth it. */
const FIRST_LOOK_ROWS = 16_384;
/** Partitions after which it is looked at whether they are worth what they cost; after twice as many, again. */
const FIRST_REVIEW = 16_384;
/** A table of so many partitions takes longer to look things up in than sorting takes, but where few rows are kept. */
const MOST_KEPT = 1 / 4;
/** A small one does not: that of the first rows, and where partitions lie together in the input, so that what has passed is forgotten. */
const MOST_KEPT_BY_SMALL = 3 / 4;
/** They do if the second half of them took hardly more rows than the first. */
const SAME_PACE = 1.1;
/** Of the iteration that tells how many partitions there are from how many were seen. */
const ROUNDS = 30;

/** How rows of equal keys count: see `assembly/partition-best.ts`. */
const MODES: Readonly<Record<string, number>> = { row_number: 0, rank: 1, dense_rank: 2 };

/**
 * Leaves out rows that cannot be among the first of their partition, by what this lane has seen of it: as many images of
 * order keys as rows are wanted. What is left is sorted, and decided there. The table of partitions ends where it would
 * take longer than sorting: see `review`.
 */
export class PartitionBest {
  /** Row numbers of what is to be kept. */
  readonly selection: number;
  private readonly context: LaneContext;
  private readonly most: number;
  private readonly mode: number;
  private readonly table: GroupTable;
  private readonly finder: GroupFinder;
  private readonly partitionKeys: readonly number[];
  private readonly images: OrderImages;
  private readonly expectedRows: number;
  private readonly rowsBefore: number;
  /** Rows since partitions were forgotten, till there were half as many as at the next review, and those kept. */
  private rowsSeen = 0;
  private rowsOfHalf = 0;
  private rowsKept = 0;
  private reviewAt = FIRST_REVIEW;
  private hasForgotten = false;
  private isLookedAt: boolean;

  /** Undefined where no first rows are wanted, or too many. `rowsBefore`: that came before it began, more than were expected. */
  static create(context: LaneContext, node: WindowNode, rowsBefore: number): PartitionBest | undefined {
    return node.limit && node.limit.count <= MAX_ROWS ? new PartitionBest(context, node, rowsBefore) : undefined;
  }

  private constructor(context: LaneContext, node: WindowNode, rowsBefore: number) {
    const { shared, kernels, scope, owner } = context;
    const { count, function: index } = node.limit!;
    const call = node.functions[index]!;
    this.context = context;
    this.most = count;
    this.expectedRows = node.input.estimatedRows / context.block.shape.laneCount;
    this.rowsBefore = rowsBefore;
    // Nobody knows how many rows will come.
    this.isLookedAt = rowsBefore > 0;
    // Other functions, which may have further keys, must find all rows of equal keys.
    this.mode = node.functions.length > 1 ? Math.max(1, MODES[call.name]!) : MODES[call.name]!;
    const layout = createRowLayout({
      keys: node.partitionKeys.map(({ type }) => physicalTypeOf(type)),
      nullableKeys: true,
      payload: [],
      stateBytes: HEADER_BYTES + count * IMAGE_BYTES,
    });
    this.table = new GroupTable(shared, kernels, scope, owner, layout);
    this.finder = new GroupFinder(context, layout, this.table);
    this.partitionKeys = node.partitionKeys.map((key) => (key as { readonly column: number }).column);
    const orderKeys: readonly SortKey[] = node.orderKeys.slice(0, call.orderCount);
    this.images = createOrderImages(context, orderKeys);
    this.selection = scope.allocate(BATCH_ROWS * 4);
  }

  get byteLength(): number {
    return this.table.byteLength;
  }

  /** The most rows of those kept that are not outdone by others, as far as their keys differ and this is known. */
  get mostRows(): number {
    return this.hasForgotten ? Number.POSITIVE_INFINITY : this.table.collection.rowCount * this.most;
  }

  /** Between batches: is it worth going on? */
  review(): boolean {
    const partitions = this.table.collection.rowCount;
    if (!this.isLookedAt && this.rowsSeen >= FIRST_LOOK_ROWS) {
      this.isLookedAt = true;
      if (this.expectedShare(partitions) > MOST_KEPT_BY_SMALL) return false;
    }
    if (partitions < this.reviewAt / 2) return true;
    if (this.rowsOfHalf === 0) this.rowsOfHalf = this.rowsSeen;
    if (partitions < this.reviewAt) return true;
    const { rowsSeen, rowsOfHalf, rowsKept } = this;
    const isTogether = rowsSeen - rowsOfHalf < rowsOfHalf * SAME_PACE && rowsKept < rowsSeen * MOST_KEPT_BY_SMALL;
    if (isTogether) this.forget();
    else if (this.expectedShare(partitions) > MOST_KEPT || this.isTooLarge) return false;
    else {
      this.reviewAt *= 2;
      this.rowsOfHalf = rowsSeen;
    }
    return true;
  }

  /** Takes note of rows; returns how many may be among the first of their partitions. */
  keep(columns: readonly Vector[], rowCount: number): number {
    const { most, mode, selection } = this;
    const states = this.prepare(columns, rowCount);
    const { descriptor, entries } = this.images;
    const kept = this.context.kernels.keepBest(descriptor, states, entries, rowCount, most, mode, selection);
    this.rowsSeen += rowCount;
    this.rowsKept += kept;
    return kept;
  }

  /** The same of rows that were kept before, of which better ones may have come since. */
  select(columns: readonly Vector[], rowCount: number): number {
    const states = this.prepare(columns, rowCount);
    return this.context.kernels.selectBest(states, this.images.entries, rowCount, this.most, this.selection);
  }

  free(): void {
    this.table.collection.clear();
    this.table.releaseSlots();
    this.finder.free();
    this.images.free();
  }

  /**
   * The share of all rows that will have been kept, if they come in no order: so many partitions were seen after so many
   * rows; of a partition's rows, the i-th is among the first n with a chance of n / i. At least as many rows as have come are
   * taken to come yet, whatever was estimated.
   */
  private expectedShare(seen: number): number {
    const { rowsSeen, most } = this;
    const expectedRows = Math.max(this.expectedRows, (this.rowsBefore + rowsSeen) * 2);
    let partitions = seen;
    for (let round = 0; round < ROUNDS; round++) partitions = seen / (1 - Math.exp(-rowsSeen / partitions));
    const perPartition = Math.max(1, expectedRows / partitions);
    return perPartition <= most ? 1 : (most * (1 + Math.log(perPartition / most))) / perPartition;
  }

  private get isTooLarge(): boolean {
    return this.table.byteLength > freeBreakerBytes(this.context.shared) * SHARE_OF_FREE;
  }

  private forget(): void {
    this.table.collection.clear();
    this.table.forgetRows();
    this.hasForgotten = true;
    this.rowsSeen = 0;
    this.rowsOfHalf = 0;
    this.rowsKept = 0;
  }

  /** Addresses of what is known of the rows' partitions; images of the rows are in `entries` then. */
  private prepare(columns: readonly Vector[], rowCount: number): number {
    const partitions = this.partitionKeys.map((key) => columns[key]!);
    const states = this.finder.find(partitions, rowCount);
    this.images.make(columns, rowCount);
    return states;
  }
}
