import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { AggregateProgram } from '../expression/aggregate-program.js';
import { Projector } from '../expression/projector.js';
import { KeyPacker } from '../rows/key-packer.js';
import type { RowLayout } from '../rows/row-layout.js';
import {
  AGGREGATE_FLUSHED,
  AGGREGATE_GROUPS,
  AGGREGATE_SINK_BYTES,
  AGGREGATE_TABLE,
  createAggregateLayout,
} from './aggregate-layout.js';
import { GroupTable } from './group-table.js';
import type { LaneContext, Sink } from './operator.js';

/** Combinations of dictionary codes up to which groups are found by index. */
const MAX_DIRECT_GROUPS = 65_536;

export function createAggregateProgram(context: LaneContext, node: HashAggregateNode): AggregateProgram {
  const types = node.input.columns.map((column) => column.type);
  return new AggregateProgram(context.expressions, node.aggregates, types);
}

/** Groups the rows of one lane and updates their accumulators; lanes are merged by `AggregateSource`. */
export class AggregateSink implements Sink {
  private readonly program: AggregateProgram;
  private readonly single: number;
  private readonly grouping: Grouping | undefined;

  constructor(context: LaneContext, node: HashAggregateNode) {
    const { shared, scope, block, lane } = context;
    this.program = createAggregateProgram(context, node);
    if (node.groupKeys.length === 0) {
      this.single = scope.allocateCleared(Math.max(16, this.program.stateBytes));
      block.setSink(node.id, lane, this.single);
      return;
    }
    this.single = 0;
    const published = scope.allocateCleared(AGGREGATE_SINK_BYTES);
    this.grouping = new Grouping(context, node, createAggregateLayout(node, this.program.stateBytes), published);
    shared.u32[published / 4 + AGGREGATE_TABLE] = this.grouping.table.collection.table;
    block.setSink(node.id, lane, published);
  }

  push(batch: Batch): void {
    if (this.grouping === undefined) {
      this.program.updateSingle(batch, this.single);
      return;
    }
    this.program.updateGrouped(batch, this.grouping.findGroups(batch));
  }

  finish(): void {
    this.grouping?.publish();
  }
}

/** Finds the group of every row: by dictionary codes where the keys have few combinations, else by hash. */
class Grouping {
  readonly table: GroupTable;
  private readonly context: LaneContext;
  private readonly keys: Projector;
  private readonly packer: KeyPacker;
  private readonly published: number;
  private readonly groups: number;
  private readonly indexes: number;

  private cacheScope: Scope;
  private cache = 0;
  private cachedDictionaries: number[] = [];
  private cachedEpoch = 0;

  constructor(context: LaneContext, node: HashAggregateNode, layout: RowLayout, published: number) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.published = published;
    const types = node.input.columns.map((column) => column.type);
    this.keys = new Projector(context.expressions, node.groupKeys, types);
    this.packer = new KeyPacker(shared, kernels, scope, layout);
    this.table = new GroupTable(shared, kernels, scope, owner, layout);
    this.groups = scope.allocate(BATCH_ROWS * 4);
    this.indexes = scope.allocate(BATCH_ROWS * 4);
    this.cacheScope = new Scope(shared, owner);
  }

  /** Addresses of the states of the rows' groups, one u32 a row. */
  findGroups(batch: Batch): number {
    const { kernels } = this.context;
    const { rowCount } = batch;
    const keys = this.keys.evaluate(batch);
    if (!this.prepareCache(keys)) {
      this.packer.pack(keys, rowCount);
      this.table.findOrInsert(this.packer, rowCount, this.groups);
      return this.groups;
    }
    for (let key = 0; key < keys.length; key++) {
      const { codes, validity, dictionarySize } = keys[key]!;
      kernels.combineCodes(codes, validity, dictionarySize, this.indexes, key === 0, rowCount);
    }
    if (kernels.lookUpGroups(this.indexes, this.cache, this.groups, rowCount) === 0) return this.groups;
    this.packer.pack(keys, rowCount);
    this.table.findOrInsert(this.packer, rowCount, this.groups);
    if (this.table.epoch === this.cachedEpoch) kernels.cacheGroups(this.indexes, this.cache, this.groups, rowCount);
    return this.groups;
  }

  /** Whether the keys can be used as an index into `cache`, which is then made ready for their dictionaries. */
  private prepareCache(keys: readonly Vector[]): boolean {
    let combinations = 1;
    for (const key of keys) {
      if (key.encoding !== 'dictionary') return false;
      combinations *= key.dictionarySize + 1;
      if (combinations > MAX_DIRECT_GROUPS) return false;
    }
    const isCurrent =
      this.cache !== 0 &&
      this.cachedEpoch === this.table.epoch &&
      keys.every((key, index) => key.dictionaryId === this.cachedDictionaries[index]);
    if (isCurrent) return true;
    this.cacheScope.reset();
    this.cache = this.cacheScope.allocate(combinations * 4);
    this.context.kernels.clearBytes(this.cache, combinations * 4);
    this.cachedDictionaries = keys.map((key) => key.dictionaryId);
    this.cachedEpoch = this.table.epoch;
    return true;
  }

  publish(): void {
    const { u32 } = this.context.shared;
    u32[this.published / 4 + AGGREGATE_GROUPS] = this.table.collection.rowCount;
    u32[this.published / 4 + AGGREGATE_FLUSHED] = this.table.flushed ? 1 : 0;
    this.cacheScope.free();
    this.table.releaseSlots();
  }
}
