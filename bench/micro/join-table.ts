import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { type Kernels, loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { drawInteger, type RandomStream } from '../tpch/random.js';

const PROBE_BATCHES = 64;

/** A join's build side with distinct i64 keys, 0 … `buildRows` − 1, and keys to probe it with, by the engine's kernels. */
export class JoinTable {
  static readonly probeRows: number = PROBE_BATCHES * BATCH_ROWS;
  readonly buildRows: number;
  readonly shared: SharedMemory = SharedMemory.create(2 ** 30);
  private readonly kernels: Kernels = loadKernels(this.shared.memory);
  private readonly owner: number = this.shared.createOwner();
  private readonly scope: Scope = new Scope(this.shared, this.owner);
  private readonly layout: ReturnType<typeof createRowLayout> = createRowLayout({
    keys: ['i64'],
    nullableKeys: false,
    payload: [],
  });
  private readonly packer: KeyPacker = new KeyPacker(this.shared, this.kernels, this.scope, this.layout);
  private readonly data: number = this.scope.allocate(BATCH_ROWS * 8);
  private readonly vector: Vector = new Vector('i64');
  private readonly hashes: number = this.scope.allocate(PROBE_BATCHES * BATCH_ROWS * 4);
  private readonly keys: number = this.scope.allocate(PROBE_BATCHES * BATCH_ROWS * 8);
  private readonly lists: readonly number[] = [0, 1, 2, 3].map(() => this.scope.allocate(BATCH_ROWS * 4));
  private readonly remaining: number = this.scope.allocate(4);

  constructor(buildRows: number) {
    this.buildRows = buildRows;
    this.vector.setFlat(this.data, 0);
  }

  private get bits(): number {
    return Math.ceil(Math.log2(this.buildRows * 1.5));
  }

  get headBytes(): number {
    return 8 * 2 ** this.bits;
  }

  /** Packs and keeps all rows and inserts them; returns the array of heads. */
  build(scope: Scope = this.scope, owner: number = this.owner): number {
    const { shared, kernels, layout, packer } = this;
    const appender = new RowAppender(shared, kernels, scope);
    const rows = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
    for (let first = 0; first < this.buildRows; first += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, this.buildRows - first);
      kernels.fillSeries64(BigInt(first), 1n, count, this.data);
      packer.pack([this.vector], count);
      appender.append(rows, packer, [], count);
    }
    const heads = scope.allocate(this.headBytes);
    kernels.clearBytes(heads, this.headBytes);
    const pointers = scope.allocate(BATCH_ROWS * 4);
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      rows.forEachBatch(partition, kernels, pointers, (count) =>
        kernels.insertJoinRows(heads, 32 - this.bits, pointers, count),
      );
    }
    return heads;
  }

  /** Builds a table that is given up at once. */
  buildAndFree(): number {
    const owner = this.shared.createOwner();
    const heads = this.build(new Scope(this.shared, owner), owner);
    this.shared.freeOwner(owner);
    return heads;
  }

  /** The same heads with every tag set where there is a row: they filter nothing but empty buckets. */
  withoutTags(heads: number): number {
    const untagged = this.scope.allocate(this.headBytes);
    this.kernels.copyBytes(heads, this.headBytes, untagged);
    for (let head = 0; head < 2 ** this.bits; head++) {
      const word = untagged / 4 + head * 2;
      if (this.shared.u32[word] !== 0) this.shared.u32[word + 1] = 0xffff_ffff;
    }
    return untagged;
  }

  /** Of the keys that are probed with, `missPercent` are not in the table. */
  drawProbeKeys(random: RandomStream, missPercent: number): void {
    for (let batch = 0; batch < PROBE_BATCHES; batch++) {
      for (let row = 0; row < BATCH_ROWS; row++) {
        const at = batch * BATCH_ROWS + row;
        const isMiss = drawInteger(random, at * 2, 1, 100) <= missPercent;
        const key = drawInteger(random, at * 2 + 1, 0, this.buildRows - 1) + (isMiss ? this.buildRows : 0);
        this.shared.i64[this.data / 8 + row] = BigInt(key);
      }
      this.packer.pack([this.vector], BATCH_ROWS);
      this.kernels.copyBytes(this.packer.hashes, BATCH_ROWS * 4, this.hashes + batch * BATCH_ROWS * 4);
      this.kernels.copyBytes(this.packer.keys, BATCH_ROWS * 8, this.keys + batch * BATCH_ROWS * 8);
    }
  }

  probe(heads: number): number {
    const { kernels, layout, remaining } = this;
    const [probeRows, chains, matchedProbe, matchedRows] = this.lists as [number, number, number, number];
    let matches = 0;
    for (let batch = 0; batch < PROBE_BATCHES; batch++) {
      const hashes = this.hashes + batch * BATCH_ROWS * 4;
      const keys = this.keys + batch * BATCH_ROWS * 8;
      let left = kernels.findCandidates(heads, 32 - this.bits, hashes, 0, BATCH_ROWS, probeRows, chains);
      while (left > 0) {
        matches += kernels.matchCandidates(
          hashes,
          keys,
          8,
          layout.keyOffset,
          8,
          0,
          probeRows,
          chains,
          left,
          matchedProbe,
          matchedRows,
          remaining,
        );
        left = this.shared.u32[remaining / 4]!;
      }
    }
    return matches;
  }
}
