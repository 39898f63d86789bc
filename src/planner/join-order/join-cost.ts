import type { LogicalJoinKind } from '../logical/logical-plan.js';
import { missShare } from '../statistics/cache-misses.js';

export interface TableSize {
  readonly rows: number;
  /** Bytes of one row. */
  readonly width: number;
}

/** One input of a join. */
export interface JoinSide extends TableSize {
  /** In how many batches the rows come: few rows that are left of a large scan still come in as many. */
  readonly batches: number;
}

/*
 * Nanoseconds a row, from EXPLAIN ANALYZE of TPC-H at scale 1 (docs/adr/0017-join-order.md); `npm run bench -- micro
 * join-cost` prints what the tables alone take. A look-up reads a head, and where its tag is set, a row; what is added
 * where each of them is a miss comes second.
 */
const BUILD_ROW = 100;
const BUILD_BYTE = 1;
const PROBE_HEAD = 12;
const PROBE_HEAD_MISS = 70;
const MATCH = 15;
const MATCH_MISS = 150;
/** Each row that a join hands on is gathered from both sides. */
const OUTPUT_BYTE = 0.1;
/** A pair of rows of a join without keys, which is tested by itself. */
const PAIR = 4;
/** A batch of either side, however few its rows. */
const BATCH = 25_000;

/** A row's share of the array of heads. */
const HEAD_BYTES = 12;

/** What a join costs beyond its inputs, in nanoseconds; `keyed`: by a hash table, otherwise every pair is looked at. */
export function joinCost(probe: JoinSide, build: JoinSide, outputRows: number, keyed: boolean): number {
  const building = build.rows * (BUILD_ROW + build.width * BUILD_BYTE);
  const output = outputRows * (probe.width + build.width) * OUTPUT_BYTE + (probe.batches + build.batches) * BATCH;
  if (!keyed) return building + probe.rows * build.rows * PAIR + output;
  const headMisses = missShare(build.rows * HEAD_BYTES);
  const rowMisses = missShare(build.rows * build.width);
  const looking = probe.rows * (PROBE_HEAD + headMisses * PROBE_HEAD_MISS);
  return building + looking + outputRows * (MATCH + rowMisses * MATCH_MISS) + output;
}

/**
 * How many times smaller the left side must be to be built, by kind of join; without an entry the right side always is,
 * since execution has no other form: one that gets it is entered here, and lowering names it (`TURNED` in lower.ts). A
 * left, semi or anti join that builds its left side must go through that at the end.
 */
const LEFT_BUILD_MARGIN: Readonly<Partial<Record<LogicalJoinKind, number>>> = {
  inner: 1,
  full: 1,
  left: 2,
  semi: 2,
  anti: 2,
};

/**
 * Is the left side built? The side that makes the smaller table is, in bytes: memory is what runs out, and what a wrong
 * estimate costs most.
 */
export function buildsLeft(kind: LogicalJoinKind, left: TableSize, right: TableSize): boolean {
  const margin = LEFT_BUILD_MARGIN[kind];
  return margin !== undefined && tableBytes(left) * margin < tableBytes(right);
}

const tableBytes = ({ rows, width }: TableSize): number => rows * (width + HEAD_BYTES);
