import { unreachable } from '../common/errors.js';
import type { Expression } from './expression.js';

/** The operands of an expression, in the order of evaluation. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
    case 'variable':
      return [];
    case 'comparison':
      return [expression.left, expression.right];
    case 'and':
    case 'or':
    case 'coalesce':
      return expression.operands;
    case 'not':
    case 'isNull':
    case 'booleanTest':
    case 'cast':
    case 'inList':
      return [expression.input];
    case 'case': {
      const branches = expression.branches.flatMap((branch) => [branch.when, branch.then]);
      return expression.otherwise === undefined ? branches : [...branches, expression.otherwise];
    }
    case 'call':
      return expression.args;
    case 'lambda':
      return expression.start
        ? [expression.array, expression.start, expression.body]
        : [expression.array, expression.body];
    default:
      return unreachable(expression, 'expression');
  }
}

/** Every column that an expression reads. */
export function collectColumns(expression: Expression, columns: Set<number> = new Set()): Set<number> {
  if (expression.kind === 'column') columns.add(expression.column);
  for (const child of childrenOf(expression)) collectColumns(child, columns);
  return columns;
}
