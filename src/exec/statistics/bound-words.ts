import type { SketchValue } from '../../catalog/statistics/column-sketch.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { FileSketch } from './file-sketch.js';
import { boundsKindOf, COLUMN_BOUNDS, type SketchColumn } from './sketch-layout.js';

const SIGN = 2n ** 63n;
const LARGEST = 2n ** 64n - 1n;

/** Bounds of a column, from the words that `widenBounds` has made of its values. */
export function readBounds(
  shared: SharedMemory,
  sketch: FileSketch,
  column: SketchColumn,
): { readonly low?: SketchValue | undefined; readonly high?: SketchValue | undefined } {
  if (boundsKindOf(column.type) === undefined) return {};
  const at = (sketch.pointer + column.header + COLUMN_BOUNDS) / 8;
  const [low, high] = [shared.i64[at]!, shared.i64[at + 1]!].map((word) => BigInt.asUintN(64, word)) as [
    bigint,
    bigint,
  ];
  if (low > high) return {};
  switch (physicalTypeOf(column.type)) {
    case 'bool':
      return { low: low !== SIGN, high: high !== SIGN };
    case 'i32':
      return { low: Number(low - SIGN), high: Number(high - SIGN) };
    case 'i64':
      return { low: low - SIGN, high: high - SIGN };
    case 'i128':
      // At the edge of 64 bits a word says no more than that the value lies there or beyond.
      return { low: low === 0n ? undefined : low - SIGN, high: high === LARGEST ? undefined : high - SIGN };
    case 'string':
      return { low: textOf(low), high: `${textOf(high)}${high % 256n === 0n ? '' : '\u{10FFFF}'}` };
    default:
      return { low: floatOf(low), high: floatOf(high) };
  }
}

function floatOf(word: bigint): number {
  if (word === LARGEST) return Number.NaN;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, word >= SIGN ? word ^ SIGN : BigInt.asUintN(64, ~word));
  return view.getFloat64(0);
}

/** The first 8 bytes of a text, without those of a character that they cut. */
function textOf(word: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(word);
  const end = bytes.findIndex((_, index) => bytes.subarray(index).every((byte) => byte === 0));
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).replace(/\uFFFD$/, '');
}
