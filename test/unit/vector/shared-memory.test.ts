import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadKernels } from '../../../src/kernels/kernels.js';
import { Scope } from '../../../src/vector/scope.js';
import { CHUNK_BYTES, SharedMemory } from '../../../src/vector/shared-memory.js';

test('chunks return when their owner is freed', () => {
  const shared = SharedMemory.create(64 * 2 ** 20);
  const owner = shared.createOwner();
  const other = shared.createOwner();
  shared.allocateChunks(3, owner);
  shared.allocateChunks(1, other);
  shared.allocateChunks(2, owner);
  assert.equal(shared.freeOwner(owner), 5);
  assert.equal(shared.allocatedChunks, 1);
  assert.equal(shared.freeOwner(other), 1);
  assert.equal(shared.allocatedChunks, 0);
});

test('chunks are 64 KiB aligned, distinct, and reused after free', () => {
  const shared = SharedMemory.create(16 * 2 ** 20);
  const first = shared.allocateChunks(1, 1);
  const second = shared.allocateChunks(4, 1);
  const third = shared.allocateChunks(1, 1);
  assert.equal(first % CHUNK_BYTES, 0);
  assert.ok(second >= first + CHUNK_BYTES && third >= second + 4 * CHUNK_BYTES);
  shared.freeChunks(second, 4);
  assert.equal(shared.allocateChunks(2, 1), second);
  assert.throws(() => shared.freeChunks(second + 3 * CHUNK_BYTES, 1), { code: 'XX000' });
});

test('exhaustion is an out-of-memory error with a hint, and nothing is lost', () => {
  const shared = SharedMemory.create(8 * 2 ** 20);
  assert.throws(() => shared.allocateChunks(1000, 1), { code: '53200', hint: /memory-limit/ });
  let count = 0;
  assert.throws(() => {
    for (;;) {
      shared.allocateChunks(1, 1);
      count++;
    }
  }, /out of memory/);
  assert.equal(shared.freeOwner(1), count);
  assert.equal(shared.allocatedChunks, 0);
});

test('long runs are found while blocks come and go beside growing tables, as long as enough is free', () => {
  const shared = SharedMemory.create(128 * 2 ** 20);
  const [rows, tables] = [shared.createOwner(), shared.createOwner()];
  // Hash tables of eight lanes double in turn while their rows fill blocks; the old tables are freed.
  for (let chunks = 16; chunks <= 64; chunks *= 2) {
    for (let lane = 0; lane < 8; lane++) {
      const table = shared.allocateChunks(chunks, tables);
      for (let block = 0; block < 32; block++) shared.allocateChunks(1, rows);
      if (chunks < 64) shared.freeChunks(table, chunks);
    }
  }
  const free = shared.capacityBytes / CHUNK_BYTES - shared.allocatedChunks;
  assert.ok(free > 700);
  shared.allocateChunks(Math.floor(free * 0.95), tables);
  assert.throws(() => shared.allocateChunks(Math.ceil(free * 0.1), tables), { code: '53200' });
  shared.freeOwner(rows);
  shared.freeOwner(tables);
  assert.equal(shared.allocatedChunks, 0);
  assert.ok(shared.allocateChunks(shared.capacityBytes / CHUNK_BYTES, rows) > 0, 'all of it in one run');
});

test('a scope returns all it took, by reset and by free', () => {
  const shared = SharedMemory.create(256 * 2 ** 20);
  const scope = new Scope(shared, shared.createOwner());
  const seen = new Set<number>();
  for (let index = 0; index < 500; index++) {
    const pointer = scope.allocate((index * 7919) % 200_000);
    assert.equal(pointer % 64, 0);
    assert.ok(!seen.has(pointer));
    seen.add(pointer);
  }
  scope.reset();
  assert.ok(shared.allocatedChunks <= 4);
  scope.free();
  assert.equal(shared.allocatedChunks, 0);
});

test('a scope refuses what the memory does not have, also beyond 2 GiB', () => {
  const shared = SharedMemory.create(8 * 2 ** 20);
  const scope = new Scope(shared, shared.createOwner());
  scope.allocate(100);
  for (const byteLength of [16 * 2 ** 20, 2 ** 31, 3e9, 5e9]) {
    assert.throws(() => scope.allocate(byteLength), { code: '53200' });
  }
});

test('kernels work on the shared memory', () => {
  const shared = SharedMemory.create(8 * 2 ** 20);
  const kernels = loadKernels(shared.memory);
  const base = shared.allocateChunks(1, 1);
  shared.i32.set([10, 20, 30, 40], base / 4);
  shared.i32.set([3, 0, 2], base / 4 + 16);
  kernels.gather4(base, base + 64, 3, base + 128);
  assert.deepEqual([...shared.i32.subarray(base / 4 + 32, base / 4 + 35)], [40, 10, 30]);
});

test('checked memory is overwritten each time it is handed out', () => {
  const shared = SharedMemory.create(8 * 2 ** 20, { checked: true });
  const scope = new Scope(shared, shared.createOwner());
  const first = scope.allocate(100);
  shared.u8.fill(0, first, first + 100);
  scope.reset();
  const again = scope.allocate(100);
  assert.equal(again, first);
  assert.ok(shared.u8.subarray(again, again + 100).every((byte) => byte === 0xcb));
  scope.free();
  assert.equal(shared.allocatedChunks, 0);
});

test('cleared bytes are zero, and those around them are not touched', () => {
  const shared = SharedMemory.create(8 * 2 ** 20);
  const pointer = shared.allocateChunks(1, 1);
  for (let from = 0; from < 20; from++) {
    for (const length of [0, 1, 3, 7, 8, 9, 16, 23, 40]) {
      shared.u8.fill(1, pointer, pointer + 100);
      shared.clear(pointer + from, length);
      const expected = Array.from({ length: 100 }, (_, at) => (at >= from && at < from + length ? 0 : 1));
      assert.deepEqual([...shared.u8.subarray(pointer, pointer + 100)], expected);
    }
  }
});
