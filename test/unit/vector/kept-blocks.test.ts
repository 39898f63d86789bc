import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockKey } from '../../../src/vector/kept-directory.js';
import { CHUNK_BYTES, type KeptBlock, SharedMemory } from '../../../src/vector/shared-memory.js';

const MIB = 2 ** 20;
const keyOf = (number: number): BlockKey => [1, -2, 3, number];

/** Makes a block and keeps it, in use. */
function keepBlock(shared: SharedMemory, number: number, byteLength: number): KeptBlock | undefined {
  const pointer = shared.allocateKeepable(byteLength, 1);
  if (pointer === 0) return undefined;
  shared.u8.fill(number, pointer, pointer + byteLength);
  const kept = shared.keep(keyOf(number), pointer, byteLength);
  if (kept === undefined) shared.freeKeepable(pointer, byteLength);
  return kept;
}

test('a kept block outlives its owner, and is counted while it is used', () => {
  const shared = SharedMemory.create(64 * MIB);
  const kept = keepBlock(shared, 7, 3 * CHUNK_BYTES - 64);
  assert.ok(kept);
  assert.equal(shared.freeOwner(1), 0);
  assert.equal(shared.allocatedChunks, 3);
  shared.releaseKept(kept);
  assert.equal(shared.allocatedChunks, 0);
  assert.equal(shared.keptBytes, 3 * CHUNK_BYTES);

  const again = shared.useKept(keyOf(7));
  const twice = SharedMemory.attach(shared.memory).useKept(keyOf(7));
  assert.deepEqual(again, { pointer: kept.pointer, slot: kept.slot });
  assert.deepEqual(twice, again);
  assert.equal(shared.u8[kept.pointer], 7);
  assert.equal(shared.allocatedChunks, 3);
  shared.releaseKept(again!);
  assert.equal(shared.allocatedChunks, 3);
  shared.releaseKept(twice!);
  assert.equal(shared.allocatedChunks, 0);
  assert.equal(shared.useKept(keyOf(8)), undefined);
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
  assert.notEqual(making, 0);
  const kept = [1, 2, 3, 4].map((number) => keepBlock(shared, number, MIB - 64));
  assert.deepEqual(
    kept.map((block) => block !== undefined),
    [true, true, false, false],
  );
  shared.freeKeepable(making, MIB);
  assert.ok(keepBlock(shared, 5, MIB - 64));
  assert.ok(shared.keptBytes <= 4 * MIB);
  assert.equal(SharedMemory.create(64 * MIB, { cacheLimit: 0 }).allocateKeepable(1, 1), 0);
});

test('kept blocks give way to queries, except those in use', () => {
  const shared = SharedMemory.create(64 * MIB);
  const blocks = Array.from({ length: 14 }, (_, number) => keepBlock(shared, number, MIB - 64)!);
  for (const block of blocks.slice(1)) shared.releaseKept(block);
  const free = shared.capacityBytes / CHUNK_BYTES - shared.allocatedChunks;
  for (let chunk = 0; chunk < free; chunk++) shared.allocateChunks(1, 2);
  assert.throws(() => shared.allocateChunks(1, 2), { code: '53200' });
  assert.equal(shared.u8[blocks[0]!.pointer + MIB / 2], 0);
  assert.equal(shared.useKept(keyOf(1)), undefined);
  assert.equal(shared.keptBytes, MIB);
  shared.freeOwner(2);
  shared.releaseKept(blocks[0]!);
  assert.equal(shared.allocatedChunks, 0);
  const survivor = shared.useKept(keyOf(0));
  assert.equal(survivor?.pointer, blocks[0]!.pointer);
  shared.releaseKept(survivor!);
});
