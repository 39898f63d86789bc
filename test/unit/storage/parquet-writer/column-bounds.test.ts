import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_BOUND_BYTES, roundUpPrefix } from '../../../../src/storage/parquet-writer/column-bounds.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('a prefix rounded up is above all strings that start with it, and is text if they are', () => {
  const long = fc.string({ unit: 'binary', minLength: MAX_BOUND_BYTES + 1, maxLength: 100 });
  fc.assert(
    fc.property(long, (value) => {
      const rounded = roundUpPrefix(text(value), true);
      assert.ok(rounded !== undefined && rounded.length <= MAX_BOUND_BYTES + 1);
      assert.ok(Buffer.compare(rounded, text(value)) > 0);
      assert.doesNotThrow(() => new TextDecoder('utf-8', { fatal: true }).decode(rounded));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: MAX_BOUND_BYTES + 1, maxLength: 100, min: 250 }), (value) => {
      const rounded = roundUpPrefix(value, false);
      if (rounded === undefined) assert.ok(value.subarray(0, MAX_BOUND_BYTES).every((byte) => byte === 255));
      else assert.ok(Buffer.compare(rounded, value) > 0);
    }),
  );
});

test('where nothing is above, there is no bound', () => {
  assert.equal(roundUpPrefix(text('\u{10ffff}'.repeat(20)), true), undefined);
  assert.equal(roundUpPrefix(new Uint8Array(70).fill(255), false), undefined);
  assert.deepEqual(roundUpPrefix(text(`a${'\u{10ffff}'.repeat(20)}`), true), text('b'));
  assert.deepEqual(roundUpPrefix(text(`${'x'.repeat(61)}\ud7ffzz`), true), text(`${'x'.repeat(61)}\ue000`));
});
