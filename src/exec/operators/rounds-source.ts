import type { RecursionInRoundsNode } from '../../planner/physical/physical-plan.js';
import type { Batch } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { SeenRows } from './seen-rows.js';
import { readerOf } from './shared-rows.js';
import { SharedRowsSink } from './shared-rows-sink.js';
import { SharedRowsSource } from './shared-rows-source.js';

/**
 * Hands on the rows of a recursion whose step is a plan of its own: those of the anchor, then those of each round, and
 * collects them as the working table of the next. Between rounds it waits: other pipelines of the query, in as many
 * lanes as they like, then compute the step. Ends when a round has no rows, or when nobody wants more. As in
 * PostgreSQL, there is a first round even where the anchor has no rows.
 */
export class RoundsSource implements Source {
  awaitsRound = false;
  private readonly next: Operator;
  private readonly seen: SeenRows | undefined;
  private readonly working: SharedRowsSink;
  private readonly made: SharedRowsSource;
  private readonly counters: OperatorCounters;
  private arriving: SharedRowsSource;
  private isFirstRound = true;
  /** Of the present round. */
  private morselsTaken = 0;

  /** `runsAgain`: it is part of the rounds of another recursion, which may read the same anchor in each. */
  constructor(context: LaneContext, node: RecursionInRoundsNode, runsAgain: boolean, next: Operator) {
    this.next = next;
    this.seen = SeenRows.of(context, node);
    this.working = new SharedRowsSink(context, node);
    this.counters = createCounters(context, node.id);
    const arrive = { push: (batch: Batch) => this.arrive(batch), finish: () => {} };
    // Where all rows are wanted, they are the next working table where they lie.
    const passOn = this.seen === undefined ? (block: number) => this.working.takeOver(block) : undefined;
    this.arriving = new SharedRowsSource(context, readerOf(node.anchor), arrive, {
      passOn: runsAgain ? undefined : passOn,
    });
    const takeMorsel = (): number => this.morselsTaken++;
    this.made = new SharedRowsSource(context, readerOf(node.step), arrive, { takeMorsel, passOn });
  }

  step(): boolean {
    if (this.awaitsRound) this.readRound();
    if (this.arriving.step()) return true;
    if (this.working.isEmpty && !this.isFirstRound) return false;
    this.working.finish();
    this.awaitsRound = true;
    return true;
  }

  private readRound(): void {
    this.awaitsRound = false;
    this.isFirstRound = false;
    this.working.clear();
    this.made.listAgain();
    this.morselsTaken = 0;
    this.arriving = this.made;
  }

  private arrive(arriving: Batch): void {
    const batch = this.seen === undefined ? arriving : this.seen.keepNew(arriving);
    if (batch.rowCount === 0) return;
    this.counters.addBatch(batch.rowCount);
    if (!this.arriving.passesOn) this.working.push(batch);
    this.next.push(batch);
  }
}
