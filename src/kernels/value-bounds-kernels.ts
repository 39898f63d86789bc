/** Bindings of `assembly/value-bounds.ts`. */
export interface ValueBoundsKernels {
  boundsOfBytes(source: number, count: number, target: number): void;
  boundsOfI32(source: number, count: number, target: number): void;
  boundsOfI64(source: number, count: number, target: number): void;
  boundsOfF32(source: number, count: number, target: number): number;
  boundsOfF64(source: number, count: number, target: number): number;
  boundsOfI128(source: number, count: number, target: number): void;
  boundsOfBytes16(source: number, count: number, target: number): void;
  boundsOfPlainStrings(source: number, count: number, target: number): void;
}
