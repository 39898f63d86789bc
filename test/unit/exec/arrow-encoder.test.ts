import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArrowEncoder } from '../../../src/exec/result/arrow-encoder.js';
import { TEXT } from '../../../src/types/sql-type.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { Vector } from '../../../src/vector/vector.js';
import { createMemoryFixture, flatVector } from './memory-fixture.js';

test('a column that has no room does not keep the next one from making room', () => {
  const fixture = createMemoryFixture(64 * 2 ** 20);
  const { shared, kernels, scope } = fixture;
  const batch = (...lengths: number[]) => ({
    rowCount: 1,
    columns: lengths.map((length) => flatVector(fixture, 'string', ['x'.repeat(length)])),
  });
  const batches = [batch(600_000, 10), batch(600_000, 3_000_000)];
  const encoder = new ArrowEncoder(shared, kernels, scope, [TEXT, TEXT]);
  const guard = shared.allocateChunks(64, shared.createOwner());
  shared.u8.fill(0xaa, guard, guard + 64 * CHUNK_BYTES);
  for (const one of batches) encoder.append(one);
  assert.ok(shared.u8.subarray(guard, guard + 64 * CHUNK_BYTES).every((byte) => byte === 0xaa));
  assert.deepEqual(
    encoder.take(true).map(({ rowCount, bytes }) => [rowCount, bytes.byteLength > 600_000]),
    [
      [1, true],
      [1, true],
    ],
  );
});

test('more text than Arrow can hold in a batch is an error', () => {
  const fixture = createMemoryFixture(64 * 2 ** 20);
  const { shared, kernels, scope } = fixture;
  const source = flatVector(fixture, 'string', ['x'.repeat(1_048_576)]);
  const vector = new Vector('string');
  vector.setConstant(source.data, 0);
  const encoder = new ArrowEncoder(shared, kernels, scope, [TEXT]);
  // 4096 times 1 MiB: the sum is 2^32.
  assert.throws(() => encoder.append({ rowCount: 4096, columns: [vector] }), { code: '54000' });
});
