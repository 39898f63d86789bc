import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { AggregateProgram } from '../expression/aggregate-program.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { mustSpill } from '../spill/memory-pressure.js';
import {
  AGGREGATE_FLUSHED,
  AGGREGATE_GROUPS,
  AGGREGATE_SINK_BYTES,
  AGGREGATE_SPILL,
  AGGREGATE_TABLE,
  createAggregateLayout,
} from './aggregate-layout.js';
import { ColumnCompactor } from './batch-compactor.js';
import { GroupFreezer } from './group-freezer.js';
import { GroupSpill } from './group-spill.js';
import { GroupTable } from './group-table.js';
import { KeyCodes } from './key-codes.js';
import { createCounters, type LaneContext, type ResumableOperator, type Sink } from './operator.js';
import { ValueCodes } from './value-codes.js';

/** Combinations of dictionary codes up to which groups are found by them: the cache is filled anew for each row group. */
const MAX_CODE_GROUPS = 65_536;
/** The same of values, for which the cache lasts. */
const MAX_VALUE_GROUPS = 1_048_576;
const ROWS_OF_A_TRIAL = 65_536;
const MAX_MISSING_SHARE = 0.98;

export function createAggregateProgram(context: LaneContext, node: HashAggregateNode): AggregateProgram {
  const types = node.input.columns.map((column) => column.type);
  return new AggregateProgram(context.expressions, node.aggregates, types);
}

/**
 * Groups the rows of one lane and updates their accumulators; lanes are merged by `AggregateSource`. When memory is
 * short, groups go to disk between batches.
 */
export class AggregateSink implements Sink, ResumableOperator {
  private readonly node: HashAggregateNode;
  private readonly program: AggregateProgram;
  private readonly single: number;
  private readonly grouping: Grouping | undefined;

  constructor(context: LaneContext, node: HashAggregateNode) {
    const { scope, block, lane } = context;
    this.node = node;
    this.program = createAggregateProgram(context, node);
    if (node.groupKeys.length === 0) {
      this.single = scope.allocateCleared(Math.max(16, this.program.stateBytes));
      block.setSink(node.id, lane, this.single);
      return;
    }
    this.single = 0;
    const published = scope.allocateCleared(AGGREGATE_SINK_BYTES);
    this.grouping = new Grouping(context, node, this.program, published);
    block.setSink(node.id, lane, published);
  }

  push(batch: Batch): void {
    if (this.grouping === undefined) {
      this.program.updateSingle(batch, this.single);
      return;
    }
    const groups = this.grouping.findGroups(batch);
    if (this.node.aggregates.length > 0) this.program.updateGrouped(batch, groups);
    this.grouping.relieveMemory();
  }

  get hasMore(): boolean {
    return this.grouping?.spill.isBusy ?? false;
  }

  resume(): void {
    this.grouping?.spill.step();
  }

  finish(): void {
    this.grouping?.finish();
  }

  finishStep(): boolean {
    if (this.hasMore) {
      this.resume();
      return true;
    }
    this.grouping?.publish();
    return false;
  }
}

/** Finds the group of every row: by dictionary codes where the keys have few combinations, else by hash. */
class Grouping {
  readonly table: GroupTable;
  readonly spill: GroupSpill;
  private readonly context: LaneContext;
  private readonly program: AggregateProgram;
  private readonly counters: OperatorCounters;
  private readonly keys: Projector;
  private readonly packer: KeyPacker;
  private readonly published: number;
  private readonly groups: number;
  private readonly indexes: number;
  private readonly missing: number;
  private readonly compactors: readonly ColumnCompactor[];
  private readonly codes: KeyCodes;
  private readonly values: ValueCodes;

  private cacheScope: Scope;
  private cache = 0;
  private cachedEpoch = 0;
  private cachedBy: KeyCodes | ValueCodes | undefined;
  private rowsSought = 0;
  private rowsMissing = 0;

  constructor(context: LaneContext, node: HashAggregateNode, program: AggregateProgram, published: number) {
    const { shared, kernels, scope, owner } = context;
    const layout = createAggregateLayout(node, program.stateBytes);
    this.context = context;
    this.program = program;
    this.counters = createCounters(context, node.id);
    this.published = published;
    const types = node.input.columns.map((column) => column.type);
    this.keys = new Projector(context.expressions, node.groupKeys, types);
    this.packer = new KeyPacker(shared, kernels, scope, layout);
    this.table = new GroupTable(shared, kernels, scope, owner, layout);
    const freezer = new GroupFreezer(context, layout, program);
    this.spill = new GroupSpill(context, this.table, program, freezer, this.counters);
    this.groups = scope.allocate(BATCH_ROWS * 4);
    this.indexes = scope.allocate(BATCH_ROWS * 4);
    this.missing = scope.allocate(BATCH_ROWS * 4);
    this.compactors = node.groupKeys.map(({ type }) => new ColumnCompactor(kernels, scope, physicalTypeOf(type)));
    this.cacheScope = new Scope(shared, owner);
    this.codes = new KeyCodes(context, MAX_CODE_GROUPS);
    const physicals = node.groupKeys.map(({ type }) => physicalTypeOf(type));
    this.values = new ValueCodes(context, physicals, MAX_VALUE_GROUPS);
  }

  /** Addresses of the states of the rows' groups, one u32 a row. */
  findGroups(batch: Batch): number {
    const { kernels } = this.context;
    const { rowCount } = batch;
    const keys = this.keys.evaluate(batch);
    const indexes = this.index(keys, rowCount);
    if (indexes === 0) {
      this.packer.pack(keys, rowCount);
      this.table.findOrInsert(this.packer, rowCount, this.groups);
      return this.groups;
    }
    const { cache, groups, missing } = this;
    const count = kernels.lookUpGroups(indexes, cache, groups, rowCount, missing);
    this.noteMissing(rowCount, count);
    if (count === 0) return groups;
    // One row of each combination that is new. Should slots be flushed meanwhile, addresses last as long as the batch.
    this.packer.pack(
      keys.map((key, index) => this.compactors[index]!.compact(key, missing, count)),
      count,
    );
    this.table.findOrInsert(this.packer, count, groups);
    kernels.cacheGroups(indexes, missing, cache, groups, count);
    kernels.lookUpGroups(indexes, cache, groups, rowCount, missing);
    return groups;
  }

  /** Where the rows' indexes into `cache` are, which is made ready for them; 0 when the keys have too many combinations. */
  private index(keys: readonly Vector[], rowCount: number): number {
    const { codes, values, table } = this;
    if (keys.every(({ encoding }) => encoding === 'dictionary')) {
      const areKnown = codes.isPreparedFor(keys);
      if (!areKnown) codes.prepare(keys);
      if (codes.combinations <= MAX_CODE_GROUPS) {
        if (!areKnown || this.cachedBy !== codes || this.cachedEpoch !== table.epoch) this.renewCache(codes);
        return codes.combine(keys, this.indexes, rowCount);
      }
    }
    const combined = values.combine(keys, this.indexes, rowCount);
    if (combined === undefined) return 0;
    if (combined === 'changed' || this.cachedBy !== values || this.cachedEpoch !== table.epoch) this.renewCache(values);
    return this.indexes;
  }

  private renewCache(by: KeyCodes | ValueCodes): void {
    const byteLength = by.combinations * 4;
    this.cacheScope.reset();
    this.cachedBy = by;
    this.cachedEpoch = this.table.epoch;
    this.cache = this.cacheScope.allocate(byteLength);
    this.context.kernels.clearBytes(this.cache, byteLength);
  }

  private dropCache(): void {
    this.cacheScope.free();
    this.cacheScope = new Scope(this.context.shared, this.context.owner);
    this.cachedBy = undefined;
    this.cache = 0;
  }

  /** Where nearly every row has a group of its own, looking for it by its values is in vain. */
  private noteMissing(rowCount: number, missing: number): void {
    if (this.cachedBy !== this.values) return;
    this.rowsSought += rowCount;
    this.rowsMissing += missing;
    if (this.rowsSought < ROWS_OF_A_TRIAL) return;
    if (this.rowsMissing > this.rowsSought * MAX_MISSING_SHARE) this.values.giveUp();
    this.rowsSought = 0;
    this.rowsMissing = 0;
  }

  /** After a batch, when nobody needs the addresses of its groups any more. */
  relieveMemory(): void {
    const byteLength = this.table.byteLength + this.program.keptBytes;
    this.counters.raise('memoryBytes', byteLength);
    if (!this.table.isCramped && !mustSpill(this.context.shared, byteLength)) return;
    this.values.giveUp();
    if (this.cachedBy === this.values) this.dropCache();
    this.spill.begin();
  }

  finish(): void {
    this.cacheScope.free();
    this.codes.free();
    this.values.free();
    this.table.releaseSlots();
    this.spill.beginRest();
  }

  publish(): void {
    const { table, spill } = this;
    const { u32 } = this.context.shared;
    const published = this.published / 4;
    u32[published + AGGREGATE_TABLE] = table.collection.table;
    u32[published + AGGREGATE_GROUPS] = table.collection.rowCount;
    u32[published + AGGREGATE_FLUSHED] = table.hasDuplicates ? 1 : 0;
    u32[published + AGGREGATE_SPILL] = spill.spillTable;
  }
}
