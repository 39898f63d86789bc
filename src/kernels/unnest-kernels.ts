/** Bindings of `assembly/unnest.ts`. */
export interface UnnestKernels {
  growToArrayLengths(
    data: number,
    codes: number,
    step: number,
    validity: number,
    validityStep: number,
    rowCount: number,
    lengths: number,
  ): void;
  /** `state`: u32 row, u32 element; both are moved on. */
  nextElements(
    lengths: number,
    rowCount: number,
    outer: number,
    capacity: number,
    state: number,
    rows: number,
    elements: number,
  ): number;
  takeElements(
    data: number,
    codes: number,
    step: number,
    validity: number,
    validityStep: number,
    rows: number,
    elements: number,
    count: number,
    width: number,
    target: number,
    targetValidity: number,
  ): void;
  /** `columns`: 5 u32 each, as `VectorSource` has them. */
  takeFromColumns(
    columns: number,
    columnCount: number,
    rows: number,
    elements: number,
    count: number,
    width: number,
    target: number,
    targetValidity: number,
  ): void;
  elementNumbers(elements: number, count: number, target: number, targetValidity: number): void;
}
