import type { ColumnSketch, SketchValue } from '../catalog/statistics/column-sketch.js';
import type { ColumnStatistics } from '../planner/catalog-view.js';
import type { ConstantExpression } from '../planner/expression.js';

/** Merged sketches are kept from plan to plan, and so is what was derived from them. */
const derived = new WeakMap<ColumnSketch, ColumnStatistics>();

/** What ANALYZE has found of a column, in the planner's terms. */
export function sketchStatistics(sketch: ColumnSketch): ColumnStatistics {
  let statistics = derived.get(sketch);
  if (statistics === undefined) {
    statistics = derive(sketch);
    derived.set(sketch, statistics);
  }
  return statistics;
}

function derive(sketch: ColumnSketch): ColumnStatistics {
  const { type, low, high, nullCount, distinctCount, common, bounds, rowCount } = sketch;
  const constant = (value: SketchValue | undefined): ConstantExpression | undefined =>
    value === undefined ? undefined : { kind: 'constant', type, value };
  const present = Math.max(1, rowCount - nullCount);
  return {
    min: constant(low),
    max: constant(high),
    nullCount,
    distinctCount,
    distribution: {
      type,
      common: common.map(({ value, rowCount }) => ({ value, share: rowCount / present })),
      bounds,
    },
  };
}
