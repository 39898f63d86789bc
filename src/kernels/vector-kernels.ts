/** Bindings of `assembly/vector.ts`. All arguments are pointers into the shared memory or counts. */
export interface VectorKernels {
  gather1(source: number, selection: number, count: number, target: number): void;
  gather4(source: number, selection: number, count: number, target: number): void;
  gather8(source: number, selection: number, count: number, target: number): void;
  gather16(source: number, selection: number, count: number, target: number): void;
  scatter(source: number, width: number, selection: number, count: number, target: number): void;
  fillSeries32(first: number, step: number, count: number, target: number): void;
  fillSeries64(first: bigint, step: bigint, count: number, target: number): void;
}
