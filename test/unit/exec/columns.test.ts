import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ColumnAppender } from '../../../src/exec/columns/column-appender.js';
import { createColumnLayout } from '../../../src/exec/columns/column-layout.js';
import { ColumnReader } from '../../../src/exec/columns/column-reader.js';
import { KeptColumns, moveStrings } from '../../../src/exec/columns/kept-columns.js';
import { PartitionSpill } from '../../../src/exec/spill/partition-spill.js';
import { openSpillDirectory, SpillContext } from '../../../src/exec/spill/spill-context.js';
import type { ConstantValue } from '../../../src/planner/expression.js';
import type { PhysicalType } from '../../../src/types/sql-type.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../../src/vector/vector.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { arbitraryColumn, PHYSICALS } from './arbitrary-values.js';
import { createMemoryFixture, dictionaryVector, flatVector, type MemoryFixture, readValue } from './memory-fixture.js';

type Encoding = 'flat' | 'dictionary' | 'constant';

/** Columns of one batch; a constant is the value of its first row. */
interface WrittenBatch {
  readonly rowCount: number;
  readonly encodings: readonly Encoding[];
  readonly columns: readonly (readonly ConstantValue[])[];
}

function arbitraryBatch(physicals: readonly PhysicalType[]): fc.Arbitrary<WrittenBatch> {
  const encoding = fc.constantFrom<Encoding>('flat', 'dictionary', 'constant');
  return fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.tuple(...physicals.map(() => fc.tuple(encoding, fc.boolean()))))
    .chain(([rowCount, kinds]) => {
      const columns = physicals.map((physical, column) => {
        const value = arbitraryColumn(physical);
        // A batch without NULLs is another path than one with some.
        const wanted = kinds[column]![1] ? value : value.filter((made) => made !== null);
        return fc
          .array(wanted, { minLength: rowCount, maxLength: rowCount })
          .map((values) => (kinds[column]![0] === 'constant' ? values.map(() => values[0]!) : values));
      });
      return fc.record({
        rowCount: fc.constant(rowCount),
        encodings: fc.constant(kinds.map(([kind]) => kind)),
        columns: fc.tuple(...columns),
      });
    });
}

let dictionaryId = 0;

function vectorOf(
  fixture: MemoryFixture,
  physical: PhysicalType,
  encoding: Encoding,
  values: readonly ConstantValue[],
): Vector {
  if (encoding === 'flat') return flatVector(fixture, physical, values);
  if (encoding === 'dictionary') return dictionaryVector(fixture, physical, values, ++dictionaryId);
  const one = flatVector(fixture, physical, [values[0]!]);
  const vector = new Vector(physical);
  vector.setConstant(one.data, one.validity);
  return vector;
}

function batchOf(fixture: MemoryFixture, physicals: readonly PhysicalType[], written: WrittenBatch): Batch {
  const columns = physicals.map((physical, i) =>
    vectorOf(fixture, physical, written.encodings[i]!, written.columns[i]!),
  );
  return { rowCount: written.rowCount, columns };
}

/** Rows of a batch, a list of values each. */
function rowsOf({ shared }: MemoryFixture, { rowCount, columns }: Batch): ConstantValue[][] {
  return Array.from({ length: rowCount }, (_, row) => columns.map((vector) => readValue(shared, vector, row)));
}

function readBlock(fixture: MemoryFixture, reader: ColumnReader, block: number, into: ConstantValue[][]): void {
  reader.open(block);
  do into.push(...rowsOf(fixture, reader.next()));
  while (!reader.isAtEnd);
}

/** Reads what is in memory, moves it to disk, and reads that, last block first. */
function readTwice(
  fixture: MemoryFixture,
  kept: KeptColumns,
  folder: string,
  outputs: readonly number[],
): { inMemory: ConstantValue[][]; onDisk: ConstantValue[][] } {
  const { shared, kernels, scope, owner } = fixture;
  const reader = new ColumnReader(shared, kept.layout, outputs);
  const attached = KeptColumns.attach(shared, kept.layout, kept.table);
  const inMemory: ConstantValue[][] = [];
  for (const block of attached.blocksOf(0)) readBlock(fixture, reader, block, inMemory);
  const spilling = new SpillContext(shared, kernels, scope, openSpillDirectory(shared, { directory: folder }));
  const spill = PartitionSpill.create(shared, scope, 1);
  kept.spill(kernels, spilling, spill);
  assert.equal(kept.rowCount, 0);
  assert.equal(spill.rowCountOf(0), inMemory.length);
  const frames: ConstantValue[][][] = [];
  const frameReader = spill.open(kernels, owner, 0);
  for (let block = frameReader.next(); block !== 0; block = frameReader.next()) {
    moveStrings(shared, kernels, kept.layout, block, block);
    const rows: ConstantValue[][] = [];
    readBlock(fixture, reader, block, rows);
    frames.unshift(rows);
  }
  frameReader.close();
  spilling.close();
  return { inMemory, onDisk: frames.flat() };
}

test('columns give back the rows that were put in, in any encoding, from memory and from disk', (context) => {
  const folder = temporaryFolder(context);
  const arbitrary = fc
    .array(fc.constantFrom(...PHYSICALS), { minLength: 1, maxLength: 5 })
    .chain((physicals) =>
      fc.tuple(fc.constant(physicals), fc.array(arbitraryBatch(physicals), { minLength: 1, maxLength: 5 })),
    );
  fc.assert(
    fc.property(arbitrary, ([physicals, batches]) => {
      const fixture = createMemoryFixture(32 * 2 ** 20);
      const { shared, kernels, scope, owner } = fixture;
      const layout = createColumnLayout(physicals);
      const kept = KeptColumns.create(shared, owner, scope, layout);
      const appender = new ColumnAppender(shared, kernels, scope, layout);
      for (const batch of batches) appender.append(kept, batchOf(fixture, physicals, batch));
      const expected = batches.flatMap(({ rowCount, columns }) =>
        Array.from({ length: rowCount }, (_, row) => columns.map((values) => values[row]!)),
      );
      assert.equal(kept.rowCount, expected.length);
      const outputs = [...physicals.keys()];
      const { inMemory, onDisk } = readTwice(fixture, kept, folder, outputs);
      assert.deepEqual(inMemory, expected);
      assert.deepEqual(onDisk, expected);
      shared.freeOwner(owner);
      assert.equal(shared.allocatedChunks, 0);
    }),
    { numRuns: 150 },
  );
});

test('rows fill block after block; NULLs that come late leave those before valid', (context) => {
  const fixture = createMemoryFixture();
  const { shared, kernels, scope, owner } = fixture;
  const physicals: PhysicalType[] = ['string', 'i64', 'bool'];
  const layout = createColumnLayout(physicals);
  const kept = KeptColumns.create(shared, owner, scope, layout);
  const appender = new ColumnAppender(shared, kernels, scope, layout);
  const expected: ConstantValue[][] = [];
  for (let batch = 0; batch < 12; batch++) {
    const rows = Array.from({ length: batch % 2 === 0 ? BATCH_ROWS : 7 }, (_, row): ConstantValue[] => [
      row % 3 === 0 ? 'short' : `text ${batch} of row ${row}${'.'.repeat(row % 50)}`,
      batch > 5 && row % 5 === 0 ? null : BigInt(batch * BATCH_ROWS + row),
      batch > 7 && row > 4000 ? null : row % 2 === 0,
    ]);
    expected.push(...rows);
    const columns = physicals.map((physical, i) =>
      flatVector(
        fixture,
        physical,
        rows.map((row) => row[i]!),
      ),
    );
    appender.append(kept, { rowCount: rows.length, columns });
  }
  assert.ok(kept.byteLength > 20 * CHUNK_BYTES, 'many blocks');
  const { inMemory, onDisk } = readTwice(fixture, kept, temporaryFolder(context), [2, 0, 1, 0]);
  const asRead = expected.map(([s, x, b]) => [b!, s!, x!, s!]);
  assert.deepEqual(inMemory, asRead);
  assert.deepEqual(onDisk, asRead);
});

test('strings longer than a block get a block of their own', (context) => {
  const fixture = createMemoryFixture();
  const { shared, kernels, scope, owner } = fixture;
  const layout = createColumnLayout(['string', 'string']);
  const kept = KeptColumns.create(shared, owner, scope, layout);
  const long = ['x'.repeat(200_000), 'short', 'y'.repeat(70_000), null, 'z'.repeat(65_000)];
  const vector = flatVector(fixture, 'string', long);
  new ColumnAppender(shared, kernels, scope, layout).append(kept, { rowCount: 5, columns: [vector, vector] });
  const expected = long.map((value) => [value, value]);
  const { inMemory, onDisk } = readTwice(fixture, kept, temporaryFolder(context), [0, 1]);
  assert.deepEqual(inMemory, expected);
  assert.deepEqual(onDisk, expected);
});

test('rows without columns are counted', () => {
  const { shared, kernels, scope, owner } = createMemoryFixture();
  const layout = createColumnLayout([]);
  const kept = KeptColumns.create(shared, owner, scope, layout);
  const appender = new ColumnAppender(shared, kernels, scope, layout);
  for (let batch = 0; batch < 30; batch++) appender.append(kept, { rowCount: BATCH_ROWS, columns: [] });
  const reader = new ColumnReader(shared, layout, []);
  let rowCount = 0;
  for (const block of kept.blocksOf(0)) {
    reader.open(block);
    do rowCount += reader.next().rowCount;
    while (!reader.isAtEnd);
  }
  assert.equal(rowCount, 30 * BATCH_ROWS);
});
