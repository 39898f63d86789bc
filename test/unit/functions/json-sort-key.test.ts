import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonSortKey } from '../../../src/functions/scalar/json/json-sort-key.js';
import { parseJsonText } from '../../../src/functions/scalar/json/json-text.js';
import { compareJson } from '../../../src/functions/scalar/json/json-tree.js';
import { jsonTexts } from '../kernels/json-arbitraries.js';

test('keys of jsonb are ordered, and equal, as its values are', () => {
  fc.assert(
    fc.property(jsonTexts, jsonTexts, (left, right) => {
      const [a, b] = [parseJsonText(left), parseJsonText(right)];
      const expected = Math.sign(compareJson(a, b));
      const keys = (descending: boolean): number =>
        Math.sign(Buffer.compare(jsonSortKey(a, descending), jsonSortKey(b, descending)));
      assert.equal(keys(false), expected);
      assert.equal(keys(true), 0 - expected);
    }),
    { numRuns: 3000 },
  );
});
