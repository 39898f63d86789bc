import type { SortNode } from '../../planner/physical/physical-plan.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { createSortLayout, SORT_COUNT, SORT_ENTRIES, writeSortDescriptor } from './sort-layout.js';

interface SortedEntries {
  readonly pointer: number;
  readonly count: number;
}

/** Merges the sorted entries of all lanes and hands on their rows, in order, from one lane. */
export class SortSource implements Source {
  private readonly context: LaneContext;
  private readonly node: SortNode;
  private readonly next: Operator;
  private readonly unpacker: RowUnpacker;
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private merged: SortedEntries | undefined;
  private emitted = 0;

  constructor(context: LaneContext, node: SortNode, next: Operator) {
    const { kernels, scope } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    const slots = createSortLayout(node).rows.payload.slice(0, node.columns.length);
    this.unpacker = new RowUnpacker(kernels, scope, slots);
    this.counters = createCounters(context, node.id);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
  }

  step(): boolean {
    if (this.merged === undefined) {
      if (this.context.block.takeMorsel(this.context.pipeline) > 0) return false;
      this.merged = this.merge();
      this.emitted = this.node.offset ?? 0;
      return true;
    }
    const { limit, offset } = this.node;
    const end = limit === undefined ? this.merged.count : Math.min(this.merged.count, (offset ?? 0) + limit);
    const count = Math.min(BATCH_ROWS, end - this.emitted);
    if (count <= 0) return false;
    this.context.kernels.entryRows(this.merged.pointer + this.emitted * 16, count, this.pointers);
    this.emitted += count;
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: [...this.unpacker.unpack(this.pointers, count)] });
    return true;
  }

  private merge(): SortedEntries {
    const { shared, block, scope, kernels } = this.context;
    let runs: SortedEntries[] = [];
    for (let lane = 0; lane < block.shape.laneCount; lane++) {
      const published = block.getSink(this.node.id, lane) / 4;
      if (published === 0) continue;
      runs.push({ pointer: shared.u32[published + SORT_ENTRIES]!, count: shared.u32[published + SORT_COUNT]! });
    }
    const descriptor = writeSortDescriptor(shared, scope, this.node, createSortLayout(this.node));
    while (runs.length > 1) {
      const merged: SortedEntries[] = [];
      for (let index = 0; index + 1 < runs.length; index += 2) {
        const left = runs[index]!;
        const right = runs[index + 1]!;
        const count = left.count + right.count;
        const pointer = scope.allocate(count * 16);
        kernels.mergeEntries(descriptor, left.pointer, left.count, right.pointer, right.count, pointer);
        merged.push({ pointer, count });
      }
      if (runs.length % 2 === 1) merged.push(runs.at(-1)!);
      runs = merged;
    }
    return runs[0] ?? { pointer: 0, count: 0 };
  }
}
