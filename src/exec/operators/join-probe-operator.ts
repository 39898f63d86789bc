import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import { KeyPacker } from '../rows/key-packer.js';
import { RowAppender } from '../rows/row-collection.js';
import { BatchCompactor } from './batch-compactor.js';
import { JOIN_DEFERRED, type JoinLayout, joinLayoutOf } from './join-layout.js';
import { JoinProbe } from './join-probe.js';
import { type JoinRows, joinOwner, openJoinRows } from './join-rows.js';
import { JoinSpiller } from './join-spiller.js';
import type { LaneContext, Operator, ResumableOperator } from './operator.js';

/** Probes the table of a join; keeps the rows whose partitions are deferred for `JoinDeferredSource`. */
export class JoinProbeOperator implements ResumableOperator {
  private readonly probe: JoinProbe;
  private readonly deferred: DeferredRows | undefined;
  readonly restart: (() => void) | undefined;

  constructor(context: LaneContext, node: HashJoinNode, next: Operator) {
    this.probe = new JoinProbe(context, node, next);
    const mask = context.block.getWord(node.id, JOIN_DEFERRED);
    this.deferred = mask === 0 ? undefined : new DeferredRows(context, node, mask);
    // The table of a round is another one in the next.
    const isOfRound = joinOwner(context, node) === context.owner;
    this.restart = mask !== 0 || isOfRound ? undefined : () => {};
  }

  push(batch: Batch): void {
    const near = this.deferred === undefined ? batch : this.deferred.take(batch);
    if (near.rowCount > 0) this.probe.push(near);
  }

  get hasMore(): boolean {
    return this.probe.hasMore || this.deferred?.hasMore === true;
  }

  resume(): void {
    if (this.deferred?.hasMore === true) this.deferred.resume();
    else this.probe.resume();
  }

  finish(): void {
    this.probe.finish();
    this.deferred?.finish();
  }
}

/** The probe rows of deferred partitions, as one lane has them. */
class DeferredRows {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly mask: number;
  private readonly layout: JoinLayout;
  private readonly keys: Projector;
  private readonly packer: KeyPacker;
  private readonly near: BatchCompactor;
  private readonly far: BatchCompactor;
  private readonly appender: RowAppender;
  private readonly rows: JoinRows;
  private readonly spiller: JoinSpiller;
  private readonly nearRows: number;
  private readonly farRows: number;
  private readonly farHashes: number;

  constructor(context: LaneContext, node: HashJoinNode, mask: number) {
    const { shared, kernels, scope } = context;
    this.context = context;
    this.node = node;
    this.mask = mask;
    this.layout = joinLayoutOf(node);
    const physicals = node.probe.columns.map(({ type }) => physicalTypeOf(type));
    this.keys = new Projector(context.expressions, node.probeKeys);
    this.packer = new KeyPacker(shared, kernels, scope, this.layout.rows);
    this.near = new BatchCompactor(kernels, scope, physicals);
    const { probeOrdinals, probeRows } = this.layout;
    this.far = new BatchCompactor(
      kernels,
      scope,
      probeOrdinals.map((ordinal) => physicals[ordinal]!),
    );
    this.appender = new RowAppender(shared, kernels, scope);
    this.rows = openJoinRows(context, node, 'probe', probeRows);
    this.spiller = new JoinSpiller(context, node, this.rows);
    this.nearRows = scope.allocate(BATCH_ROWS * 4);
    this.farRows = scope.allocate(BATCH_ROWS * 4);
    this.farHashes = scope.allocate(BATCH_ROWS * 4);
  }

  /** Keeps the rows of deferred partitions; returns the others. */
  take(batch: Batch): Batch {
    const { kernels } = this.context;
    const { rowCount } = batch;
    this.packer.pack(this.keys.evaluate(batch), rowCount);
    const { hashes } = this.packer;
    const nearCount = kernels.splitDeferred(hashes, this.mask, rowCount, this.nearRows, this.farRows);
    if (nearCount === rowCount) return batch;
    const needed: Vector[] = this.layout.probeOrdinals.map((ordinal) => batch.columns[ordinal]!);
    if (nearCount === 0) {
      this.keep(needed, hashes, rowCount);
      return { rowCount: 0, columns: [] };
    }
    const farCount = rowCount - nearCount;
    kernels.gather4(hashes, this.farRows, farCount, this.farHashes);
    this.keep(this.far.compact(needed, this.farRows, farCount).columns, this.farHashes, farCount);
    return this.near.compact(batch.columns, this.nearRows, nearCount);
  }

  private keep(columns: readonly Vector[], hashes: number, rowCount: number): void {
    this.appender.append(this.rows.collection, { keys: 0, hashes }, columns, rowCount);
    this.spiller.check();
  }

  get hasMore(): boolean {
    return this.spiller.hasMore;
  }

  resume(): void {
    this.spiller.resume();
  }

  finish(): void {
    this.spiller.makeRoom();
    const { context, node, layout } = this;
    new JoinSpiller(context, node, openJoinRows(context, node, 'build', layout.rows)).makeRoom();
  }
}
