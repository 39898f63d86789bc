import type { ColumnSketch } from '../../catalog/statistics/column-sketch.js';
import { writeStatistics } from '../../catalog/statistics/write-statistics.js';
import { canceledError } from '../../common/errors.js';
import type { AnalyzeSinkNode } from '../../planner/physical/physical-plan.js';
import type { PhysicalType } from '../../types/sql-type.js';
import { CHUNK_BYTES } from '../../vector/shared-memory.js';
import type { Batch } from '../../vector/vector.js';
import type { WrittenFile } from '../pipeline/lane-task.js';
import type { OperatorCounters } from '../query-block.js';
import type { KeyPacker } from '../rows/key-packer.js';
import { ColumnGatherer } from '../statistics/column-gatherer.js';
import { FileSketch, type SketchScratch } from '../statistics/file-sketch.js';
import { createSketchLayout, FREQUENT_SLOTS, type SketchLayout } from '../statistics/sketch-layout.js';
import { summariseColumn } from '../statistics/summarise-sketch.js';
import { createCounters, type LaneContext, type Sink } from './operator.js';

/**
 * The word of the node that points to what lanes share, 8 bytes a file: the rows of it that sketches were parked for,
 * and the last of those sketches.
 */
const SHARED_FILES = 0;

/** Of the engine's memory, what a sketch of each lane may take for its sample. */
const MEMORY_SHARE = 1 / 8;

/**
 * Gathers statistics of files. A lane works on the sketch of one file; when it comes to the next, it parks what it has.
 * Whoever parks the last rows of a file merges its sketches, and writes the statistics. Morsels are taken in order, so
 * that there are few more sketches than lanes at a time, however many files there are.
 */
export class AnalyzeSink implements Sink {
  blocked: Promise<void> | undefined;
  private readonly context: LaneContext;
  private readonly node: AnalyzeSinkNode;
  private readonly counters: OperatorCounters;
  private readonly layout: SketchLayout;
  private readonly gatherers: readonly ColumnGatherer[];
  private readonly scratch: SketchScratch;
  private readonly pickedRows: number;
  private readonly files: number;
  private readonly written: WrittenFile[] = [];
  private current: FileSketch | undefined;
  private spare: FileSketch | undefined;
  private parked = 0;
  /** Why statistics could not be written. */
  private failure: unknown;

  constructor(context: LaneContext, node: AnalyzeSinkNode) {
    const { shared, scope } = context;
    this.context = context;
    this.node = node;
    this.counters = createCounters(context, node.id);
    this.layout = createSketchLayout(
      node.input.columns.slice(0, -1).map((column) => column.type),
      (shared.chunkCount * CHUNK_BYTES * MEMORY_SHARE) / context.block.shape.laneCount,
    );
    const packers = new Map<PhysicalType, KeyPacker>();
    this.gatherers = this.layout.columns.map((column) => new ColumnGatherer(context, column, packers));
    const { sampleCapacity } = this.layout;
    const listed = Math.max(sampleCapacity, FREQUENT_SLOTS) * 4;
    this.scratch = {
      ranks: scope.allocate(listed),
      rows: scope.allocate(listed),
      counters: scope.allocate(FREQUENT_SLOTS * 8),
    };
    this.pickedRows = scope.allocate(sampleCapacity * 4);
    this.files = context.block.initializeWord(node.id, SHARED_FILES, scope.allocateCleared(node.files.length * 8));
  }

  push(batch: Batch): void {
    if (this.failure !== undefined) throw this.failure;
    const { rowCount, columns } = batch;
    this.counters.addBatch(rowCount);
    const file = this.context.shared.u32[columns.at(-1)!.data / 4]!;
    if (this.current?.file !== file) {
      this.park();
      this.current = this.openSketch(file);
    }
    const sketch = this.current!;
    for (const [index, gatherer] of this.gatherers.entries()) gatherer.add(sketch, columns[index]!, rowCount);
    this.sample(sketch, batch);
    sketch.rowCount += rowCount;
  }

  /** Takes the rows of a batch into the sample whose priorities are low enough. */
  private sample(sketch: FileSketch, { rowCount, columns }: Batch): void {
    const { kernels, shared, lane } = this.context;
    const { layout, pickedRows } = this;
    const seed = (BigInt(sketch.file) << 32n) + (BigInt(lane) << 16n) + BigInt(this.parked);
    const firstRow = BigInt(sketch.rowCount);
    for (let from = 0; from < rowCount; ) {
      const room = sketch.makeRoom();
      const { threshold } = sketch;
      const priorities = sketch.pointer + layout.priorities + sketch.sampledRows * 4;
      const count = kernels.pickSampleRows(seed, firstRow, threshold, from, rowCount, room, pickedRows, priorities);
      if (count > 0) {
        for (const [index, gatherer] of this.gatherers.entries()) {
          gatherer.sampleRows(sketch, columns[index]!, pickedRows, count);
        }
        sketch.sampledRows += count;
      }
      from = count === room ? shared.u32[pickedRows / 4 + count - 1]! + 1 : rowCount;
    }
  }

  finish(): void {
    this.park();
    for (const gatherer of this.gatherers) gatherer.free();
    if (this.spare !== undefined) this.free(this.spare);
    this.spare = undefined;
  }

  async complete(): Promise<readonly WrittenFile[]> {
    await this.blocked;
    if (this.failure !== undefined) throw this.failure;
    return this.written;
  }

  async abort(): Promise<void> {
    await this.blocked;
  }

  private openSketch(file: number): FileSketch {
    const { shared, owner } = this.context;
    const sketch = this.spare ?? this.attach(shared.allocateChunks(this.layout.chunkCount, owner));
    this.spare = undefined;
    sketch.clear(file);
    return sketch;
  }

  private attach(pointer: number): FileSketch {
    const { shared, kernels } = this.context;
    return new FileSketch(shared, kernels, this.layout, this.scratch, pointer);
  }

  private free(sketch: FileSketch): void {
    this.context.shared.freeChunks(sketch.pointer, this.layout.chunkCount);
  }

  /** Leaves the present sketch to whoever completes its file: perhaps this lane. */
  private park(): void {
    const sketch = this.current;
    if (sketch === undefined) return;
    this.current = undefined;
    this.parked++;
    for (const gatherer of this.gatherers) gatherer.flush(sketch);
    const { u32 } = this.context.shared;
    const { file, rowCount, pointer } = sketch;
    const rowsAt = this.files / 4 + file * 2;
    for (;;) {
      const head = Atomics.load(u32, rowsAt + 1);
      sketch.next = head;
      if (Atomics.compareExchange(u32, rowsAt + 1, head, pointer) === head) break;
    }
    const rows = Atomics.add(u32, rowsAt, rowCount) + rowCount;
    if (rows === this.node.files[file]!.rowCount) this.writeFile(Atomics.load(u32, rowsAt + 1));
  }

  /** Merges the sketches of a file, and begins to write what they say. */
  private writeFile(head: number): void {
    const total = this.attach(head);
    for (let pointer = total.next; pointer !== 0; ) {
      const other = this.attach(pointer);
      pointer = other.next;
      total.merge(other);
      this.free(other);
    }
    const blocked = this.write(total).then(
      () => {
        if (this.spare === undefined) this.spare = total;
        else this.free(total);
      },
      (error: unknown) => {
        this.failure = error;
      },
    );
    // The lane waits for it before the next batch, so that there is never more than one.
    this.blocked = blocked.then(() => {
      this.blocked = undefined;
    });
  }

  /** Column by column: one takes some milliseconds, and then it is others' turn. */
  private async write(total: FileSketch): Promise<void> {
    const { shared, block } = this.context;
    const { columns } = this.node.input;
    const sketches = new Map<string, ColumnSketch>();
    for (const [index, column] of this.layout.columns.entries()) {
      if (block.cancelled) throw canceledError();
      sketches.set(columns[index]!.name, summariseColumn(shared, total, column));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { path, byteLength, version, rowCount } = this.node.files[total.file]!;
    const size = await writeStatistics(this.node.folder, { path, byteLength, version }, sketches);
    this.written.push({ path, rowCount, byteLength: size, partitionValues: [] });
  }
}
