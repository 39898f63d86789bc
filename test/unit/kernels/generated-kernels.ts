import { ByteWriter, ModuleWriter } from '../../../src/exec/expression/wasm-writer.js';
import type { WasmType } from '../../../src/functions/opcodes.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import type { SharedMemory } from '../../../src/vector/shared-memory.js';

/** Kernels that generated code calls: their parameters, then their result. */
const SIGNATURES = {
  loopRoom: [['i32', 'i32', 'i32'], 'i32'],
  loopArray: [['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], 'v128'],
  arrayElementView: [['i32', 'i32'], 'v128'],
  textRestEquals: [['v128', 'v128'], 'i32'],
  textCompare: [['v128', 'v128'], 'i32'],
  jsonbCompare: [['v128', 'v128'], 'i32'],
  intervalCompare: [['v128', 'v128'], 'i32'],
  uuidCompare: [['v128', 'v128'], 'i32'],
  listContains64: [['i64', 'i32', 'i32'], 'i32'],
  listContainsDouble: [['f64', 'i32', 'i32'], 'i32'],
  listContainsText: [['v128', 'i32', 'i32'], 'i32'],
  listContains128: [['v128', 'i32', 'i32'], 'i32'],

  textKeep: [['i32', 'v128'], 'v128'],
  momentsCombine: [['i32', 'i32'], undefined],
  centralMomentsAdd: [['i32', 'f64'], undefined],
  centralMomentsCombine: [['i32', 'i32'], undefined],
  skewnessOf: [['i32'], 'f64'],
  kurtosisOf: [['i32'], 'f64'],
  comomentsAdd: [['i32', 'f64', 'f64'], undefined],
  comomentsCombine: [['i32', 'i32'], undefined],
  comomentsIsNull: [['i32', 'i32'], 'i32'],
  comomentsResult: [['i32', 'i32'], 'f64'],
  squaresAdd: [['i32', 'i64'], undefined],
  squaresAddWide: [['i32', 'v128'], undefined],
  squaresCombine: [['i32', 'i32', 'i32'], undefined],
  exactVariance: [['i32', 'i32', 'v128', 'i64', 'i32', 'i32', 'i32'], 'v128'],
  elementListRoom: [['i32', 'i64', 'i32'], 'i32'],
  elementListAppend: [['i64', 'i32', 'i64', 'i32', 'i32'], 'i64'],
  elementListAppendWide: [['i64', 'i32', 'v128', 'i32'], 'i64'],
  elementListArray: [['i32', 'i64', 'i32', 'i32'], 'v128'],
  joinedTextRoom: [['i32', 'i64', 'v128', 'v128'], 'i32'],
  joinedTextAppend: [['i64', 'i32', 'v128', 'v128'], 'i64'],
  joinedText: [['i32', 'i64'], 'v128'],
  valueListRoom: [['i32', 'i64', 'i32'], 'i32'],
  valueListAppend: [['i64', 'i32', 'i64'], 'i64'],
  valueListAppendWide: [['i64', 'i32', 'v128'], 'i64'],
  valueListPercentile: [['i32', 'i64', 'f64', 'i32'], 'f64'],
  valueListPercentileOfIntervals: [['i32', 'i64', 'f64', 'i32'], 'v128'],
  valueListDiscrete: [['i32', 'i64', 'f64', 'i32'], 'i64'],
  valueListDiscreteWide: [['i32', 'i64', 'f64', 'i32', 'i32'], 'v128'],
  valueListMedianDistance: [['i32', 'i64'], 'f64'],
  valueListMode: [['i32', 'i64', 'i32'], 'i64'],
  valueListModeWide: [['i32', 'i64', 'i32', 'i32'], 'v128'],
  sketchValue: [['i32', 'v128', 'i64'], 'v128'],
  sketchWide: [['i32', 'v128', 'v128'], 'v128'],
  sketchText: [['i32', 'v128', 'v128'], 'v128'],
  sketchCombine: [['i32', 'v128', 'v128'], 'v128'],
  sketchEstimate: [['i32', 'v128'], 'i64'],
  sortKeyInteger: [['i32', 'i64', 'i32'], 'v128'],
  sortKeyWide: [['i32', 'v128', 'i32'], 'v128'],
  sortKeyInterval: [['i32', 'v128', 'i32'], 'v128'],
  sortKeyUuid: [['i32', 'v128', 'i32'], 'v128'],
  sortKeyText: [['i32', 'v128', 'i32'], 'v128'],
  sortKeyNested: [['i32', 'v128', 'i32'], 'v128'],

  dateAddDays: [['i32', 'i32', 'i32'], 'i32'],
  dateSubtractDays: [['i32', 'i32', 'i32'], 'i32'],
  dateToTimestamp: [['i32', 'i32'], 'i64'],
  timestampAddInterval: [['i32', 'i64', 'v128', 'i32'], 'i64'],
  timestampDifference: [['i32', 'i64', 'i64'], 'v128'],
  timestampToDate: [['i64'], 'i32'],
  timestampToTime: [['i32', 'i64'], 'i64'],
  timeToInterval: [['i64'], 'v128'],
  intervalToTime: [['v128'], 'i64'],
  timeAddInterval: [['i64', 'v128'], 'i64'],
  timeSubtractInterval: [['i64', 'v128'], 'i64'],
  timeDifference: [['i64', 'i64'], 'v128'],
  intervalAdd: [['i32', 'v128', 'v128'], 'v128'],
  intervalSubtract: [['i32', 'v128', 'v128'], 'v128'],
  intervalNegate: [['i32', 'v128'], 'v128'],
  intervalMultiply: [['i32', 'v128', 'f64'], 'v128'],
  intervalDivide: [['i32', 'v128', 'f64'], 'v128'],
  timestampField: [['i32', 'i64', 'i32'], 'i64'],
  dateField: [['i32', 'i32', 'i32'], 'i64'],
  timeField: [['i64', 'i32'], 'i64'],
  intervalField: [['i32', 'v128', 'i32'], 'i64'],

  dateAddTime: [['i32', 'i32', 'i64'], 'i64'],
  intervalJustifyHours: [['i32', 'v128'], 'v128'],
  intervalJustifyDays: [['i32', 'v128'], 'v128'],
  intervalJustify: [['i32', 'v128'], 'v128'],
  timestampRound: [['i64', 'i32'], 'i64'],
  timeRound: [['i64', 'i32'], 'i64'],
  intervalRound: [['v128', 'i32'], 'v128'],
  timestampSeconds: [['i64'], 'f64'],
  dateLastOfMonth: [['i32'], 'i32'],

  decimalAdd: [['i32', 'v128', 'i32', 'v128', 'i32'], 'v128'],
  decimalSubtract: [['i32', 'v128', 'i32', 'v128', 'i32'], 'v128'],
  decimalMultiply: [['i32', 'v128', 'v128', 'i32'], 'v128'],
  decimalDivide: [['i32', 'v128', 'v128', 'i32'], 'v128'],
  decimalQuotient: [['i32', 'v128', 'v128', 'i32'], 'v128'],
  decimalLeastScale: [['v128', 'i32'], 'i32'],
  decimalModulo: [['i32', 'v128', 'i32', 'v128', 'i32'], 'v128'],
  decimalNegate: [['v128'], 'v128'],
  decimalAbsolute: [['v128'], 'v128'],
  decimalSign: [['v128'], 'i64'],
  decimalCompare: [['v128', 'v128'], 'i32'],
  decimalRescale: [['i32', 'v128', 'i32', 'i32'], 'v128'],
  decimalFromBigint: [['i32', 'i64', 'i32', 'i32'], 'v128'],
  decimalToBigint: [['i32', 'v128', 'i32'], 'i64'],
  decimalToDouble: [['v128', 'i32'], 'f64'],
  decimalRound: [['v128', 'i32', 'i32'], 'v128'],
  decimalRoundTo: [['i32', 'v128', 'i32', 'i32', 'i32'], 'v128'],
  bigintProductOverflows: [['i64', 'i64'], 'i32'],

  textLength: [['v128'], 'i32'],
  textConcat: [['i32', 'v128', 'v128'], 'v128'],
  textLower: [['i32', 'v128', 'i32'], 'v128'],
  textUpper: [['i32', 'v128', 'i32'], 'v128'],
  textInitcap: [['i32', 'v128', 'i32', 'i32'], 'v128'],
  textSubstringFrom: [['i32', 'v128', 'i32'], 'v128'],
  textSubstring: [['i32', 'v128', 'i32', 'i32'], 'v128'],
  bytesSubstringFrom: [['v128', 'i32'], 'v128'],
  bytesSubstring: [['i32', 'v128', 'i32', 'i32'], 'v128'],
  bytesPosition: [['v128', 'v128'], 'i32'],
  bytesTrim: [['v128', 'v128', 'i32'], 'v128'],
  textLeft: [['v128', 'i32'], 'v128'],
  textRight: [['v128', 'i32'], 'v128'],
  textTrimSpaces: [['v128'], 'v128'],
  textTrimLeadingSpaces: [['v128'], 'v128'],
  textTrimTrailingSpaces: [['v128'], 'v128'],
  textPosition: [['v128', 'v128'], 'i32'],
  textStartsWith: [['v128', 'v128'], 'i32'],
  textEndsWith: [['v128', 'v128'], 'i32'],
  textContains: [['v128', 'v128'], 'i32'],
  textChecksum: [['v128', 'i32'], 'i64'],
  textLikePattern: [['i32', 'v128', 'v128'], 'i32'],
  textLikePatternEscape: [['i32', 'v128', 'v128', 'v128'], 'i32'],
  textLikeSegments: [['v128', 'i32', 'i32', 'i32'], 'i32'],

  textFirstCodePoint: [['v128'], 'i32'],

  textListItem: [['i32', 'v128', 'v128', 'i64', 'i32'], 'i32'],
  textListItemOfBytes: [['i32', 'v128', 'v128', 'v128'], 'i32'],
  textListAppend: [['i64', 'i32'], 'i64'],
  textListConcat: [['i64', 'i64'], 'i64'],
  textListArray: [['i32', 'i64', 'i32'], 'v128'],
  textListJoin: [['i32', 'i64', 'i32'], 'v128'],
  textListDiscrete: [['i32', 'i64', 'f64', 'i32'], 'v128'],
  textListMode: [['i32', 'i64', 'i32'], 'v128'],

  nestedCompare: [['v128', 'v128'], 'i32'],
  nestedToText: [['i32', 'v128', 'i32'], 'v128'],

  boolToText: [['i32', 'i32'], 'v128'],
  integerToText: [['i32', 'i32'], 'v128'],
  bigintToText: [['i32', 'i64'], 'v128'],
  timeToText: [['i32', 'i64'], 'v128'],
  intervalToText: [['i32', 'v128'], 'v128'],
  uuidToText: [['i32', 'v128'], 'v128'],
  randomDouble: [['i32'], 'f64'],
  randomUuid: [['i32'], 'v128'],
  randomBetween: [['i32', 'i64', 'i64'], 'i64'],
  randomBetweenWide: [['i32', 'v128', 'v128'], 'v128'],
  uuidOfNow: [['i32'], 'v128'],
  uuidOfShiftedNow: [['i32', 'v128'], 'v128'],
  dateToText: [['i32', 'i32'], 'v128'],
  timestampToText: [['i32', 'i64', 'i32'], 'v128'],
  decimal64ToText: [['i32', 'i64', 'i32'], 'v128'],
  decimal128ToText: [['i32', 'v128', 'i32'], 'v128'],
  doubleToText: [['i32', 'f64', 'i32'], 'v128'],
  realToText: [['i32', 'f32', 'i32'], 'v128'],
  textToBigint: [['i32', 'v128'], 'i64'],
  textToBoolean: [['i32', 'v128'], 'i32'],
  textToBytes: [['i32', 'v128'], 'v128'],
  textToDecimal64: [['i32', 'v128', 'i32', 'i32'], 'i64'],
  textToDecimal128: [['i32', 'v128', 'i32', 'i32'], 'v128'],
  textToDouble: [['i32', 'v128', 'i32'], 'f64'],
  textToInteger: [['i32', 'v128'], 'i32'],
  textToReal: [['i32', 'v128', 'i32'], 'f32'],
  textToSmallint: [['i32', 'v128'], 'i32'],
  textToUuid: [['i32', 'v128'], 'v128'],
  textToDate: [['i32', 'v128'], 'i32'],
  textToJson: [['i32', 'v128'], 'v128'],
  textToJsonb: [['i32', 'v128'], 'v128'],
  textToTime: [['i32', 'v128'], 'i64'],
  textToTimestamp: [['i32', 'v128', 'i32'], 'i64'],
  textToInterval: [['i32', 'v128'], 'v128'],
  memoFind: [['i32', 'v128'], 'i32'],
  memoPut: [['i32', 'v128', 'i32'], 'i32'],
  zoneInstantOfText: [['i32', 'v128', 'i32'], 'i64'],
  textToNumber64: [['i32', 'v128', 'v128', 'i32', 'i32'], 'i64'],
  textToNumber128: [['i32', 'v128', 'v128', 'i32', 'i32'], 'v128'],
  dateByTemplate: [['i32', 'v128', 'v128'], 'i32'],
  timestampByTemplate: [['i32', 'v128', 'v128'], 'i64'],
  zoneInstantByTemplate: [['i32', 'v128', 'v128', 'i32'], 'i64'],
  timestampToChar: [['i32', 'i64', 'v128'], 'v128'],
  instantToChar: [['i32', 'i64', 'v128'], 'v128'],
  zoneToChar: [['i32', 'i64', 'v128', 'i32'], 'v128'],
  intervalToChar: [['i32', 'v128', 'v128'], 'v128'],
} as const;

interface JsTypes {
  i32: number;
  f32: number;
  f64: number;
  i64: bigint;
  v128: bigint;
}
type ParameterTypes<Types extends readonly WasmType[]> = { -readonly [Index in keyof Types]: JsTypes[Types[Index]] };
type Result<Type> = Type extends WasmType ? JsTypes[Type] : undefined;

/** A v128 is a signed bigint of 128 bits, its first byte lowest. */
export type GeneratedKernels = {
  readonly [Name in keyof typeof SIGNATURES]: (
    ...args: ParameterTypes<(typeof SIGNATURES)[Name][0]>
  ) => Result<(typeof SIGNATURES)[Name][1]>;
};

/**
 * Makes the kernels of generated code callable: JavaScript cannot pass a v128, so a module is written whose functions
 * load them from memory at `scratch` (16 bytes a parameter, and 16 for the result).
 */
export function bindGeneratedKernels(shared: SharedMemory, kernels: Kernels, scratch: number): GeneratedKernels {
  const writer = new ModuleWriter();
  const signatures = Object.entries(SIGNATURES) as [string, readonly [readonly WasmType[], WasmType | undefined]][];
  const indexes = signatures.map(([name, [params, result]]) => writer.importFunction('kernels', name, params, result));
  for (const [at, [name, [params, result]]] of signatures.entries()) {
    const target = params.length;
    const code = new ByteWriter();
    code.unsigned(0); // no locals
    if (result === 'v128') code.append([0x20, target]);
    for (const [index, type] of params.entries()) {
      code.append([0x20, index]);
      if (type === 'v128') code.append([0xfd, 0, 0, 0]);
    }
    code.byte(0x10);
    code.unsigned(indexes[at]!);
    if (result === 'v128') code.append([0xfd, 11, 0, 0]);
    code.byte(0x0b);
    const plain = params.map((type): WasmType => (type === 'v128' ? 'i32' : type));
    if (result === 'v128') writer.addFunction(name, [...plain, 'i32'], [], code.toBytes());
    else writer.addFunction(name, plain, result === undefined ? [] : [result], code.toBytes());
  }
  const { memory, view } = shared;
  const module = new WebAssembly.Module(writer.toBytes() as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, kernels: { ...kernels } });
  const bind = ([name, [params, result]]: (typeof signatures)[number]): unknown => {
    const call = exports[name] as (...args: (number | bigint)[]) => number | bigint | undefined;
    const target = scratch + params.length * 16;
    return (...args: (number | bigint)[]): number | bigint | undefined => {
      const plain = args.map((value, index) => {
        if (params[index] !== 'v128') return value;
        const pointer = scratch + index * 16;
        view.setBigUint64(pointer, BigInt.asUintN(64, value as bigint), true);
        view.setBigInt64(pointer + 8, BigInt.asIntN(64, (value as bigint) >> 64n), true);
        return pointer;
      });
      if (result !== 'v128') return call(...plain);
      call(...plain, target);
      return (view.getBigInt64(target + 8, true) << 64n) | view.getBigUint64(target, true);
    };
  };
  return Object.fromEntries(signatures.map((one) => [one[0], bind(one)])) as unknown as GeneratedKernels;
}
