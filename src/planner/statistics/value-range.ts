import { VALUE_LIMITS } from '../../types/value-limits.js';
import type { Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { type ColumnEstimate, numericValue } from './selectivity.js';

/** The least and the greatest value. Whole numbers that doubles hold exactly. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** What is known of the columns that an expression reads. */
export type ColumnEstimates = ReadonlyMap<number, ColumnEstimate>;

/**
 * The range of a whole number or date that is computed of columns whose bounds are known, if all that is computed on the
 * way lies within its type: then it is never out of range.
 */
export function valueRange(expression: Expression, columns: ColumnEstimates): ValueRange | undefined {
  const limits = VALUE_LIMITS[expression.type.kind];
  if (limits === undefined) return undefined;
  const range = rangeOf(expression, columns);
  if (range === undefined || !Number.isSafeInteger(range.min) || !Number.isSafeInteger(range.max)) return undefined;
  return range.min >= limits[0] && range.max <= limits[1] ? range : undefined;
}

function rangeOf(expression: Expression, columns: ColumnEstimates): ValueRange | undefined {
  switch (expression.kind) {
    case 'constant': {
      const value = numericValue(expression);
      return value === undefined ? undefined : { min: value, max: value };
    }
    case 'column': {
      const { min, max } = columns.get(expression.column) ?? {};
      return min === undefined || max === undefined ? undefined : { min, max };
    }
    case 'cast':
      return valueRange(expression.input, columns);
    case 'call': {
      const ranges = expression.args.map((argument) => valueRange(argument, columns));
      const [left, right] = ranges;
      if (left === undefined || (right === undefined && ranges.length > 1)) return undefined;
      return rangeOfCall(functionOf(expression.overload), left, right);
    }
    default:
      return undefined;
  }
}

function rangeOfCall(name: string, left: ValueRange, right: ValueRange | undefined): ValueRange | undefined {
  if (right === undefined) return name === '-' ? { min: -left.max, max: -left.min } : undefined;
  switch (name) {
    case '+':
      return { min: left.min + right.min, max: left.max + right.max };
    case '-':
      return { min: left.min - right.max, max: left.max - right.min };
    case '*': {
      const products = [left.min, left.max].flatMap((one) => [one * right.min, one * right.max]);
      return { min: Math.min(...products), max: Math.max(...products) };
    }
    default:
      return undefined;
  }
}
