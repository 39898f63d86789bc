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

export function runPhases(plan: LogicalNode, phases: readonly Phase[], options: OptimizerOptions): LogicalNode {
  return phases.reduce((current, phase) => runPhase(current, phase, options), plan);
}

function runPhase(plan: LogicalNode, phase: Phase, options: OptimizerOptions): LogicalNode {
  let current = plan;
  for (let round = 0; round < phase.maxRounds; round++) {
    const before = current;
    for (const rule of phase.rules) {
      if (!options.disabledRules?.has(rule.name)) current = runRule(current, rule, options);
    }
    if (current === before) break;
  }
  return current;
}

export function runRule(plan: LogicalNode, rule: Rule, options: OptimizerOptions): LogicalNode {
  // Without a copy for each rule of each round: profiles of small queries showed it.
  const isForced = options.forcedRules?.has(rule.name) === true;
  const after = applyRule(plan, rule, isForced ? { ...options, isForced } : options);
  if (after !== plan) {
    options.trace?.(rule.name, plan, after);
    if (options.verify) verifyPlan(after, plan, rule.name);
  }
  return after;
}

function applyRule(plan: LogicalNode, rule: Rule, context: RuleContext): LogicalNode {
  switch (rule.traversal) {
    case 'plan':
      return rule.rewrite(plan, context) ?? plan;
    case 'down':
      return rewriteDown(plan, rule, context);
    case 'up':
      return rewriteUp(plan, rule, context);
  }
}

/** Rewrites nodes until the rule has no more to say, from the top. */
export function rewriteDown(node: LogicalNode, rule: NodeRule, context: RuleContext): LogicalNode {
  return mapInputs(exhaust(node, rule, context), (input) => rewriteDown(input, rule, context));
}

function rewriteUp(node: LogicalNode, rule: NodeRule, context: RuleContext): LogicalNode {
  return exhaust(
    mapInputs(node, (input) => rewriteUp(input, rule, context)),
    rule,
    context,
  );
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
