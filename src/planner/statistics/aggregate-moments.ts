import type { AggregateCall } from '../expression.js';
import { functionOf } from '../format-expression.js';
import type { Distribution } from './distribution.js';
import { estimateExpression } from './expression-estimate.js';
import type { Moments } from './moments.js';
import type { PlanEstimate } from './plan-estimate.js';
import type { ColumnEstimate } from './selectivity.js';

/** Of a column: from its distribution, or as if values were even between its bounds. */
function momentsOf({ distribution, min, max }: ColumnEstimate): Moments | undefined {
  if (distribution?.kind === 'number') return momentsOfDistribution(distribution);
  if (min === undefined || max === undefined) return undefined;
  return { mean: (min + max) / 2, variance: (max - min) ** 2 / 12 };
}

function momentsOfDistribution({ common, bounds, restShare }: Distribution): Moments {
  const weighted = [...common].map(([value, share]) => [value as number, share] as const);
  for (const bound of bounds) weighted.push([bound as number, restShare / bounds.length]);
  const total = weighted.reduce((sum, [, share]) => sum + share, 0);
  const mean = weighted.reduce((sum, [value, share]) => sum + value * share, 0) / total;
  const variance = weighted.reduce((sum, [value, share]) => sum + (value - mean) ** 2 * share, 0) / total;
  return { mean, variance };
}

/**
 * Of an aggregate over groups: rows fall into groups at random, so that a group's size varies as Poisson's law says, and
 * a sum as that of so many values that are drawn independently.
 */
export function aggregateMoments(
  { overload, args, filter }: AggregateCall,
  input: PlanEstimate,
  groups: number,
): Moments | undefined {
  if (filter !== undefined) return undefined;
  const size = input.rows / groups;
  const name = functionOf(overload);
  if (name === 'count') return { mean: size, variance: size };
  const argument = args[0] && estimateExpression(args[0], input);
  const values = argument && momentsOf(argument);
  if (values === undefined) return undefined;
  if (name === 'sum') return { mean: size * values.mean, variance: size * (values.variance + values.mean ** 2) };
  return name === 'avg' ? { mean: values.mean, variance: values.variance / Math.max(1, size) } : undefined;
}
