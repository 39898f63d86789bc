import type { Expression } from '../../expression.js';
import { equals, refer } from '../../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../../logical/logical-plan.js';
import { outputOf } from '../../logical/plan-tree.js';
import type { RuleContext } from '../rule.js';

/**
 * A correlated plan without its correlations: `plan` stands alone, and for a given outer row the rows that the original
 * would have returned are those of `plan` for which all of `conjuncts` (over outer and inner columns) are true.
 */
export interface Pulled {
  readonly plan: LogicalNode;
  readonly conjuncts: readonly Expression[];
  /**
   * Set where the original returns a row even when `plan` has none that matches, as aggregation without keys does: the
   * values of that row, by column id. (The classic "count bug" is to forget it.)
   */
  readonly emptyRow?: ReadonlyMap<number, Expression> | undefined;
}

/** What decorrelation of one apply works with. */
export interface Decorrelation {
  readonly context: RuleContext;
  /** The left side, whose columns the right side refers to. */
  readonly left: LogicalNode;
  /** Ids of the left side's columns. */
  readonly outer: ReadonlySet<number>;
}

/** The condition that an outer column has a domain column's value. */
export function outerEquals(id: number, column: LogicalColumn, { left }: Decorrelation): Expression {
  const outer = outputOf(left).find((candidate) => candidate.id === id)!;
  return equals(refer(outer), refer(column), outer.nullable ? 'is not distinct from' : '=');
}
