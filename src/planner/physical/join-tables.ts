import type { HashJoinNode } from './physical-plan.js';

/** Does the join hand on build rows when all probe rows are done, for they have, or have not, found a match? */
export function handsOnBuildRows({ joinKind }: HashJoinNode): boolean {
  return joinKind === 'right' || joinKind === 'full' || joinKind === 'rightSemi' || joinKind === 'rightAnti';
}

/** May the table be probed by other rows later? Not where probe rows are marked in it, nor where partitions are put off. */
export function canProbeAgain(join: HashJoinNode): boolean {
  return !handsOnBuildRows(join) && !Number.isFinite(join.shuffleFromBytes);
}
