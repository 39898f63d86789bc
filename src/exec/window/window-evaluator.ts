import type { Vector } from '../../vector/vector.js';

/**
 * How far from a row its answer looks, before and behind it: so many rows, its peers to the last one (behind only), or
 * its partition.
 */
export interface WindowReach {
  readonly before: number | 'partition';
  readonly behind: number | 'peers' | 'partition';
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
  /** Frees what is not freed with the query's scope. */
  close?(): void;
}
