/** Bindings of `assembly/snappy.ts` and `assembly/lz4.ts`. */
export interface DecompressKernels {
  /** Returns `targetLength`, or −1 if the data is malformed or holds another number of bytes. */
  snappyDecompress(source: number, sourceLength: number, target: number, targetLength: number): number;
  /** As `snappyDecompress`, for an LZ4 block. */
  lz4Decompress(source: number, sourceLength: number, target: number, targetLength: number): number;
}
