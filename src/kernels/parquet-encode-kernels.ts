/** Bindings of `assembly/parquet-encode.ts`. */
export interface ParquetEncodeKernels {
  collectPositions(
    codes: number,
    validity: number,
    selection: number,
    from: number,
    count: number,
    target: number,
  ): number;
  countBytes(bytes: number, count: number, value: number): number;
  nextRowEntry(repetitions: number, from: number, count: number): number;
  plainStringBytes(views: number, positions: number, count: number): number;
  writePlainStrings(views: number, positions: number, count: number, target: number): void;
  plainEntryBytes(entries: number, offsets: number, codes: number, count: number): number;
  writePlainEntries(entries: number, offsets: number, codes: number, count: number, target: number): void;
  cutPlainStrings(
    source: number,
    levels: number,
    definition: number,
    repetitions: number,
    count: number,
    limit: number,
    target: number,
  ): void;
  encodeHybrid32(source: number, count: number, bitWidth: number, target: number): number;
  encodeHybridBits(source: number, count: number, target: number): number;
  encodeHybridBytes(source: number, count: number, bitWidth: number, target: number): number;
  packBooleans(source: number, count: number, target: number): number;
  narrowI64(source: number, count: number, target: number): void;
  reverseBytes16(source: number, count: number, target: number): void;
}
