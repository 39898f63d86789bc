/** Bindings of `assembly/window-*.ts`, `assembly/state-tree.ts` and `assembly/partition-best.ts`. */
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
  rowNumbers(...args: [...Partitions, carry: number, values: number]): void;
  ranks(...args: [...PartitionsAndPeers, isDense: boolean, carry: number, values: number]): void;
  percentRanks: RelativeRankKernel;
  cumulativeShares: RelativeRankKernel;
  bucketNumbers(...args: [...Partitions, ...NumberOfRow, values: number, validity: number]): number;
  offsetPositions(...args: [...OffsetsOfRows, positions: number]): void;
  filledOffsetPositions(...args: [...OffsetsOfRows, ...Filled, positions: number]): void;
  rowBounds(...args: [...Partitions, ...Bound]): void;
  groupBounds(...args: [...PartitionsAndPeers, ...Bound]): void;
  valueBounds(...args: [descriptor: number, ...PartitionsAndPeers, rows: number, bounds: number]): void;
  frameParts(...args: [...Frames, states: number, stride: number, parts: number, rowStates: number]): number;
  framePositions(...args: [...PlacesInFrames, scratch: number, positions: number]): number;
  filledFramePositions(...args: [...PlacesInFrames, ...Filled, scratch: number, positions: number]): number;
  listFilled(
    from: number,
    to: number,
    rows: number,
    validityOffset: number,
    counts: number,
    filled: number,
    known: number,
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

export type RelativeRankKernel = (...args: [...PartitionsAndPeers, values: number]) => void;

/** What several kernels begin with: which rows, and which partitions, or partitions and peers, they are in. */
type Partitions = [from: number, count: number, ordinals: number, starts: number];
type PartitionsAndPeers = [
  from: number,
  count: number,
  partitions: number,
  partitionStarts: number,
  groups: number,
  groupStarts: number,
];
/** A number for each row: a constant, or an integer at an offset in the row. */
type NumberOfRow = [rows: number, offset: number, validityOffset: number, constant: number];
type Bound = [kind: number, distance: number, isEnd: boolean, bounds: number];
type Frames = [
  from: number,
  count: number,
  lows: number,
  highs: number,
  exclude: number,
  groups: number,
  groupStarts: number,
];
/** Which rows are not NULL: see `listFilled`. */
type Filled = [counts: number, filled: number];
/** By so many rows behind (`sign` 1) or before (-1) each row of a partition. */
export type OffsetsOfRows = [...Partitions, ...NumberOfRow, sign: number];
/** At such a place of each row's frame, counted from its start (`sign` 1) or its end (-1). */
export type PlacesInFrames = [...Frames, ...NumberOfRow, sign: number];
