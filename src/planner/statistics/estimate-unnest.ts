import type { Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import type { LogicalUnnest } from '../logical/logical-plan.js';
import { elementCountOfConstant } from '../nested-constants.js';
import type { PlanEstimate } from './plan-estimate.js';
import { type ColumnEstimate, numericValue } from './selectivity.js';

/** Elements of an array, as long as nothing is known of them. */
const UNKNOWN_ELEMENTS = 10;

/** Each row comes as often as its longest array has elements. Over one row, elements are taken for distinct. */
export function estimateUnnest(node: LogicalUnnest, input: PlanEstimate): PlanEstimate {
  const counts = node.items.map(({ expression }) => elementCount(expression));
  const longest = counts.reduce<number>((most, count) => Math.max(most, count ?? UNKNOWN_ELEMENTS), 0);
  const columns = new Map(input.columns);
  for (const [index, { column }] of node.items.entries()) {
    const distinct = counts[index];
    if (distinct === undefined) continue;
    const known: ColumnEstimate = { distinct: Math.max(1, distinct), nullShare: 0, min: undefined, max: undefined };
    columns.set(column.id, known);
  }
  return { rows: input.rows * longest, columns };
}

function elementCount(array: Expression): number | undefined {
  if (array.kind === 'constant') return array.value === null ? 0 : elementCountOfConstant(array);
  if (array.kind !== 'call') return undefined;
  const name = functionOf(array.overload);
  if (name === 'list_value') return array.args.length;
  return name === 'series_array' ? seriesLength(array.args) : undefined;
}

function seriesLength(args: readonly Expression[]): number | undefined {
  const [start, stop, step] = args.map(numericValue);
  if (start === undefined || stop === undefined || (args.length > 2 && !step)) return undefined;
  return Math.max(0, Math.floor((stop - start) / (step ?? 1)) + 1);
}
