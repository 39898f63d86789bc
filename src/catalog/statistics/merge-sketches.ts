import {
  BUCKETS,
  type ColumnSketch,
  type CommonValue,
  compareSketchValues,
  countOtherRows,
  MAX_COMMON_VALUES,
  type SketchValue,
} from './column-sketch.js';
import { estimateFromRegisters, mergeRegisters } from './hyper-log-log.js';

/** A value that stands for so many rows of a distribution. */
interface Weight {
  readonly value: SketchValue;
  readonly rowCount: number;
}

/** The sketch of a column over the rows of all; at least one. They are of the same type. */
export function mergeSketches(sketches: readonly ColumnSketch[]): ColumnSketch {
  const [first] = sketches;
  if (sketches.length === 1) return first!;
  const rowCount = sumOf(sketches, (sketch) => sketch.rowCount);
  const nullCount = sumOf(sketches, (sketch) => sketch.nullCount);
  const registers = mergeRegisters(sketches.map((sketch) => sketch.registers));
  const { common, others, isComplete } = mergeCommon(sketches);
  const estimate = Math.min(rowCount - nullCount, estimateFromRegisters(registers));
  const most = Math.max(...sketches.map((sketch) => sketch.distinctCount));
  return {
    type: first!.type,
    rowCount,
    nullCount,
    distinctCount: isComplete ? common.length : Math.max(most, estimate),
    low: extreme(sketches, 'low', -1),
    high: extreme(sketches, 'high', 1),
    registers,
    common,
    bounds: boundsOfWeights(others),
  };
}

function sumOf(sketches: readonly ColumnSketch[], count: (sketch: ColumnSketch) => number): number {
  return sketches.reduce((sum, sketch) => sum + count(sketch), 0);
}

/** Sketches without values say nothing; any other without a bound leaves all without one. */
function extreme(sketches: readonly ColumnSketch[], end: 'low' | 'high', sign: number): SketchValue | undefined {
  let result: SketchValue | undefined;
  for (const sketch of sketches) {
    if (sketch.rowCount === sketch.nullCount) continue;
    const value = sketch[end];
    if (value === undefined) return undefined;
    if (result === undefined || compareSketchValues(value, result) * sign > 0) result = value;
  }
  return result;
}

/**
 * The values that are common in all of them together. One that a sketch does not list has, there, the share of a value
 * among its others; what is not common enough in the end goes back to the others.
 */
function mergeCommon(sketches: readonly ColumnSketch[]): {
  readonly common: CommonValue[];
  readonly others: Weight[];
  readonly isComplete: boolean;
} {
  const rows = new Map<SketchValue, number>();
  for (const { common } of sketches) {
    for (const { value, rowCount } of common) rows.set(value, (rows.get(value) ?? 0) + rowCount);
  }
  const listed = sketches.map(({ common }) => new Set(common.map(({ value }) => value)));
  const rest = sketches.map(countOtherRows);
  const average = sketches.map(
    (sketch, i) => rest[i]! / Math.max(1, sketch.distinctCount - sketch.common.length, sketch.bounds.length - 1),
  );
  const taken = new Array<number>(sketches.length).fill(0);
  for (const value of rows.keys()) {
    for (const [i, sketch] of sketches.entries()) {
      if (average[i] === 0 || listed[i]!.has(value) || !mayHold(sketch, value)) continue;
      const share = Math.min(average[i]!, rest[i]! - taken[i]!);
      taken[i]! += share;
      rows.set(value, rows.get(value)! + share);
    }
  }
  const ranked = [...rows].map(([value, rowCount]): Weight => ({ value, rowCount }));
  ranked.sort((left, right) => right.rowCount - left.rowCount || compareSketchValues(left.value, right.value));
  const others = ranked.slice(MAX_COMMON_VALUES);
  for (const [i, { bounds }] of sketches.entries()) others.push(...spread(bounds, rest[i]! - taken[i]!));
  return {
    common: ranked.slice(0, MAX_COMMON_VALUES),
    others,
    isComplete: ranked.length <= MAX_COMMON_VALUES && rest.every((count) => count < 0.5),
  };
}

function mayHold({ low, high }: ColumnSketch, value: SketchValue): boolean {
  if (low === undefined || high === undefined) return true;
  return compareSketchValues(low, value) <= 0 && compareSketchValues(value, high) <= 0;
}

/** The bounds of a histogram as values that stand for its rows: those at the ends for half a bucket. */
function spread(bounds: readonly SketchValue[], rowCount: number): Weight[] {
  const perBucket = rowCount / Math.max(1, bounds.length - 1);
  return bounds.map((value, i) => ({
    value,
    rowCount: i === 0 || i === bounds.length - 1 ? perBucket / 2 : perBucket,
  }));
}

/** Bounds of buckets with equally many rows. */
function boundsOfWeights(weights: readonly Weight[]): SketchValue[] {
  if (weights.length < 2) return [];
  const sorted = [...weights].sort((left, right) => compareSketchValues(left.value, right.value));
  const total = sorted.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const buckets = Math.min(BUCKETS, sorted.length - 1);
  const bounds: SketchValue[] = [sorted[0]!.value];
  let passed = 0;
  for (const { value, rowCount } of sorted) {
    passed += rowCount;
    while (bounds.length < buckets && passed >= (bounds.length * total) / buckets) bounds.push(value);
  }
  bounds.push(sorted.at(-1)!.value);
  return bounds;
}
