/** Scratch for the match finder's hash table. */
export const SNAPPY_TABLE_BYTES = 32_768;

/** Bindings of `assembly/snappy-compress.ts`. */
export interface SnappyCompressKernels {
  snappyMaxCompressedLength(length: number): number;
  snappyCompress(source: number, length: number, target: number, capacity: number, table: number): number;
}
