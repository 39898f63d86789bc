import { bugError } from '../../common/errors.js';
import type { WindowNode } from '../../planner/physical/physical-plan.js';
import type { LaneContext } from '../operators/operator.js';
import { sortLayoutOf, writeSortDescriptor } from '../operators/sort-layout.js';
import { sortOfWindow } from '../operators/window-layout.js';
import type { ColumnSlot, RowLayout } from '../rows/row-layout.js';
import { Peering, WindowSegment } from './window-segment.js';

/** What the evaluators of a window share. */
export class WindowContext {
  readonly lane: LaneContext;
  readonly node: WindowNode;
  readonly layout: RowLayout;
  readonly segment: WindowSegment;
  /** A row of which everything is NULL. */
  readonly nullRow: number;
  private readonly groups: ReadonlyMap<number, Peering>;

  /** `groups`: by the number of order keys; none of them are the partitions. */
  constructor(lane: LaneContext, node: WindowNode, layout: RowLayout, groups: ReadonlyMap<number, Peering>) {
    const { shared, kernels, owner, scope } = lane;
    this.lane = lane;
    this.node = node;
    this.layout = layout;
    this.groups = groups;
    this.segment = new WindowSegment(shared, kernels, owner, [...groups.values()]);
    this.nullRow = scope.allocateCleared(layout.stride);
  }

  /** Groups of rows that agree in the first order keys. */
  groupsOf(orderCount: number): Peering {
    return this.groups.get(orderCount)!;
  }

  /** Where a column of the input lies in a row. */
  slotOf(column: number): ColumnSlot {
    const slot = this.layout.payload[column];
    if (slot === undefined) throw bugError(`column ${column} is not in the row`);
    return slot;
  }
}

export function createWindowContext(lane: LaneContext, node: WindowNode): WindowContext {
  const { shared, owner, scope } = lane;
  const sort = sortOfWindow(node);
  const layout = sortLayoutOf(sort);
  const groups = new Map<number, Peering>();
  for (const orderCount of [0, ...node.functions.map((call) => call.orderCount)]) {
    if (groups.has(orderCount)) continue;
    const keys = sort.keys.slice(0, node.partitionKeys.length + orderCount);
    groups.set(orderCount, new Peering(shared, owner, writeSortDescriptor(shared, scope, { ...sort, keys }, layout)));
  }
  return new WindowContext(lane, node, layout.rows, groups);
}
