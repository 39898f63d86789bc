/** Bindings of `assembly/partition-rows.ts`. */
export interface PartitionRowsKernels {
  spreadCodes(codes: number, validity: number, count: number, target: number): void;
  zipCodes(low: number, high: number, count: number, target: number): void;
  groupRows(partitions: number, from: number, count: number, counts: number, selection: number, groups: number): number;
  widenBytes(source: number, positions: number, count: number, target: number): void;
  stringBytes(views: number, positions: number, validity: number, count: number): number;
  copyStrings(views: number, positions: number, validity: number, count: number, heap: number, target: number): void;
}
