import type { LogicalJoin } from '../logical/logical-plan.js';
import { readsWorkingTable } from '../logical/plan-tree.js';
import { canProbeAgain } from '../physical/join-tables.js';
import { mapInputs } from '../physical/physical-inputs.js';
import type { HashJoinNode, PhysicalColumn, PhysicalNode, SharedNode } from '../physical/physical-plan.js';
import { workingTablesOf } from '../physical/working-tables.js';

/** A recursion whose step is being lowered. */
export interface OpenRecursion {
  readonly number: number;
  /** Of its plan node. */
  readonly id: number;
  readonly rowColumns: readonly PhysicalColumn[];
}

/**
 * The side of a join that comes again in each round of a recursion, where the other stays the same and is built once.
 * Undefined where there is no such side, or the join hands on what is built, and so needs another table each time.
 * `recursions` are those around the join, the innermost first.
 */
export function probeOfRounds(
  { left, right, joinKind }: LogicalJoin,
  recursions: readonly OpenRecursion[],
): 'left' | 'right' | undefined {
  for (const { number } of recursions) {
    const [ofLeft, ofRight] = [readsWorkingTable(left, number), readsWorkingTable(right, number)];
    if (ofLeft && ofRight) return undefined;
    if (ofLeft) return joinKind === 'full' ? undefined : 'left';
    if (ofRight) return joinKind === 'inner' ? 'right' : undefined;
  }
  return undefined;
}

/** Does each row of the working table give the step's rows by itself, so that nothing waits for the end of a round? */
export function isStreamed(step: PhysicalNode): boolean {
  switch (step.kind) {
    case 'workingTable':
      return true;
    case 'filter':
    case 'project':
      return isStreamed(step.input);
    case 'hashJoin':
      return keepsTable(step) && isStreamed(step.probe);
    default:
      return false;
  }
}

/**
 * The step of a recursion, in which whatever does not read the working table is computed before the first round: as
 * the table of a join, or else as rows that are collected, and read again in each round.
 */
export function keepBetweenRounds(node: PhysicalNode, collect: (plan: PhysicalNode) => SharedNode): PhysicalNode {
  if (!readsRounds(node)) return isReadyMade(node) ? node : collect(node);
  const keep = (input: PhysicalNode): PhysicalNode => keepBetweenRounds(input, collect);
  if (node.kind === 'hashJoin' && keepsTable(node)) return { ...node, probe: keep(node.probe) };
  return mapInputs(node, keep);
}

/** Is the table of a join the same in all rounds? */
function keepsTable(join: HashJoinNode): boolean {
  return !readsRounds(join.build) && canProbeAgain(join);
}

/** Does the plan read the working table of a recursion around it? */
function readsRounds(node: PhysicalNode): boolean {
  return workingTablesOf(node).size > 0;
}

/** Rows that are there already, or take no longer to be made again than to be read. */
function isReadyMade(node: PhysicalNode): boolean {
  switch (node.kind) {
    case 'values':
    case 'generateSeries':
    case 'shared':
      return true;
    case 'project':
      return isReadyMade(node.input) && node.expressions.every(({ kind }) => kind === 'column');
    default:
      return false;
  }
}
