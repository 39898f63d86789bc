import type { Phase } from './optimize.js';
import type { Rule } from './rule.js';
import { arithmeticIdentities } from './rules/arithmetic-identities.js';
import { columnPruning } from './rules/column-pruning.js';
import { commonSubplans } from './rules/common-subplans.js';
import { constantFolding } from './rules/constant-folding.js';
import { decorrelate } from './rules/decorrelate.js';
import { dependentKeys } from './rules/dependent-keys.js';
import { distinctAggregates } from './rules/distinct-aggregates.js';
import { distinctToSemi } from './rules/distinct-to-semi.js';
import { eagerAggregation } from './rules/eager-aggregation.js';
import { emptyInput } from './rules/empty-input.js';
import { exactQuotients } from './rules/exact-quotients.js';
import { finestGrouping } from './rules/finest-grouping.js';
import { impliedDisjunctions } from './rules/implied-disjunctions.js';
import { joinElimination } from './rules/join-elimination.js';
import { joinOrder } from './rules/join-order.js';
import { limitPushdown } from './rules/limit-pushdown.js';
import { markToSemi } from './rules/mark-to-semi.js';
import { mergeComparisons } from './rules/merge-comparisons.js';
import { mergeProjects } from './rules/merge-projects.js';
import { metadataAggregates } from './rules/metadata-aggregates.js';
import { orToInList } from './rules/or-to-in-list.js';
import { outerToInner } from './rules/outer-to-inner.js';
import { predicatePushdown } from './rules/predicate-pushdown.js';
import { redundantDistinct } from './rules/redundant-distinct.js';
import { redundantSort } from './rules/redundant-sort.js';
import { selfJoinElimination } from './rules/self-join-elimination.js';
import { semiJoinReduction } from './rules/semi-join-reduction.js';
import { semiSuperset } from './rules/semi-superset.js';
import { sharedScans } from './rules/shared-scans.js';
import { shiftedSums } from './rules/shifted-sums.js';
import { simplifyBoolean } from './rules/simplify-boolean.js';
import { simplifyCase } from './rules/simplify-case.js';
import { singleRowPushdown } from './rules/single-row-pushdown.js';
import { transitivePredicates } from './rules/transitive-predicates.js';
import { unwrapCasts } from './rules/unwrap-casts.js';
import { widenedSubplans } from './rules/widened-subplans.js';
import { windowLimit } from './rules/window-limit.js';
import { windowedSubqueries } from './rules/windowed-subqueries.js';

/** What makes expressions simple and filters low; run before and after decorrelation. */
const simplification: readonly Rule[] = [
  constantFolding,
  arithmeticIdentities,
  simplifyCase,
  exactQuotients,
  unwrapCasts,
  simplifyBoolean,
  orToInList,
  mergeComparisons,
  predicatePushdown,
];

/** Until nothing changes any more. */
const rewriting: readonly Rule[] = [
  ...simplification,
  singleRowPushdown,
  outerToInner,
  emptyInput,
  mergeProjects,
  dependentKeys,
  distinctAggregates,
  shiftedSums,
  limitPushdown,
  windowLimit,
];

/** What need not be done. Pruning comes after the rules that look for equal plans. */
const shortening: readonly Rule[] = [
  selfJoinElimination,
  semiSuperset,
  redundantSort,
  redundantDistinct,
  columnPruning,
  joinElimination,
];

/** Before the files of tables are listed: what rests on the query alone. */
export const LOGICAL_PHASES: readonly Phase[] = [
  { name: 'simplify', rules: [...simplification, markToSemi], maxRounds: 4 },
  { name: 'decorrelate', rules: [windowedSubqueries, decorrelate], maxRounds: 1 },
  { name: 'rewrite', rules: rewriting, maxRounds: 6 },
  { name: 'shorten', rules: shortening, maxRounds: 3 },
  // What is derived moves down, and lets more be derived there.
  { name: 'derive', rules: [transitivePredicates, impliedDisjunctions, predicatePushdown], maxRounds: 4 },
  { name: 'rewrite again', rules: rewriting, maxRounds: 4 },
  { name: 'prune', rules: [columnPruning], maxRounds: 1 },
];

/** With statistics at hand. */
export const COST_PHASES: readonly Phase[] = [
  { name: 'metadata', rules: [metadataAggregates], maxRounds: 1 },
  // Filters on partition columns are done with, and what only they used.
  { name: 'join-order', rules: [columnPruning, distinctToSemi, joinOrder], maxRounds: 1 },
  { name: 'settle', rules: [predicatePushdown, mergeProjects, limitPushdown], maxRounds: 3 },
  { name: 'reduce', rules: [finestGrouping, eagerAggregation, semiJoinReduction], maxRounds: 1 },
  // Last: what is shared is not rewritten any more.
  { name: 'share', rules: [columnPruning, sharedScans, widenedSubplans, commonSubplans], maxRounds: 1 },
];
