import { userError } from '../../common/errors.js';
import { resolveComparison, resolveOperator, resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { typeCategory } from '../../types/coercion.js';
import { BOOLEAN, isNestedType, type SqlType, someType, TEXT } from '../../types/sql-type.js';
import type { ComparisonOperator, Expression } from '../expression.js';
import { andOf, notOf, orOf } from '../logical/expression-tree.js';
import { atPosition, type BindContext, type ExpressionContext } from './bind-context.js';
import { coerce } from './coerce.js';
import { operandTypes } from './literal-types.js';
import { callInZone, castInZone } from './session-zone.js';
import { sortKeyCall } from './sort-key.js';

export type BindExpression = (ast: Ast.Expression, at: ExpressionContext) => Expression;

/** Casts both operands to their common type and compares them. */
export function compare(
  context: BindContext,
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
  position: number,
  operandPositions: readonly [number, number] = [position, position],
): Expression {
  const symbol = operator.startsWith('is') ? '=' : operator;
  // Beside char(n), spaces at the end of a varchar are padding too.
  const padded = left.type.kind === 'char' || right.type.kind === 'char';
  const [a, b] = padded ? [withoutPadding(left), withoutPadding(right)] : [left, right];
  const [leftType, rightType] = operandTypes([a, b]) as [SqlType, SqlType];
  const type = atPosition(position, () => resolveComparison(symbol, leftType, rightType));
  if (someType(type, ({ kind }) => kind === 'jsonb')) {
    // Equal numbers may have different digits.
    const [leftKey, rightKey] = [a, b].map((operand, i) =>
      sortKeyCall(context, coerce(context, operand, type, operandPositions[i]!), false, position),
    );
    return { kind: 'comparison', type: BOOLEAN, operator, left: leftKey!, right: rightKey! };
  }
  return {
    kind: 'comparison',
    type: BOOLEAN,
    operator,
    left: coerce(context, a, type, operandPositions[0]),
    right: coerce(context, b, type, operandPositions[1]),
  };
}

/** What is compared with char(n), without the spaces at its end. */
export function withoutPadding(operand: Expression): Expression {
  if (operand.kind === 'constant' && operand.type.kind === 'unknown' && typeof operand.value === 'string') {
    return { ...operand, value: operand.value.replace(/ +$/, '') };
  }
  if (operand.type.kind !== 'varchar') return operand;
  const { overload, returns } = resolveScalarFunction('rtrim', [TEXT]);
  return { kind: 'call', type: returns, overload, args: [{ kind: 'cast', type: TEXT, input: operand }] };
}

/** A comparison of two values, or of two rows element by element. */
export function bindComparison(
  operator: ComparisonOperator,
  left: Ast.Expression,
  right: Ast.Expression,
  position: number,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  if (left.kind === 'row' && right.kind === 'row') return bindRowComparison(operator, left, right, position, at, bind);
  return compare(at.context, operator, bind(left, at), bind(right, at), position, [left.position, right.position]);
}

function bindRowComparison(
  operator: ComparisonOperator,
  left: Ast.RowExpression,
  right: Ast.RowExpression,
  position: number,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  if (left.elements.length !== right.elements.length) {
    throw userError('42601', 'unequal number of entries in row expressions', { position });
  }
  const pairs = left.elements.map((element, i) => [bind(element, at), bind(right.elements[i]!, at)] as const);
  return compareRows(operator, pairs, position, at.context);
}

/** A comparison of rows, given as pairs of their elements. */
export function compareRows(
  operator: ComparisonOperator,
  pairs: readonly (readonly [Expression, Expression])[],
  position: number,
  context: BindContext,
): Expression {
  const each = (comparison: ComparisonOperator): Expression[] =>
    pairs.map(([a, b]) => compare(context, comparison, a, b, position));
  switch (operator) {
    case '=':
    case 'is not distinct from':
      return andOf(each(operator));
    case '<>':
    case 'is distinct from':
      return orOf(each(operator));
    default: {
      // (a, b) < (c, d): the first elements that differ decide.
      const strict = operator.slice(0, 1) as '<' | '>';
      const equal = each('=');
      const smaller = each(strict);
      const last = each(operator)[pairs.length - 1]!;
      return orOf(pairs.map((_, i) => andOf([...equal.slice(0, i), i === pairs.length - 1 ? last : smaller[i]!])));
    }
  }
}

/** An operator of the registry; `left` is undefined for prefix operators. */
export function bindOperator(
  symbol: string,
  left: Ast.Expression | undefined,
  right: Ast.Expression,
  position: number,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const operandPositions = left ? [left.position, right.position] : [right.position];
  return applyOperator(at.context, symbol, left && bind(left, at), bind(right, at), position, operandPositions);
}

export function applyOperator(
  context: BindContext,
  symbol: string,
  leftOperand: Expression | undefined,
  rightOperand: Expression,
  position: number,
  operandPositions: readonly number[] = [position, position],
): Expression {
  const isConcatenation = symbol === '||' && leftOperand !== undefined;
  const left = isConcatenation ? besideText(context, leftOperand, rightOperand) : leftOperand;
  const right = isConcatenation ? besideText(context, rightOperand, leftOperand) : rightOperand;
  const operands = left ? [left, right] : [right];
  const types = operandTypes(operands);
  const resolved = atPosition(position, () => resolveOperator(symbol, left && types[0], types.at(-1)!));
  return callInZone(context, {
    kind: 'call',
    type: resolved.returns,
    overload: resolved.overload,
    args: operands.map((operand, i) => coerce(context, operand, resolved.argTypes[i]!, operandPositions[i]!)),
  });
}

/** Whatever is concatenated with a text is written as text (PostgreSQL's `text || anynonarray`). */
function besideText(context: BindContext, operand: Expression, other: Expression): Expression {
  const isTextual = ({ kind }: SqlType): boolean => kind === 'unknown' || typeCategory(kind) === 'string';
  const { kind } = operand.type;
  if (isTextual(operand.type) || !isTextual(other.type) || isNestedType(operand.type)) return operand;
  const mayBeLike = kind === 'bytea' || kind === 'json' || kind === 'jsonb';
  if (mayBeLike && other.type.kind === 'unknown') return operand;
  return castInZone(context, operand, TEXT);
}

/** LIKE, ILIKE and SIMILAR TO are functions of the registry; the third argument is the escape character. */
export function bindLike(ast: Ast.LikeExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const position = ast.operatorPosition;
  const written = [ast.operand, ast.pattern, ...(ast.escape ? [ast.escape] : [])];
  const args = written.map((part) => bind(part, at));
  const { matching } = ast;
  const types = args.map((arg) => arg.type);
  const resolved = atPosition(position, () => {
    const [operand, pattern] = types;
    if (matching === 'similar') return resolveScalarFunction('similar_to', types);
    const symbol = matching === 'like' ? '~~' : '~~*';
    if (types.length === 2) return resolveOperator(symbol, operand, pattern!);
    return resolveScalarFunction(matching, types);
  });
  const match: Expression = {
    kind: 'call',
    type: resolved.returns,
    overload: resolved.overload,
    args: args.map((arg, i) => coerce(at.context, arg, resolved.argTypes[i]!, written[i]!.position)),
  };
  return ast.negated ? notOf(match) : match;
}
