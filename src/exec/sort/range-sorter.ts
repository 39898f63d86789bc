import type { SortNode } from '../../planner/physical/physical-plan.js';
import { Scope } from '../../vector/scope.js';
import type { LaneContext, SharedWork } from '../operators/operator.js';
import { SORT_NEXT_RANGE, SORT_RANGES, sortLayoutOf, writeSortDescriptor } from '../operators/sort-layout.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { ENTRY_BYTES, EntryList, sortScratchBytes } from './entry-list.js';
import { type RangeStart, SortRanges } from './sort-ranges.js';
import { readSortedLanes } from './sorted-lanes.js';

/** Fewer rows than this are merged by the lane that hands them on. */
const MIN_ROWS = 65_536;
/** Rows of a range, about: their entries, and as much again, stay in the cache. */
const RANGE_ROWS = 65_536;
/** Entries that are looked at to find where ranges begin, for each of them. */
const SAMPLES_PER_RANGE = 32;

/** Where peers must be in one range, it may be so many times as large as others. */
const MOST_RANGES_IN_ONE = 4;

/** What is asked of ranges beside their order. */
export interface RangeOptions {
  /** Must rows of equal keys be in one range? */
  readonly keepsPeers?: boolean;
  /** Called with the entries of a range in order; the summary that it returns is kept with the range. */
  summarise?(range: number, entries: number, count: number): number;
}

/**
 * Divides what all lanes have sorted into ranges that lanes can sort at once; true if they are to. What is on disk, or
 * does not find room once more, is merged by one lane instead; so is what would make ranges too large. Called by the last
 * lane that ends the sort.
 */
export function prepareSortRanges(context: LaneContext, node: SortNode): boolean {
  const lists = listsToDivide(context, node);
  return lists !== undefined && divideIntoRanges(context, node, lists);
}

/** Divides such lists; see above. */
export function divideIntoRanges(
  context: LaneContext,
  node: SortNode,
  published: readonly number[],
  options: RangeOptions = {},
): boolean {
  const { shared, block, scope } = context;
  const lists = published.map((pointer) => EntryList.attach(shared, context.owner, pointer));
  const work = new Scope(shared, context.owner);
  const starts = findStarts(context, writeSortDescriptor(shared, work, node, sortLayoutOf(node)), lists, work, options);
  if (starts !== undefined) {
    block.setWord(node.id, SORT_RANGES, SortRanges.create(shared, scope, published, starts).pointer);
  }
  work.free();
  return starts !== undefined;
}

/** The lists that all lanes have sorted, published, if it pays and there is room to divide them. */
export function listsToDivide(context: LaneContext, node: SortNode): readonly number[] | undefined {
  const { shared, block, owner } = context;
  if (node.limit !== undefined) return undefined;
  const { lists, runs } = readSortedLanes(context, node.id);
  if (runs.length > 0 || lists.length < 2) return undefined;
  const rowCount = lists.reduce((sum, list) => sum + EntryList.attach(shared, owner, list).count, 0);
  const neededBytes = EntryList.byteLengthOf(rowCount) + block.shape.laneCount * RANGE_ROWS * 4 * ENTRY_BYTES;
  return rowCount < MIN_ROWS || neededBytes > freeBreakerBytes(shared) ? undefined : lists;
}

/** Where ranges begin, but for the first: at entries of a sample of every list. Undefined where ranges would be too large. */
function findStarts(
  context: LaneContext,
  descriptor: number,
  lists: readonly EntryList[],
  work: Scope,
  { keepsPeers }: RangeOptions,
): RangeStart[] | undefined {
  const { shared, kernels } = context;
  const rowCount = lists.reduce((sum, { count }) => sum + count, 0);
  const rangeCount = Math.ceil(rowCount / RANGE_ROWS);
  const step = Math.floor(RANGE_ROWS / SAMPLES_PER_RANGE);
  // The middle of every stretch of a list, however short: many lanes may have few rows each.
  const places = lists.flatMap(({ count }, index) =>
    Array.from({ length: Math.ceil(count / step) }, (_, i) => {
      return { index, position: i * step + (Math.min(step, count - i * step) >> 1) };
    }),
  );
  const entries = work.allocate(places.length * ENTRY_BYTES);
  const scratch = work.allocate(sortScratchBytes(places.length));
  const placeOfRow = new Map<number, (typeof places)[number]>();
  for (const [at, place] of places.entries()) {
    const target = entries + at * ENTRY_BYTES;
    lists[place.index]!.copyTo(target, place.position, place.position + 1);
    placeOfRow.set(shared.u32[target / 4 + 2]!, place);
  }
  const sorted = kernels.sortEntries(descriptor, entries, scratch, places.length) >>> 0;
  let chosen = Array.from({ length: rangeCount - 1 }, (_, i) => Math.floor(((i + 1) * places.length) / rangeCount));
  if (keepsPeers) {
    chosen = firstPeers(context, descriptor, sorted, places.length, chosen, work);
    const ends = [...chosen, places.length];
    const most = MOST_RANGES_IN_ONE * SAMPLES_PER_RANGE;
    if (ends.some((end, range) => end - (chosen[range - 1] ?? 0) > most)) return undefined;
  }
  return chosen.map((sample) => {
    const entry = sorted + sample * ENTRY_BYTES;
    const { index, position } = placeOfRow.get(shared.u32[entry / 4 + 2]!)!;
    return { entry, list: index, position };
  });
}

/** The first peers of sorted entries at some positions, but for those of the first entry. */
function firstPeers(
  { shared, kernels }: LaneContext,
  descriptor: number,
  entries: number,
  count: number,
  positions: readonly number[],
  work: Scope,
): number[] {
  const [ordinals, starts] = [work.allocate(count * 4), work.allocate((count + 1) * 4)];
  kernels.markPeers(descriptor, entries, 0, count, ordinals, starts, 0);
  const firsts = positions.map((position) => shared.u32[starts / 4 + shared.u32[ordinals / 4 + position]!]!);
  return [...new Set(firsts)].filter((first) => first > 0);
}

/** Sorts ranges, one at a time; every lane may have a sorter at once. */
export class RangeSorter implements SharedWork {
  private readonly context: LaneContext;
  private readonly node: number;
  private readonly descriptor: number;
  private readonly ranges: SortRanges;
  private readonly published: readonly number[];
  private readonly lists: readonly EntryList[];
  private readonly options: RangeOptions;
  private readonly work: Scope;

  /** The options are those that ranges were prepared with. */
  constructor(context: LaneContext, node: SortNode, options: RangeOptions = {}) {
    const { shared, owner, scope, block } = context;
    this.context = context;
    this.node = node.id;
    this.descriptor = writeSortDescriptor(shared, scope, node, sortLayoutOf(node));
    this.ranges = new SortRanges(shared, block.getWord(node.id, SORT_RANGES));
    this.published = this.ranges.lists;
    this.lists = this.published.map((list) => EntryList.attach(shared, owner, list));
    this.options = options;
    this.work = new Scope(shared, owner);
  }

  next(): boolean {
    const { block, shared, kernels, owner, scope } = this.context;
    const range = block.addWord(this.node, SORT_NEXT_RANGE, 1);
    if (range >= this.ranges.count) return false;
    const starts = this.positionsOf(range);
    const ends = this.positionsOf(range + 1);
    const rowCount = starts.reduce((sum, start, list) => sum + ends[list]! - start, 0);
    this.work.reset();
    const entries = this.work.allocate(rowCount * ENTRY_BYTES);
    const scratch = this.work.allocate(sortScratchBytes(rowCount));
    let copied = 0;
    for (const [index, list] of this.lists.entries()) {
      const [start, end] = [starts[index]!, ends[index]!];
      list.copyTo(entries + copied * ENTRY_BYTES, start, end);
      copied += end - start;
    }
    const sorted = kernels.sortEntries(this.descriptor, entries, scratch, rowCount) >>> 0;
    const list = new EntryList(shared, owner);
    list.append(sorted, rowCount);
    this.ranges.setSorted(range, list.publish(scope), this.options.summarise?.(range, sorted, rowCount) ?? 0);
    return true;
  }

  close(): void {
    this.work.free();
  }

  /** Where a range begins in every list. */
  private positionsOf(range: number): number[] {
    if (range === 0) return this.lists.map(() => 0);
    if (range === this.ranges.count) return this.lists.map(({ count }) => count);
    const { entry, list, position } = this.ranges.startOf(range);
    const { keepsPeers } = this.options;
    return this.published.map((published, index) => {
      if (keepsPeers) return this.context.kernels.countBefore(this.descriptor, published, entry, 0) >>> 0;
      if (index === list) return position;
      return this.context.kernels.countBefore(this.descriptor, published, entry, index < list ? 1 : 0) >>> 0;
    });
  }
}
