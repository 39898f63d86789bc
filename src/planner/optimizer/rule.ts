import type { ConstantExpression, Expression } from '../expression.js';
import type { ColumnIds, LogicalNode } from '../logical/logical-plan.js';

export interface RuleContext {
  readonly ids: ColumnIds;
  readonly evaluateConstant: (expression: Expression) => ConstantExpression;
  /** Does the rule do what it can, whether or not it pays? */
  readonly isForced?: boolean | undefined;
}

/**
 * A rule changes plans without changing their results. Its name is its file's name, its label in traces and the setting
 * that disables it. It returns a new node, or undefined where it has nothing to do; what it does not touch keeps its
 * identity.
 */
export type Rule = NodeRule | PlanRule;

/** Looks at one node at a time (and below it); the driver does the walking. */
export interface NodeRule {
  readonly name: string;
  /** Why, and what becomes of what, in prose with an example. */
  readonly description: string;
  /** `down`: a node is rewritten until the rule has no more to say, then its inputs. `up`: inputs come first. */
  readonly traversal: 'down' | 'up';
  readonly rewrite: (node: LogicalNode, context: RuleContext) => LogicalNode | undefined;
}

/** Looks at the plan as a whole, where what is above matters. */
export interface PlanRule {
  readonly name: string;
  readonly description: string;
  readonly traversal: 'plan';
  readonly rewrite: (plan: LogicalNode, context: RuleContext) => LogicalNode | undefined;
}
