// The hash tables of joins and groups, by the engine's own kernels: Bloom tags in the heads of a join table, and group
// look-ups by dictionary codes against look-ups by hash.

import { GroupTable } from '../../src/exec/operators/group-table.js';
import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const BUILD_ROWS = 1 << 20;
const PROBE_BATCHES = 64;
const GROUPS = 4;

const random = createRandomStream('micro hash tables');

/** Keys 0 … BUILD_ROWS − 1 are built; of the keys probed with, `missPercent` are beyond them. */
function measureJoin(missPercent: number): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 30);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const layout = createRowLayout({ keys: ['i64'], nullableKeys: false, payload: [] });
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const appender = new RowAppender(shared, kernels, scope);
  const rows = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
  const data = scope.allocate(BATCH_ROWS * 8);
  const vector = new Vector('i64');
  vector.setFlat(data, 0);
  for (let first = 0; first < BUILD_ROWS; first += BATCH_ROWS) {
    kernels.fillSeries64(BigInt(first), 1n, BATCH_ROWS, data);
    packer.pack([vector], BATCH_ROWS);
    appender.append(rows, packer, [], BATCH_ROWS);
  }
  const bits = Math.ceil(Math.log2(BUILD_ROWS * 1.5));
  const pointers = scope.allocate(BATCH_ROWS * 4);
  const makeHeads = (): number => {
    const heads = scope.allocate(8 * 2 ** bits);
    kernels.clearBytes(heads, 8 * 2 ** bits);
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      rows.forEachBatch(partition, kernels, pointers, (count) =>
        kernels.insertJoinRows(heads, 32 - bits, pointers, count),
      );
    }
    return heads;
  };
  const tagged = makeHeads();
  const untagged = scope.allocate(8 * 2 ** bits);
  kernels.copyBytes(tagged, 8 * 2 ** bits, untagged);
  // Every tag set where there is a row: the head filters nothing but empty buckets.
  for (let head = 0; head < 2 ** bits; head++) {
    if (shared.u32[untagged / 4 + head * 2] !== 0) shared.u32[untagged / 4 + head * 2 + 1] = 0xffff_ffff;
  }
  const hashes = scope.allocate(PROBE_BATCHES * BATCH_ROWS * 4);
  const keys = scope.allocate(PROBE_BATCHES * BATCH_ROWS * 8);
  for (let batch = 0; batch < PROBE_BATCHES; batch++) {
    for (let row = 0; row < BATCH_ROWS; row++) {
      const at = batch * BATCH_ROWS + row;
      const isMiss = drawInteger(random, at * 2, 1, 100) <= missPercent;
      const key = drawInteger(random, at * 2 + 1, 0, BUILD_ROWS - 1) + (isMiss ? BUILD_ROWS : 0);
      shared.i64[data / 8 + row] = BigInt(key);
    }
    packer.pack([vector], BATCH_ROWS);
    kernels.copyBytes(packer.hashes, BATCH_ROWS * 4, hashes + batch * BATCH_ROWS * 4);
    kernels.copyBytes(packer.keys, BATCH_ROWS * 8, keys + batch * BATCH_ROWS * 8);
  }
  const [probeRows, chains, matchedProbe, matchedRows] = [0, 0, 0, 0].map(() => scope.allocate(BATCH_ROWS * 4)) as [
    number,
    number,
    number,
    number,
  ];
  const remaining = scope.allocate(4);
  const probe = (heads: number): number => {
    let matches = 0;
    for (let batch = 0; batch < PROBE_BATCHES; batch++) {
      const batchHashes = hashes + batch * BATCH_ROWS * 4;
      let left = kernels.findCandidates(heads, 32 - bits, batchHashes, 0, BATCH_ROWS, probeRows, chains);
      while (left > 0) {
        matches += kernels.matchCandidates(
          batchHashes,
          keys + batch * BATCH_ROWS * 8,
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
        left = shared.u32[remaining / 4]!;
      }
    }
    return matches;
  };
  const title = `probe of a join with ${BUILD_ROWS} rows, ${missPercent} % misses`;
  return compareCandidates(
    [
      { name: 'heads with tags', run: () => probe(tagged) },
      { name: 'heads without', run: () => probe(untagged) },
    ],
    { title, rowCount: PROBE_BATCHES * BATCH_ROWS },
  );
}

function measureGroups(): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 28);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const layout = createRowLayout({ keys: ['string', 'string'], nullableKeys: true, payload: [], stateBytes: 64 });
  const table = new GroupTable(shared, kernels, scope, owner, layout);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const makeKey = (id: number): Vector => {
    const entries = scope.allocateCleared(2 * 16);
    for (let entry = 0; entry < 2; entry++) {
      shared.u32[entries / 4 + entry * 4] = 1;
      shared.u32[entries / 4 + entry * 4 + 1] = entries + entry * 16 + 8;
      shared.u8[entries + entry * 16 + 8] = 65 + entry;
    }
    const codes = scope.allocate(BATCH_ROWS * 4);
    for (let row = 0; row < BATCH_ROWS; row++)
      shared.u32[codes / 4 + row] = drawInteger(random, id * BATCH_ROWS + row, 0, 1);
    const vector = new Vector('string');
    vector.setDictionary(entries, 2, id, codes, 0);
    return vector;
  };
  const keys = [makeKey(1), makeKey(2)];
  const groups = scope.allocate(BATCH_ROWS * 4);
  const indexes = scope.allocate(BATCH_ROWS * 4);
  const cache = scope.allocateCleared(9 * 4);
  const byHash = (): number => {
    packer.pack(keys, BATCH_ROWS);
    table.findOrInsert(packer, BATCH_ROWS, groups);
    return shared.u32[groups / 4]!;
  };
  const byCodes = (): number => {
    for (const [key, { codes, validity, dictionarySize }] of keys.entries()) {
      kernels.combineCodes(codes, validity, dictionarySize, indexes, key === 0, BATCH_ROWS);
    }
    kernels.lookUpGroups(indexes, cache, groups, BATCH_ROWS);
    return shared.u32[groups / 4]!;
  };
  byHash();
  for (const [key, { codes, validity, dictionarySize }] of keys.entries()) {
    kernels.combineCodes(codes, validity, dictionarySize, indexes, key === 0, BATCH_ROWS);
  }
  kernels.cacheGroups(indexes, cache, groups, BATCH_ROWS);
  return compareCandidates(
    [
      { name: 'cached by codes', run: byCodes },
      { name: 'by hash', run: byHash },
    ],
    { title: `groups of two text keys, ${GROUPS} groups`, rowCount: BATCH_ROWS },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...measureJoin(0),
  ...measureJoin(30),
  ...measureJoin(90),
  ...measureGroups(),
];
