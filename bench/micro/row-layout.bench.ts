// Rows in blocks, as pipeline breakers keep them, against columns: writing them, and reading rows in random order, as the
// probe of a join and the output of a sort do. Strings: offsets within the block against absolute views.
import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { RowAppender, RowCollection } from '../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 1 << 20;
const READ_BATCHES = 32;

const random = createRandomStream('micro row layout');

function measureNumbers(columnCount: number): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 29);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const layout = createRowLayout({
    keys: [],
    nullableKeys: false,
    payload: Array.from({ length: columnCount }, () => 'i64' as const),
  });
  const vectors = layout.payload.map(() => new Vector('i64'));
  const columns = vectors.map(() => scope.allocate(ROW_COUNT * 8));
  for (const column of columns) kernels.fillSeries64(0n, 3n, ROW_COUNT, column);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const appender = new RowAppender(shared, kernels, scope);
  const copies = vectors.map(() => scope.allocate(BATCH_ROWS * 8));
  const rows = RowCollection.create(shared, owner, scope, layout, 1);
  const appendAll = (): number => {
    rows.clear();
    for (let first = 0; first < ROW_COUNT; first += BATCH_ROWS) {
      for (const [index, vector] of vectors.entries()) vector.setFlat(columns[index]! + first * 8, 0);
      appender.append(rows, packer, vectors, BATCH_ROWS);
    }
    return rows.rowCount;
  };
  const copyAll = (): number => {
    for (let first = 0; first < ROW_COUNT; first += BATCH_ROWS) {
      for (const [index, column] of columns.entries())
        kernels.copyBytes(column + first * 8, BATCH_ROWS * 8, copies[index]!);
    }
    return shared.u32[copies[0]! / 4]!;
  };
  const written = compareCandidates(
    [
      { name: 'rows', run: appendAll },
      { name: 'columns', run: copyAll },
    ],
    { title: `write ${columnCount} columns of i64`, rowCount: ROW_COUNT, rounds: 5 },
  );
  const all = scope.allocate(ROW_COUNT * 4);
  const pointers = scope.allocate(BATCH_ROWS * 4);
  let listed = 0;
  rows.forEachBatch(0, kernels, pointers, (count) => {
    kernels.copyBytes(pointers, count * 4, all + listed * 4);
    listed += count;
  });
  const numbers = scope.allocate(READ_BATCHES * BATCH_ROWS * 4);
  const addresses = scope.allocate(READ_BATCHES * BATCH_ROWS * 4);
  for (let index = 0; index < READ_BATCHES * BATCH_ROWS; index++) {
    const row = drawInteger(random, index, 0, ROW_COUNT - 1);
    shared.u32[numbers / 4 + index] = row;
    shared.u32[addresses / 4 + index] = shared.u32[all / 4 + row]!;
  }
  const target = scope.allocate(BATCH_ROWS * 8);
  const readRows = (): number => {
    for (let batch = 0; batch < READ_BATCHES; batch++) {
      const at = addresses + batch * BATCH_ROWS * 4;
      for (const slot of layout.payload) kernels.unpack8(at, slot.offset, BATCH_ROWS, target);
    }
    return shared.u32[target / 4]!;
  };
  const readColumns = (): number => {
    for (let batch = 0; batch < READ_BATCHES; batch++) {
      const at = numbers + batch * BATCH_ROWS * 4;
      for (const column of columns) kernels.gather8(column, at, BATCH_ROWS, target);
    }
    return shared.u32[target / 4]!;
  };
  const read = compareCandidates(
    [
      { name: 'rows', run: readRows },
      { name: 'columns', run: readColumns },
    ],
    {
      title: `read ${columnCount} columns of i64 of random rows, of ${ROW_COUNT}`,
      rowCount: READ_BATCHES * BATCH_ROWS,
    },
  );
  return [...written, ...read];
}

/** Views of rows become absolute when they are read; were they absolute in the row, they could be copied as they are. */
function measureStrings(): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 26);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const layout = createRowLayout({ keys: [], nullableKeys: false, payload: ['string'] });
  const bytes = scope.allocate(16);
  shared.u8.fill(97, bytes, bytes + 16);
  const views = scope.allocate(BATCH_ROWS * 16);
  for (let row = 0; row < BATCH_ROWS; row++) {
    shared.u32.set([drawInteger(random, row, 4, 16), bytes, 0x61616161, 0x61616161], views / 4 + row * 4);
  }
  const vector = new Vector('string');
  vector.setFlat(views, 0);
  const rows = RowCollection.create(shared, owner, scope, layout, 1);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  new RowAppender(shared, kernels, scope).append(rows, packer, [vector], BATCH_ROWS);
  const pointers = scope.allocate(BATCH_ROWS * 4);
  rows.openPartition(0).next(kernels, pointers);
  const target = scope.allocate(BATCH_ROWS * 16);
  const { offset } = layout.payload[0]!;
  const reading = (unpack: 'unpackStrings' | 'unpack16') => (): number => {
    kernels[unpack](pointers, offset, BATCH_ROWS, target);
    return shared.u32[target / 4]!;
  };
  return compareCandidates(
    [
      { name: 'offsets within the block', run: reading('unpackStrings') },
      { name: 'absolute, copied as they are', run: reading('unpack16') },
    ],
    { title: 'read a text column of rows', rowCount: BATCH_ROWS },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...measureNumbers(1),
  ...measureNumbers(3),
  ...measureNumbers(8),
  ...measureStrings(),
];
