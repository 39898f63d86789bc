import type { ColumnDistribution } from '../catalog-view.js';

/** A value in the order of its type: numbers, dates and times as numbers, text as it is. */
export type Ordinal = number | string;

/** A `ColumnDistribution`, its values made comparable. */
export interface Distribution {
  readonly kind: 'number' | 'string';
  /** Integers and dates: between a value and the next is none. */
  readonly isWhole: boolean;
  /** Shares of the rows that are not NULL. */
  readonly common: ReadonlyMap<Ordinal, number>;
  /** The share of all rows whose value is not common. */
  readonly restShare: number;
  readonly bounds: readonly Ordinal[];
}

export interface End {
  readonly value: Ordinal;
  readonly isIncluded: boolean;
}

/** A pattern is tried on the bounds of a histogram if they are so many. */
const MIN_TRIALS = 10;
/** What no bound of a histogram matches has, rather, this share of what lies between two. */
const RARE = 0.5;
/** Texts are told apart by this many characters behind those that they share. */
const TEXT_DIGITS = 6;

const made = new WeakMap<ColumnDistribution, Distribution | undefined>();

/** Undefined where nothing is known of the values, or they have no order that can be computed with. */
export function makeDistribution(
  distribution: ColumnDistribution,
  ordinal: (value: ColumnDistribution['bounds'][number]) => Ordinal | undefined,
): Distribution | undefined {
  if (!made.has(distribution)) made.set(distribution, convert(distribution, ordinal));
  return made.get(distribution);
}

function convert(
  { type, common, bounds }: ColumnDistribution,
  ordinal: (value: ColumnDistribution['bounds'][number]) => Ordinal | undefined,
): Distribution | undefined {
  const shares = new Map<Ordinal, number>();
  for (const { value, share } of common) {
    const key = ordinal(value);
    if (key === undefined) return undefined;
    shares.set(key, (shares.get(key) ?? 0) + share);
  }
  const ordinals = bounds.map(ordinal);
  if (!ordinals.every((bound) => bound !== undefined)) return undefined;
  const first = ordinals[0] ?? shares.keys().next().value;
  if (first === undefined) return undefined;
  return {
    kind: typeof first as Distribution['kind'],
    isWhole: ['smallint', 'integer', 'bigint', 'date'].includes(type.kind),
    common: shares,
    restShare: Math.max(
      0,
      [...shares.values()].reduce((rest, share) => rest - share, 1),
    ),
    bounds: ordinals,
  };
}

/** The share of rows with one value; 0 where it is not there. `distinct`: values of the column, common ones included. */
export function equalShare({ common, restShare, bounds }: Distribution, distinct: number, value: Ordinal): number {
  const share = common.get(value);
  if (share !== undefined) return share;
  const last = bounds.at(-1);
  if (last !== undefined && (value < bounds[0]! || value > last)) return 0;
  // No value that is not common has more rows than one that is.
  const least = Math.min(1, ...common.values());
  return Math.min(least, restShare / Math.max(1, distinct - common.size));
}

/** The share of rows whose values lie between two ends; without an end, all on that side. */
export function shareBetween(
  distribution: Distribution,
  distinct: number,
  low: End | undefined,
  high: End | undefined,
): number {
  const { common, restShare, bounds } = distribution;
  let share = 0;
  for (const [value, of] of common) if (isAbove(value, low) && isBelow(value, high)) share += of;
  if (bounds.length < 2) return Math.min(1, share + (bounds.length === 0 ? restShare * rangeOfFew(low, high) : 0));
  const from = low === undefined ? 0 : shareUnder(distribution, low.value, !low.isIncluded);
  const to = high === undefined ? 1 : shareUnder(distribution, high.value, high.isIncluded);
  let between = Math.max(0, to - from);
  if (low !== undefined && low.value === high?.value && low.isIncluded && high.isIncluded && !common.has(low.value)) {
    return share + equalShare(distribution, distinct, low.value);
  }
  if (between === 0 && isInside(bounds, low, high)) between = 1 / Math.max(1, distinct - common.size);
  return Math.min(1, share + restShare * between);
}

/** Where the values that are not common are too few to be known: as System R would guess. */
function rangeOfFew(low: End | undefined, high: End | undefined): number {
  return low === undefined || high === undefined ? 1 / 3 : 1 / 6;
}

function isInside(bounds: readonly Ordinal[], low: End | undefined, high: End | undefined): boolean {
  if (low !== undefined && high !== undefined && low.value > high.value) return false;
  return !(low !== undefined && low.value > bounds.at(-1)!) && !(high !== undefined && high.value < bounds[0]!);
}

function isAbove(value: Ordinal, low: End | undefined): boolean {
  return low === undefined || value > low.value || (low.isIncluded && value === low.value);
}

function isBelow(value: Ordinal, high: End | undefined): boolean {
  return high === undefined || value < high.value || (high.isIncluded && value === high.value);
}

/** The share of the values of a histogram that are less than a value, or equal to it. */
function shareUnder({ bounds, isWhole }: Distribution, value: Ordinal, isIncluded: boolean): number {
  const end = isWhole && isIncluded && typeof value === 'number' ? Math.floor(value) + 1 : value;
  const includesEnd = isIncluded && end === value;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const bound = bounds[middle]!;
    if (bound < end || (includesEnd && bound === end)) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === bounds.length) return 1;
  return (low - 1 + fractionOf(bounds[low - 1]!, bounds[low]!, end)) / (bounds.length - 1);
}

/** Where a value lies between two, from 0 to 1. */
function fractionOf(low: Ordinal, high: Ordinal, value: Ordinal): number {
  if (typeof low === 'number') return clamp(((value as number) - low) / ((high as number) - low));
  const [from, to, at] = [low, high as string, value as string];
  let shared = 0;
  while (shared < from.length && from.charCodeAt(shared) === to.charCodeAt(shared)) shared++;
  const start = textNumber(from, shared);
  const span = textNumber(to, shared) - start;
  return span > 0 ? clamp((textNumber(at, shared) - start) / span) : 0.5;
}

function clamp(fraction: number): number {
  return Number.isNaN(fraction) ? 0.5 : Math.min(1, Math.max(0, fraction));
}

/** The characters of a text from one on, as the digits of a fraction. */
function textNumber(text: string, from: number): number {
  let number = 0;
  for (let digit = TEXT_DIGITS - 1; digit >= 0; digit--) {
    const at = from + digit;
    number = (number + (at < text.length ? Math.min(255, text.charCodeAt(at)) + 1 : 0)) / 257;
  }
  return number;
}

/** The share of rows that LIKE a pattern: a prefix is a range, anything else is tried on the values that are known. */
export function likeShare(distribution: Distribution, distinct: number, pattern: string, ignoresCase: boolean): number {
  const [prefix] = /^[^%_\\]*/.exec(pattern)!;
  if (!ignoresCase && prefix === pattern) return equalShare(distribution, distinct, pattern);
  const { common, restShare } = distribution;
  const matcher = likeMatcher(pattern, ignoresCase);
  let share = 0;
  for (const [value, of] of common) if (matcher.test(value as string)) share += of;
  return Math.min(1, share + restShare * shareOfRest(distribution, prefix, matcher, ignoresCase));
}

/** Of the values that are not common: those of a histogram stand for all, and what none of them matches is rare. */
function shareOfRest(distribution: Distribution, prefix: string, matcher: RegExp, ignoresCase: boolean): number {
  const { bounds } = distribution;
  if (bounds.length < MIN_TRIALS) return prefix === '' ? 0.1 : 0.05;
  const matches = bounds.filter((bound) => matcher.test(bound as string)).length;
  const tried = matches > 0 ? matches / bounds.length : RARE / bounds.length;
  if (prefix === '' || ignoresCase) return tried;
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const range = shareUnder(distribution, end, false) - shareUnder(distribution, prefix, false);
  // Words crowd where an even spread of letters has few.
  return matches > 0 ? Math.max(range, tried) : Math.min(Math.max(range, tried / 10), 1 / bounds.length);
}

function likeMatcher(pattern: string, ignoresCase: boolean): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else
      source += (character === '\\' && at + 1 < pattern.length ? pattern[++at]! : character).replace(
        /[.*+?^${}()|[\]\\/]/g,
        '\\$&',
      );
  }
  return new RegExp(`^${source}$`, ignoresCase ? 'is' : 's');
}

/** The share of pairs, one value of each, that are equal: as if the columns had nothing to do with each other. */
export function equalPairShare(
  left: Distribution,
  leftDistinct: number,
  right: Distribution,
  rightDistinct: number,
): number {
  let share = 0;
  for (const [value, of] of left.common) share += of * equalShare(right, rightDistinct, value);
  for (const [value, of] of right.common) {
    if (!left.common.has(value)) share += of * equalShare(left, leftDistinct, value);
  }
  const others = Math.max(1, leftDistinct - left.common.size, rightDistinct - right.common.size);
  return share + (left.restShare * right.restShare) / others;
}

/** The share of pairs in which the value of the left is less than that of the right. */
export function lessPairShare(left: Distribution, right: Distribution, rightDistinct: number): number {
  const above = (value: Ordinal): number => shareBetween(right, rightDistinct, { value, isIncluded: false }, undefined);
  const { bounds, restShare } = left;
  let share = 0;
  for (const [value, of] of left.common) share += of * above(value);
  for (const value of bounds) share += (restShare / bounds.length) * above(value);
  return share;
}
