import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { RANDOM_STATE_BYTES, seedRandomState, setRandomClock } from '../../../src/exec/expression/random-state.js';
import { type ArgumentBlock, KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { generated, shared } = memory;
const LIMIT = 2n ** 63n;

/** A block with a state of its own. */
function seeded(): { readonly block: ArgumentBlock; readonly state: number } {
  const block = memory.block(2000);
  const state = memory.scope.allocateCleared(RANDOM_STATE_BYTES);
  seedRandomState(shared, state);
  shared.u32[block.pointer / 4 + 15] = state;
  return { block, state };
}

/** 64 bits: all that are between the least and the greatest number. */
const drawn = (pointer: number): bigint => generated.randomBetween(pointer, -LIMIT, LIMIT - 1n) + LIMIT;
const bytesOf = (uuid: bigint): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, uuid));
  bytes.writeBigUInt64LE(BigInt.asUintN(64, uuid >> 64n), 8);
  return bytes.toString('hex');
};

test('random bits are the stream of ChaCha20', () => {
  const { block, state } = seeded();
  const key = memory.readBytes(state, 32);
  const counterAndNonce = memory.readBytes(state + 32, 16);
  const stream = createCipheriv('chacha20', key, counterAndNonce).update(Buffer.alloc(3 * 256));
  for (let made = 0; made < 3; made++) {
    // Each vector has a word of four blocks.
    for (let at = 0; at < 256; at += 8) {
      const word = (place: number): number =>
        stream.readUInt32LE(made * 256 + ((place >> 2) & 3) * 64 + (place >> 4) * 4);
      assert.equal(drawn(block.pointer), (BigInt(word(at + 4)) << 32n) | BigInt(word(at)), `byte ${at} of ${made}`);
    }
  }
});

test('no two states have the same stream', () => {
  const streams = Array.from({ length: 50 }, () => {
    const { block } = seeded();
    return drawn(block.pointer);
  });
  assert.equal(new Set(streams).size, streams.length);
});

test('doubles are below 1', () => {
  const { block } = seeded();
  const values = Array.from({ length: 20_000 }, () => generated.randomDouble(block.pointer));
  assert.ok(values.every((value) => value >= 0 && value < 1));
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `a mean of ${mean}`);
});

test('numbers lie between their bounds', () => {
  const { block } = seeded();
  const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const near = fc.bigInt({ min: 0n, max: 40n });
  const wide = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
  const within = (value: bigint, from: bigint, to: bigint): void => assert.ok(value >= from && value <= to);
  fc.assert(
    fc.property(i64, i64, near, wide, wide, (a, b, width, c, d) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      within(generated.randomBetween(block.pointer, from, to), from, to);
      const end = a + width < 2n ** 63n ? a + width : a;
      within(generated.randomBetween(block.pointer, a, end), a, end);
      const [wideFrom, wideTo] = c < d ? [c, d] : [d, c];
      within(generated.randomBetweenWide(block.pointer, wideFrom, wideTo), wideFrom, wideTo);
      within(generated.randomBetweenWide(block.pointer, c, c + width), c, c + width);
    }),
    { numRuns: 1000 },
  );
});

test('all numbers between two are as likely', () => {
  const { block } = seeded();
  const counts = new Map<bigint, number>();
  for (let i = 0; i < 30_000; i++) {
    const value = generated.randomBetween(block.pointer, -2n, 3n);
    assert.equal(generated.randomBetweenWide(block.pointer, 5n, 5n), 5n);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  assert.deepEqual(
    [...counts.keys()].toSorted((a, b) => Number(a - b)),
    [-2n, -1n, 0n, 1n, 2n, 3n],
  );
  for (const count of counts.values()) assert.ok(Math.abs(count - 5000) < 500, `${count} of 30,000`);
});

test('UUIDs of version 4', () => {
  const { block } = seeded();
  const uuids = Array.from({ length: 200 }, () => bytesOf(generated.randomUuid(block.pointer)));
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  assert.equal(new Set(uuids).size, uuids.length);
});

test('UUIDs of version 7 ascend, and have the time', () => {
  const { block, state } = seeded();
  const uuids: string[] = [];
  for (let batch = 0; batch < 5; batch++) {
    const before = Date.now();
    setRandomClock(shared, state);
    for (let row = 0; row < 100; row++) {
      const uuid = bytesOf(generated.uuidOfNow(block.pointer));
      assert.match(uuid, /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
      const milliseconds = Number.parseInt(uuid.slice(0, 12), 16);
      assert.ok(milliseconds >= before - 5 && milliseconds <= Date.now() + 5, `${milliseconds}, not ${before}`);
      uuids.push(uuid);
    }
  }
  assert.deepEqual(uuids, uuids.toSorted());
  assert.equal(new Set(uuids).size, uuids.length);
  // A day later: months and days are the first eight bytes.
  const shifted = bytesOf(generated.uuidOfShiftedNow(block.pointer, 1n << 32n));
  const difference = Number.parseInt(shifted.slice(0, 12), 16) - Number.parseInt(uuids.at(-1)!.slice(0, 12), 16);
  assert.equal(difference, 86_400_000);
  assert.equal(block.takeStatus(), 0);
});
