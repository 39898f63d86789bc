/** Bindings of `assembly/parquet-values.ts`, `assembly/parquet-conversions.ts` and `assembly/delta.ts`. */
export interface ParquetKernels {
  plainStringViews(position: number, end: number, count: number, target: number): number;
  plainStringViewsSelected(
    position: number,
    end: number,
    count: number,
    selection: number,
    selectedCount: number,
    base: number,
    target: number,
  ): number;
  plainStringsSkip(position: number, end: number, count: number): number;
  fixedStringViews(source: number, width: number, count: number, target: number): void;
  adjacentStringViews(lengths: number, count: number, position: number, end: number, target: number): number;
  prefixedStringBytes(prefixes: number, suffixes: number, count: number): number;
  prefixedStringViews(
    prefixes: number,
    suffixes: number,
    count: number,
    position: number,
    end: number,
    bytes: number,
    target: number,
  ): number;
  spread1(source: number, validity: number, count: number, target: number): void;
  spread4(source: number, validity: number, count: number, target: number): void;
  spread8(source: number, validity: number, count: number, target: number): void;
  spread16(source: number, validity: number, count: number, target: number): void;
  rankSelected(
    validity: number,
    present: number,
    selection: number,
    count: number,
    base: number,
    ranks: number,
    target: number,
  ): number;
  lookUp4(dictionary: number, codes: number, count: number, target: number): void;
  lookUp8(dictionary: number, codes: number, count: number, target: number): void;
  lookUp16(dictionary: number, codes: number, count: number, target: number): void;
  lookUpSelected4(dictionary: number, codes: number, selection: number, count: number, target: number): void;
  lookUpSelected8(dictionary: number, codes: number, selection: number, count: number, target: number): void;
  lookUpSelected16(dictionary: number, codes: number, selection: number, count: number, target: number): void;
  copyBytes(source: number, byteLength: number, target: number): void;
  fillBytes(target: number, byte: number, byteLength: number): void;

  convertI32ToI64(source: number, count: number, target: number): void;
  convertU32ToI64(source: number, count: number, target: number): void;
  convertI32ToI128(source: number, count: number, target: number): void;
  convertI64ToI128(source: number, count: number, target: number): void;
  convertU64ToI128(source: number, count: number, target: number): void;
  convertI32MillisToMicros(source: number, count: number, target: number): void;
  convertMillisToMicros(source: number, count: number, target: number): number;
  convertNanosToMicros(source: number, count: number, target: number): void;
  convertInt96ToMicros(source: number, count: number, target: number): number;
  convertBigEndianToI64(source: number, width: number, count: number, target: number): number;
  convertBigEndianToI128(source: number, width: number, count: number, target: number): number;
  convertViewsToI64(views: number, count: number, target: number): number;
  convertViewsToI128(views: number, count: number, target: number): number;
  convertInterval(source: number, count: number, target: number): number;
  convertFloat16(source: number, count: number, target: number): void;
  joinByteStreams(source: number, width: number, count: number, target: number): void;

  deltaDecode(position: number, end: number, capacity: number, wide: number, target: number, result: number): number;
}
