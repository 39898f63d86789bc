/** Bindings of `assembly/kept-columns.ts`. */
export interface KeptColumnKernels {
  keepStrings(
    data: number,
    codes: number,
    step: number,
    validity: number,
    count: number,
    target: number,
    heap: number,
  ): number;
  keepValidity(validity: number, step: number, count: number, target: number): number;
  moveViews(views: number, count: number, distance: number): void;
}
