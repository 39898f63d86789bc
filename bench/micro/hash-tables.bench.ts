// The hash tables of joins and groups, by the engine's own kernels: Bloom tags in the heads of a join table, and group
// look-ups by dictionary codes and by values against look-ups by hash.

import { GroupTable } from '../../src/exec/operators/group-table.js';
import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { JoinTable } from './join-table.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const BUILD_ROWS = 1 << 20;
const GROUPS = 4;

const random = createRandomStream('micro hash tables');

/** Of the keys probed with, `missPercent` are not in the table. */
function measureJoin(missPercent: number): readonly CandidateFigures[] {
  const table = new JoinTable(BUILD_ROWS);
  const tagged = table.build();
  const untagged = table.withoutTags(tagged);
  table.drawProbeKeys(random, missPercent);
  const title = `probe of a join with ${BUILD_ROWS} rows, ${missPercent} % misses`;
  return compareCandidates(
    [
      { name: 'heads with tags', run: () => table.probe(tagged) },
      { name: 'heads without', run: () => table.probe(untagged) },
    ],
    { title, rowCount: JoinTable.probeRows },
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
  const missing = scope.allocate(BATCH_ROWS * 4);
  const byHash = (): number => {
    packer.pack(keys, BATCH_ROWS);
    table.findOrInsert(packer, BATCH_ROWS, groups);
    return shared.u32[groups / 4]!;
  };
  const byCodes = (): number => {
    for (const [key, { codes, validity, dictionarySize }] of keys.entries()) {
      kernels.combineCodes(codes, validity, 0, dictionarySize, indexes, key === 0, BATCH_ROWS);
    }
    kernels.lookUpGroups(indexes, cache, groups, BATCH_ROWS, missing);
    return shared.u32[groups / 4]!;
  };
  byHash();
  for (const [key, { codes, validity, dictionarySize }] of keys.entries()) {
    kernels.combineCodes(codes, validity, 0, dictionarySize, indexes, key === 0, BATCH_ROWS);
  }
  // Groups that come once would do; all of them do too.
  shared.u32.set(
    Array.from({ length: BATCH_ROWS }, (_, row) => row),
    missing / 4,
  );
  kernels.cacheGroups(indexes, missing, cache, groups, BATCH_ROWS);
  return compareCandidates(
    [
      { name: 'cached by codes', run: byCodes },
      { name: 'by hash', run: byHash },
    ],
    { title: `groups of two text keys, ${GROUPS} groups`, rowCount: BATCH_ROWS },
  );
}

const VALUE_GROUPS = 70_000;
const VALUE_BATCHES = 64;

/** Two keys of whole numbers, 10,000 and 7 of them, as suppliers and years are. */
function measureValueGroups(): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 28);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const layout = createRowLayout({ keys: ['i64', 'i64'], nullableKeys: true, payload: [], stateBytes: 40 });
  const table = new GroupTable(shared, kernels, scope, owner, layout);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const batches = Array.from({ length: VALUE_BATCHES }, (_, batch) => {
    const pointers = [scope.allocate(BATCH_ROWS * 8), scope.allocate(BATCH_ROWS * 8)] as const;
    for (let row = 0; row < BATCH_ROWS; row++) {
      const group = drawInteger(random, batch * BATCH_ROWS + row, 0, VALUE_GROUPS - 1);
      shared.i64[pointers[0] / 8 + row] = BigInt(Math.floor(group / 7));
      shared.i64[pointers[1] / 8 + row] = BigInt(1992 + (group % 7));
    }
    return pointers.map((pointer) => {
      const vector = new Vector('i64');
      vector.setFlat(pointer, 0);
      return vector;
    });
  });
  const groups = scope.allocate(BATCH_ROWS * 4);
  const indexes = scope.allocate(BATCH_ROWS * 4);
  const missing = scope.allocate(BATCH_ROWS * 4);
  const cache = scope.allocateCleared(10_001 * 8 * 4);
  const findByHash = (keys: readonly Vector[]): void => {
    packer.pack(keys, BATCH_ROWS);
    table.findOrInsert(packer, BATCH_ROWS, groups);
  };
  const findByValues = ([first, second]: readonly Vector[]): number => {
    kernels.combineValues(first!.data, 8, 0, 0n, 10_000, indexes, true, BATCH_ROWS);
    kernels.combineValues(second!.data, 8, 0, 1992n, 7, indexes, false, BATCH_ROWS);
    return kernels.lookUpGroups(indexes, cache, groups, BATCH_ROWS, missing);
  };
  for (const keys of batches) {
    findByHash(keys);
    const all = scope.allocate(BATCH_ROWS * 4);
    shared.u32.copyWithin(all / 4, groups / 4, groups / 4 + BATCH_ROWS);
    const count = findByValues(keys);
    for (let place = 0; place < count; place++) {
      shared.u32[groups / 4 + place] = shared.u32[all / 4 + shared.u32[missing / 4 + place]!]!;
    }
    kernels.cacheGroups(indexes, missing, cache, groups, count);
  }
  const over = (find: (keys: readonly Vector[]) => unknown) => (): number => {
    for (const keys of batches) find(keys);
    return shared.u32[groups / 4]!;
  };
  return compareCandidates(
    [
      { name: 'cached by values', run: over(findByValues) },
      { name: 'by hash', run: over(findByHash) },
    ],
    { title: `groups of two keys of whole numbers, ${VALUE_GROUPS} groups`, rowCount: VALUE_BATCHES * BATCH_ROWS },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...measureJoin(0),
  ...measureJoin(30),
  ...measureJoin(90),
  ...measureGroups(),
  ...measureValueGroups(),
];
