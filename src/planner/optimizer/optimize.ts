import { bugError } from '../../common/errors.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { mapInputs } from '../logical/plan-tree.js';
import type { NodeRule, Rule, RuleContext } from './rule.js';
import { verifyPlan } from './verify-plan.js';

/** Rules that run together until none of them changes the plan. */
export interface Phase {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** A bound on the rounds; plans settle after two or three. */
  readonly maxRounds: number;
}

export interface OptimizerOptions extends Omit<RuleContext, 'isForced'> {
  readonly disabledRules?: ReadonlySet<string> | undefined;
  /** Rules that do what they can, whether or not it pays. */
  readonly forcedRules?: ReadonlySet<string> | undefined;
  /** Checks after each rule that the plan still makes sense and returns the same columns: for tests. */
  readonly verify?: boolean | undefined;
  /** Called for each rule that changed the plan. */
  readonly trace?: ((rule: string, before: LogicalNode, after: LogicalNode) => void) | undefined;
}

/** Times that a rule may rewrite one node before it moves on: more means that the rule undoes itself. */
const MAX_REWRITES = 100;

/** By rule: the plans and parts of plans that it has looked at and left as they are. It need not look again. */
type Settled = Map<Rule, Set<LogicalNode>>;

export function runPhases(plan: LogicalNode, phases: readonly Phase[], options: OptimizerOptions): LogicalNode {
  const settled: Settled = new Map();
  return phases.reduce((current, phase) => runPhase(current, phase, options, settled), plan);
}

function runPhase(plan: LogicalNode, phase: Phase, options: OptimizerOptions, settled: Settled): LogicalNode {
  let current = plan;
  for (let round = 0; round < phase.maxRounds; round++) {
    const before = current;
    for (const rule of phase.rules) {
      if (options.disabledRules?.has(rule.name)) continue;
      const own = settled.get(rule) ?? new Set();
      settled.set(rule, own);
      current = runRule(current, rule, options, own);
    }
    if (current === before) break;
  }
  return current;
}

function runRule(plan: LogicalNode, rule: Rule, options: OptimizerOptions, settled: Set<LogicalNode>): LogicalNode {
  // Without a copy for each rule of each round: profiles of small queries showed it.
  const isForced = options.forcedRules?.has(rule.name) === true;
  const after = applyRule(plan, rule, isForced ? { ...options, isForced } : options, settled);
  if (after !== plan) {
    options.trace?.(rule.name, plan, after);
    if (options.verify) verifyPlan(after, plan, rule.name);
  }
  return after;
}

function applyRule(plan: LogicalNode, rule: Rule, context: RuleContext, settled: Set<LogicalNode>): LogicalNode {
  if (settled.has(plan)) return plan;
  const after =
    rule.traversal === 'plan' ? (rule.rewrite(plan, context) ?? plan) : rewriteNodes(plan, rule, context, settled);
  if (after === plan) settled.add(plan);
  return after;
}

function rewriteNodes(node: LogicalNode, rule: NodeRule, context: RuleContext, settled: Set<LogicalNode>): LogicalNode {
  const rewriteInputs = (current: LogicalNode): LogicalNode =>
    mapInputs(current, (input) => applyRule(input, rule, context, settled));
  return rule.traversal === 'down'
    ? rewriteInputs(exhaust(node, rule, context))
    : exhaust(rewriteInputs(node), rule, context);
}

function exhaust(node: LogicalNode, rule: NodeRule, context: RuleContext): LogicalNode {
  let current = node;
  for (let i = 0; i < MAX_REWRITES; i++) {
    const next = rule.rewrite(current, context);
    if (!next || next === current) return current;
    current = next;
  }
  throw bugError(`rule ${rule.name} does not come to rest`);
}
