import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyPacker } from '../../../src/exec/rows/key-packer.js';
import { RowAppender, RowCollection } from '../../../src/exec/rows/row-collection.js';
import { BLOCK_HEADER_BYTES, createRowLayout, type RowLayout } from '../../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../../src/exec/rows/row-unpacker.js';
import { ENTRIES_PER_CHUNK, ENTRY_BYTES, EntryList, sortScratchBytes } from '../../../src/exec/sort/entry-list.js';
import { chooseRunsToMerge, countMergeable } from '../../../src/exec/sort/merge-runs.js';
import { RowMerger } from '../../../src/exec/sort/row-merger.js';
import { RunReader } from '../../../src/exec/sort/run-reader.js';
import { RunWriter } from '../../../src/exec/sort/run-writer.js';
import { SortedRun } from '../../../src/exec/sort/sorted-run.js';
import { openSpillDirectory, SpillContext } from '../../../src/exec/spill/spill-context.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { BATCH_ROWS } from '../../../src/vector/vector.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { createMemoryFixture, flatVector, type MemoryFixture, readValue } from './memory-fixture.js';

type Row = readonly [bigint, string | null];

const compare = ([left]: Row, [right]: Row): number => (left < right ? -1 : left > right ? 1 : 0);

/** Sorts rows of a bigint and a text by the bigint, of type i64. */
class Sorting {
  readonly fixture: MemoryFixture;
  readonly layout: RowLayout = createRowLayout({ keys: [], nullableKeys: false, payload: ['i64', 'string'] });
  readonly spill: SpillContext;
  readonly descriptor: number;

  constructor(directory: string) {
    this.fixture = createMemoryFixture(128 * 2 ** 20);
    const { shared, kernels, scope } = this.fixture;
    this.spill = new SpillContext(shared, kernels, scope, openSpillDirectory(shared, { directory }));
    const [key] = this.layout.payload;
    this.descriptor = scope.allocate(20);
    shared.u32.set([1, key!.offset, key!.validityOffset, 2, 0], this.descriptor / 4);
  }

  /** Entries of the rows, in order. */
  entries(rows: readonly Row[]): EntryList {
    const { shared, kernels, scope, owner } = this.fixture;
    const collection = RowCollection.create(shared, owner, scope, this.layout, 1);
    const packer = new KeyPacker(shared, kernels, scope, this.layout);
    const appender = new RowAppender(shared, kernels, scope);
    const entries = scope.allocate(rows.length * ENTRY_BYTES);
    const scratch = scope.allocate(sortScratchBytes(rows.length + 1));
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      const batch = rows.slice(from, from + BATCH_ROWS);
      const columns = [
        flatVector(
          this.fixture,
          'i64',
          batch.map(([key]) => key),
        ),
        flatVector(
          this.fixture,
          'string',
          batch.map(([, text]) => text),
        ),
      ];
      appender.append(collection, packer, columns, batch.length);
      kernels.makeSortEntries(this.descriptor, appender.rows, batch.length, entries + from * ENTRY_BYTES);
    }
    const list = new EntryList(shared, owner);
    list.append(kernels.sortEntries(this.descriptor, entries, scratch, rows.length) >>> 0, rows.length);
    return list;
  }

  /** The rows, in order, on disk; as another thread finds them. */
  run(rows: readonly Row[]): SortedRun {
    const { shared, scope, owner } = this.fixture;
    const writer = new RunWriter(this.spill, owner, this.layout);
    this.merge([this.entries(rows)], 1000, (entries, count) => writer.write(entries, count));
    const run = writer.finish(scope);
    assert.equal(run.rowCount, rows.length);
    return new SortedRun(shared, run.pointer);
  }

  reader(run: SortedRun): RunReader {
    return new RunReader(this.spill, this.fixture.owner, run, this.layout.stride);
  }

  merge(
    inputs: readonly (EntryList | RunReader)[],
    step: number,
    visit: (entries: number, count: number) => void,
  ): void {
    const { shared, kernels, owner, scope } = this.fixture;
    const merger = new RowMerger(shared, kernels, owner, this.descriptor, inputs);
    while (merger.openStep());
    const entries = scope.allocate(step * ENTRY_BYTES);
    for (let count = merger.next(entries, step); count > 0; count = merger.next(entries, step)) visit(entries, count);
    merger.close();
  }

  /** What a merge makes of the inputs. */
  merged(inputs: readonly (EntryList | RunReader)[], step: number): Row[] {
    const { shared, kernels, scope } = this.fixture;
    const unpacker = new RowUnpacker(kernels, scope, this.layout.payload);
    const pointers = scope.allocate(step * 4);
    const rows: Row[] = [];
    this.merge(inputs, step, (entries, count) => {
      kernels.entryRows(entries, count, pointers);
      const [keys, texts] = unpacker.unpack(pointers, count);
      for (let row = 0; row < count; row++) {
        rows.push([readValue(shared, keys!, row) as bigint, readValue(shared, texts!, row) as string | null]);
      }
    });
    return rows;
  }
}

test('runs and lists are merged in order, and free what they take', (context) => {
  const directory = temporaryFolder(context);
  const row: fc.Arbitrary<Row> = fc.tuple(
    fc.bigInt({ min: -20n, max: 20n }),
    fc.option(fc.string({ maxLength: 30 }), { nil: null }),
  );
  const inputs = fc.array(fc.record({ rows: fc.array(row, { maxLength: 200 }), onDisk: fc.boolean() }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(inputs, fc.integer({ min: 1, max: 500 }), (drawn, step) => {
      const sorting = new Sorting(directory);
      const { shared } = sorting.fixture;
      const made = drawn.map(({ rows, onDisk }) => (onDisk ? sorting.run(rows) : sorting.entries(rows)));
      const opened = made.map((input) => (input instanceof SortedRun ? sorting.reader(input) : input));
      // Equal rows keep their order, those of the first input first.
      const expected = drawn.flatMap(({ rows }) => rows).sort(compare);
      assert.deepEqual(sorting.merged(opened, step), expected);
      for (const input of made) {
        if (input instanceof SortedRun)
          assert.deepEqual(sorting.merged([sorting.reader(input)], step).length, input.rowCount);
      }
      sorting.spill.close();
      assert.equal(shared.spilledBytes, 0);
    }),
    { numRuns: 60 },
  );
});

test('a run of many blocks, of short rows and of rows larger than a block', (context) => {
  const sorting = new Sorting(temporaryFolder(context));
  const { shared } = sorting.fixture;
  const rows = Array.from({ length: 20_000 }, (_, i): Row => {
    return [BigInt((i * 7919) % 20_000), i % 1000 === 0 ? 'x'.repeat(i * 10 + 70_000) : `text ${i}`];
  });
  const run = sorting.run(rows);
  assert.ok(run.frameCount > 20);
  assert.equal(run.blockChunks, Math.ceil(260_100 / CHUNK_BYTES));
  const expected = rows.toSorted(compare);
  assert.deepEqual(sorting.merged([sorting.reader(run)], BATCH_ROWS), expected);
  const before = shared.allocatedChunks;
  const reader = sorting.reader(run);
  reader.next();
  assert.ok(shared.allocatedChunks > before);
  reader.close();
  assert.equal(shared.allocatedChunks, before);
  sorting.spill.close();
});

test('a row after one that is larger than a block does not straddle chunks', (context) => {
  const sorting = new Sorting(temporaryFolder(context));
  const { stride } = sorting.layout;
  // A byte too long for one chunk, so that the second has the most room for others.
  const huge = 'x'.repeat(CHUNK_BYTES - BLOCK_HEADER_BYTES - stride + 1);
  const shortRows = Math.floor((CHUNK_BYTES - BLOCK_HEADER_BYTES) / stride) - 1;
  for (const further of [-1, 0, 1]) {
    const rows = [huge, ...Array.from({ length: shortRows + further }, () => 'short'), 'ten bytes.', 'ten bytes!'].map(
      (text, index): Row => [BigInt(index), text],
    );
    assert.deepEqual(sorting.merged([sorting.reader(sorting.run(rows))], BATCH_ROWS), rows);
  }
  sorting.spill.close();
});

test('a list is read once, by any thread, and gives its chunks back as it goes', (context) => {
  const sorting = new Sorting(temporaryFolder(context));
  const { shared, scope, owner } = sorting.fixture;
  const rows = Array.from({ length: 3 * ENTRIES_PER_CHUNK + 5 }, (_, i): Row => [BigInt(i), null]);
  const list = EntryList.attach(shared, owner, sorting.entries(rows).publish(scope));
  assert.equal(list.count, rows.length);
  const before = shared.allocatedChunks;
  const sizes: number[] = [];
  for (let range = list.next(); range !== undefined; range = list.next()) {
    sizes.push((range.end - range.start) / ENTRY_BYTES);
    assert.equal(shared.allocatedChunks, before - sizes.length + 1);
  }
  assert.deepEqual(sizes, [ENTRIES_PER_CHUNK, ENTRIES_PER_CHUNK, ENTRIES_PER_CHUNK, 5]);
  assert.equal(shared.allocatedChunks, before - 4);
  list.close();
  assert.equal(shared.allocatedChunks, before - 4);
});

test('with more runs than may be merged at once, the smallest are merged before, as few as will do', (context) => {
  const sorting = new Sorting(temporaryFolder(context));
  const { shared, scope } = sorting.fixture;
  const runs = [50, 10, 40, 20, 30].map((rowCount) => SortedRun.publish(shared, scope, 0, rowCount, []));
  const chosen = (fanIn: number): number[] | undefined =>
    chooseRunsToMerge(runs, fanIn)?.map(({ rowCount }) => rowCount);
  assert.equal(chosen(5), undefined);
  assert.deepEqual(chosen(4), [10, 20]);
  assert.deepEqual(chosen(3), [10, 20, 30]);
  assert.deepEqual(chosen(2), [10, 20]);
  assert.equal(countMergeable(shared, runs), 128);
  const huge = SortedRun.publish(shared, scope, 0, 1, [{ offset: 0, byteLength: 1, chunks: 160 }]);
  const few = countMergeable(shared, [...runs, huge]);
  assert.ok(few >= 2 && few < 8);
  shared.allocateChunks(1700, shared.createOwner());
  assert.equal(countMergeable(shared, [...runs, huge]), 2);
});
