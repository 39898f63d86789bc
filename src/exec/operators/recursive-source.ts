import type { StreamedRecursionNode } from '../../planner/physical/physical-plan.js';
import type { Batch } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Operator, type ResumableOperator, type Source } from './operator.js';
import type { RecursionRounds } from './recursion-rounds.js';
import { SeenRows } from './seen-rows.js';
import { readerOf } from './shared-rows.js';
import { SharedRowsSource, takeAllMorsels } from './shared-rows-source.js';

/** What a round does: its rows go from `step` on through operators into `rounds`. */
interface Recursion {
  readonly rounds: RecursionRounds;
  readonly step: Operator;
  /** Operators of the step that may have more to hand on, those nearest to its end first. */
  readonly resumable: readonly ResumableOperator[];
}

/**
 * Runs a recursion, or what comes of a lane's part of its anchor, round by round: each batch, of the anchor first, then of the working table, goes out as
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

  constructor(context: LaneContext, node: StreamedRecursionNode, recursion: Recursion, next: Operator) {
    this.recursion = recursion;
    this.next = next;
    this.outputs = workingColumns(node);
    this.seen = SeenRows.of(context, node);
    this.counters = createCounters(context, node.id);
    const arrive = { push: (batch: Batch) => this.arrive(batch), finish: () => {} };
    // Lanes may share the anchor, where their rows need not be told from those of the others.
    const takeMorsel = this.seen === undefined ? undefined : takeAllMorsels(context);
    this.anchor = new SharedRowsSource(context, readerOf(node.anchor), arrive, { takeMorsel });
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
function workingColumns({ step }: StreamedRecursionNode): readonly number[] {
  let node = step;
  for (;;) {
    if (node.kind === 'workingTable') return node.outputs;
    if (node.kind === 'hashJoin') node = node.probe;
    else if (node.kind === 'filter' || node.kind === 'project') node = node.input;
    else throw new TypeError(`a ${node.kind} in a recursive term`);
  }
}
