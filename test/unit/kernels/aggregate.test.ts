import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { type Moments, momentsOf } from '../../../src/kernels/reference/aggregate.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope, shared } = memory;

test('kept texts outlive what they were copied from', () => {
  fc.assert(
    fc.property(fc.array(byteStrings, { maxLength: 20 }), fc.nat(500), (texts, room) => {
      const block = memory.block(0, room);
      let left = room;
      const kept: [bigint, Uint8Array][] = [];
      for (const text of texts) {
        const source = memory.text(text);
        const view = generated.textKeep(block.pointer, source);
        const status = block.takeStatus();
        assert.equal(status, text.length <= left ? 0 : STATUS_KEEP);
        if (status !== 0) {
          assert.equal(block.heapNeeded, text.length);
          continue;
        }
        left -= text.length;
        kept.push([view, text]);
        // The source goes away.
        if (text.length > 0)
          shared.u8.fill(0, Number(source >> 32n) >>> 0, (Number(source >> 32n) >>> 0) + text.length);
      }
      for (const [view, text] of kept) assert.deepEqual(memory.readText(view), text);
      scope.reset();
    }),
    { numRuns: 200 },
  );
});

test('moments of two parts are those of all values', () => {
  const write = ({ count, sum, squares }: Moments): number => {
    const pointer = memory.output(24);
    shared.f64.set([count, sum, squares], pointer / 8);
    return pointer;
  };
  const parts = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 });
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      const target = write(momentsOf(left));
      generated.momentsCombine(target, write(momentsOf(right)));
      const expected = momentsOf([...left, ...right]);
      const [count, sum, squares] = shared.f64.subarray(target / 8, target / 8 + 3);
      assert.equal(count, expected.count);
      assert.equal(sum, expected.sum);
      assert.ok(Math.abs(squares! - expected.squares) <= 1e-12 * (expected.squares + 1), `${squares}`);
      scope.reset();
    }),
    { numRuns: 300 },
  );
});
