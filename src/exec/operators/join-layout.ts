import { oncePer } from '../../common/once-per.js';
import { collectColumns } from '../../planner/expression-columns.js';
import { handsOnBuildRows } from '../../planner/physical/join-tables.js';
import type { HashJoinNode, JoinKind } from '../../planner/physical/physical-plan.js';
import { type PhysicalType, physicalTypeOf } from '../../types/sql-type.js';
import { type ColumnSlot, createRowLayout, type RowLayout } from '../rows/row-layout.js';

/** Words of a join node, shared by build and probe. */
export const JOIN_HEADS = 0;
export const JOIN_SHIFT = 1;
export const JOIN_BUILD_ROWS = 2;
/** 1 when a build row had a NULL key (for NOT IN and null-aware marks). */
export const JOIN_HAS_NULL_KEY = 3;
/** Next partition to insert. */
export const JOIN_NEXT_PARTITION = 4;
/** Bit p is set when partition p is joined after the others: known once the build side is complete. */
export const JOIN_DEFERRED = 5;
/** The owner of the rows and the table of the join, which are freed before the query ends. */
export const JOIN_OWNER = 6;
/** What the build side tells scans of the probe side: a `JoinKeyFilter`, or 0. */
export const JOIN_FILTER = 7;
/** Counts what lanes tell each other about offered partitions: see `JoinOffers`. */
export const JOIN_NEWS = 8;
/** In which order deferred partitions are joined: see `orderPartitions`. */
export const JOIN_ORDER = 9;
/** Where the range of an index by key is described: see `JoinIndex`; 0 for a table by hash. */
export const JOIN_INDEX = 10;
/** Where the dictionaries of build texts are described: see `codeBuildTexts`; 0 where there are none. */
export const JOIN_TEXT_CODES = 11;
/** Where the columns of build rows by key are described: see `createJoinColumns`; 0 where there are none. */
export const JOIN_COLUMNS = 12;
/** 1 when several build rows have the same key; known of a table by key only. */
export const JOIN_REPEATS = 13;

/** As keys, their values are stored in another form than they came in. */
const NORMALISED_KEYS: ReadonlySet<string> = new Set(['real', 'double', 'interval']);

/** A text of build rows that has, beside it in the row, its number among those that differ. */
export interface CodedText {
  /** Of the build column. */
  readonly ordinal: number;
  readonly text: ColumnSlot;
  readonly code: ColumnSlot;
}

/** What both sides of a join derive from its plan node: which build columns rows hold, and where. */
export interface JoinLayout {
  readonly rows: RowLayout;
  /** Ordinals of build columns that are stored as payload, in slot order. */
  readonly payloadOrdinals: readonly number[];
  /** Slot by build ordinal, for the columns that the join hands on or tests. */
  readonly slots: ReadonlyMap<number, ColumnSlot>;
  /** Their codes are the payload slots behind those of `payloadOrdinals`, in this order. */
  readonly codedTexts: readonly CodedText[];
  /** Deferred probe rows: the columns that keys, residual condition and output need, as payload. */
  readonly probeRows: RowLayout;
  /** Ordinals of probe columns, in slot order. */
  readonly probeOrdinals: readonly number[];
  /** Ordinals (probe columns, then build columns) that the residual condition reads. */
  readonly residualColumns: readonly number[];
  /** Build rows with NULL keys are kept, since those without a match are handed on. */
  readonly keepsUnmatchedBuild: boolean;
  /** Build rows are marked when they find a match: some are handed on when all probe rows are done. */
  readonly marksBuild: boolean;
  /** Offset of the mark. */
  readonly matchedOffset: number;
}

export const joinLayoutOf: (node: HashJoinNode) => JoinLayout = oncePer(deriveLayout);

function deriveLayout(node: HashJoinNode): JoinLayout {
  const probeWidth = node.probe.columns.length;
  const residualColumns = node.residual === undefined ? [] : [...collectColumns(node.residual)];
  const wanted = new Set<number>();
  for (const ordinal of [...node.outputs, ...residualColumns]) {
    if (ordinal >= probeWidth) wanted.add(ordinal - probeWidth);
  }
  const { joinKind } = node;
  const keepsUnmatchedBuild = joinKind === 'right' || joinKind === 'full' || joinKind === 'rightAnti';
  const marksBuild = handsOnBuildRows(node);
  // Where build rows with NULL keys are kept, validity bytes keep them apart from zeros.
  const nullableKeys = keepsUnmatchedBuild || node.nullsEqual.some((equal) => equal);
  const keyOfColumn = new Map<number, number>();
  for (const [key, expression] of node.buildKeys.entries()) {
    if (expression.kind === 'column' && !NORMALISED_KEYS.has(expression.type.kind) && !keepsUnmatchedBuild)
      keyOfColumn.set(expression.column, key);
  }
  const payloadOrdinals = [...wanted].filter((ordinal) => !keyOfColumn.has(ordinal)).sort((a, b) => a - b);
  const codedOrdinals = node.codedTexts.filter((ordinal) => payloadOrdinals.includes(ordinal));
  const rows = createRowLayout({
    keys: node.buildKeys.map((key) => physicalTypeOf(key.type)),
    nullableKeys,
    payload: [
      ...payloadOrdinals.map((ordinal) => physicalTypeOf(node.build.columns[ordinal]!.type)),
      ...codedOrdinals.map((): PhysicalType => 'i32'),
    ],
    matchedMark: marksBuild,
  });
  const slots = new Map<number, ColumnSlot>();
  for (const ordinal of wanted) {
    const key = keyOfColumn.get(ordinal);
    slots.set(ordinal, key === undefined ? rows.payload[payloadOrdinals.indexOf(ordinal)]! : rows.keys[key]!);
  }
  const codedTexts = codedOrdinals.map((ordinal, index) => ({
    ordinal,
    text: slots.get(ordinal)!,
    code: rows.payload[payloadOrdinals.length + index]!,
  }));
  const probeOrdinals = [
    ...new Set([...node.outputs, ...residualColumns, ...node.probeKeys.flatMap((key) => [...collectColumns(key)])]),
  ]
    .filter((ordinal) => ordinal < probeWidth)
    .sort((a, b) => a - b);
  const probeRows = createRowLayout({
    keys: [],
    nullableKeys: false,
    payload: probeOrdinals.map((ordinal) => physicalTypeOf(node.probe.columns[ordinal]!.type)),
  });
  return {
    rows,
    payloadOrdinals,
    codedTexts,
    probeRows,
    probeOrdinals,
    slots,
    residualColumns,
    keepsUnmatchedBuild,
    marksBuild,
    matchedOffset: marksBuild ? rows.payload.at(-1)!.offset : 0,
  };
}

/** Kinds that are done with a probe row when it has met its matches. */
export function emitsMatchesOnly(joinKind: JoinKind): boolean {
  return joinKind === 'inner' || joinKind === 'right' || joinKind === 'rightSemi' || joinKind === 'rightAnti';
}
