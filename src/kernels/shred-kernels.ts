/** Entries of the rows of a column. */
type ShredColumn = (
  data: number,
  codes: number,
  rowMask: number,
  validity: number,
  selection: number,
  from: number,
  count: number,
  definition: number,
  pointers: number,
  lengths: number,
  repetitions: number,
  definitions: number,
) => number;

/** Bindings of `assembly/shred.ts`. */
export interface ShredKernels {
  readonly shredRows: ShredColumn;
  readonly shredIntervalRows: ShredColumn;
  shredParts(
    pointers: number,
    count: number,
    offset: number,
    width: number,
    targetPointers: number,
    targetLengths: number,
  ): void;
  entriesWithin(lengths: number, count: number, limit: number): number;
  countElementEntries(pointers: number, count: number): number;
  shredArrays(
    pointers: number,
    repetitions: number,
    definitions: number,
    count: number,
    definition: number,
    repetition: number,
    targetPointers: number,
    targetLengths: number,
    targetRepetitions: number,
    targetDefinitions: number,
  ): void;
  shredFields(
    pointers: number,
    definitions: number,
    count: number,
    field: number,
    definition: number,
    targetPointers: number,
    targetLengths: number,
    targetDefinitions: number,
  ): void;
  shredMaps(pointers: number, count: number, keys: number, values: number): void;
  gatherLeafValues(pointers: number, count: number, width: number, target: number): number;
  gatherLeafViews(pointers: number, lengths: number, count: number, target: number): number;
}
