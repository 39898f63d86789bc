/** Bindings of `assembly/snappy.ts`. */
export interface SnappyKernels {
  /** Returns `targetLength`, or −1 if the data is malformed or holds another number of bytes. */
  snappyDecompress(source: number, sourceLength: number, target: number, targetLength: number): number;
}
