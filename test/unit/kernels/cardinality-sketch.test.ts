import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { countDistinct } from '../../../src/kernels/reference/cardinality-sketch.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

type Add = (block: number, sketch: bigint, value: number) => bigint;
const adds: Readonly<Record<string, Add>> = {
  values: (block, sketch, value) => generated.sketchValue(block, sketch, BigInt(value)),
  wide: (block, sketch, value) => generated.sketchWide(block, sketch, BigInt(value) << 70n),
  texts: (block, sketch, value) => generated.sketchText(block, sketch, memory.text(Buffer.from(`a value: ${value}`))),
};

/** Standard error is 2.3 %; few values are nearly never in one register of 2,048. */
function assertNear(estimate: number, count: number): void {
  assert.ok(Math.abs(estimate - count) <= 1 + count * 0.12, `${estimate} of ${count}`);
}

for (const [kind, add] of Object.entries(adds)) {
  test(`estimates of distinct ${kind}, of parts that are merged`, () => {
    const sizes = fc.oneof(fc.nat(20), fc.integer({ min: 50, max: 80 }), fc.integer({ min: 200, max: 4000 }));
    fc.assert(
      fc.property(sizes, sizes, fc.nat(1000), (left, right, shift) => {
        const { pointer } = memory.block(220, 20_000);
        const [first, second] = [left, right].map((size, part) =>
          Array.from({ length: size }, (_, i) => (i % 3000) + part * shift),
        );
        const sketchOf = (values: readonly number[]): bigint =>
          values.reduce((sketch, value) => add(pointer, sketch, value), 0n);
        const [a, b] = [sketchOf(first!), sketchOf(second!)];
        assertNear(Number(generated.sketchEstimate(pointer, a)), countDistinct(first!));
        const both = generated.sketchCombine(pointer, a, b);
        assertNear(Number(generated.sketchEstimate(pointer, both)), countDistinct([...first!, ...second!]));
        scope.reset();
      }),
      { numRuns: 60 },
    );
  });
}

test('a heap without room leaves the sketch as it is', () => {
  const block = memory.block(220, 64);
  let sketch = 0n;
  for (let value = 0; value < 15; value++) sketch = generated.sketchValue(block.pointer, sketch, BigInt(value));
  assert.equal(block.takeStatus(), 0);
  for (let value = 15; value < 20; value++) {
    assert.equal(generated.sketchValue(block.pointer, sketch, BigInt(value)), sketch);
    assert.equal(block.takeStatus(), STATUS_KEEP);
    assert.equal(block.heapNeeded, 256);
  }
  assert.equal(generated.sketchEstimate(block.pointer, sketch), 15n);
  scope.reset();
});
