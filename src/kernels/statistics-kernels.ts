/** Bindings of `assembly/statistics.ts`. */
export interface StatisticsKernels {
  addToRegisters(hashes: number, validity: number, weights: number, count: number, registers: number): number;
  mergeRegisters(target: number, source: number, count: number): void;
  addFrequent(
    table: number,
    mask: number,
    limit: number,
    hashes: number,
    validity: number,
    weights: number,
    from: number,
    count: number,
  ): number;
  shrinkFrequent(table: number, mask: number, scratch: number): void;
  valueOfRank(values: number, count: number, rank: number): number;
  countCodes(codes: number, validity: number, count: number, counts: number): number;
  pickSampleRows(
    seed: bigint,
    firstRow: bigint,
    threshold: number,
    from: number,
    count: number,
    limit: number,
    rows: number,
    priorities: number,
  ): number;
  selectSampleRows(priorities: number, threshold: number, count: number, rows: number): number;
  takeSampleValues(
    data: number,
    width: number,
    codes: number,
    step: number,
    rows: number,
    count: number,
    target: number,
  ): void;
  takeSampleTexts(
    views: number,
    codes: number,
    step: number,
    rows: number,
    count: number,
    slotBytes: number,
    target: number,
  ): void;
  widenBounds(kind: number, data: number, validity: number, count: number, bounds: number): void;
}
