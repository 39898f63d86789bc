import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyPacker } from '../../../src/exec/rows/key-packer.js';
import { RowAppender, RowCollection } from '../../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../../src/exec/rows/row-unpacker.js';
import { scratchBytesOf, unpackFrame, writeFrame } from '../../../src/exec/spill/block-frame.js';
import { freeBreakerBytes, mustSpill } from '../../../src/exec/spill/memory-pressure.js';
import { PartitionSpill } from '../../../src/exec/spill/partition-spill.js';
import { openSpillDirectory, SpillContext } from '../../../src/exec/spill/spill-context.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { BATCH_ROWS } from '../../../src/vector/vector.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { createMemoryFixture, flatVector, type MemoryFixture, readValue } from './memory-fixture.js';

const PARTITIONS = 32;

function contextIn(fixture: MemoryFixture, directory: string, limit?: number): SpillContext {
  const { shared, kernels, scope } = fixture;
  return new SpillContext(shared, kernels, scope, openSpillDirectory(shared, { directory, limit }));
}

/** A collection of `values`: a bigint key and a text, some of them long, some NULL. */
function collectionOf(fixture: MemoryFixture, values: readonly (readonly [bigint, string | null])[]): RowCollection {
  const { shared, kernels, scope, owner } = fixture;
  const layout = createRowLayout({ keys: ['i64'], nullableKeys: false, payload: ['string'] });
  const collection = RowCollection.create(shared, owner, scope, layout, PARTITIONS);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const appender = new RowAppender(shared, kernels, scope);
  for (let from = 0; from < values.length; from += BATCH_ROWS) {
    const batch = values.slice(from, from + BATCH_ROWS);
    const keys = flatVector(
      fixture,
      'i64',
      batch.map(([key]) => key),
    );
    const texts = flatVector(
      fixture,
      'string',
      batch.map(([, text]) => text),
    );
    packer.pack([keys], batch.length);
    appender.append(collection, packer, [texts], batch.length);
  }
  return collection;
}

/** The rows of a partition as text, sorted. */
function rowsOf(fixture: MemoryFixture, collection: RowCollection, partition: number): string[] {
  const { shared, kernels, scope } = fixture;
  const { layout } = collection;
  const unpacker = new RowUnpacker(kernels, scope, [layout.keys[0]!, layout.payload[0]!]);
  const pointers = scope.allocate(BATCH_ROWS * 4);
  const rows: string[] = [];
  collection.forEachBatch(partition, kernels, pointers, (count) => {
    const [keys, texts] = unpacker.unpack(pointers, count);
    for (let row = 0; row < count; row++) {
      rows.push(`${readValue(shared, keys!, row)} ${readValue(shared, texts!, row)}`);
    }
  });
  return rows.sort();
}

test('rows come back from disk as they went, and their blocks are freed meanwhile', (context) => {
  const directory = temporaryFolder(context);
  const text = fc.option(fc.string({ maxLength: 40 }), { nil: null });
  const values = fc.array(fc.tuple(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), text), { maxLength: 300 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 3 }), (rows, writes) => {
      const fixture = createMemoryFixture();
      const { shared, kernels, scope, owner } = fixture;
      const spilling = contextIn(fixture, directory);
      const spill = PartitionSpill.create(shared, scope, PARTITIONS);
      const expected = collectionOf(fixture, [...rows, ...rows, ...rows].slice(0, rows.length * writes));
      for (let write = 0; write < writes; write++) {
        const collection = collectionOf(fixture, rows);
        for (let partition = 0; partition < PARTITIONS; partition++) spill.write(spilling, collection, partition);
        assert.equal(collection.rowCount, 0);
        assert.equal(collection.byteLength, 0);
      }
      const attached = PartitionSpill.attach(shared, spill.table);
      const loaded = RowCollection.create(shared, owner, scope, expected.layout, PARTITIONS);
      for (let partition = 0; partition < PARTITIONS; partition++) {
        assert.equal(attached.rowCountOf(partition), expected.rowCountOf(partition));
        const reader = attached.open(kernels, owner, partition);
        while (reader.nextInto(loaded, partition));
        reader.close();
        assert.deepEqual(rowsOf(fixture, loaded, partition), rowsOf(fixture, expected, partition));
      }
      spilling.close();
      assert.equal(shared.spilledBytes, 0);
    }),
    { numRuns: 30 },
  );
});

test('a reader streams blocks, also of rows larger than a chunk', (context) => {
  const fixture = createMemoryFixture();
  const { shared, kernels, scope, owner } = fixture;
  const spilling = contextIn(fixture, temporaryFolder(context));
  const rows = Array.from({ length: 10 }, (_, i): [bigint, string] => [7n, 'x'.repeat(i * 20_000)]);
  const collection = collectionOf(fixture, rows);
  const partition = Array.from({ length: PARTITIONS }, (_, i) => i).find((i) => collection.rowCountOf(i) > 0)!;
  const spill = PartitionSpill.create(shared, scope, PARTITIONS);
  assert.ok(spill.write(spilling, collection, partition) > 0);
  const before = shared.allocatedChunks;
  const reader = spill.open(kernels, owner, partition);
  let seen = 0;
  for (let block = reader.next(); block !== 0; block = reader.next()) seen += shared.u32[block / 4 + 1]!;
  assert.equal(seen, rows.length);
  reader.close();
  assert.equal(shared.allocatedChunks, before);
  spilling.close();
});

test('reading a block back writes nothing behind it', (context) => {
  const fixture = createMemoryFixture();
  const { shared, kernels, scope, owner } = fixture;
  const spilling = contextIn(fixture, temporaryFolder(context));
  for (let textBytes = 20; textBytes < 90; textBytes++) {
    const rows = Array.from({ length: 40 }, (_, i): [bigint, string] => [
      7n,
      `${String.fromCharCode(65 + i).repeat(textBytes - 19)} and more of the same`,
    ]);
    const collection = collectionOf(fixture, rows);
    const partition = Array.from({ length: PARTITIONS }, (_, i) => i).find((i) => collection.rowCountOf(i) > 0)!;
    const block = collection.firstBlockOf(partition);
    writeFrame(spilling, spilling.openFile(), block, { offset: 0, byteLength: 0 });
    const target = shared.allocateChunks(2, owner);
    const behind = shared.u8.subarray(target + CHUNK_BYTES, target + 2 * CHUNK_BYTES).fill(0xee);
    const frame = spilling.frameBuffer(1);
    unpackFrame(shared, kernels, frame, scope.allocate(scratchBytesOf(shared, frame)), target);
    assert.ok(behind.every((byte) => byte === 0xee));
    shared.freeChunks(target, 2);
  }
  spilling.close();
});

test('spill files have no names, and those of processes that were killed are removed', (context) => {
  const directory = temporaryFolder(context);
  writeFileSync(join(directory, 'millrace-4194305-0a0b0c-1.spill'), 'left behind');
  writeFileSync(join(directory, 'somebody-elses.spill'), 'not ours');
  const fixture = createMemoryFixture();
  const spilling = contextIn(fixture, directory);
  spilling.openFile().append(new Uint8Array(100));
  assert.equal(fixture.shared.spilledBytes, 100);
  const names = readdirSync(directory);
  if (process.platform !== 'win32') assert.deepEqual(names, ['somebody-elses.spill']);
  spilling.close();
  assert.equal(fixture.shared.spilledBytes, 0);
  assert.deepEqual(readdirSync(directory), ['somebody-elses.spill']);
});

test('more than the limit is an error that says what to do, and is not counted', (context) => {
  const fixture = createMemoryFixture();
  const spilling = contextIn(fixture, temporaryFolder(context), 1000);
  const file = spilling.openFile();
  file.append(new Uint8Array(900));
  assert.throws(() => file.append(new Uint8Array(101)), { code: '53400', hint: /--spill-limit/ });
  assert.equal(fixture.shared.spilledBytes, 900);
  spilling.close();
});

test('a breaker must spill when it holds more than what is left', () => {
  const fixture = createMemoryFixture(64 * 2 ** 20);
  const { shared } = fixture;
  const free = freeBreakerBytes(shared);
  assert.ok(free > 40 * 2 ** 20 && free < 56 * 2 ** 20);
  assert.equal(mustSpill(shared, free), false);
  assert.equal(mustSpill(shared, free + 1), true);
  shared.allocateChunks(30 * 16, shared.createOwner());
  assert.equal(mustSpill(shared, 26 * 2 ** 20), true);
  assert.equal(mustSpill(shared, 3 * 2 ** 20), false);
});
