import type { SortNode } from '../../planner/physical/physical-plan.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import { KeyPacker } from '../rows/key-packer.js';
import { RowAppender, RowCollection } from '../rows/row-collection.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import type { LaneContext, Sink } from './operator.js';
import {
  createSortLayout,
  SORT_COUNT,
  SORT_ENTRIES,
  SORT_SINK_BYTES,
  type SortLayout,
  writeSortDescriptor,
} from './sort-layout.js';

/** A top-N sheds its losers when it holds this many rows more than it needs. */
const MIN_SURPLUS_ROWS = 32_768;

/** Collects rows and sorts them when the lane ends; with a limit, keeps little more than the best. */
export class SortSink implements Sink {
  private readonly context: LaneContext;
  private readonly layout: SortLayout;
  private readonly keys: Projector | undefined;
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly descriptor: number;
  private readonly published: number;
  private readonly keptRows: number;
  private rows: RowCollection;
  private spare: RowCollection | undefined;
  private unpacker: RowUnpacker | undefined;

  constructor(context: LaneContext, node: SortNode) {
    const { shared, kernels, scope, owner, block, lane } = context;
    this.context = context;
    this.layout = createSortLayout(node);
    const types = node.input.columns.map((column) => column.type);
    const { computedKeys, rows } = this.layout;
    this.keys = computedKeys.length === 0 ? undefined : new Projector(context.expressions, computedKeys, types);
    this.packer = new KeyPacker(shared, kernels, scope, rows);
    this.appender = new RowAppender(shared, kernels, scope);
    this.rows = RowCollection.create(shared, owner, scope, rows, 1);
    this.descriptor = writeSortDescriptor(shared, scope, node, this.layout);
    this.published = scope.allocateCleared(SORT_SINK_BYTES);
    this.keptRows = node.limit === undefined ? Number.POSITIVE_INFINITY : node.limit + (node.offset ?? 0);
    block.setSink(node.id, lane, this.published);
  }

  push(batch: Batch): void {
    const payload: Vector[] =
      this.keys === undefined ? batch.columns : [...batch.columns, ...this.keys.evaluate(batch)];
    this.appender.append(this.rows, this.packer, payload, batch.rowCount);
    if (this.rows.rowCount > Math.max(this.keptRows * 2, this.keptRows + MIN_SURPLUS_ROWS)) this.shed();
  }

  finish(): void {
    const { shared, scope } = this.context;
    const sorted = this.sort(scope);
    const count = Math.min(this.rows.rowCount, this.keptRows);
    shared.u32[this.published / 4 + SORT_ENTRIES] = sorted;
    shared.u32[this.published / 4 + SORT_COUNT] = count;
  }

  /** Sorted entries of all rows, allocated in `scope`. */
  private sort(scope: Scope): number {
    const { kernels } = this.context;
    const { rowCount } = this.rows;
    const entries = scope.allocate(rowCount * 16);
    const scratch = scope.allocate(Math.max(1, rowCount) * 16);
    const pointers = scope.allocate(BATCH_ROWS * 4);
    let done = 0;
    this.rows.forEachBatch(0, kernels, pointers, (count) => {
      kernels.makeSortEntries(this.descriptor, pointers, count, entries + done * 16);
      done += count;
    });
    return kernels.sortEntries(this.descriptor, entries, scratch, rowCount) >>> 0;
  }

  /** Keeps the best `keptRows` rows only, copied to another collection, and frees the blocks of all. */
  private shed(): void {
    const { shared, kernels, scope, owner } = this.context;
    const temporary = new Scope(shared, owner);
    const entries = this.sort(temporary);
    const pointers = temporary.allocate(BATCH_ROWS * 4);
    const kept = this.spare ?? RowCollection.create(shared, owner, scope, this.layout.rows, 1);
    this.unpacker ??= new RowUnpacker(kernels, scope, this.layout.rows.payload);
    for (let done = 0; done < this.keptRows; done += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, this.keptRows - done);
      kernels.entryRows(entries + done * 16, count, pointers);
      this.appender.append(kept, this.packer, this.unpacker.unpack(pointers, count), count);
    }
    this.rows.clear();
    this.spare = this.rows;
    this.rows = kept;
    temporary.free();
  }
}
