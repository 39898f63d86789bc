import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResultChunk } from '../../../src/exec/result/result-format.js';
import { KeptChunks } from '../../../src/session/kept-chunks.js';
import { SpillDirectory } from '../../../src/storage/spill/spill-directory.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** DataRow messages, each with the number of its row and as many bytes as it takes to go beyond what memory keeps. */
const ROW_BYTES = 4096;

function chunkOf(firstRow: number, rowCount: number): ResultChunk {
  const bytes = Buffer.alloc(rowCount * ROW_BYTES);
  for (let row = 0; row < rowCount; row++) {
    bytes.write('D', row * ROW_BYTES);
    bytes.writeInt32BE(ROW_BYTES - 1, row * ROW_BYTES + 1);
    bytes.writeInt32BE(firstRow + row, row * ROW_BYTES + 5);
  }
  return { bytes, rowCount };
}

function numbersIn({ bytes, rowCount }: ResultChunk): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.equal(bytes.byteLength, rowCount * ROW_BYTES);
  return Array.from({ length: rowCount }, (_, row) => view.getInt32(row * ROW_BYTES + 5));
}

test('any stretch of rows is had again, in either direction, from memory or from disk', (context) => {
  let bytesInUse = 0;
  const counter = { add: (byteLength: number) => (bytesInUse += byteLength) };
  const kept = new KeptChunks(new SpillDirectory(temporaryFolder(context), undefined, counter));
  for (let size = 1; kept.rowCount < 2500; size = (size * 7) % 101) kept.push(chunkOf(kept.rowCount + 1, size));
  const { rowCount } = kept;
  assert.ok(bytesInUse > (rowCount - 1200) * ROW_BYTES, 'beyond 4 MiB, 1,024 rows, they are on disk');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: rowCount }), fc.nat(600), fc.boolean(), (first, more, backward) => {
      const last = Math.min(rowCount, first + more);
      const found = [...kept.rows(first, last, backward)].flatMap(numbersIn);
      const expected = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      assert.deepEqual(found, backward ? expected.reverse() : expected);
    }),
    { numRuns: 100 },
  );
  assert.deepEqual([...kept.rows(1, 0, false)], []);
  kept.close();
  assert.equal(bytesInUse, 0, 'the space is given back');
});

test('rows that are taken after the cursor was closed are an error', (context) => {
  const kept = new KeptChunks(new SpillDirectory(temporaryFolder(context), undefined, { add: () => 0 }));
  kept.push(chunkOf(1, 2));
  kept.push(chunkOf(3, 2));
  const rows = kept.rows(1, 4, false);
  rows.next();
  kept.close();
  assert.throws(() => rows.next(), { code: '34000' });
});
