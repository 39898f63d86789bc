import { scalarOverload } from '../../functions/registry.js';
import type { Expression } from '../expression.js';

const NONE: ReadonlySet<number> = new Set();

function unionOf(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  return sets.length === 0 ? NONE : new Set(sets.flatMap((set) => [...set]));
}

/** Columns for which a NULL makes one of the conditions not true. */
export function rejectedBy(conjuncts: readonly Expression[]): ReadonlySet<number> {
  return unionOf(conjuncts.map(rejectedColumns));
}

function rejectedColumns(predicate: Expression): ReadonlySet<number> {
  switch (predicate.kind) {
    case 'and':
      return rejectedBy(predicate.operands);
    case 'or': {
      const [first = NONE, ...others] = predicate.operands.map(rejectedColumns);
      return new Set([...first].filter((column) => others.every((set) => set.has(column))));
    }
    case 'isNull':
      return predicate.negated ? strictColumns(predicate.input) : NONE;
    case 'booleanTest':
      if (predicate.negated) return NONE;
      return predicate.value ? rejectedColumns(predicate.input) : strictColumns(predicate.input);
    default:
      return strictColumns(predicate);
  }
}

/** Columns for which a NULL makes the expression NULL. */
export function strictColumns(expression: Expression): ReadonlySet<number> {
  switch (expression.kind) {
    case 'column':
      return new Set([expression.column]);
    case 'comparison':
      if (expression.operator.startsWith('is')) return NONE;
      return unionOf([strictColumns(expression.left), strictColumns(expression.right)]);
    case 'not':
    case 'cast':
    case 'inList':
      return strictColumns(expression.input);
    case 'call':
      return scalarOverload(expression.overload).strict ? unionOf(expression.args.map(strictColumns)) : NONE;
    default:
      return NONE;
  }
}
