import {
  boundsOfSorted,
  type ColumnSketch,
  type CommonValue,
  compareSketchValues,
  MAX_COMMON_VALUES,
  MAX_TEXT_BYTES,
  type SketchValue,
} from '../../catalog/statistics/column-sketch.js';
import { estimateFromRegisters, REGISTER_COUNT } from '../../catalog/statistics/hyper-log-log.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { readValue } from '../expression/value-codec.js';
import { readBounds } from './bound-words.js';
import type { FileSketch } from './file-sketch.js';
import { FREQUENT_HEADER_BYTES, FREQUENT_SLOTS, type SketchColumn } from './sketch-layout.js';

/** A value is common if it has this many times the rows that a value has on average. */
const COMMON_FACTOR = 1.25;
/** Where that rests on a sample, it must have it more often than chance explains: by so many standard deviations. */
const DEVIATIONS = 4;
const MIN_SAMPLED = 5;

interface Sampled {
  readonly hash: number;
  readonly value: SketchValue;
  /** A text that was cut stands for more than one value. */
  readonly isWhole: boolean;
}

/** What is kept of a column, from all that was gathered of a file. */
export function summariseColumn(shared: SharedMemory, sketch: FileSketch, column: SketchColumn): ColumnSketch {
  const { rowCount } = sketch;
  const nullCount = sketch.nullsOf(column);
  const present = rowCount - nullCount;
  const at = sketch.pointer + column.registers;
  const registers = shared.u8.slice(at, at + REGISTER_COUNT);
  const frequent = readFrequent(shared, sketch, column);
  const isExact = frequent.taken === 0;
  const distinctCount = isExact ? frequent.counts.size : Math.min(present, estimateFromRegisters(registers));
  const sample = readSample(shared, sketch, column);
  const common = commonValues(frequent, sample, present, distinctCount);
  const isCommon = new Set(common.map(({ value }) => value));
  const others = sample.map(({ value }) => value).filter((value) => !isCommon.has(value) && !Number.isNaN(value));
  const { low, high } = present === 0 ? {} : readBounds(shared, sketch, column);
  return {
    type: column.type,
    rowCount,
    nullCount,
    distinctCount: Math.max(common.length, distinctCount),
    low,
    high,
    registers,
    common,
    bounds: boundsOfSorted(others.sort(compareSketchValues)),
  };
}

interface Frequent {
  readonly counts: ReadonlyMap<number, number>;
  /** A true count may be this much higher. */
  readonly taken: number;
}

function readFrequent({ u32 }: SharedMemory, sketch: FileSketch, { frequent }: SketchColumn): Frequent {
  const table = (sketch.pointer + frequent) / 4;
  const counts = new Map<number, number>();
  const slots = table + FREQUENT_HEADER_BYTES / 4;
  for (let slot = slots; slot < slots + FREQUENT_SLOTS * 2; slot += 2) {
    if (u32[slot + 1] !== 0) counts.set(u32[slot]!, u32[slot + 1]!);
  }
  return { counts, taken: u32[table + 1]! };
}

function readSample(shared: SharedMemory, sketch: FileSketch, column: SketchColumn): Sampled[] {
  const { hashes, validity, values, valueBytes, type } = column;
  if (valueBytes === 0) return [];
  const { pointer } = sketch;
  const decoder = new TextDecoder();
  const isText = physicalTypeOf(type) === 'string';
  const sample: Sampled[] = [];
  for (let row = 0; row < sketch.sampledRows; row++) {
    if (shared.u8[pointer + validity + row] === 0) continue;
    const hash = shared.u32[(pointer + hashes) / 4 + row]!;
    const at = pointer + values + row * valueBytes;
    if (!isText) sample.push({ hash, value: readValue(shared, at, type) as SketchValue, isWhole: true });
    else {
      const byteLength = shared.u32[at / 4]!;
      const bytes = shared.u8.slice(at + 4, at + 4 + Math.min(byteLength, MAX_TEXT_BYTES));
      const value = decoder.decode(bytes).replace(/\uFFFD$/, '');
      sample.push({ hash, value, isWhole: byteLength <= MAX_TEXT_BYTES });
    }
  }
  return sample;
}

/**
 * Counters say how often a hash occurs, within what was taken off them; the sample says which value it is, and, between
 * those bounds, how often it rather occurs.
 */
function commonValues(
  { counts, taken }: Frequent,
  sample: readonly Sampled[],
  present: number,
  distinct: number,
): CommonValue[] {
  const sampled = new Map<number, { readonly value: SketchValue; rows: number }>();
  for (const { hash, value, isWhole } of sample) {
    const known = sampled.get(hash);
    if (known !== undefined) known.rows++;
    else if (isWhole && !Number.isNaN(value)) sampled.set(hash, { value, rows: 1 });
  }
  const least = counts.size <= MAX_COMMON_VALUES && taken === 0 ? 0 : (COMMON_FACTOR * present) / distinct;
  const average = sample.length / Math.max(1, distinct);
  const leastSampled = Math.max(MIN_SAMPLED, average + DEVIATIONS * Math.sqrt(average));
  const common: CommonValue[] = [];
  for (const [hash, count] of counts) {
    const found = sampled.get(hash);
    if (found === undefined) continue;
    const guess = (found.rows * present) / sample.length;
    const rowCount = Math.round(Math.min(count + taken, Math.max(count, guess)));
    const isSure = count > least || found.rows >= leastSampled;
    if (isSure && rowCount > least && (least === 0 || rowCount > 1)) common.push({ value: found.value, rowCount });
  }
  common.sort((left, right) => right.rowCount - left.rowCount || compareSketchValues(left.value, right.value));
  return common.slice(0, MAX_COMMON_VALUES);
}
