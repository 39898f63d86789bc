import type { Expression } from '../expression.js';
import { refersOnlyTo } from '../logical/expression-tree.js';

/** Conditions of a join, taken apart into what a hash table can look up and the rest. */
export interface JoinKeys {
  readonly left: Expression[];
  readonly right: Expression[];
  readonly nullsEqual: boolean[];
  readonly residual: Expression[];
}

export function splitJoinKeys(
  conditions: readonly Expression[],
  left: ReadonlySet<number>,
  right: ReadonlySet<number>,
): JoinKeys {
  const keys: JoinKeys = { left: [], right: [], nullsEqual: [], residual: [] };
  for (const condition of conditions) {
    const pair = keyPair(condition, left, right);
    if (pair) {
      keys.left.push(pair.left);
      keys.right.push(pair.right);
      keys.nullsEqual.push(pair.nullsEqual);
    } else {
      keys.residual.push(condition);
    }
  }
  return keys;
}

export function keyPair(
  condition: Expression,
  left: ReadonlySet<number>,
  right: ReadonlySet<number>,
): { left: Expression; right: Expression; nullsEqual: boolean } | undefined {
  if (condition.kind !== 'comparison') return undefined;
  const nullsEqual = condition.operator === 'is not distinct from';
  if (condition.operator !== '=' && !nullsEqual) return undefined;
  if (refersOnlyTo(condition.left, left) && refersOnlyTo(condition.right, right)) {
    return { left: condition.left, right: condition.right, nullsEqual };
  }
  if (refersOnlyTo(condition.right, left) && refersOnlyTo(condition.left, right)) {
    return { left: condition.right, right: condition.left, nullsEqual };
  }
  return undefined;
}
