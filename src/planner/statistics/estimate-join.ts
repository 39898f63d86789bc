import type { ComparisonExpression, Expression } from '../expression.js';
import type { LogicalJoin } from '../logical/logical-plan.js';
import { equalPairShare } from './distribution.js';
import { keyCombinations } from './key-combinations.js';
import { keyDomain } from './key-domain.js';
import { capDistinct, type PlanEstimate } from './plan-estimate.js';
import { type ColumnEstimate, selectivityOfAll } from './selectivity.js';

/** The share of left rows that a semi join keeps where nothing is known. */
const DEFAULT_MATCH_SHARE = 0.5;
/** An anti join keeps at least this share: with keys alone, and where further conditions make matches rarer. */
const LEAST_ANTI_SHARE = 0.1;
const LEAST_CONDITIONAL_ANTI_SHARE = 0.6;

type JoinConditions = Pick<LogicalJoin, 'joinKind' | 'conditions'>;

/** Rows of two inputs under conditions, and their columns. */
export function estimateJoin(node: JoinConditions, left: PlanEstimate, right: PlanEstimate): PlanEstimate {
  const rows = joinRows(node, left, right);
  switch (node.joinKind) {
    case 'mark':
      return left;
    case 'semi':
    case 'anti':
    case 'nullAwareAnti':
      return { rows, columns: capDistinct(left.columns, rows) };
    case 'left':
    case 'full': {
      const unmatched = unmatchedShare(node.conditions, left, right);
      const ofRight = [...right.columns].map(([id, column]) => [id, filledWithNulls(column, unmatched)] as const);
      return { rows, columns: capDistinct(new Map([...left.columns, ...ofRight]), rows) };
    }
    case 'inner':
    case 'single':
      return { rows, columns: capDistinct(new Map([...left.columns, ...right.columns]), rows) };
  }
}

export function joinRows({ joinKind, conditions }: JoinConditions, left: PlanEstimate, right: PlanEstimate): number {
  if (joinKind === 'single' || joinKind === 'mark') return left.rows;
  const keys = keyDistincts(conditions, left, right);
  const isEmpty = left.rows === 0 || right.rows === 0;
  const matches = isEmpty ? 0 : Math.max(1, left.rows * right.rows * joinShare(keys, left, right));
  switch (joinKind) {
    case 'inner':
      return matches;
    case 'left':
      return Math.max(left.rows, matches);
    case 'full':
      return Math.max(left.rows, right.rows, matches);
    case 'semi':
      return isEmpty ? 0 : Math.max(1, left.rows * matchedShare(keys, matches, left));
    case 'anti':
    case 'nullAwareAnti':
      return isEmpty ? left.rows : Math.max(1, left.rows * unmatchedShare(conditions, left, right));
  }
}

/** The share of left rows without a match. */
export function unmatchedShare(conditions: readonly Expression[], left: PlanEstimate, right: PlanEstimate): number {
  if (left.rows === 0 || right.rows === 0) return 1;
  const keys = keyDistincts(conditions, left, right);
  const matches = left.rows * right.rows * joinShare(keys, left, right);
  const least = keys.others.length === 0 ? LEAST_ANTI_SHARE : LEAST_CONDITIONAL_ANTI_SHARE;
  return Math.max(least, 1 - matchedShare(keys, matches, left));
}

export function filledWithNulls(column: ColumnEstimate, share: number): ColumnEstimate {
  return { ...column, nullShare: 1 - (1 - column.nullShare) * (1 - share) };
}

/** The share of all pairs of rows for which one condition of a join holds; `rows` bounds the values of computed keys. */
export function conditionShare(
  condition: Expression,
  columns: ReadonlyMap<number, ColumnEstimate>,
  rows: number,
): number {
  if (!isEquality(condition)) return selectivityOfAll([condition], columns);
  const [left, right] = [condition.left, condition.right].map((side) =>
    side.kind === 'column' ? columns.get(side.column) : undefined,
  );
  if (left === undefined && right === undefined) return selectivityOfAll([condition], columns);
  return 1 / Math.max(1, keyPair(left, right, rows, rows).oneIn);
}

/** Distinct values on either side of an equality, and among how many values those of either side are found. */
interface KeyPair {
  readonly left: number;
  readonly right: number;
  readonly domain: number;
  /** Of so many pairs of values one is equal: fewer than the domain has, where the same values are common in both. */
  readonly oneIn: number;
  /** One side is a key of its table: whatever else must be equal only takes rows away. */
  readonly isKey: boolean;
  /** Something is known of both sides. Else they may go together, like a value and the least of its group. */
  readonly isKnown: boolean;
}

interface KeyDistincts {
  readonly pairs: readonly KeyPair[];
  readonly others: readonly Expression[];
}

function keyDistincts(conditions: readonly Expression[], left: PlanEstimate, right: PlanEstimate): KeyDistincts {
  const pairs: KeyPair[] = [];
  const others: Expression[] = [];
  for (const condition of conditions) {
    if (!isEquality(condition)) {
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

function isEquality(condition: Expression): condition is ComparisonExpression {
  return (
    condition.kind === 'comparison' && (condition.operator === '=' || condition.operator === 'is not distinct from')
  );
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
  const keys = [keyDomainOf(inLeft, inRight), keyDomainOf(inRight, inLeft)].filter((rows) => rows !== undefined);
  const isKey = keys.length > 0;
  const domain = isKey ? Math.max(...keys) : Math.max(left, right);
  const isKnown = inLeft !== undefined && inRight !== undefined;
  return {
    left,
    right,
    isKey,
    isKnown,
    domain,
    oneIn: isKey ? domain : equalOneIn(inLeft, inRight, left, right),
  };
}

/** Undefined unless the column is a key. */
function keyDomainOf(column: ColumnEstimate | undefined, other: ColumnEstimate | undefined): number | undefined {
  if (column?.keyRows === undefined) return undefined;
  const isReferred = other !== undefined && other.keyRows === undefined;
  return keyDomain({ ...column, keyRows: column.keyRows }, isReferred ? [other] : []);
}

function equalOneIn(
  inLeft: ColumnEstimate | undefined,
  inRight: ColumnEstimate | undefined,
  left: number,
  right: number,
): number {
  const [ofLeft, ofRight] = [inLeft?.distribution, inRight?.distribution];
  if (ofLeft === undefined || ofRight === undefined || ofLeft.kind !== ofRight.kind) return Math.max(left, right);
  return 1 / Math.max(equalPairShare(ofLeft, left, ofRight, right), 1e-12);
}

function columnOfOne(sides: readonly Expression[], plan: PlanEstimate): ColumnEstimate | undefined {
  for (const side of sides) {
    const column = side.kind === 'column' ? plan.columns.get(side.column) : undefined;
    if (column) return column;
  }
  return undefined;
}

/**
 * Keys meet as often as the larger number of distinct values allows; keys of several columns as `keyCombinations` says,
 * but never more often than one of the keys alone would.
 */
function joinShare({ pairs, others }: KeyDistincts, left: PlanEstimate, right: PlanEstimate): number {
  const rest = others.length === 0 ? 1 : selectivityOfAll(others, new Map([...left.columns, ...right.columns]));
  const isFiltered = pairs.some((pair) => pair.isKey) && pairs.every((pair) => pair.isKnown);
  const each = pairs.map((pair) => pair.oneIn);
  const combinations = pairs.length > 1 && !isFiltered ? combinationsOf(pairs, left, right) : undefined;
  const distinct =
    combinations === undefined ? each.reduce((product, count) => product * count, 1) : Math.max(...each, combinations);
  return rest / Math.max(1, distinct);
}

function combinationsOf(pairs: readonly KeyPair[], left: PlanEstimate, right: PlanEstimate): number | undefined {
  return keyCombinations(
    { rows: left.rows, distinct: pairs.map((pair) => pair.left), isUnique: false },
    { rows: right.rows, distinct: pairs.map((pair) => pair.right), isUnique: false },
  );
}

/** The share of left rows with a match: of the values that the keys may have, as many as the right has. */
function matchedShare({ pairs, others }: KeyDistincts, matches: number, left: PlanEstimate): number {
  if (pairs.length === 0)
    return others.length === 0 ? 1 : Math.min(1, Math.max(DEFAULT_MATCH_SHARE, matches / left.rows));
  return pairs.reduce((share, pair) => Math.min(share, Math.max(pair.right / pair.domain, 1e-6)), 1);
}
