import type { Expression } from '../expression.js';
import type { LogicalColumn, LogicalNode } from './logical-plan.js';
import { outputOf } from './plan-tree.js';

/** Operators that are NULL only where an operand is. Of other functions that is not known: infinity has no hour. */
const NULL_ONLY_FROM_NULL = /^(\+|-|\*|\/|%|\|\||~~|~~\*|substring|lower|upper|length|abs|round)\(/;

/** Could the expression be NULL, given which columns could? Errs towards true. */
export function mayBeNull(expression: Expression, isNullable: (column: number) => boolean): boolean {
  const any = (operands: readonly Expression[]): boolean => operands.some((operand) => mayBeNull(operand, isNullable));
  switch (expression.kind) {
    case 'column':
      return isNullable(expression.column);
    case 'constant':
      return expression.value === null;
    case 'parameter':
    case 'variable':
    case 'lambda':
      return true;
    case 'isNull':
    case 'booleanTest':
      return false;
    case 'comparison':
      return !expression.operator.startsWith('is') && any([expression.left, expression.right]);
    case 'and':
    case 'or':
      return any(expression.operands);
    case 'cast':
      return expression.type.kind === 'time' || mayBeNull(expression.input, isNullable);
    case 'not':
      return mayBeNull(expression.input, isNullable);
    case 'inList':
      return any([expression.input, ...expression.items]);
    case 'coalesce':
      return expression.operands.every((operand) => mayBeNull(operand, isNullable));
    case 'case':
      return !expression.otherwise || any([...expression.branches.map((branch) => branch.then), expression.otherwise]);
    case 'call':
      return !NULL_ONLY_FROM_NULL.test(expression.overload) || any(expression.args);
  }
}

/** A look-up of the columns of some plans; columns of none of them (outer references) count as nullable. */
export function nullableIn(...plans: readonly LogicalNode[]): (column: number) => boolean {
  let known: Map<number, LogicalColumn> | undefined;
  return (id) => {
    known ??= new Map(plans.flatMap((plan) => outputOf(plan).map((column) => [column.id, column] as const)));
    return known.get(id)?.nullable ?? true;
  };
}
