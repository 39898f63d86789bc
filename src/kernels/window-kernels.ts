/** Bindings of `assembly/window.ts` and `assembly/partition-best.ts`. */
export interface WindowKernels {
  keepBest(
    descriptor: number,
    states: number,
    entries: number,
    count: number,
    most: number,
    mode: number,
    selection: number,
  ): number;
  selectBest(states: number, entries: number, count: number, most: number, selection: number): number;
  markPeers(
    descriptor: number,
    entries: number,
    from: number,
    to: number,
    ordinals: number,
    starts: number,
    known: number,
  ): number;
  shiftPositions(list: number, dropped: number, count: number, base: number): void;
  rowNumbers(from: number, count: number, ordinals: number, starts: number, carry: number, values: number): void;
  ranks(
    from: number,
    count: number,
    partitions: number,
    partitionStarts: number,
    groups: number,
    groupStarts: number,
    isDense: boolean,
    carry: number,
    values: number,
  ): void;
  percentRanks: RelativeRankKernel;
  cumulativeShares: RelativeRankKernel;
  bucketNumbers(
    from: number,
    count: number,
    ordinals: number,
    starts: number,
    rows: number,
    offset: number,
    validityOffset: number,
    constant: number,
    values: number,
    validity: number,
  ): number;
  offsetPositions(
    from: number,
    count: number,
    ordinals: number,
    starts: number,
    rows: number,
    offset: number,
    validityOffset: number,
    constant: number,
    sign: number,
    positions: number,
  ): void;
  rowBounds(
    from: number,
    count: number,
    ordinals: number,
    starts: number,
    kind: number,
    distance: number,
    isEnd: boolean,
    bounds: number,
  ): void;
  groupBounds(
    from: number,
    count: number,
    partitions: number,
    partitionStarts: number,
    groups: number,
    groupStarts: number,
    kind: number,
    distance: number,
    isEnd: boolean,
    bounds: number,
  ): void;
  valueBounds(
    descriptor: number,
    from: number,
    count: number,
    partitions: number,
    partitionStarts: number,
    groups: number,
    groupStarts: number,
    rows: number,
    bounds: number,
  ): void;
  frameParts(
    from: number,
    count: number,
    lows: number,
    highs: number,
    exclude: number,
    groups: number,
    groupStarts: number,
    states: number,
    stride: number,
    parts: number,
    rowStates: number,
  ): number;
  framePositions(
    from: number,
    count: number,
    lows: number,
    highs: number,
    exclude: number,
    groups: number,
    groupStarts: number,
    rows: number,
    offset: number,
    validityOffset: number,
    constant: number,
    sign: number,
    scratch: number,
    positions: number,
  ): number;
  listFilled(
    from: number,
    to: number,
    rows: number,
    validityOffset: number,
    counts: number,
    filled: number,
    known: number,
  ): number;
  filledOffsetPositions(
    from: number,
    count: number,
    ordinals: number,
    starts: number,
    rows: number,
    offset: number,
    validityOffset: number,
    constant: number,
    sign: number,
    counts: number,
    filled: number,
    positions: number,
  ): void;
  filledFramePositions(
    from: number,
    count: number,
    lows: number,
    highs: number,
    exclude: number,
    groups: number,
    groupStarts: number,
    rows: number,
    offset: number,
    validityOffset: number,
    constant: number,
    sign: number,
    counts: number,
    filled: number,
    scratch: number,
    positions: number,
  ): number;
  positionRows(
    positions: number,
    from: number,
    count: number,
    rows: number,
    nullRow: number,
    hasOther: boolean,
    other: number,
    pointers: number,
  ): void;
  expandParts(
    parts: number,
    partCount: number,
    cursor: number,
    rows: number,
    limit: number,
    pointers: number,
    targets: number,
  ): number;
  longestPart(parts: number, partCount: number): number;
  divideParts(
    tree: number,
    parts: number,
    partCount: number,
    cursor: number,
    limit: number,
    rest: number,
    targets: number,
    sources: number,
  ): void;
  treeLinks(
    below: number,
    states: number,
    stride: number,
    from: number,
    to: number,
    targets: number,
    sources: number,
  ): void;
  treeParts(states: number, stride: number, from: number, to: number, parts: number): void;
  selectAtMost(values: number, count: number, most: bigint, selection: number): number;
  runningParts(
    from: number,
    count: number,
    highs: number,
    ordinals: number,
    starts: number,
    carry: number,
    empty: number,
    states: number,
    stride: number,
    parts: number,
    targets: number,
    sources: number,
    rowStates: number,
  ): void;
}

export type RelativeRankKernel = (
  from: number,
  count: number,
  partitions: number,
  partitionStarts: number,
  groups: number,
  groupStarts: number,
  values: number,
) => void;
