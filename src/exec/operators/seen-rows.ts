import type { RecursiveNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { KeyPacker } from '../rows/key-packer.js';
import { createRowLayout } from '../rows/row-layout.js';
import { BatchCompactor } from './batch-compactor.js';
import { GroupTable } from './group-table.js';
import type { LaneContext } from './operator.js';
import { SeenNumbers } from './seen-numbers.js';

/**
 * All rows of a recursion so far, to hand each on once. NULL equals NULL. Where rows are told apart by one whole number they
 * are marked by it, as long as the numbers do not lie too far apart; otherwise they are in a hash table.
 */
export class SeenRows {
  private readonly context: LaneContext;
  private readonly packer: KeyPacker;
  private readonly table: GroupTable;
  private readonly compactor: BatchCompactor;
  private readonly keys: readonly number[];
  private readonly states: number;
  private readonly selection: number;
  private numbers: SeenNumbers | undefined;

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
    this.numbers = keyTypes.length === 1 ? SeenNumbers.create(context, keyTypes[0]!) : undefined;
  }

  keepNew(batch: Batch): Batch {
    const { rowCount, columns } = batch;
    const keys = this.keys.map((ordinal) => columns[ordinal]!);
    const count = this.numbers?.select(keys[0]!, rowCount, this.selection) ?? this.selectByHash(keys, rowCount);
    if (count === rowCount) return batch;
    return count === 0 ? { rowCount: 0, columns: [] } : this.compactor.compact(columns, this.selection, count);
  }

  private selectByHash(keys: readonly Vector[], rowCount: number): number {
    if (this.numbers !== undefined) this.forgetNumbers(this.numbers, keys[0]!);
    this.packer.pack(keys, rowCount);
    this.table.findOrInsert(this.packer, rowCount, this.states);
    return this.context.kernels.selectUnseen(this.states, rowCount, this.selection);
  }

  /** Rows that were marked by their numbers go to the hash table. */
  private forgetNumbers(numbers: SeenNumbers, { physical }: Vector): void {
    this.numbers = undefined;
    for (const { column, rowCount } of numbers.list(physical)) this.selectByHash([column], rowCount);
    numbers.free();
  }
}
