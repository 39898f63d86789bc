/** Writes a column into rows: see `pack*` in assembly/rows.ts. */
export type PackKernel = (
  data: number,
  codes: number,
  step: number,
  validity: number,
  rows: number,
  base: number,
  stride: number,
  count: number,
) => void;

/** Reads a column out of rows: target[i] = the value at `offset` of the row at rows[i]. */
export type UnpackKernel = (rows: number, offset: number, count: number, target: number) => void;

/** Bindings of `assembly/rows.ts`. */
export interface RowKernels {
  pack1: PackKernel;
  pack4: PackKernel;
  pack8: PackKernel;
  pack16: PackKernel;
  packKeyF32: PackKernel;
  packKeyF64: PackKernel;
  packKeyInterval: PackKernel;
  packValidity(validity: number, step: number, rows: number, base: number, stride: number, count: number): void;
  packAllValid(rows: number, offset: number, columnCount: number, count: number): void;
  packStrings(
    data: number,
    codes: number,
    step: number,
    validity: number,
    rows: number,
    offset: number,
    heaps: number,
    count: number,
  ): void;
  addStringSizes(data: number, codes: number, step: number, validity: number, sizes: number, count: number): number;
  addKeyStringSizes(keys: number, keyStride: number, stringOffset: number, sizes: number, count: number): void;
  copyKeysToRows(
    keys: number,
    keyStride: number,
    fixedBytes: number,
    stringCount: number,
    rows: number,
    offset: number,
    heaps: number,
    count: number,
  ): void;
  hashKeys(
    keys: number,
    keyStride: number,
    fixedBytes: number,
    stringCount: number,
    hashes: number,
    count: number,
  ): void;
  allocateRows(
    partitions: number,
    partitionMask: number,
    hashes: number,
    sizes: number,
    stride: number,
    from: number,
    count: number,
    rows: number,
    heaps: number,
  ): number;
  listRows(
    block: number,
    headerBytes: number,
    stride: number,
    firstRow: number,
    limit: number,
    pointers: number,
  ): number;
  unpack1: UnpackKernel;
  unpack4: UnpackKernel;
  unpack8: UnpackKernel;
  unpack16: UnpackKernel;
  unpackStrings: UnpackKernel;
  hasNulls(rows: number, offset: number, columnCount: number, count: number): number;
  unpackValidity(rows: number, offset: number, count: number, target: number): number;
  offsetPointers(pointers: number, offset: number, count: number, target: number): void;
  selectValid(validities: number, columnCount: number, count: number, selection: number): number;
}

/** Bindings of `assembly/group-table.ts`. */
export interface GroupTableKernels {
  findOrInsertGroups(
    table: number,
    keys: number,
    keyStride: number,
    hashes: number,
    from: number,
    count: number,
    groups: number,
  ): number;
  findGroups(table: number, keys: number, keyStride: number, hashes: number, count: number, groups: number): number;
  rehashGroups(oldSlots: number, oldCount: number, newSlots: number, newMask: number): void;
  insertGroups(table: number, rows: number, count: number): void;
  mergeGroups(
    table: number,
    rows: number,
    count: number,
    survivors: number,
    targets: number,
    sources: number,
    pairCount: number,
  ): number;
  numberDistinct(values: number, width: number, count: number, slots: number, mask: number, numbers: number): number;
  combineCodes(
    codes: number,
    validity: number,
    numbers: number,
    size: number,
    indexes: number,
    first: boolean,
    count: number,
  ): void;
  lookUpGroups(indexes: number, cache: number, groups: number, count: number, missing: number): number;
  selectUnseen(states: number, count: number, selection: number): number;
  cacheGroups(indexes: number, missing: number, cache: number, groups: number, count: number): void;
}

/** Bindings of `assembly/text-list.ts`; the others are called by generated code. */
export interface ListKernels {
  touchListEnds(states: number, offset: number, count: number): number;
}

/** Bindings of `assembly/group-values.ts`. */
export interface GroupValueKernels {
  boundsOfKeys(values: number, width: number, validity: number, count: number, target: number): number;
  combineValues(
    values: number,
    width: number,
    validity: number,
    least: bigint,
    size: number,
    indexes: number,
    first: boolean,
    count: number,
  ): number;
}

/** Bindings of `assembly/seen-numbers.ts`. */
export interface SeenNumberKernels {
  selectUnseenNumbers(
    bits: number,
    least: bigint,
    nullSeen: number,
    values: number,
    codes: number,
    step: number,
    width: number,
    validity: number,
    count: number,
    selection: number,
  ): number;
  listSeenNumbers(
    bits: number,
    least: bigint,
    from: number,
    size: number,
    width: number,
    target: number,
    limit: number,
    found: number,
  ): number;
}

/** Bindings of `assembly/group-spill.ts`. */
export interface GroupSpillKernels {
  freezeRows(descriptor: number, rows: number, from: number, count: number): number;
  thawRows(descriptor: number, block: number, headerBytes: number): void;
}

/** Bindings of `assembly/join-index.ts`. */
export interface JoinIndexKernels {
  insertIndexedRows(
    heads: number,
    least: bigint,
    offset: number,
    width: number,
    validity: number,
    rows: number,
    count: number,
  ): number;
  findPlaces(
    heads: number,
    least: bigint,
    size: number,
    values: number,
    codes: number,
    step: number,
    width: number,
    selection: number,
    count: number,
    probeRows: number,
    places: number,
  ): number;
  stepIndexed(
    probeRows: number,
    chains: number,
    count: number,
    matchedProbe: number,
    matchedRows: number,
    remaining: number,
  ): void;
}

/** Bindings of `assembly/join-table.ts`. */
export interface JoinTableKernels {
  insertJoinRows(heads: number, shift: number, rows: number, count: number): void;
  findCandidates(
    heads: number,
    shift: number,
    hashes: number,
    selection: number,
    count: number,
    probeRows: number,
    chains: number,
  ): number;
  matchCandidates(
    hashes: number,
    keys: number,
    keyStride: number,
    keyOffset: number,
    fixedBytes: number,
    stringCount: number,
    probeRows: number,
    chains: number,
    count: number,
    matchedProbe: number,
    matchedRows: number,
    remaining: number,
  ): number;
  dropMarked(probeRows: number, chains: number, count: number, marks: number): number;
  markRows(probeRows: number, selection: number, count: number, marks: number): number;
  selectMarked(marks: number, wanted: number, count: number, selection: number): number;
  markInvalid(selection: number, selected: number, count: number, marks: number): void;
  clearInvalid(selection: number, selected: number, count: number, bytes: number): void;
  clearBytes(pointer: number, byteLength: number): void;
  splitDeferred(hashes: number, mask: number, count: number, near: number, far: number): number;
  rotateHashes(hashes: number, bits: number, count: number): void;
  markBuildRows(rows: number, count: number, offset: number, probeRows: number, marks: number): void;
}

/** Bindings of `assembly/join-text-codes.ts`. */
export interface JoinTextKernels {
  codeRowTexts(
    rows: number,
    textOffset: number,
    validityOffset: number,
    codeOffset: number,
    count: number,
    slots: number,
    mask: number,
    entries: number,
    entryCount: number,
  ): number;
}

/** Bindings of `assembly/join-filter.ts`. */
export interface JoinFilterKernels {
  addToJoinFilter(words: number, shift: number, rows: number, count: number): void;
  selectByJoinFilter(
    words: number,
    shift: number,
    hashes: number,
    selection: number,
    count: number,
    deferred: number,
    target: number,
  ): number;
  selectIntegersByJoinFilter(
    words: number,
    shift: number,
    values: number,
    byteWidth: number,
    validity: number,
    count: number,
    deferred: number,
    target: number,
  ): number;
  flagRows(rows: number, selected: number, count: number, flags: number): void;
  selectFlaggedCodes(codes: number, validity: number, flags: number, count: number, target: number): number;
  boundRowKeys(rows: number, offset: number, byteWidth: number, count: number, bounds: number): void;
}

/** Bindings of `assembly/sort.ts`. */
export interface SortKernels {
  makeSortEntries(descriptor: number, rows: number, count: number, entries: number): void;
  sortEntries(descriptor: number, entries: number, scratch: number, count: number): number;
  startMerge(descriptor: number, merge: number): void;
  mergeRows(descriptor: number, merge: number, target: number, limit: number): number;
  copySortedRows(entries: number, count: number, stride: number, strings: number, block: number): number;
  entryRows(entries: number, count: number, rows: number): void;
  countBefore(descriptor: number, list: number, entry: number, withEqual: number): number;
}

/** Bindings of `assembly/sort-bound.ts`. */
export interface SortBoundKernels {
  lowerSortBound(bound: number, entry: number): void;
  selectBySortBound(
    bound: number,
    kind: number,
    flags: number,
    data: number,
    codes: number,
    step: number,
    validity: number,
    validityStep: number,
    count: number,
    selection: number,
  ): number;
}
