import { bugError, userError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Expression } from '../../planner/expression.js';
import type { FrameBound, WindowFrame } from '../../planner/window-call.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import { sortKindOf } from '../operators/sort-layout.js';
import type { ColumnSlot } from '../rows/row-layout.js';
import type { WindowContext } from './window-context.js';
import type { WindowReach } from './window-evaluator.js';
import type { Peering } from './window-segment.js';

/** Kinds of bounds and exclusions as `assembly/window-bounds.ts` and `frame-part.ts` number them. */
const UNBOUNDED_PRECEDING = 0;
const OFFSET = 1;
const UNBOUNDED_FOLLOWING = 2;
const EXCLUSIONS = { currentRow: 1, group: 2, ties: 3 } as const;

/** Words of the state of a search for values, behind its descriptor. */
const SEARCH_WORDS = 6;

/** Finds where the frames of rows begin and end. */
export class FrameBounds {
  readonly exclude: number;
  /** u32 a row: the first row of its frame, and the one after its last. */
  readonly lows: number;
  readonly highs: number;
  readonly groups: Peering;
  private readonly frame: WindowFrame;
  private readonly context: WindowContext;
  private readonly kernels: Kernels;
  private readonly shared: SharedMemory;
  private readonly searches: readonly [number, number];

  constructor(context: WindowContext, frame: WindowFrame, groups: Peering) {
    const { shared, kernels, scope } = context.lane;
    this.context = context;
    this.kernels = kernels;
    this.shared = shared;
    this.frame = frame;
    this.groups = groups;
    this.exclude = frame.exclude === undefined ? 0 : EXCLUSIONS[frame.exclude];
    this.lows = scope.allocate(BATCH_ROWS * 4);
    this.highs = scope.allocate(BATCH_ROWS * 4);
    this.searches = [this.createSearch(frame.start, false), this.createSearch(frame.end, true)];
  }

  find(from: number, count: number): void {
    this.checkOffset(this.frame.start, true);
    this.checkOffset(this.frame.end, false);
    this.findBound(this.frame.start, this.searches[0], false, from, count, this.lows);
    this.findBound(this.frame.end, this.searches[1], true, from, count, this.highs);
  }

  /** How far frames reach. */
  get reach(): WindowReach {
    const { unit, start, end, exclude } = this.frame;
    const before = start.kind === 'currentRow' && unit === 'rows' ? 0 : distanceOf(start, -1, unit);
    const behind = end.kind === 'currentRow' ? (unit === 'rows' ? 0 : 'peers') : distanceOf(end, 1, unit);
    if (exclude === undefined || exclude === 'currentRow') return { before, behind };
    return { before: 'partition', behind: typeof behind === 'number' ? 'partition' : behind };
  }

  shift(dropped: number): void {
    for (const search of this.searches) {
      if (search === 0) continue;
      for (const word of [SEARCH_WORDS, SEARCH_WORDS + 1]) {
        const at = search / 4 + word;
        this.shared.u32[at] = Math.max(0, this.shared.u32[at]! - dropped);
      }
    }
  }

  reset(): void {
    for (const search of this.searches)
      if (search !== 0) this.shared.u32.fill(0, search / 4 + SEARCH_WORDS, search / 4 + 8);
  }

  /** Offsets that are computed are the same for all rows: those of the first one are looked at. */
  private checkOffset(bound: FrameBound, isStart: boolean): void {
    const checked = bound.kind === 'offset' ? bound.count : bound.kind === 'value' ? bound.isInvalid : undefined;
    if (checked === undefined) return;
    const which = isStart ? 'starting' : 'ending';
    if (this.isNull(checked)) throw userError('22004', `frame ${which} offset must not be null`);
    if (bound.kind === 'offset') {
      if (this.bigintOf(checked) < 0n) throw userError('22013', `frame ${which} offset must not be negative`);
      return;
    }
    const { row, slot } = this.firstOf(checked);
    if (this.shared.u8[row + slot.offset] === 0) return;
    throw userError('22013', 'invalid preceding or following size in window function');
  }

  private offsetOf(bound: FrameBound & { readonly kind: 'offset' }): number {
    if (bound.count === undefined) return bound.distance;
    const count = this.bigintOf(bound.count);
    return Number(count < MAX_OFFSET ? count : MAX_OFFSET) * bound.distance;
  }

  private firstOf(expression: Expression): { readonly row: number; readonly slot: ColumnSlot } {
    if (expression.kind !== 'column') throw bugError('an offset of a frame is not a column');
    return { row: this.context.segment.rows.at(0), slot: this.context.slotOf(expression.column) };
  }

  private isNull(expression: Expression): boolean {
    const { row, slot } = this.firstOf(expression);
    return this.shared.u8[row + slot.validityOffset] === 0;
  }

  private bigintOf(expression: Expression): bigint {
    const { row, slot } = this.firstOf(expression);
    return this.shared.view.getBigInt64(row + slot.offset, true);
  }

  private createSearch(bound: FrameBound, isEnd: boolean): number {
    if (bound.kind !== 'value') return 0;
    const { key } = this.frame;
    const { expression } = bound;
    if (key?.kind !== 'column' || expression.kind !== 'column') throw bugError('a bound of RANGE is not a column');
    const keySlot = this.context.slotOf(key.column);
    const boundSlot = this.context.slotOf(expression.column);
    const [order] = this.context.node.orderKeys;
    const flags = (order!.descending ? 1 : 0) | (order!.nullsFirst ? 2 : 0);
    const search = this.context.lane.scope.allocateCleared((SEARCH_WORDS + 2) * 4);
    const kind = sortKindOf(keySlot.physical);
    this.shared.u32.set(
      [keySlot.offset, keySlot.validityOffset, boundSlot.offset, kind, flags, isEnd ? 1 : 0, 0, 0],
      search / 4,
    );
    return search;
  }

  private findBound(
    bound: FrameBound,
    search: number,
    isEnd: boolean,
    from: number,
    count: number,
    target: number,
  ): void {
    const { kernels, groups } = this;
    const { partitions, rows } = this.context.segment;
    const [ordinals, starts] = [partitions.ordinals.pointer, partitions.starts.pointer];
    const [groupOrdinals, groupStarts] = [groups.ordinals.pointer, groups.starts.pointer];
    if (search !== 0) {
      kernels.valueBounds(search, from, count, ordinals, starts, groupOrdinals, groupStarts, rows.pointer, target);
      return;
    }
    const kind =
      bound.kind === 'unboundedPreceding'
        ? UNBOUNDED_PRECEDING
        : bound.kind === 'unboundedFollowing'
          ? UNBOUNDED_FOLLOWING
          : OFFSET;
    const distance = bound.kind === 'offset' ? this.offsetOf(bound) : 0;
    if (this.frame.unit === 'rows') {
      kernels.rowBounds(from, count, ordinals, starts, kind, distance, isEnd, target);
      return;
    }
    kernels.groupBounds(from, count, ordinals, starts, groupOrdinals, groupStarts, kind, distance, isEnd, target);
  }
}

/** No segment has more rows: offsets beyond it mean the same. */
const MAX_OFFSET = 2n ** 31n - 1n;

/** Rows between a bound and the current row, on one side of it; the partition where they are not counted in rows. */
function distanceOf(bound: FrameBound, sign: 1 | -1, unit: WindowFrame['unit']): number | 'partition' {
  if (bound.kind !== 'offset' || unit !== 'rows') return 'partition';
  if (bound.count !== undefined) return Math.sign(bound.distance) === sign ? 'partition' : 0;
  return Math.max(0, bound.distance * sign);
}
