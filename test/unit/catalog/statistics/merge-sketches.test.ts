import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  boundsOfSorted,
  type ColumnSketch,
  compareSketchValues,
  countOtherRows,
  MAX_COMMON_VALUES,
} from '../../../../src/catalog/statistics/column-sketch.js';
import { mergeSketches } from '../../../../src/catalog/statistics/merge-sketches.js';
import { hashKeyReference } from '../../../../src/kernels/reference/rows.js';
import { registersOf } from '../../../../src/kernels/reference/statistics.js';
import { INTEGER } from '../../../../src/types/sql-type.js';

/** The sketch of a column whose values are all known; the `commonest` of them are listed. */
function sketchOf(values: readonly number[], nullCount: number, commonest: number): ColumnSketch {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ranked = [...counts].sort((left, right) => right[1] - left[1] || left[0] - right[0]);
  const common = ranked.slice(0, commonest).map(([value, rowCount]) => ({ value, rowCount }));
  const listed = new Set<unknown>(common.map(({ value }) => value));
  const sorted = [...values].sort((left, right) => left - right);
  return {
    type: INTEGER,
    rowCount: values.length + nullCount,
    nullCount,
    distinctCount: counts.size,
    low: sorted[0],
    high: sorted.at(-1),
    registers: Uint8Array.from(registersOf(values.map((value) => hashKeyReference([BigInt(value)], [])))),
    common,
    bounds: boundsOfSorted(sorted.filter((value) => !listed.has(value))),
  };
}

const values = fc.array(fc.oneof(fc.nat(9), fc.nat(500)), { maxLength: 300 });
const parts = fc.array(fc.tuple(values, fc.nat(20)), { minLength: 1, maxLength: 5 });

test('counts, bounds and distinct values of all rows', () => {
  fc.assert(
    fc.property(parts, fc.nat(100), (drawn, commonest) => {
      const merged = mergeSketches(drawn.map(([list, nulls]) => sketchOf(list, nulls, commonest)));
      const all = drawn.flatMap(([list]) => list);
      const sorted = [...all].sort((left, right) => left - right);
      assert.equal(merged.rowCount, all.length + drawn.reduce((sum, [, nulls]) => sum + nulls, 0));
      assert.equal(
        merged.nullCount,
        drawn.reduce((sum, [, nulls]) => sum + nulls, 0),
      );
      assert.deepEqual([merged.low, merged.high], [sorted[0], sorted.at(-1)]);
      const distinct = new Set(all).size;
      assert.ok(Math.abs(merged.distinctCount - distinct) <= 0.1 * distinct + 2);
    }),
    { numRuns: 100 },
  );
});

test('values that are listed everywhere are counted exactly', () => {
  const few = fc.array(fc.tuple(fc.array(fc.nat(30), { maxLength: 100 }), fc.nat(5)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(few, (drawn) => {
      const merged = mergeSketches(drawn.map(([list, nulls]) => sketchOf(list, nulls, MAX_COMMON_VALUES)));
      const all = sketchOf(
        drawn.flatMap(([list]) => list),
        0,
        MAX_COMMON_VALUES,
      );
      assert.deepEqual(merged.common, all.common);
      assert.equal(merged.distinctCount, all.distinctCount);
      assert.deepEqual(merged.bounds, []);
    }),
    { numRuns: 100 },
  );
});

test('rows are neither lost nor made up, and bounds ascend', () => {
  fc.assert(
    fc.property(parts, fc.nat(100), (drawn, commonest) => {
      const sketches = drawn.map(([list, nulls]) => sketchOf(list, nulls, commonest));
      const merged = mergeSketches(sketches);
      assert.ok(merged.common.length <= MAX_COMMON_VALUES);
      const inCommon = merged.common.reduce((sum, { rowCount }) => sum + rowCount, 0);
      assert.ok(inCommon <= merged.rowCount - merged.nullCount + 1e-6);
      assert.ok(countOtherRows(merged) >= 0);
      assert.deepEqual(merged.bounds, [...merged.bounds].sort(compareSketchValues));
    }),
    { numRuns: 100 },
  );
});

test('the histogram of parts is that of all, within two buckets of either', () => {
  const many = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 200, maxLength: 400 });
  fc.assert(
    fc.property(fc.array(many, { minLength: 2, maxLength: 4 }), (lists) => {
      const merged = mergeSketches(lists.map((list) => sketchOf(list, 0, 0)));
      const all = lists.flat();
      const buckets = merged.bounds.length - 1;
      merged.bounds.forEach((bound, i) => {
        const below = all.filter((value) => value <= (bound as number)).length / all.length;
        assert.ok(Math.abs(below - i / buckets) <= 0.04, `${below} of the values are below bound ${i} of ${buckets}`);
      });
    }),
    { numRuns: 40 },
  );
});
