import type { RecursiveNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { createRowLayout } from '../rows/row-layout.js';
import { BatchCompactor } from './batch-compactor.js';
import { GroupTable } from './group-table.js';
import { createCounters, type LaneContext, type Operator, type ResumableOperator, type Source } from './operator.js';
import type { RecursionRounds } from './recursion-rounds.js';
import { SharedRowsSource } from './shared-rows-source.js';

/** What a round does: its rows go from `step` on through operators into `rounds`. */
interface Recursion {
  readonly rounds: RecursionRounds;
  readonly step: Operator;
  /** Operators of the step that may have more to hand on, those nearest to its end first. */
  readonly resumable: readonly ResumableOperator[];
}

/**
 * Runs a recursion in one lane, round by round: each batch, of the anchor first, then of the working table, goes out as
 * it is, and through the step into the table of the next round. Nothing is planned, built or opened again. Ends when a
 * round has no rows, or when nobody wants more.
 */
export class RecursiveSource implements Source {
  private readonly recursion: Recursion;
  private readonly anchor: SharedRowsSource;
  private readonly next: Operator;
  private readonly outputs: readonly number[];
  private readonly seen: SeenRows | undefined;
  private readonly counters: OperatorCounters;
  private isFirstRound = true;

  constructor(context: LaneContext, node: RecursiveNode, recursion: Recursion, next: Operator) {
    this.recursion = recursion;
    this.next = next;
    this.outputs = workingColumns(node);
    this.seen = node.keys === undefined ? undefined : new SeenRows(context, node, node.keys);
    this.counters = createCounters(context, node.id);
    const arrive = { push: (batch: Batch) => this.arrive(batch), finish: () => {} };
    this.anchor = new SharedRowsSource(context, node.anchor, arrive);
  }

  step(): boolean {
    const { rounds, resumable } = this.recursion;
    for (const operator of resumable) {
      if (!operator.hasMore) continue;
      operator.resume();
      return true;
    }
    if (this.isFirstRound) {
      if (this.anchor.step()) return true;
      this.isFirstRound = false;
      return rounds.turn();
    }
    const batch = rounds.read();
    if (batch === undefined) return rounds.turn();
    this.arrive(batch);
    return true;
  }

  private arrive(arriving: Batch): void {
    const batch = this.seen === undefined ? arriving : this.seen.keepNew(arriving);
    if (batch.rowCount === 0) return;
    this.counters.addBatch(batch.rowCount);
    const { rowCount, columns } = batch;
    this.recursion.step.push({ rowCount, columns: this.outputs.map((ordinal) => columns[ordinal]!) });
    this.next.push({ rowCount, columns });
  }
}

/** The columns of the recursion that its step reads, in the order that it expects. */
function workingColumns({ step }: RecursiveNode): readonly number[] {
  let node = step;
  for (;;) {
    if (node.kind === 'workingTable') return node.outputs;
    if (node.kind === 'hashJoin') node = node.probe;
    else if (node.kind === 'filter' || node.kind === 'project') node = node.input;
    else throw new TypeError(`a ${node.kind} in a recursive term`);
  }
}

/** All rows of a recursion so far, to hand each on once. NULL equals NULL. */
class SeenRows {
  private readonly context: LaneContext;
  private readonly packer: KeyPacker;
  private readonly table: GroupTable;
  private readonly compactor: BatchCompactor;
  private readonly keys: readonly number[];
  private readonly states: number;
  private readonly selection: number;

  constructor(context: LaneContext, node: RecursiveNode, keys: readonly number[]) {
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
