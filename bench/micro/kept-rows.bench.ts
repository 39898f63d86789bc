// Rows that are only read again, as blocks of rows and as blocks of columns: written once, read once.
import { ColumnAppender } from '../../src/exec/columns/column-appender.js';
import { createColumnLayout } from '../../src/exec/columns/column-layout.js';
import { ColumnReader } from '../../src/exec/columns/column-reader.js';
import { KeptColumns } from '../../src/exec/columns/kept-columns.js';
import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { RowAppender, RowCollection } from '../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../src/exec/rows/row-unpacker.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { byteWidthOf, type PhysicalType } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const BATCHES = 64;

/** Strings of `byteLength` bytes each, where there are some. */
function measure(title: string, physicals: readonly PhysicalType[], byteLength = 0): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 28);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const bytes = scope.allocate(BATCH_ROWS * byteLength);
  shared.u8.fill(0x61, bytes, bytes + BATCH_ROWS * byteLength);
  const columns = physicals.map((physical) => {
    const data = scope.allocateCleared(BATCH_ROWS * byteWidthOf(physical));
    for (let row = 0; row < BATCH_ROWS && physical === 'string'; row++) {
      const at = bytes + row * byteLength;
      shared.u32.set([byteLength, at, 0x61616161, 0x61616161], (data + row * 16) / 4);
    }
    const vector = new Vector(physical);
    vector.setFlat(data, 0);
    return vector;
  });
  const batch = { rowCount: BATCH_ROWS, columns };

  const rowLayout = createRowLayout({ keys: [], nullableKeys: false, payload: physicals });
  const rows = RowCollection.create(shared, owner, scope, rowLayout, 1);
  const packer = new KeyPacker(shared, kernels, scope, rowLayout);
  const rowAppender = new RowAppender(shared, kernels, scope);
  const unpacker = new RowUnpacker(kernels, scope, rowLayout.payload);
  const pointers = scope.allocate(BATCH_ROWS * 4);
  const asRows = (): number => {
    rows.clear();
    for (let i = 0; i < BATCHES; i++) rowAppender.append(rows, packer, columns, BATCH_ROWS);
    let seen = 0;
    rows.forEachBatch(0, kernels, pointers, (count) => {
      unpacker.unpack(pointers, count);
      seen += count;
    });
    return seen;
  };

  const layout = createColumnLayout(physicals);
  const kept = KeptColumns.create(shared, owner, scope, layout);
  const appender = new ColumnAppender(shared, kernels, scope, layout);
  const reader = new ColumnReader(shared, layout, [...physicals.keys()]);
  const asColumns = (): number => {
    kept.clear();
    for (let i = 0; i < BATCHES; i++) appender.append(kept, batch);
    let seen = 0;
    for (const block of kept.blocksOf(0)) {
      reader.open(block);
      do seen += reader.next().rowCount;
      while (!reader.isAtEnd);
    }
    return seen;
  };
  return compareCandidates(
    [
      { name: 'rows', run: asRows },
      { name: 'columns', run: asColumns },
    ],
    { title, rowCount: BATCHES * BATCH_ROWS, rounds: 15 },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...measure('four numbers', ['i64', 'i64', 'i32', 'f64']),
  ...measure('a number and a string of 8 bytes', ['i64', 'string'], 8),
  ...measure('a number and a string of 40 bytes', ['i64', 'string'], 40),
];
