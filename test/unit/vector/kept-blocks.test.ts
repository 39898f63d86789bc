import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockKey } from '../../../src/vector/kept-directory.js';
import { CHUNK_BYTES, type KeptBlock, SharedMemory } from '../../../src/vector/shared-memory.js';

const MIB = 2 ** 20;
const keyOf = (number: number): BlockKey => [1, -2, 3, number];

/** Makes a block and keeps it, in use. */
function keepBlock(shared: SharedMemory, number: number, byteLength: number): KeptBlock | undefined {
  const block = shared.allocateKeepable(byteLength, 1);
  if (block === undefined) return undefined;
  shared.u8.fill(number, block.pointer, block.pointer + byteLength);
  if (shared.keep(keyOf(number), block, byteLength)) return block;
  shared.releaseKept(block);
  return undefined;
}

test('a kept block outlives those who use it, and is counted while it is used', () => {
  const shared = SharedMemory.create(64 * MIB);
  const kept = keepBlock(shared, 7, 3 * CHUNK_BYTES - 64);
  assert.ok(kept);
  assert.equal(shared.allocatedChunks, 3);
  shared.releaseKept(kept);
  assert.equal(shared.allocatedChunks, 0);
  assert.equal(shared.keptBytes, 3 * CHUNK_BYTES);

  const again = shared.useKept(keyOf(7), 1);
  const twice = SharedMemory.attach(shared.memory).useKept(keyOf(7), 2);
  assert.deepEqual([again?.pointer, twice?.pointer], [kept.pointer, kept.pointer]);
  assert.equal(shared.u8[kept.pointer], 7);
  assert.equal(shared.allocatedChunks, 3);
  shared.releaseKept(again!);
  assert.equal(shared.allocatedChunks, 3);
  shared.releaseKept(twice!);
  assert.equal(shared.allocatedChunks, 0);
  assert.equal(shared.useKept(keyOf(8), 1), undefined);
});

test('what an owner holds is released with it, and by nobody again', () => {
  const shared = SharedMemory.create(64 * MIB);
  const kept = keepBlock(shared, 7, MIB - 64)!;
  const making = shared.allocateKeepable(MIB - 64, 1)!;
  const used = shared.useKept(keyOf(7), 2)!;
  assert.equal(shared.keptBytes, 2 * MIB);
  assert.equal(shared.freeOwner(1), 16, 'the chunks in the making');
  assert.deepEqual([shared.keptBytes, shared.allocatedChunks * CHUNK_BYTES], [MIB, MIB]);
  for (const block of [kept, making]) shared.releaseKept(block);
  assert.equal(shared.allocatedChunks * CHUNK_BYTES, MIB, 'in use by the other');
  assert.equal(shared.freeOwner(2), 0);
  shared.releaseKept(used);
  assert.deepEqual([shared.keptBytes, shared.allocatedChunks], [MIB, 0]);
});

test('a block of which no further user can be noted is not found', () => {
  const shared = SharedMemory.create(64 * MIB);
  shared.releaseKept(keepBlock(shared, 7, MIB)!);
  let pins = 0;
  while (shared.useKept(keyOf(7), 3) !== undefined) pins++;
  assert.equal(pins, 8192);
  assert.equal(shared.allocateKeepable(1, 4), undefined);
  shared.freeOwner(3);
  assert.equal(shared.allocatedChunks, 0);
  assert.ok(shared.useKept(keyOf(7), 3));
});

test('the same content is kept once', () => {
  const shared = SharedMemory.create(64 * MIB);
  const kept = keepBlock(shared, 1, MIB);
  assert.ok(kept);
  assert.equal(keepBlock(shared, 1, MIB), undefined);
  shared.releaseKept(kept);
  assert.equal(shared.allocatedChunks, 0);
  assert.equal(shared.keptBytes, MIB + CHUNK_BYTES);
});

test('no more is kept than the limit allows, blocks in the making included', () => {
  const shared = SharedMemory.create(64 * MIB, { cacheLimit: 4 * MIB });
  const making = shared.allocateKeepable(MIB, 1);
  assert.ok(making);
  const kept = [1, 2, 3, 4].map((number) => keepBlock(shared, number, MIB - 64));
  assert.deepEqual(
    kept.map((block) => block !== undefined),
    [true, true, false, false],
  );
  shared.releaseKept(making);
  assert.ok(keepBlock(shared, 5, MIB - 64));
  assert.ok(shared.keptBytes <= 4 * MIB);
  assert.equal(SharedMemory.create(64 * MIB, { cacheLimit: 0 }).allocateKeepable(1, 1), undefined);
});

test('kept blocks give way to queries, except those in use', () => {
  const shared = SharedMemory.create(64 * MIB);
  const blocks = Array.from({ length: 14 }, (_, number) => keepBlock(shared, number, MIB - 64)!);
  for (const block of blocks.slice(1)) shared.releaseKept(block);
  const free = shared.capacityBytes / CHUNK_BYTES - shared.allocatedChunks;
  for (let chunk = 0; chunk < free; chunk++) shared.allocateChunks(1, 2);
  assert.throws(() => shared.allocateChunks(1, 2), { code: '53200' });
  assert.equal(shared.u8[blocks[0]!.pointer + MIB / 2], 0);
  assert.equal(shared.useKept(keyOf(1), 1), undefined);
  assert.equal(shared.keptBytes, MIB);
  shared.freeOwner(2);
  shared.releaseKept(blocks[0]!);
  assert.equal(shared.allocatedChunks, 0);
  const survivor = shared.useKept(keyOf(0), 1);
  assert.equal(survivor?.pointer, blocks[0]!.pointer);
  shared.releaseKept(survivor!);
});
