import type { RecursionInRoundsNode } from '../../planner/physical/physical-plan.js';
import type { Batch } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { SeenRows } from './seen-rows.js';
import { readerOf } from './shared-rows.js';
import { SharedRowsSink } from './shared-rows-sink.js';
import { SharedRowsSource } from './shared-rows-source.js';

export interface RoundsOptions {
  /** Otherwise the rows of the anchor have been read by others. */
  readonly handsOnAnchor: boolean;
  /** It is part of the rounds of another recursion, which may read the same anchor in each. */
  readonly runsAgain: boolean;
}

/**
 * Hands on the rows of a recursion whose step is a plan of its own: those of the anchor, then those of each round, and
 * collects them as the working table of the next. Between rounds it waits: other pipelines of the query, in as many
 * lanes as they like, then compute the step. Ends when a round has no rows, or when nobody wants more. As in
 * PostgreSQL, there is a first round even where the anchor has no rows.
 */
export class RoundsSource implements Source {
  awaitsRound = false;
  private readonly context: LaneContext;
  private readonly next: Operator;
  private readonly seen: SeenRows | undefined;
  private readonly working: SharedRowsSink;
  private readonly made: SharedRowsSource;
  private readonly counters: OperatorCounters;
  private arriving: SharedRowsSource;
  /** One lane runs all rounds: the first of them to ask. Others have had a part in what else feeds the same sink. */
  private isMine: boolean | undefined;
  private isFirstRound = true;
  /** Are the rows that arrive wanted behind it? */
  private handsOn: boolean;
  /** Of the anchor, then of the present round. */
  private morselsTaken = 0;

  constructor(
    context: LaneContext,
    node: RecursionInRoundsNode,
    { handsOnAnchor, runsAgain }: RoundsOptions,
    next: Operator,
  ) {
    this.context = context;
    this.next = next;
    this.handsOn = handsOnAnchor;
    this.seen = SeenRows.of(context, node);
    this.working = new SharedRowsSink(context, node);
    this.counters = createCounters(context, node.id);
    const arrive = { push: (batch: Batch) => this.arrive(batch), finish: () => {} };
    // Where all rows are wanted, they are the next working table where they lie.
    const passOn = this.seen === undefined ? (block: number) => this.takeOver(block) : undefined;
    const takeMorsel = (): number => this.morselsTaken++;
    this.arriving = new SharedRowsSource(context, readerOf(node.anchor), arrive, {
      takeMorsel,
      passOn: runsAgain ? undefined : passOn,
      unread: !handsOnAnchor,
    });
    this.made = new SharedRowsSource(context, readerOf(node.step), arrive, { takeMorsel, passOn });
  }

  step(): boolean {
    this.isMine ??= this.context.block.takeMorsel(this.context.pipeline) === 0;
    if (!this.isMine) return false;
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
    this.handsOn = true;
    this.working.clear();
    this.made.listAgain();
    this.morselsTaken = 0;
    this.arriving = this.made;
  }

  private arrive(arriving: Batch): void {
    const batch = this.seen === undefined ? arriving : this.seen.keepNew(arriving);
    if (batch.rowCount === 0) return;
    if (!this.arriving.passesOn) {
      this.counters.addBatch(batch.rowCount);
      this.working.push(batch);
    }
    if (this.handsOn) this.next.push(batch);
  }

  private takeOver(block: number): void {
    this.counters.addBatch(this.context.shared.u32[block / 4 + 1]!);
    this.working.takeOver(block);
  }
}
