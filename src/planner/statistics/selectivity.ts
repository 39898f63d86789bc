import type { SqlType } from '../../types/sql-type.js';
import type { CallExpression, ComparisonExpression, ConstantExpression, Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import {
  type Distribution,
  type End,
  equalShare,
  lessPairShare,
  likeShare,
  type Ordinal,
  shareBetween,
} from './distribution.js';
import { type Moments, shareBelow } from './moments.js';

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
  /** From ANALYZE; of the rows that are not NULL. */
  readonly distribution?: Distribution | undefined;
  /** Of an aggregate: about how its values vary from group to group. */
  readonly moments?: Moments | undefined;
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

/** A constant as distributions order it. */
export function ordinalOf(expression: Expression): Ordinal | undefined {
  if (expression.kind === 'constant' && typeof expression.value === 'string' && isText(expression.type)) {
    return expression.value;
  }
  return numericValue(expression);
}

function isText({ kind }: SqlType): boolean {
  return kind === 'text' || kind === 'varchar' || kind === 'char';
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
  if (column.distribution !== undefined) {
    const share = sharedRange(bounds, column, column.distribution);
    if (share !== undefined) return Math.max(SMALLEST, present * share);
  }
  if (column.moments !== undefined) {
    const share = normalShare(bounds, column.moments);
    if (share !== undefined) return Math.max(SMALLEST, present * share);
  }
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

/** The share of the groups whose aggregate lies between bounds, as if it were normally distributed. */
function normalShare(bounds: readonly ComparisonExpression[], moments: Moments): number | undefined {
  let [from, to] = [0, 1];
  for (const { operator, left, right } of bounds) {
    const value = numericValue(left.kind === 'constant' ? left : right);
    if (value === undefined) return undefined;
    const below = shareBelow(moments, value);
    const isUpper = (left.kind === 'column') === (operator === '<' || operator === '<=');
    if (isUpper) to = Math.min(to, below);
    else from = Math.max(from, below);
  }
  return Math.max(0, to - from);
}

/** The narrowest range that the bounds leave, by the distribution; undefined where a bound is none that it knows. */
function sharedRange(
  bounds: readonly ComparisonExpression[],
  { distinct }: ColumnEstimate,
  distribution: Distribution,
): number | undefined {
  let low: End | undefined;
  let high: End | undefined;
  for (const { operator, left, right } of bounds) {
    const value = ordinalOf(left.kind === 'constant' ? left : right);
    if (value === undefined || typeof value !== distribution.kind) return undefined;
    const end: End = { value, isIncluded: operator === '<=' || operator === '>=' };
    const isUpper = (left.kind === 'column') === (operator === '<' || operator === '<=');
    if (isUpper) {
      if (high === undefined || value < high.value || (value === high.value && !end.isIncluded)) high = end;
    } else if (low === undefined || value > low.value || (value === low.value && !end.isIncluded)) low = end;
  }
  return shareBetween(distribution, distinct, low, high);
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
      const column = columnOf(expression.input, columns);
      const each = (item: Expression): number =>
        column ? valueShare(column, item) : 1 / distinctOf(expression.input, columns);
      const share = Math.min(
        1,
        expression.items.reduce((sum, item) => sum + each(item), 0),
      );
      const present = 1 - (column?.nullShare ?? 0);
      return Math.max(SMALLEST, expression.negated ? present - share : share);
    }
    case 'comparison':
      return comparisonShare(expression, columns);
    case 'call':
      return callShare(expression, columns);
    case 'column': {
      const column = columns.get(expression.column);
      if (column?.distribution === undefined) return 0.5;
      return Math.max(SMALLEST, (1 - column.nullShare) * equalShare(column.distribution, column.distinct, 1));
    }
    default:
      return OTHER;
  }
}

const NUMBERS: readonly string[] = ['smallint', 'integer', 'bigint', 'decimal', 'real', 'double'];

/** The column of an expression whose values are the column's own. A cast to another kind of type leaves their number. */
function columnOf(expression: Expression, columns: Columns): ColumnEstimate | undefined {
  if (expression.kind === 'column') return columns.get(expression.column);
  if (expression.kind !== 'cast') return undefined;
  const column = columnOf(expression.input, columns);
  const [from, to] = [expression.input.type, expression.type];
  const keepsValues =
    from.kind === to.kind || (NUMBERS.includes(from.kind) && NUMBERS.includes(to.kind)) || (isText(from) && isText(to));
  return column && !keepsValues
    ? { distinct: column.distinct, nullShare: column.nullShare, min: undefined, max: undefined }
    : column;
}

/** The share of rows that have a value. */
function valueShare(column: ColumnEstimate, constant: Expression): number {
  const value = ordinalOf(constant);
  if (typeof value === 'number' && column.min !== undefined && column.max !== undefined) {
    if (value < column.min || value > column.max) return SMALLEST;
  }
  const present = 1 - column.nullShare;
  const { distribution, distinct } = column;
  if (distribution === undefined || value === undefined || typeof value !== distribution.kind)
    return present / distinct;
  return Math.max(SMALLEST, present * equalShare(distribution, distinct, value));
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
        return column ? valueShare(column, constant) : EQUALITY;
      }
      return 1 / Math.max(distinctOf(left, columns), distinctOf(right, columns));
    }
    case '<>':
    case 'is distinct from':
      return Math.max(SMALLEST, 1 - comparisonShare({ ...expression, operator: '=' }, columns));
    default: {
      const id = rangeColumn(expression);
      if (id === undefined) return orderShare(expression, columns);
      return rangeShare([expression], columns.get(id) ?? UNKNOWN_COLUMN);
    }
  }
}

/** The share of rows in which one column is less than another, or greater. */
function orderShare({ left, right, operator }: ComparisonExpression, columns: Columns): number {
  const isLess = operator === '<' || operator === '<=';
  const [low, high] = [columnOf(isLess ? left : right, columns), columnOf(isLess ? right : left, columns)];
  const [lows, highs] = [low?.distribution, high?.distribution];
  if (lows === undefined || highs === undefined || lows.kind !== highs.kind) return RANGE;
  return (1 - low!.nullShare) * (1 - high!.nullShare) * lessPairShare(lows, highs, high!.distinct);
}

function callShare({ overload, args }: CallExpression, columns: Columns): number {
  const name = functionOf(overload);
  if (name !== 'like' && name !== 'ilike') return OTHER;
  const [input, pattern] = args;
  if (pattern?.kind !== 'constant' || typeof pattern.value !== 'string') return LIKE;
  const column = columnOf(input!, columns);
  if (column?.distribution?.kind === 'string' && args.length === 2) {
    const share = likeShare(column.distribution, column.distinct, pattern.value, name === 'ilike');
    return Math.max(SMALLEST, (1 - column.nullShare) * share);
  }
  return /^[%_]/.test(pattern.value) ? LIKE : LIKE_PREFIX;
}
