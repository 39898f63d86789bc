import type { Phase } from './optimize.js';
import type { Rule } from './rule.js';
import { columnPruning } from './rules/column-pruning.js';
import { constantFolding } from './rules/constant-folding.js';
import { decorrelate } from './rules/decorrelate.js';
import { emptyInput } from './rules/empty-input.js';
import { joinOrder } from './rules/join-order.js';
import { limitPushdown } from './rules/limit-pushdown.js';
import { markToSemi } from './rules/mark-to-semi.js';
import { mergeProjects } from './rules/merge-projects.js';
import { predicatePushdown } from './rules/predicate-pushdown.js';
import { simplifyBoolean } from './rules/simplify-boolean.js';

/** What makes expressions simple and filters low; run before and after decorrelation. */
const simplification: readonly Rule[] = [constantFolding, simplifyBoolean, predicatePushdown];

/** Before the files of tables are listed: what rests on the query alone. */
export const LOGICAL_PHASES: readonly Phase[] = [
  { name: 'simplify', rules: [...simplification, markToSemi], maxRounds: 4 },
  { name: 'decorrelate', rules: [decorrelate], maxRounds: 1 },
  { name: 'rewrite', rules: [...simplification, emptyInput, mergeProjects, limitPushdown], maxRounds: 6 },
  { name: 'prune', rules: [columnPruning], maxRounds: 1 },
];

/** With statistics at hand. */
export const COST_PHASES: readonly Phase[] = [
  { name: 'join-order', rules: [joinOrder], maxRounds: 1 },
  { name: 'settle', rules: [predicatePushdown, mergeProjects, limitPushdown], maxRounds: 3 },
];
