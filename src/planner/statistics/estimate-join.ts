import type { Expression } from '../expression.js';
import type { LogicalJoin } from '../logical/logical-plan.js';
import { capDistinct, type PlanEstimate, scaled } from './plan-estimate.js';
import { type ColumnEstimate, selectivityOfAll } from './selectivity.js';

/** The share of left rows that a semi join keeps where nothing is known. */
const DEFAULT_MATCH_SHARE = 0.5;
/** An anti join keeps at least this share: with keys alone, and where further conditions make matches rarer. */
const LEAST_ANTI_SHARE = 0.1;
const LEAST_CONDITIONAL_ANTI_SHARE = 0.6;

/** Rows of two inputs under conditions. */
export function estimateJoin(node: LogicalJoin, left: PlanEstimate, right: PlanEstimate): PlanEstimate {
  const columns = new Map([...left.columns, ...right.columns]);
  const keys = keyDistincts(node.conditions, left, right);
  const isEmpty = left.rows === 0 || right.rows === 0;
  const matches = isEmpty ? 0 : Math.max(1, left.rows * right.rows * joinShare(keys, columns, left, right));
  const outOf = (rows: number, kept: ReadonlyMap<number, ColumnEstimate> = columns): PlanEstimate => ({
    rows,
    columns: capDistinct(kept, rows),
  });
  switch (node.joinKind) {
    case 'inner':
      return outOf(matches);
    case 'left':
      return outOf(Math.max(left.rows, matches));
    case 'full':
      return outOf(Math.max(left.rows, right.rows, matches));
    case 'single':
      return outOf(left.rows);
    case 'mark':
      return left;
    case 'semi':
      return isEmpty ? outOf(0, left.columns) : scaled(left, matchedShare(keys, matches, left));
    case 'anti':
    case 'nullAwareAnti': {
      const least = keys.others.length === 0 ? LEAST_ANTI_SHARE : LEAST_CONDITIONAL_ANTI_SHARE;
      return isEmpty ? left : scaled(left, Math.max(least, 1 - matchedShare(keys, matches, left)));
    }
  }
}

/** Distinct values on either side of an equality, and among how many values those of either side are found. */
interface KeyPair {
  readonly left: number;
  readonly right: number;
  readonly domain: number;
}

interface KeyDistincts {
  readonly pairs: readonly KeyPair[];
  readonly others: readonly Expression[];
}

function keyDistincts(conditions: readonly Expression[], left: PlanEstimate, right: PlanEstimate): KeyDistincts {
  const pairs: KeyPair[] = [];
  const others: Expression[] = [];
  for (const condition of conditions) {
    const isEquality =
      condition.kind === 'comparison' && (condition.operator === '=' || condition.operator === 'is not distinct from');
    if (!isEquality) {
      others.push(condition);
      continue;
    }
    const sides = [condition.left, condition.right];
    const inLeft = columnOfOne(sides, left);
    const inRight = columnOfOne(sides, right);
    // A computed key has, at most, as many values as the column it meets.
    if (inLeft === undefined && inRight === undefined) others.push(condition);
    else pairs.push(keyPair(inLeft, inRight, left.rows, right.rows));
  }
  return { pairs, others };
}

/** A column that meets another table's key refers to it: its values are among those that the key has, unfiltered. */
function keyPair(
  inLeft: ColumnEstimate | undefined,
  inRight: ColumnEstimate | undefined,
  leftRows: number,
  rightRows: number,
): KeyPair {
  const left = inLeft?.distinct ?? Math.min(leftRows, inRight!.distinct);
  const right = inRight?.distinct ?? Math.min(rightRows, inLeft!.distinct);
  const keys = [inLeft?.keyRows, inRight?.keyRows].filter((rows) => rows !== undefined);
  return { left, right, domain: keys.length === 0 ? Math.max(left, right) : Math.max(...keys) };
}

function columnOfOne(sides: readonly Expression[], plan: PlanEstimate): ColumnEstimate | undefined {
  for (const side of sides) {
    const column = side.kind === 'column' ? plan.columns.get(side.column) : undefined;
    if (column) return column;
  }
  return undefined;
}

/**
 * Keys meet as often as the larger number of distinct values allows. Keys of several columns have no more distinct
 * values than there are rows; where that bound is met, one side refers to the other's whole key, and the smaller number
 * is right for both, but never less than one of the keys alone has.
 */
function joinShare(
  { pairs, others }: KeyDistincts,
  columns: ReadonlyMap<number, ColumnEstimate>,
  left: PlanEstimate,
  right: PlanEstimate,
): number {
  const rest = selectivityOfAll(others, columns);
  const ofLeft = pairs.reduce((product, pair) => product * pair.left, 1);
  const ofRight = pairs.reduce((product, pair) => product * pair.right, 1);
  const isBounded = pairs.length > 1 && (ofLeft > left.rows || ofRight > right.rows);
  const each = pairs.map((pair) => pair.domain);
  const distinct = isBounded
    ? Math.max(...each, Math.min(ofLeft, left.rows, ofRight, right.rows))
    : each.reduce((product, count) => product * count, 1);
  return rest / Math.max(1, distinct);
}

/** The share of left rows with a match: of the left's key values, as many as the right has. */
function matchedShare({ pairs, others }: KeyDistincts, matches: number, left: PlanEstimate): number {
  if (pairs.length === 0)
    return others.length === 0 ? 1 : Math.min(1, Math.max(DEFAULT_MATCH_SHARE, matches / left.rows));
  return pairs.reduce((share, pair) => Math.min(share, Math.max(pair.right / pair.left, 1e-6)), 1);
}
