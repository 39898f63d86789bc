import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PartitionedWriter,
  type PartitionedWriterInit,
  type PartitionedWriterOptions,
  type WrittenPartitionFile,
} from '../../../../src/storage/parquet-writer/partitioned-writer.js';
import { BOOLEAN, DATE, INTEGER, TEXT } from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { BatchBuilder, keyOf, type TestColumn } from './batch-builder.js';
import { kernels, MemorySink, readWithDuckDb, shared } from './write-harness.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Outcome {
  readonly files: readonly WrittenPartitionFile[];
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  readonly mostOpen: number;
  readonly mostBytes: number;
}

async function writePartitioned(
  columns: PartitionedWriterInit['columns'],
  partitionColumns: readonly number[],
  batches: readonly (readonly TestColumn[])[],
  options: PartitionedWriterOptions = {},
): Promise<Outcome> {
  const before = shared.allocatedChunks;
  const scope = new Scope(shared, shared.createOwner());
  const builder = new BatchBuilder(shared, scope);
  const sinks = new Map<string, MemorySink>();
  let open = 0;
  let mostOpen = 0;
  let mostBytes = 0;
  const writer = new PartitionedWriter({
    shared,
    kernels,
    owner: shared.createOwner(),
    columns,
    partitionColumns,
    options,
    openFile: async (key) => {
      const path = `${key.map(keyOf).join('/')}#${sinks.size}`;
      const sink = new MemorySink();
      sinks.set(path, sink);
      mostOpen = Math.max(mostOpen, ++open);
      return { path, sink: { write: (bytes) => sink.write(bytes), close: async () => void open-- } };
    },
  });
  try {
    for (const batch of batches) {
      if (writer.append(builder.batch(batch))) await writer.drain();
      mostBytes = Math.max(mostBytes, writer.bufferedBytes);
      scope.reset();
    }
    const files = await writer.finish();
    assert.equal(open, 0);
    const bytes = new Map([...sinks].map(([path, sink]) => [path, sink.bytes()]));
    return { files, bytes, mostOpen, mostBytes };
  } finally {
    writer.dispose();
    scope.free();
    assert.equal(shared.allocatedChunks, before, 'the writer leaked chunks');
  }
}

/** Rows of each partition, in the order of its files. */
async function readPartitions({ files, bytes }: Outcome): Promise<Map<string, string[]>> {
  const partitions = new Map<string, string[]>();
  for (const file of files) {
    const rows = await readWithDuckDb(bytes.get(file.path)!);
    assert.equal(rows.length, file.rowCount);
    assert.equal(bytes.get(file.path)!.length, file.byteLength);
    const key = file.key.map(keyOf).join('/');
    partitions.set(key, [...(partitions.get(key) ?? []), ...rows.map((row) => row.join('|'))]);
  }
  return partitions;
}

function expectPartitions(batches: readonly (readonly TestColumn[])[], keys: readonly number[]): Map<string, string[]> {
  const partitions = new Map<string, string[]>();
  for (const batch of batches) {
    for (const row of batch[0]!.values.keys()) {
      const key = keys.map((index) => keyOf(batch[index]!.values[row])).join('/');
      const rows = partitions.get(key) ?? [];
      partitions.set(key, rows);
      rows.push(
        batch
          .filter((_, index) => !keys.includes(index))
          .map((column) => keyOf(column.values[row]))
          .join('|'),
      );
    }
  }
  return partitions;
}

const columns = [
  { name: 'day', type: DATE, nullable: true },
  { name: 'id', type: INTEGER, nullable: false },
  { name: 'region', type: TEXT, nullable: true },
  { name: 'name', type: TEXT, nullable: true },
  { name: 'is_new', type: BOOLEAN, nullable: true },
];

function makeBatches(count: number, dayOf: (row: number) => number | null): TestColumn[][] {
  return range(count).map((batch) => {
    const rows = range(2048).map((row) => batch * 2048 + row);
    return [
      { type: DATE, values: rows.map(dayOf), encoding: batch % 2 === 0 ? 'flat' : 'dictionary' },
      { type: INTEGER, values: rows },
      { type: TEXT, values: rows.map((row) => (row % 11 === 0 ? null : `region ${row % 3}`)), encoding: 'dictionary' },
      { type: TEXT, values: rows.map((row) => (row % 7 === 0 ? null : `a rather long name ${row % 1000}`)) },
      { type: BOOLEAN, values: rows.map((row) => (row % 13 === 0 ? null : row % 2 === 0)) },
    ];
  });
}

test('rows go to the files of their partition and keep their order, for keys of any number and type', async () => {
  const batches = makeBatches(3, (row) => (row % 5 === 0 ? null : 10_000 + (row % 5)));
  for (const keys of [[0], [2], [4], [0, 2, 4], []]) {
    const outcome = await writePartitioned(columns, keys, batches);
    assert.deepEqual(await readPartitions(outcome), expectPartitions(batches, keys));
  }
});

test('constant keys, NULL included', async () => {
  const batches: TestColumn[][] = [19_000, null, 19_001].map((day) => [
    { type: DATE, values: range(10).map(() => day), encoding: 'constant' },
    ...makeBatches(1, () => 0)[0]!
      .slice(1)
      .map(({ type, values }) => ({ type, values: values.slice(0, 10) })),
  ]);
  const outcome = await writePartitioned(columns, [0], batches);
  assert.deepEqual(await readPartitions(outcome), expectPartitions(batches, [0]));
});

test('many partitions of unsorted rows stay within the limits of memory and open files', async () => {
  const batches = makeBatches(12, (row) => (row * 7919) % 300);
  const limit = 3 * 2 ** 20;
  const outcome = await writePartitioned(columns, [0], batches, { maxBufferedBytes: limit, maxOpenFiles: 20 });
  assert.ok(outcome.mostOpen <= 20, `${outcome.mostOpen} files were open`);
  assert.ok(outcome.mostBytes <= limit, `${outcome.mostBytes} bytes were held`);
  assert.deepEqual(await readPartitions(outcome), expectPartitions(batches, [0]));
});

test('a file that is long enough is completed, and another one begun', async () => {
  const batches = makeBatches(6, () => 1);
  const outcome = await writePartitioned(columns, [0], batches, { rowGroupRows: 2048, targetFileBytes: 10_000 });
  assert.ok(outcome.files.length > 2);
  assert.deepEqual(await readPartitions(outcome), expectPartitions(batches, [0]));
});

test('a failure to open or write passes through, and all memory returns', async () => {
  const before = shared.allocatedChunks;
  const scope = new Scope(shared, shared.createOwner());
  const failure = new Error('ENOSPC: no space left on device');
  for (const openFile of [
    () => Promise.reject(failure),
    async () => ({ path: 'x', sink: { write: () => Promise.reject(failure), close: async () => {} } }),
  ]) {
    const owner = shared.createOwner();
    const writer = new PartitionedWriter({ shared, kernels, owner, columns, partitionColumns: [0], openFile });
    writer.append(new BatchBuilder(shared, scope).batch(makeBatches(1, (row) => row % 10)[0]!));
    await assert.rejects(writer.finish(), failure);
    writer.dispose();
  }
  scope.free();
  assert.equal(shared.allocatedChunks, before);
});
