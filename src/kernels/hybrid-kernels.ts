/** Bytes of the state of one RLE / bit-packing hybrid stream; its layout is drawn in `assembly/hybrid.ts`. */
export const HYBRID_STATE_BYTES = 32;

/** Bindings of `assembly/hybrid.ts`: Parquet's RLE / bit-packing hybrid. */
export interface HybridKernels {
  hybridDecode(state: number, count: number, limit: number, target: number): number;
  hybridDecodeSelected(
    state: number,
    count: number,
    limit: number,
    selection: number,
    selectedCount: number,
    base: number,
    target: number,
  ): number;
  hybridSkip(state: number, count: number): number;
  hybridDecodeBits(state: number, count: number, target: number): number;
  expandBits(bits: number, first: number, count: number, target: number): number;
}
