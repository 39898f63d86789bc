import type { Vector } from '../../vector/vector.js';

/**
 * How far from a row its answer looks, before and behind it: so many rows, its peers to the last one (behind only), or
 * its partition.
 */
export interface WindowReach {
  readonly before: number | 'partition';
  readonly behind: number | 'peers' | 'partition';
}

/**
 * What lets lanes compute over stretches of one partition, each for itself: of the ranges before no more need be known than
 * a summary of each, a few bytes.
 */
export interface Resumption {
  /** Must peers be in one range? */
  readonly keepsPeers: boolean;
  /** Does a summary tell more of the rows than how many there are? */
  readonly looksAtRows: boolean;
  /** Of a summary: a multiple of 8. */
  readonly summaryBytes: number;
  /** Writes the summary of a range of so many rows, which are in the segment if it looks at them. */
  summarise(summary: number, count: number): void;
  /** Takes note of a range that another lane computes over: the next before the rows that are to come. */
  pass(summary: number): void;
  /** Goes on behind the ranges that were passed, of which the last row is the first of the segment, and was handed on. */
  resume(): void;
}

/** Computes one or more functions of a window over the rows of a segment, from the first to the last. */
export interface WindowEvaluator {
  /** Which functions of the node, in the order of `vectors`. */
  readonly functions: readonly number[];
  readonly reach: WindowReach;
  readonly vectors: readonly Vector[];
  /** Computes `vectors` for rows `from` on, a batch at most: all that they look at is there. Valid until the next call. */
  evaluate(from: number, count: number): void;
  /** The first rows were dropped: positions are less by so many. */
  shift(dropped: number): void;
  /** Another morsel begins. */
  reset(): void;
  /** How it goes on in the middle of a partition, behind rows that another lane computes over; undefined where it cannot. */
  readonly resumption?: Resumption | undefined;
  /** Frees what is not freed with the query's scope. */
  close?(): void;
}
