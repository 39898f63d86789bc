import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../rows/row-collection.js';
import type { ColumnSlot } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { ZEROS } from '../rows/vector-source.js';
import { freeBreakerBytes, loadBudget, mustSpill } from '../spill/memory-pressure.js';
import type { SpillReader } from '../spill/spill-reader.js';
import { MarkedBuildRows } from './join-build-rows-source.js';
import { headBits } from './join-build-sink.js';
import { JOIN_DEFERRED, JOIN_ORDER, type JoinLayout, joinLayoutOf } from './join-layout.js';
import { JoinOffers, type OfferedTable, type SliceQueue } from './join-offers.js';
import { JoinProbe } from './join-probe.js';
import { countRows, createJoinRows, type JoinRows, joinOwner, listJoinRows } from './join-rows.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { orderPartitions } from './partition-order.js';
import { listSlices, SliceRows } from './partition-rows.js';

const HEAD_BYTES = 8;
/** So much is loaded however little memory is left: each part means to read all probe rows again. */
const LEAST_PART_BYTES = 2 ** 20;
/** Bits of the hash that choose a partition. */
const PARTITION_BITS = 5;
/** Partitions are partitioned again, by further bits of the hash, this often at most. */
const MAX_LEVEL = 5;
/** A partition that would be joined in more parts than this is partitioned again. */
const MAX_PARTS = 2;
/** Where one of its partitions keeps this share of the rows, partitioning again is of no use: the keys are equal. */
const SKEWED_SHARE = 0.5;

/** Work that is done bit by bit; a promise is for others to be waited for. */
type Work = Generator<Promise<void> | undefined, void, void>;

/** Both sides of a deferred partition. */
interface Sides {
  readonly build: readonly JoinRows[];
  readonly probe: readonly JoinRows[];
  /** How often the rows were partitioned before; their hashes are turned by five bits for each time. */
  readonly level: number;
}

/**
 * Joins the deferred partitions, one after the other: loads the build rows of a partition, makes a table of them, and
 * probes it with the partition's probe rows. A build side that does not fit is partitioned again (grace join); if its
 * keys are all the same, so that this would not help, it is joined in parts, each of which meets all probe rows. A lane
 * that finds no partition left helps the others with theirs: see `JoinOffers`.
 */
export class JoinDeferredSource implements Source {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  /** That of the join: what a LIMIT leaves unfinished is freed with the pipeline. */
  private readonly owner: number;
  private readonly layout: JoinLayout;
  private readonly probe: JoinProbe;
  private readonly buildRows: MarkedBuildRows | undefined;
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private readonly batch: Batch;
  private readonly probeColumns: RowUnpacker;
  private readonly offers: JoinOffers;
  private readonly work: Work;

  constructor(context: LaneContext, node: HashJoinNode, next: Operator) {
    const { kernels, scope } = context;
    this.context = context;
    this.node = node;
    this.owner = joinOwner(context, node);
    this.layout = joinLayoutOf(node);
    this.probe = new JoinProbe(context, node, next);
    this.buildRows = this.layout.marksBuild ? new MarkedBuildRows(context, node, next) : undefined;
    this.counters = createCounters(context, node.id);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.probeColumns = new RowUnpacker(kernels, scope, this.layout.probeRows.payload);
    // Columns that nobody needs were not kept.
    const columns = node.probe.columns.map((column) => new Vector(physicalTypeOf(column.type)));
    for (const column of columns) column.setConstant(ZEROS, ZEROS);
    this.batch = { rowCount: 0, columns };
    this.offers = new JoinOffers(context, node, this.layout.probeRows);
    this.work = this.joinAll();
  }

  step(): boolean | Promise<boolean> {
    if (this.probe.hasMore) {
      this.probe.resume();
      return true;
    }
    const { done, value } = this.work.next();
    return value === undefined ? done !== true : value.then(() => true);
  }

  private *joinAll(): Work {
    const { block, pipeline } = this.context;
    const { offers } = this;
    const build = listJoinRows(this.context, this.node, 'build', this.layout.rows);
    const probe = listJoinRows(this.context, this.node, 'probe', this.layout.probeRows);
    const deferred = block.getWord(this.node.id, JOIN_DEFERRED);
    const partitions = orderPartitions(this.context, this.node, JOIN_ORDER, (partition) => ({
      rowCount: countRows(build, partition) + countRows(probe, partition),
      isSpilled: [...build, ...probe].some(({ spill }) => spill.rowCountOf(partition) > 0),
    })).filter((partition) => (deferred >>> partition) & 1);
    offers.enter();
    for (;;) {
      const partition = partitions[block.takeMorsel(pipeline)];
      if (partition === undefined) break;
      this.counters.add('assignedRows', countRows(probe, partition));
      yield* this.joinPartition({ build, probe, level: 0 }, partition, true);
    }
    offers.leave();
    yield* this.helpOthers();
  }

  /** Until nobody has a partition in hand. */
  private *helpOthers(): Work {
    const { offers } = this;
    for (;;) {
      const seen = offers.news;
      const help = offers.findHelp();
      if (help !== undefined) {
        yield* this.probeSlices(help.table, help.slices);
        help.leave();
      } else if (offers.othersAreBusy) {
        yield offers.waitForNews(seen);
      } else {
        return;
      }
    }
  }

  private *joinPartition(sides: Sides, partition: number, maySplit: boolean): Work {
    const buildRows = countRows(sides.build, partition);
    const probeRows = countRows(sides.probe, partition);
    if (buildRows === 0 && probeRows === 0) return;
    const budget = loadBudget(this.context.shared, this.context.block.shape.laneCount);
    const bytes = buildRows * (this.layout.rows.stride + 2 * HEAD_BYTES);
    if (maySplit && sides.level < MAX_LEVEL && bytes > budget * MAX_PARTS)
      yield* this.split(sides, partition, buildRows);
    else yield* this.joinInParts(sides, partition, probeRows);
    for (const { collection } of [...sides.build, ...sides.probe]) collection.clearPartition(partition);
  }

  /** Partitions both sides by the next bits of the hash, and joins what comes of it. */
  private *split({ build, probe, level }: Sides, partition: number, buildRows: number): Work {
    const { owner } = this;
    const scope = new Scope(this.context.shared, owner);
    const context = { ...this.context, scope };
    const inner: Sides = {
      build: [createJoinRows(context, owner, this.layout.rows)],
      probe: [createJoinRows(context, owner, this.layout.probeRows)],
      level: level + 1,
    };
    yield* this.partitionAgain(build, partition, inner.build[0]!);
    yield* this.partitionAgain(probe, partition, inner.probe[0]!);
    for (let part = 0; part < PARTITION_COUNT; part++) {
      const isSkewed = countRows(inner.build, part) > buildRows * SKEWED_SHARE;
      yield* this.joinPartition(inner, part, !isSkewed);
    }
    scope.free();
  }

  private *partitionAgain(from: readonly JoinRows[], partition: number, to: JoinRows): Work {
    const { shared, kernels, spill } = this.context;
    const { owner } = this;
    const { layout } = to.collection;
    const scope = new Scope(shared, owner);
    const slots: ColumnSlot[] = [...layout.keys, ...layout.payload];
    const unpacker = new RowUnpacker(kernels, scope, slots);
    const packer = new KeyPacker(shared, kernels, scope, layout);
    const appender = new RowAppender(shared, kernels, scope);
    const hashes = scope.allocate(BATCH_ROWS * 4);
    const keyCount = layout.keys.length;
    for (const slice of listSlices(shared, from, partition)) {
      const rows = new SliceRows(shared, kernels, owner, slice);
      for (let count = rows.next(this.pointers); count > 0; count = rows.next(this.pointers)) {
        const columns = unpacker.unpack(this.pointers, count);
        packer.pack(columns.slice(0, keyCount), count);
        kernels.unpack4(this.pointers, 0, count, hashes);
        kernels.rotateHashes(hashes, PARTITION_BITS, count);
        appender.append(to.collection, { keys: packer.keys, hashes }, columns.slice(keyCount), count);
        if (mustSpill(shared, to.collection.byteLength)) {
          for (let part = 0; part < PARTITION_COUNT; part++) {
            if (to.collection.rowCountOf(part) === 0) continue;
            this.counters.add('spilledBytes', to.spill.write(spill, to.collection, part));
          }
        }
        yield;
      }
      rows.close();
    }
    scope.free();
    for (const { collection } of from) collection.clearPartition(partition);
  }

  /** Each part is as many build rows as fit; all probe rows meet it. */
  private *joinInParts(sides: Sides, partition: number, probeRows: number): Work {
    const { shared, block } = this.context;
    const marksScope = new Scope(shared, this.owner);
    let marks = 0;
    const parts = new BuildParts(this.context, this.node, this.layout, sides, partition, this.pointers);
    for (;;) {
      const isFirst = marks === 0;
      yield* parts.load(loadBudget(shared, block.shape.laneCount));
      const isLast = parts.isExhausted;
      if (isFirst && !isLast) {
        marks = marksScope.allocateCleared(Math.max(1, probeRows));
      }
      yield* parts.makeTable();
      yield* this.probeTogether({
        partition,
        level: sides.level,
        heads: parts.heads,
        shift: parts.shift,
        marks,
        isLastPart: isLast,
        probe: sides.probe,
      });
      if (this.buildRows !== undefined) yield* this.buildRows.emit(parts.collections, partition);
      parts.release();
      if (isLast) break;
    }
    marksScope.free();
  }

  /** Probes a table, with all lanes that come to help; ends when their last rows are handed on. */
  private *probeTogether(table: OfferedTable): Work {
    const { offers } = this;
    yield* this.probeSlices(table, offers.open(table));
    offers.close();
    for (let seen = offers.news; !offers.isDeserted; seen = offers.news) yield offers.waitForNews(seen);
  }

  private *probeSlices({ level, heads, shift, marks, isLastPart }: OfferedTable, slices: SliceQueue): Work {
    const { shared, kernels } = this.context;
    const { probeOrdinals } = this.layout;
    this.probe.useTable(heads, shift, PARTITION_BITS * level);
    for (let slice = slices.next(); slice !== undefined; slice = slices.next()) {
      const rows = new SliceRows(shared, kernels, this.owner, slice);
      let row = slice.firstRow;
      for (let count = rows.next(this.pointers); count > 0; count = rows.next(this.pointers)) {
        const columns = this.probeColumns.unpack(this.pointers, count);
        for (const [index, ordinal] of probeOrdinals.entries()) this.batch.columns[ordinal] = columns[index]!;
        this.batch.rowCount = count;
        if (marks !== 0) this.probe.continueMarks(marks + row, isLastPart);
        row += count;
        this.probe.push(this.batch);
        yield;
      }
      rows.close();
    }
    if (marks !== 0) this.probe.forgetMarks();
  }
}

/** The build rows of a partition, part by part in memory, each with a table of its own. */
class BuildParts {
  /** Where the rows of this part are. */
  collections: readonly RowCollection[] = [];
  isExhausted = false;
  /** The table of this part, as `JoinProbe` takes it. */
  heads = 0;
  shift = 0;
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly layout: JoinLayout;
  private readonly sides: Sides;
  private readonly partition: number;
  private readonly owner: number;
  private readonly scope: Scope;
  private readonly readers: readonly SpillReader[];
  private loaded: RowCollection | undefined;
  private isFirst = true;
  private readonly pointers: number;

  /** There is room for the addresses of a batch of rows at `pointers`. */
  constructor(
    context: LaneContext,
    node: HashJoinNode,
    layout: JoinLayout,
    sides: Sides,
    partition: number,
    pointers: number,
  ) {
    const { shared, kernels } = context;
    this.context = context;
    this.node = node;
    this.layout = layout;
    this.sides = sides;
    this.partition = partition;
    this.owner = joinOwner(context, node);
    this.scope = new Scope(shared, this.owner);
    this.pointers = pointers;
    this.readers = sides.build.map(({ spill }) => spill.open(kernels, this.owner, partition));
  }

  /**
   * Reads blocks until they and the table of them take `byteLength` bytes of memory, or nothing is left that a breaker may
   * take, or all are there. The first part has what never left.
   */
  *load(byteLength: number): Generator<undefined, void, void> {
    const loaded = RowCollection.create(this.context.shared, this.owner, this.scope, this.layout.rows, PARTITION_COUNT);
    const resident = this.isFirst ? this.sides.build.map(({ collection }) => collection) : [];
    this.loaded = loaded;
    this.collections = [...resident, loaded];
    this.isFirst = false;
    for (const reader of this.readers) {
      while (reader.nextInto(loaded, this.partition)) {
        if (this.isFull(loaded, byteLength)) return;
        yield;
      }
    }
    this.isExhausted = true;
  }

  private isFull(loaded: RowCollection, byteLength: number): boolean {
    const { shared } = this.context;
    const headBytes = HEAD_BYTES * 2 ** headBits(this.node, loaded.rowCountOf(this.partition));
    const takenBytes = loaded.byteLengthOf(this.partition) + headBytes;
    return takenBytes >= byteLength || (takenBytes >= LEAST_PART_BYTES && freeBreakerBytes(shared) < headBytes);
  }

  /** Makes the table of the rows that are there, a batch at a time. */
  *makeTable(): Generator<undefined, void, void> {
    const { kernels } = this.context;
    const { partition } = this;
    const rowCount = this.collections.reduce((sum, collection) => sum + collection.rowCountOf(partition), 0);
    const hasKeys = this.node.buildKeys.length > 0;
    // The first five bits are the same for all rows: the table needs the heads of one partition only.
    const bits = hasKeys ? Math.min(32, headBits(this.node, rowCount) + PARTITION_BITS) : 0;
    const ownHeads = hasKeys ? 2 ** (bits - PARTITION_BITS) : 1;
    const place = this.scope.allocate(ownHeads * HEAD_BYTES);
    kernels.clearBytes(place, ownHeads * HEAD_BYTES);
    this.heads = hasKeys ? (place - partition * ownHeads * HEAD_BYTES) >>> 0 : place;
    this.shift = 32 - bits;
    for (const collection of this.collections) {
      const cursor = collection.openPartition(partition);
      for (let count = cursor.next(kernels, this.pointers); count > 0; count = cursor.next(kernels, this.pointers)) {
        kernels.insertJoinRows(this.heads, this.shift, this.pointers, count);
        yield;
      }
    }
  }

  release(): void {
    this.loaded?.clear();
    this.scope.reset();
    if (!this.isExhausted) return;
    for (const reader of this.readers) reader.close();
    this.scope.free();
  }
}
