import type { Expression } from '../expression.js';
import type { LogicalAggregate, LogicalJoin, LogicalNode } from '../logical/logical-plan.js';
import { outputIdsOf } from '../logical/plan-tree.js';
import { LEAST_KEYED_PROBES } from '../physical/join-tables.js';
import { missShare } from '../statistics/cache-misses.js';
import { estimate, rowWidth } from '../statistics/estimate.js';

/*
 * Nanoseconds a row on one core, from EXPLAIN ANALYZE of lineitem with supplier, part and orders at scale 1. Each row of a
 * table that is larger than the cache is a miss. `join-cost.ts` weighs joins by their sides; here both ways join the same
 * rows of the other side, and only those on their way count.
 */
const JOIN_ROW = 25;
const OUTPUT_ROW = 8;
const MISS = 40;
/** The same where the other side's columns lie by its key: there is one load for each, and none waits for another. */
const KEYED_ROW = 10;
const KEYED_MISS = 10;
/** Of the key's range there are so many numbers for each row, at most. */
const MOST_NUMBERS_PER_ROW = 6;
const GROUP_ROW = 10;
/** Keys that are hashed and compared, not indexes. */
const HASHED = 25;
/** Every lane makes the group, and one of them combines it. */
const GROUP = 150;
const GROUP_BYTES = 32;

/** Below so many rows, it does not matter. */
const LEAST_ROWS = 50_000;
/** So many rows a group, at least: what is known of distinct values are guesses. */
const LEAST_REDUCTION = 4;
const MARGIN = 1.3;

/** Rows on their way through a join; `other` is its side that they do not come from. */
export interface JoinOnTheWay {
  readonly join: LogicalJoin;
  readonly own: LogicalNode;
  readonly other: LogicalNode;
}

/**
 * Nanoseconds that are saved when `partial` groups rows before they pass `joins` (the uppermost first), above which they
 * are grouped by the keys of `final`; negative where that costs more.
 */
export function eagerGain(partial: LogicalAggregate, joins: readonly JoinOnTheWay[], final: LogicalAggregate): number {
  const { rows } = estimate(partial.input);
  const groups = estimate(partial).rows;
  if (rows < LEAST_ROWS || groups * LEAST_REDUCTION > rows) return -1;
  const joining = joins.reduce((sum, { join, own, other }) => {
    // Most rows without a match are left out by the scan: see join-filters.ts.
    const reaching = Math.min(estimate(own).rows, estimate(join).rows);
    return sum + reaching * lookUpCost({ join, own, other }) + estimate(join).rows * OUTPUT_ROW;
  }, 0);
  const now = joining + estimate(joins[0]!.join).rows * groupingCost(final.groupKeys, estimate(final).rows);
  const keys = partial.groupKeys;
  return now * (1 - groups / rows) - MARGIN * (rows * groupingCost(keys, groups) + groups * GROUP);
}

/** Of a row on its way. */
function lookUpCost({ join, own, other }: JoinOnTheWay): number {
  const width = rowWidth(other, outputIdsOf(other));
  const { rows } = estimate(other);
  // Rows that a join must hand on once are marked: see join-columns.ts.
  const isOptional = join.joinKind === 'left' && own === join.right;
  const numbers = isOptional || rows * LEAST_KEYED_PROBES > estimate(own).rows ? undefined : numbersOfKey(join, other);
  if (numbers === undefined) return JOIN_ROW + missShare(rows * width) * MISS;
  return KEYED_ROW + missShare(numbers * width) * KEYED_MISS;
}

/** How many whole numbers there are in the range of the key of a side; undefined unless it is one, and they lie close together. */
function numbersOfKey({ conditions }: LogicalJoin, side: LogicalNode): number | undefined {
  const { rows, columns } = estimate(side);
  const keys = conditions
    .flatMap((condition) =>
      condition.kind === 'comparison' && condition.operator === '=' ? [condition.left, condition.right] : [],
    )
    .filter((one) => columns.has(one.kind === 'column' ? one.column : -1));
  const [key] = keys;
  if (key?.kind !== 'column' || keys.length > 1 || !INDEXED.has(key.type.kind)) return undefined;
  const { keyRows, min, max } = columns.get(key.column)!;
  if (keyRows === undefined || min === undefined || max === undefined) return undefined;
  const numbers = max - min + 1;
  return numbers <= rows * MOST_NUMBERS_PER_ROW ? numbers : undefined;
}

function groupingCost(keys: readonly { readonly expression: Expression }[], groups: number): number {
  const [only, ...others] = keys;
  const isIndex = others.length === 0 && (only === undefined || INDEXED.has(only.expression.type.kind));
  return GROUP_ROW + (isIndex || groups < FEW_GROUPS ? 0 : HASHED) + missShare(groups * GROUP_BYTES) * MISS;
}

const INDEXED: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'date', 'boolean']);
/** Dictionaries have so many combinations. */
const FEW_GROUPS = 1000;
