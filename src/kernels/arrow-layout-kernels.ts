/** Bindings of `assembly/arrow-layout.ts`. All arguments are pointers into the shared memory or counts. */
export interface ArrowLayoutKernels {
  widenDecimals(source: number, count: number, target: number): void;
  /** The first valid row whose time of day overflows 64 bits of nanoseconds, or -1. */
  convertIntervals(source: number, validity: number, count: number, target: number): number;
}
