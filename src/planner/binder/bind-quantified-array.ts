import { userError } from '../../common/errors.js';
import { resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { withoutLength } from '../../types/coercion.js';
import { type ArrayType, arrayOf, BOOLEAN, formatType, someType, TEXT } from '../../types/sql-type.js';
import type { ComparisonOperator, Expression } from '../expression.js';
import { notOf } from '../logical/expression-tree.js';
import { elementsOfConstant } from '../nested-constants.js';
import { depthOf, flattened } from './array-dimensions.js';
import { atPosition, type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import { applyOperator, type BindExpression, compare } from './bind-operator.js';
import { coerce } from './coerce.js';
import { foldIfConstant } from './fold.js';

const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOperator>(['=', '<>', '<', '<=', '>', '>=']);

const isComparison = (symbol: string): symbol is ComparisonOperator => COMPARISONS.has(symbol);

/** `x <operator> ANY (array)` and ALL. Equality with a constant array is an IN list, which scans understand. */
export function bindQuantifiedArray(ast: Ast.QuantifiedArray, at: ExpressionContext, bind: BindExpression): Expression {
  const { context } = at;
  const { position } = ast.array;
  const isAll = ast.quantifier === 'all';
  const operand = bind(ast.operand, at);
  const array = elementsBeside(operand, typedArray(bind(ast.array, at), operand, position, context));
  if (array.type.kind !== 'array') {
    throw userError('42809', `op ANY/ALL (array) requires array on right side`, { position: ast.operatorPosition });
  }
  if (!isComparison(ast.operator)) return expandQuantified(ast, operand, array, at);
  const name = `${ast.operator} ${ast.quantifier}`;
  const types = [operand.type, array.type] as const;
  const resolved = atPosition(ast.operatorPosition, () => {
    try {
      return resolveScalarFunction(name, types);
    } catch {
      const element = formatType((array.type as ArrayType).element);
      throw userError('42883', `operator does not exist: ${formatType(operand.type)} ${ast.operator} ${element}`, {
        hint: 'No operator matches the given name and argument types. You might need to add explicit type casts.',
      });
    }
  });
  const input = coerce(context, operand, resolved.argTypes[0]!, ast.operand.position);
  const elements = foldIfConstant(context, coerce(context, array, resolved.argTypes[1]!, position), position);
  const isMembership = (ast.operator === '=' && !isAll) || (ast.operator === '<>' && isAll);
  // Equal jsonb values may be written differently.
  const hasJson = someType(elements.type, ({ kind }) => kind === 'jsonb');
  if (isMembership && elements.kind === 'constant' && !hasJson) {
    if (elements.value === null) return { kind: 'constant', type: BOOLEAN, value: null };
    const items = elementsOfConstant(elements);
    if (items.length === 0) return { kind: 'constant', type: BOOLEAN, value: isAll };
    return { kind: 'inList', type: BOOLEAN, input, items, negated: isAll };
  }
  return { kind: 'call', type: BOOLEAN, overload: resolved.overload, args: [input, elements] };
}

/** Of an array of arrays its innermost elements, unless arrays are compared. */
function elementsBeside(operand: Expression, array: Expression): Expression {
  let elements = array;
  while (depthOf(elements.type) > depthOf(operand.type) + 1) elements = flattened(elements)!;
  return elements;
}

/** An untyped literal or parameter is an array of what it is compared with. */
function typedArray(array: Expression, operand: Expression, position: number, context: BindContext): Expression {
  if (array.type.kind !== 'unknown') return array;
  const element = operand.type.kind === 'unknown' ? TEXT : withoutLength(operand.type);
  return coerce(context, array, arrayOf(element), position);
}

/** LIKE and other operators: one by one, for arrays whose elements are known here. */
function expandQuantified(
  ast: Ast.QuantifiedArray,
  operand: Expression,
  array: Expression,
  at: ExpressionContext,
): Expression {
  const { operator, operatorPosition } = ast;
  const elements = elementsOf(array, ast.array.position, at.context);
  if (elements === null) return { kind: 'constant', type: BOOLEAN, value: null };
  if (!elements) {
    throw unsupported(
      `${operator} ${ast.quantifier.toUpperCase()} of an array that is not a constant`,
      operatorPosition,
    );
  }
  const negated = operator === '!~~' || operator === '!~~*';
  const tests = elements.map((element) => {
    const symbol = negated ? operator.slice(1) : operator;
    const test = isComparison(symbol)
      ? compare(at.context, symbol, operand, element, operatorPosition)
      : applyOperator(at.context, symbol, operand, element, operatorPosition);
    return negated ? notOf(test) : test;
  });
  if (tests.some(({ type }) => type.kind !== 'boolean')) {
    throw userError('42809', 'op ANY/ALL (array) requires operator to yield boolean', { position: operatorPosition });
  }
  const isAll = ast.quantifier === 'all';
  if (tests.length === 0) return { kind: 'constant', type: BOOLEAN, value: isAll };
  if (tests.length === 1) return tests[0]!;
  return { kind: isAll ? 'and' : 'or', type: BOOLEAN, operands: tests };
}

/** The elements of an array whose number is known: a constant (null if that is NULL), or ARRAY[…]. */
function elementsOf(
  array: Expression,
  position: number,
  context: BindContext,
): readonly Expression[] | null | undefined {
  if (array.kind === 'call' && array.overload === 'list_value(any...)') return array.args;
  const folded = foldIfConstant(context, array, position);
  if (folded.kind !== 'constant') return undefined;
  return folded.value === null ? null : elementsOfConstant(folded);
}
