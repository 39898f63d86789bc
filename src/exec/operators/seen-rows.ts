import type { RecursiveNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { KeyPacker } from '../rows/key-packer.js';
import { createRowLayout } from '../rows/row-layout.js';
import { BatchCompactor } from './batch-compactor.js';
import { GroupTable } from './group-table.js';
import type { LaneContext } from './operator.js';

/** All rows of a recursion so far, to hand each on once. NULL equals NULL. */
export class SeenRows {
  private readonly context: LaneContext;
  private readonly packer: KeyPacker;
  private readonly table: GroupTable;
  private readonly compactor: BatchCompactor;
  private readonly keys: readonly number[];
  private readonly states: number;
  private readonly selection: number;

  /** Undefined where all rows are handed on. */
  static of(context: LaneContext, node: RecursiveNode): SeenRows | undefined {
    return node.keys === undefined ? undefined : new SeenRows(context, node, node.keys);
  }

  private constructor(context: LaneContext, node: RecursiveNode, keys: readonly number[]) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.keys = keys;
    const physicals = node.columns.map((column) => physicalTypeOf(column.type));
    const keyTypes = keys.map((ordinal) => physicals[ordinal]!);
    const layout = createRowLayout({ keys: keyTypes, nullableKeys: true, payload: [], stateBytes: 8 });
    this.packer = new KeyPacker(shared, kernels, scope, layout);
    this.table = new GroupTable(shared, kernels, scope, owner, layout, 'grow');
    this.compactor = new BatchCompactor(kernels, scope, physicals);
    this.states = scope.allocate(BATCH_ROWS * 4);
    this.selection = scope.allocate(BATCH_ROWS * 4);
  }

  keepNew(batch: Batch): Batch {
    const { rowCount, columns } = batch;
    this.packer.pack(
      this.keys.map((ordinal) => columns[ordinal]!),
      rowCount,
    );
    this.table.findOrInsert(this.packer, rowCount, this.states);
    const count = this.context.kernels.selectUnseen(this.states, rowCount, this.selection);
    if (count === rowCount) return batch;
    return count === 0 ? { rowCount: 0, columns: [] } : this.compactor.compact(columns, this.selection, count);
  }
}
