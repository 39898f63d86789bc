import { columnNames, describeNode, logicalPlanLines } from '../logical/format-logical-plan.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { inputsOf } from '../logical/plan-tree.js';

/** Unchanged lines shown before and after those that changed. */
const CONTEXT_LINES = 1;

/**
 * What a rule did, for EXPLAIN (TRACE): its name, and of every part of the plan that it changed the lines that went (-)
 * and came (+), with a line around them, then an empty line. Lines that only moved deeper or higher count as unchanged;
 * nothing is said of a rule that built the same plan anew.
 */
export function formatStep(rule: string, before: LogicalNode, after: LogicalNode): string[] {
  const names = columnNames(before, after);
  const lines = [rule];
  for (const [old, changed] of changedParts(before, after, names)) {
    if (lines.length > 1) lines.push('  …');
    lines.push(
      ...difference(logicalPlanLines(old, names), logicalPlanLines(changed, names)).map((line) => `  ${line}`),
    );
  }
  return lines;
}

type Part = readonly [before: LogicalNode, after: LogicalNode];

/** The topmost nodes that differ; those above only got other inputs. */
function changedParts(before: LogicalNode, after: LogicalNode, names: ReadonlyMap<number, string>): readonly Part[] {
  if (before === after) return [];
  const [old, changed] = [inputsOf(before), inputsOf(after)];
  const isSame =
    old.length > 0 && old.length === changed.length && describeNode(before, names) === describeNode(after, names);
  if (!isSame) return [[before, after]];
  return old.flatMap((input, i) => changedParts(input, changed[i]!, names));
}

interface Line {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  const lines = commonLines(before, after);
  const isNear = (at: number): boolean =>
    lines.slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1).some(({ sign }) => sign !== ' ');
  const shown: string[] = [];
  let isCut = false;
  lines.forEach(({ sign, text }, at) => {
    if (isNear(at)) {
      if (isCut) shown.push('  …');
      shown.push(`${sign} ${text}`);
      isCut = false;
    } else if (shown.length > 0) {
      isCut = true;
    }
  });
  return shown;
}

/** Both texts as one, by a longest common subsequence of lines, their indentation aside. */
function commonLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  const [old, changed] = [before, after].map((lines) => lines.map((line) => line.trimStart()));
  const width = after.length + 1;
  // Length of the longest common subsequence of what follows line i of one and line j of the other.
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const skipped = Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
      lengths[i * width + j] = old![i] === changed![j] ? lengths[(i + 1) * width + j + 1]! + 1 : skipped;
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && old![i] === changed![j]) {
      lines.push({ sign: ' ', text: after[j++]! });
      i++;
    } else if (
      j >= after.length ||
      (i < before.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      lines.push({ sign: '-', text: before[i++]! });
    } else {
      lines.push({ sign: '+', text: after[j++]! });
    }
  }
  return lines;
}
