import type { HashJoinNode } from './physical-plan.js';

/**
 * Columns of build rows are laid out by key where there are so many probe rows for each build row: to lay a row out costs
 * what a few probe rows save that meet build rows in order; others save more.
 */
export const LEAST_KEYED_PROBES = 4;

/** Does the join hand on build rows when all probe rows are done, for they have, or have not, found a match? */
export function handsOnBuildRows({ joinKind }: HashJoinNode): boolean {
  return joinKind === 'right' || joinKind === 'full' || joinKind === 'rightSemi' || joinKind === 'rightAnti';
}

/** May the table be probed by other rows later? Not where probe rows are marked in it, nor where partitions are put off. */
export function canProbeAgain(join: HashJoinNode): boolean {
  return !handsOnBuildRows(join) && !Number.isFinite(join.shuffleFromBytes);
}
