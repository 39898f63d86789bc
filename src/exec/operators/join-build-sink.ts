import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowAppender } from '../rows/row-collection.js';
import { ZEROS } from '../rows/vector-source.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { BatchCompactor } from './batch-compactor.js';
import { createJoinColumns, JoinColumnsWriter } from './join-columns.js';
import { isIndexable, JoinIndex, KeyBoundsCollector } from './join-index.js';
import { JoinFilterBuilder, JoinKeyFilter } from './join-key-filter.js';
import {
  JOIN_BUILD_ROWS,
  JOIN_DEFERRED,
  JOIN_HAS_NULL_KEY,
  JOIN_HEADS,
  JOIN_NEXT_PARTITION,
  JOIN_SHIFT,
  type JoinLayout,
  joinLayoutOf,
} from './join-layout.js';
import { countRows, type JoinRows, joinOwner, listJoinRows, openJoinRows } from './join-rows.js';
import { JoinSpiller } from './join-spiller.js';
import { codeBuildTexts } from './join-text-codes.js';
import { NullKeySelector } from './null-key-selector.js';
import { createCounters, type LaneContext, type ResumableOperator, type SharedWork, type Sink } from './operator.js';

/** Builds with fewer rows are inserted by the lane that finishes last, without another round. */
const SMALL_BUILD_ROWS = 65_536;
const HEAD_BYTES = 8;
const ALL_PARTITIONS = 2 ** PARTITION_COUNT - 1;

/**
 * Collects the build side of a hash join as rows; the last lane makes the table of heads. When memory is short, whole
 * partitions go to disk, the same ones in all lanes as far as possible: they are *deferred*, which is to say that probe
 * rows of these partitions are kept too, and joined when all others are done.
 */
export class JoinBuildSink implements Sink, ResumableOperator {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly layout: JoinLayout;
  private readonly projector: Projector;
  private readonly nullKeys: NullKeySelector;
  private readonly compactor: BatchCompactor;
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly rows: JoinRows;
  private readonly spiller: JoinSpiller;
  private readonly bounds: KeyBoundsCollector | undefined;
  private readonly columns: Vector[];
  private readonly payload: Vector[];
  private readonly counters: OperatorCounters;

  constructor(context: LaneContext, node: HashJoinNode) {
    const { shared, kernels, scope } = context;
    this.context = context;
    this.node = node;
    this.layout = joinLayoutOf(node);
    const types = node.build.columns.map((column) => column.type);
    this.projector = new Projector(context.expressions, node.buildKeys);
    this.nullKeys = new NullKeySelector(context, scope, node.nullsEqual);
    const { payloadOrdinals, codedTexts, rows } = this.layout;
    const physicals = [
      ...rows.keys.map((slot) => slot.physical),
      ...payloadOrdinals.map((ordinal) => physicalTypeOf(types[ordinal]!)),
    ];
    this.compactor = new BatchCompactor(kernels, scope, physicals);
    this.packer = new KeyPacker(shared, kernels, scope, rows);
    this.appender = new RowAppender(shared, kernels, scope);
    this.rows = openJoinRows(context, node, 'build', rows);
    this.spiller = new JoinSpiller(context, node, this.rows);
    this.bounds = isIndexable(node, this.layout) ? new KeyBoundsCollector(context, node) : undefined;
    this.columns = new Array<Vector>(physicals.length);
    // Codes are written when all texts are there.
    this.payload = [...payloadOrdinals, ...codedTexts].map(() => new Vector('i32'));
    for (const column of this.payload) column.setConstant(ZEROS, 0);
    this.counters = createCounters(context, node.id);
  }

  push(batch: Batch): void {
    const keys = this.projector.evaluate(batch);
    const keyCount = keys.length;
    const { payloadOrdinals } = this.layout;
    for (let key = 0; key < keyCount; key++) this.columns[key] = keys[key]!;
    for (let index = 0; index < payloadOrdinals.length; index++) {
      this.columns[keyCount + index] = batch.columns[payloadOrdinals[index]!]!;
    }
    let rowCount = batch.rowCount;
    let columns = this.columns;
    const valid = this.nullKeys.select(keys, rowCount);
    if (valid < rowCount) {
      this.context.block.setWord(this.node.id, JOIN_HAS_NULL_KEY, 1);
      if (!this.layout.keepsUnmatchedBuild) {
        rowCount = valid;
        if (rowCount === 0) return;
        columns = this.compactor.compact(columns, this.nullKeys.selection, rowCount).columns;
      }
    }
    for (let index = 0; index < payloadOrdinals.length; index++) this.payload[index] = columns[keyCount + index]!;
    this.bounds?.add(columns[0]!, rowCount);
    this.packer.pack(columns, rowCount);
    this.appender.append(this.rows.collection, this.packer, this.payload, rowCount);
    this.spiller.check();
  }

  get hasMore(): boolean {
    return this.spiller.hasMore;
  }

  resume(): void {
    this.spiller.resume();
  }

  finish(): void {
    this.counters.raise('memoryBytes', this.rows.collection.byteLength);
  }
}

/**
 * Run by the last lane of a build: decides what is deferred, allocates the heads, by hash or by key, and fills them when
 * that is little work. Returns whether lanes must still insert partitions with a `JoinInserter`.
 */
export function prepareJoinTable(context: LaneContext, node: HashJoinNode): boolean {
  const { block, shared, kernels } = context;
  const joinLayout = joinLayoutOf(node);
  const { rows: layout } = joinLayout;
  const rows = listJoinRows(context, node, 'build', layout);
  const counts = Array.from({ length: PARTITION_COUNT }, (_, partition) => countRows(rows, partition));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total * layout.stride >= node.shuffleFromBytes) block.setBits(node.id, JOIN_DEFERRED, -1);
  deferUntilHeadsFit(context, node, counts);
  const rowCount = countNear(block.getWord(node.id, JOIN_DEFERRED), counts);
  const bits = headBits(node, rowCount);
  const headBytes = HEAD_BYTES * 2 ** bits;
  // Deferred partitions have tables of their own, by hash.
  const canIndex = isIndexable(node, joinLayout) && block.getWord(node.id, JOIN_DEFERRED) === 0;
  if (!canIndex || !JoinIndex.create(context, node, headBytes)) {
    const heads = new Scope(shared, joinOwner(context, node)).allocate(headBytes);
    kernels.clearBytes(heads, headBytes);
    block.setWord(node.id, JOIN_HEADS, heads);
    block.setWord(node.id, JOIN_SHIFT, 32 - bits);
  }
  block.setWord(node.id, JOIN_BUILD_ROWS, total);
  // Where all is deferred, the filter would know nothing.
  const isAllDeferred = block.getWord(node.id, JOIN_DEFERRED) === ALL_PARTITIONS;
  if (node.filtersScans && !isAllDeferred) JoinKeyFilter.create(context, node, joinLayout, rowCount);
  // Rows of deferred partitions go to disk.
  if (rowCount === total) codeBuildTexts(context, node, joinLayout, rows, rowCount);
  const index = JoinIndex.attach(context, node, joinLayout);
  if (index !== undefined) createJoinColumns(context, node, joinLayout, index, rowCount);
  if (rowCount > SMALL_BUILD_ROWS) return true;
  const inserter = new JoinInserter(context, node);
  while (inserter.next());
  inserter.close();
  return false;
}

export function headBits(node: HashJoinNode, rowCount: number): number {
  return node.buildKeys.length === 0 ? 0 : Math.max(5, Math.ceil(Math.log2(Math.max(1, rowCount * 1.5))));
}

function countNear(deferred: number, counts: readonly number[]): number {
  return counts.reduce((sum, count, partition) => ((deferred >>> partition) & 1 ? sum : sum + count), 0);
}

/** A table of heads is one allocation: it must not be the one that fails. */
function deferUntilHeadsFit({ block, shared }: LaneContext, node: HashJoinNode, counts: readonly number[]): void {
  for (let partition = PARTITION_COUNT - 1; partition >= 0; partition--) {
    const near = countNear(block.getWord(node.id, JOIN_DEFERRED), counts);
    if (
      near <= SMALL_BUILD_ROWS ||
      shared.isScarce ||
      HEAD_BYTES * 2 ** headBits(node, near) <= freeBreakerBytes(shared)
    )
      return;
    block.setBits(node.id, JOIN_DEFERRED, 1 << partition);
  }
}

/** Inserts partitions into the heads, one at a time; every lane may have an inserter at once. */
export class JoinInserter implements SharedWork {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly rows: readonly JoinRows[];
  private readonly scope: Scope;
  private readonly pointers: number;
  private readonly heads: number;
  private readonly shift: number;
  private readonly deferred: number;
  private readonly index: JoinIndex | undefined;
  private readonly columns: JoinColumnsWriter | undefined;
  private readonly filter: JoinFilterBuilder | undefined;

  constructor(context: LaneContext, node: HashJoinNode) {
    const { block, shared, owner } = context;
    this.context = context;
    this.node = node;
    const layout = joinLayoutOf(node);
    this.rows = listJoinRows(context, node, 'build', layout.rows);
    this.scope = new Scope(shared, owner);
    this.pointers = this.scope.allocate(BATCH_ROWS * 4);
    this.heads = block.getWord(node.id, JOIN_HEADS);
    this.shift = block.getWord(node.id, JOIN_SHIFT);
    this.deferred = block.getWord(node.id, JOIN_DEFERRED);
    this.index = JoinIndex.attach(context, node, layout);
    this.columns = this.index && JoinColumnsWriter.attach(context, node, layout, this.index, this.scope);
    const filter = JoinKeyFilter.attach(context, node, layout);
    this.filter = filter && new JoinFilterBuilder(context, layout, filter, this.scope);
  }

  next(): boolean {
    const { block, kernels } = this.context;
    const partition = block.addWord(this.node.id, JOIN_NEXT_PARTITION, 1);
    if (partition >= PARTITION_COUNT) return false;
    if ((this.deferred >>> partition) & 1) return true;
    for (const { collection } of this.rows) {
      if (collection.rowCountOf(partition) === 0) continue;
      collection.forEachBatch(partition, kernels, this.pointers, (rowCount) => {
        if (this.index === undefined) kernels.insertJoinRows(this.heads, this.shift, this.pointers, rowCount);
        else if (this.index.insert(this.pointers, rowCount)) this.columns?.add(this.pointers, rowCount);
        this.filter?.add(this.pointers, rowCount);
      });
    }
    return true;
  }

  close(): void {
    this.filter?.finish();
    this.scope.free();
  }
}
