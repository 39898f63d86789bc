import type { ComparisonExpression, ConstantExpression, Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { columnsOf } from '../logical/expression-tree.js';

/** What is assumed about the values of a column in the rows of a plan. */
export interface ColumnEstimate {
  /** Distinct values that are not NULL; at least 1. */
  readonly distinct: number;
  /** Share of rows that are NULL, 0 to 1. */
  readonly nullShare: number;
  /** Bounds as numbers (see numericValue), where the type has an order that numbers keep. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The rows of its table, when the column is a key of it; those that are left may be fewer. */
  readonly keyRows?: number | undefined;
}

export const UNKNOWN_COLUMN: ColumnEstimate = { distinct: 100, nullShare: 0, min: undefined, max: undefined };

/** Guesses for conditions about which nothing is known, after System R. */
const EQUALITY = 0.1;
const RANGE = 1 / 3;
const LIKE = 0.1;
const LIKE_PREFIX = 0.05;
const OTHER = 0.25;
const SMALLEST = 1e-9;

type Columns = ReadonlyMap<number, ColumnEstimate>;

/** A constant as a number that keeps the order of its type; undefined for text and what has no order. */
export function numericValue(expression: Expression): number | undefined {
  if (expression.kind !== 'constant' || expression.value === null) return undefined;
  const { type, value } = expression as ConstantExpression;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return type.kind === 'decimal' ? Number(value) / 10 ** type.scale : Number(value);
  return undefined;
}

/**
 * The share of rows for which all conditions hold. Bounds on the same column are taken together, as one range; other
 * conditions as independent of each other, each further one counting less.
 */
export function selectivityOfAll(conjuncts: readonly Expression[], columns: Columns): number {
  const shares: number[] = [];
  const ranges = new Map<number, ComparisonExpression[]>();
  for (const conjunct of conjuncts) {
    const range = rangeColumn(conjunct);
    if (range === undefined) shares.push(selectivity(conjunct, columns));
    else ranges.set(range, [...(ranges.get(range) ?? []), conjunct as ComparisonExpression]);
  }
  for (const [id, bounds] of ranges) shares.push(rangeShare(bounds, columns.get(id) ?? UNKNOWN_COLUMN));
  return Math.max(
    SMALLEST,
    shares.reduce((product, share) => product * share, 1),
  );
}

/** The column of `column < constant` and its kin. */
function rangeColumn(expression: Expression): number | undefined {
  if (expression.kind !== 'comparison' || !['<', '<=', '>', '>='].includes(expression.operator)) return undefined;
  const { left, right } = expression;
  if (left.kind === 'column' && right.kind === 'constant') return left.column;
  return right.kind === 'column' && left.kind === 'constant' ? right.column : undefined;
}

function rangeShare(bounds: readonly ComparisonExpression[], column: ColumnEstimate): number {
  const present = 1 - column.nullShare;
  let { min, max } = column;
  if (min === undefined || max === undefined) return present * (bounds.length > 1 ? RANGE / 2 : RANGE);
  const span = max - min;
  for (const { operator, left, right } of bounds) {
    const value = numericValue(left.kind === 'constant' ? left : right);
    if (value === undefined) return present * RANGE;
    const upper = (left.kind === 'column') === (operator === '<' || operator === '<=');
    if (upper) max = Math.min(max, value);
    else min = Math.max(min, value);
  }
  if (max < min) return SMALLEST;
  if (span <= 0) return present;
  return present * Math.min(1, Math.max((max - min) / span, 1 / column.distinct));
}

/** The share of rows for which one condition holds. */
export function selectivity(expression: Expression, columns: Columns): number {
  switch (expression.kind) {
    case 'constant':
      return expression.value === true ? 1 : SMALLEST;
    case 'and':
      return selectivityOfAll(expression.operands, columns);
    case 'or':
      return 1 - expression.operands.reduce((none, operand) => none * (1 - selectivity(operand, columns)), 1);
    case 'not':
      return Math.max(SMALLEST, 1 - selectivity(expression.input, columns));
    case 'isNull': {
      const share = columnOf(expression.input, columns)?.nullShare ?? 0.05;
      return Math.max(SMALLEST, expression.negated ? 1 - share : share);
    }
    case 'booleanTest': {
      const share = selectivity(expression.input, columns);
      return Math.max(SMALLEST, expression.negated ? 1 - share : share);
    }
    case 'inList': {
      const distinct = columnOf(expression.input, columns)?.distinct ?? distinctOf(expression.input, columns);
      const share = Math.min(1, expression.items.length / distinct);
      return Math.max(SMALLEST, expression.negated ? 1 - share : share);
    }
    case 'comparison':
      return comparisonShare(expression, columns);
    case 'call':
      return callShare(expression.overload, expression.args);
    case 'column':
      return 0.5;
    default:
      return OTHER;
  }
}

function columnOf(expression: Expression, columns: Columns): ColumnEstimate | undefined {
  if (expression.kind === 'cast') return columnOf(expression.input, columns);
  return expression.kind === 'column' ? columns.get(expression.column) : undefined;
}

function distinctOf(expression: Expression, columns: Columns): number {
  const known = columnOf(expression, columns);
  if (known) return known.distinct;
  const counts = [...columnsOf(expression)].map((id) => columns.get(id)?.distinct ?? 10);
  return Math.max(1, Math.min(...counts, 1 / EQUALITY));
}

function comparisonShare(expression: ComparisonExpression, columns: Columns): number {
  const { left, right, operator } = expression;
  const constant = left.kind === 'constant' ? left : right.kind === 'constant' ? right : undefined;
  switch (operator) {
    case '=':
    case 'is not distinct from': {
      if (constant) {
        const column = columnOf(constant === left ? right : left, columns);
        if (!column) return EQUALITY;
        const value = numericValue(constant);
        const outside = value !== undefined && column.min !== undefined && column.max !== undefined;
        if (outside && (value < column.min! || value > column.max!)) return SMALLEST;
        return (1 - column.nullShare) / column.distinct;
      }
      return 1 / Math.max(distinctOf(left, columns), distinctOf(right, columns));
    }
    case '<>':
    case 'is distinct from':
      return Math.max(SMALLEST, 1 - comparisonShare({ ...expression, operator: '=' }, columns));
    default: {
      const id = rangeColumn(expression);
      return id === undefined ? RANGE : rangeShare([expression], columns.get(id) ?? UNKNOWN_COLUMN);
    }
  }
}

function callShare(overload: string, args: readonly Expression[]): number {
  const name = functionOf(overload);
  if (name !== 'like' && name !== 'ilike') return OTHER;
  const pattern = args[1];
  if (pattern?.kind !== 'constant' || typeof pattern.value !== 'string') return LIKE;
  return /^[%_]/.test(pattern.value) ? LIKE : LIKE_PREFIX;
}
