/** Bindings of `assembly/arrow.ts`. */
export interface ArrowKernels {
  sumStringBytes(data: number, codes: number, step: number, validity: number, count: number): number;
  appendStrings(
    data: number,
    codes: number,
    step: number,
    validity: number,
    count: number,
    offsets: number,
    bytes: number,
    used: number,
  ): number;
  packBits(bytes: number, count: number, target: number): void;
}
