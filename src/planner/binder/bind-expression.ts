import { unreachable, userError } from '../../common/errors.js';
import { resolveComparison } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { commonType } from '../../types/coercion.js';
import { BOOLEAN, INTEGER, isNestedType, type SqlType, someType, TEXT } from '../../types/sql-type.js';
import type { CaseExpression, Expression } from '../expression.js';
import { caseBranch, FALSE, isNullOf, notOf, orOf, TRUE } from '../logical/expression-tree.js';
import { arrayTypeOfCast } from './array-dimensions.js';
import { assign } from './assign.js';
import { bindColumnReference } from './bind-column-reference.js';
import { atPosition, type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import { bindFunctionCall, bindSessionValue } from './bind-function-call.js';
import { bindIsJson } from './bind-is-json.js';
import { bindJsonPath, isJsonPath } from './bind-json-path.js';
import { misplacedLambda } from './bind-lambda.js';
import { bindIntervalLiteral, bindNumericLiteral, bindTypedLiteral, untypedLiteral } from './bind-literal.js';
import { bindArray, bindField, bindRow, bindSlice, bindSubscript } from './bind-nested.js';
import { bindComparison, bindLike, bindOperator, compare, withoutPadding } from './bind-operator.js';
import { bindQuantifiedArray } from './bind-quantified-array.js';
import { bindIntegerDivision, bindOverlaps } from './bind-rare-operators.js';
import {
  bindArraySubquery,
  bindExists,
  bindInSubquery,
  bindQuantified,
  bindRowSubquery,
  bindScalarSubquery,
} from './bind-subquery.js';
import { bindTryCast } from './bind-try-cast.js';
import { bindTypeName } from './bind-type-name.js';
import { coerce, coerceToBoolean, resolveUnknown, untypedNull } from './coerce.js';
import { commonTypeAt } from './common-type-at.js';
import { foldIfConstant } from './fold.js';
import { operandTypes } from './literal-types.js';
import { assertRow, nullTestOf } from './row-fields.js';
import { rowTypeOfTable } from './row-types.js';
import { withoutSets } from './set-functions.js';
import { withTimePrecision } from './time-modifiers.js';
import { rowOfEntry } from './whole-row.js';

/** A boolean expression: WHERE, HAVING, ON, FILTER, operands of AND. */
export function bindCondition(ast: Ast.Expression, at: ExpressionContext, what: string = at.clause): Expression {
  const bound = bindExpression(ast, at);
  if (at.sets && 'isUsedBy' in at.sets && at.sets.isUsedBy(bound)) {
    throw userError('42804', `argument of ${what} must not return a set`, { position: ast.position });
  }
  return coerceToBoolean(at.context, bound, what, ast.position);
}

/** Binds an expression; literals and parameters may come back with the type unknown. */
export function bindExpression(ast: Ast.Expression, at: ExpressionContext): Expression {
  const key = at.keyOf?.(ast);
  if (key) return key;
  switch (ast.kind) {
    case 'numericLiteral':
      return atPosition(ast.position, () => bindNumericLiteral(ast.text));
    case 'stringLiteral':
      return untypedLiteral(ast.value);
    case 'booleanLiteral':
      return ast.value ? TRUE : FALSE;
    case 'nullLiteral':
      return untypedNull();
    case 'typedLiteral':
      if (isJsonPath(ast.type)) {
        return bindJsonPath(at.context, untypedLiteral(ast.value.value), ast.value.position);
      }
      return bindTypedLiteral(at.context, ast);
    case 'intervalLiteral':
      return bindIntervalLiteral(ast);
    case 'columnReference':
      return bindColumnReference(ast, at.scope);
    case 'parameterReference':
      return bindParameter(ast, at);
    case 'sessionValue':
      return bindSessionWord(ast, at.context);
    case 'unary':
      // The sign belongs to the literal: 2147483648 is a bigint, -2147483648 is an integer.
      if (ast.operator === '-' && ast.operand.kind === 'numericLiteral') {
        const text = `-${ast.operand.text}`;
        return atPosition(ast.position, () => bindNumericLiteral(text));
      }
      return bindOperator(ast.operator, undefined, ast.operand, ast.position, at, bindExpression);
    case 'binary':
      return bindBinary(ast, at);
    case 'logical':
      return {
        kind: ast.operator,
        type: BOOLEAN,
        operands: ast.operands.map((operand) => bindCondition(operand, at, ast.operator.toUpperCase())),
      };
    case 'not':
      return notOf(bindCondition(ast.operand, at, 'NOT'));
    case 'is':
      return bindIs(ast, at);
    case 'isJson':
      return bindIsJson(ast, at, bindExpression);
    case 'isDistinctFrom': {
      const operator = ast.negated ? 'is not distinct from' : 'is distinct from';
      return bindComparison(operator, ast.left, ast.right, ast.position, at, bindExpression);
    }
    case 'between':
      return bindBetween(ast, at);
    case 'like':
      return bindLike(ast, at, bindExpression);
    case 'inList':
      return bindInList(ast, at);
    case 'inSubquery':
      return bindInSubquery(ast, at, bindExpression);
    case 'scalarSubquery':
      return bindScalarSubquery(ast, at);
    case 'exists':
      return bindExists(ast, at);
    case 'quantifiedSubquery':
      return bindQuantified(ast, at, bindExpression);
    case 'case':
      return bindCase(ast, at);
    case 'assigned': {
      const operand = bindExpression(withFieldTypes(ast), at);
      return assign(at.context, operand, ast.type, ast.operand.position, ast.column, ast.part);
    }
    case 'cast': {
      if (ast.tryCast) return bindTryCast(ast, at, bindExpression);
      if (isJsonPath(ast.type)) return bindJsonPath(at.context, bindExpression(ast.operand, at), ast.operand.position);
      const type = bindTypeName(ast.type, (name) => rowTypeOfTable(name, at.context));
      if (ast.operand.kind === 'array' && type.kind === 'array')
        return bindArray(ast.operand, type, at, bindExpression);
      if (ast.type.intervalFields && ast.operand.kind === 'stringLiteral' && type.kind === 'interval') {
        const { intervalFields: fields, modifiers } = ast.type;
        const { operand: value, position } = ast;
        return bindIntervalLiteral({ kind: 'intervalLiteral', value, fields, precision: modifiers[0], position });
      }
      const operand = bindExpression(ast.operand, at);
      // What is wrong with a literal is wrong where it stands.
      const { position } = operand.type.kind === 'unknown' ? ast.operand : { position: ast.operatorPosition };
      const wanted = type.kind === 'array' ? arrayTypeOfCast(type, operand) : type;
      return withTimePrecision(coerce(at.context, operand, wanted, position, 'explicit'), ast.type);
    }
    case 'collate':
      return bindCollate(ast, at);
    case 'functionCall':
      return bindFunctionCall(ast, at, bindExpression);
    case 'lambda':
      throw misplacedLambda(ast.position);
    case 'row':
      return bindRow(ast, at, bindExpression);
    case 'defaultValue':
      throw userError('42601', 'DEFAULT is not allowed in this context', { position: ast.position });
    case 'array':
      return bindArray(ast, undefined, at, bindExpression);
    case 'quantifiedArray':
      return bindQuantifiedArray(ast, at, bindExpression);
    case 'subscript':
      return bindSubscript(ast, at, bindExpression);
    case 'slice':
      return bindSlice(ast, at, bindExpression);
    case 'rowExpansion': {
      const entry = rowOfEntry(at.scope, ast.operand);
      if (entry) return entry;
      const row = bindExpression(ast.operand, at);
      assertRow(row.type, ast.position);
      return row;
    }
    case 'field':
      return bindField(ast, at, bindExpression);
    case 'arraySubquery':
      return bindArraySubquery(ast, at);
    default:
      return unreachable(ast, 'expression');
  }
}

/** What is assigned: untyped literals within a row are of the fields' types. */
function withFieldTypes({ operand, type, column }: Ast.AssignedExpression): Ast.Expression {
  if (operand.kind !== 'row' || type.kind !== 'struct' || operand.elements.length !== type.fields.length)
    return operand;
  if (operand.elements.some(({ kind }) => kind === 'rowExpansion')) return operand;
  const elements = operand.elements.map((element, i): Ast.Expression => {
    if (!['nullLiteral', 'stringLiteral', 'row'].includes(element.kind)) return element;
    return { kind: 'assigned', operand: element, column, type: type.fields[i]!.type, position: element.position };
  });
  return { ...operand, elements };
}

function bindParameter(ast: Ast.ParameterReference, at: ExpressionContext): Expression {
  const { types, values } = at.context.parameters;
  const index = ast.index - 1;
  if (index < 0) throw userError('42P02', `there is no parameter $${ast.index}`, { position: ast.position });
  const value = values?.[index];
  if (value) return value;
  if (values) {
    throw userError('42P02', `there is no parameter $${ast.index}`, {
      position: ast.position,
      hint: `${values.length} parameter values were given.`,
    });
  }
  while (types.length <= index) types.push(undefined);
  return { kind: 'parameter', type: types[index] ?? { kind: 'unknown' }, index };
}

function bindBinary(ast: Ast.BinaryExpression, at: ExpressionContext): Expression {
  switch (ast.operator) {
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (ast.left.kind === 'row' && ast.right.kind === 'scalarSubquery') {
        return bindRowSubquery(ast.operator, ast.left, ast.right.query, ast.operatorPosition, at, bindExpression);
      }
      return bindComparison(ast.operator, ast.left, ast.right, ast.operatorPosition, at, bindExpression);
    case '<=>':
      return bindComparison('is not distinct from', ast.left, ast.right, ast.operatorPosition, at, bindExpression);
    case 'overlaps':
      return bindOverlaps(ast, at, bindExpression);
    case 'div':
    case '//':
      return bindIntegerDivision(ast, at, bindExpression);
    case '!~~':
    case '!~~*': {
      const { left, right, operatorPosition } = ast;
      return notOf(bindOperator(ast.operator.slice(1), left, right, operatorPosition, at, bindExpression));
    }
    default:
      return bindOperator(ast.operator, ast.left, ast.right, ast.operatorPosition, at, bindExpression);
  }
}

function bindIs(ast: Ast.IsExpression, at: ExpressionContext): Expression {
  if (ast.test === 'null') {
    return nullTestOf(resolveUnknown(at.context, bindExpression(ast.operand, at), ast.operand.position), ast.negated);
  }
  const what = `IS ${ast.negated ? 'NOT ' : ''}${ast.test.toUpperCase()}`;
  const input = bindCondition(ast.operand, at, what);
  if (ast.test === 'unknown') return isNullOf(input, ast.negated);
  return { kind: 'booleanTest', type: BOOLEAN, input, value: ast.test === 'true', negated: ast.negated };
}

function bindBetween(ast: Ast.BetweenExpression, at: ExpressionContext): Expression {
  const { operand, low, high, position } = ast;
  const within = (from: Ast.Expression, to: Ast.Expression): Expression => ({
    kind: 'and',
    type: BOOLEAN,
    operands: [
      bindComparison('>=', operand, from, position, at, bindExpression),
      bindComparison('<=', operand, to, position, at, bindExpression),
    ],
  });
  const once = within(low, high);
  const both: Expression = ast.symmetric ? { kind: 'or', type: BOOLEAN, operands: [once, within(high, low)] } : once;
  return ast.negated ? notOf(both) : both;
}

function bindInList(ast: Ast.InListExpression, at: ExpressionContext): Expression {
  if (ast.operand.kind === 'row') return bindRowInList(ast, ast.operand, at);
  const operand = bindExpression(ast.operand, at);
  const written = ast.items.map((item) => bindExpression(item, at));
  const items = operand.type.kind === 'char' ? written.map(withoutPadding) : written;
  const type = inListType(ast, operand, items);
  if (someType(type, ({ kind }) => kind === 'jsonb')) {
    const anyOf = orOf(items.map((item, i) => compare(at.context, '=', operand, item, ast.items[i]!.position)));
    return ast.negated ? notOf(anyOf) : anyOf;
  }
  if (isNestedType(type)) atPosition(ast.operatorPosition, () => resolveComparison('=', type, type));
  const input = coerce(at.context, operand, type, ast.operand.position);
  const folded = items.map((item, i) => {
    const position = ast.items[i]!.position;
    return foldIfConstant(at.context, coerce(at.context, item, type, position), position);
  });
  const constants = folded.filter((item) => item.kind === 'constant');
  const others = folded.filter((item) => item.kind !== 'constant');
  const tests: Expression[] = [];
  if (constants.length > 0) tests.push({ kind: 'inList', type: BOOLEAN, input, items: constants, negated: false });
  for (const item of others) tests.push({ kind: 'comparison', type: BOOLEAN, operator: '=', left: input, right: item });
  const [only] = tests;
  if (tests.length > 1) {
    const anyOf: Expression = { kind: 'or', type: BOOLEAN, operands: tests };
    return ast.negated ? notOf(anyOf) : anyOf;
  }
  if (only?.kind === 'inList') return { ...only, negated: ast.negated };
  return ast.negated ? notOf(only!) : only!;
}

/** PostgreSQL compares with each item on its own where they have no type in common. */
function inListType(ast: Ast.InListExpression, operand: Expression, items: readonly Expression[]): SqlType {
  const types = operandTypes([operand, ...items]);
  try {
    return commonType(types, 'IN');
  } catch (error) {
    for (const item of items) atPosition(ast.operatorPosition, () => resolveComparison('=', operand.type, item.type));
    throw error;
  }
}

function bindRowInList(ast: Ast.InListExpression, operand: Ast.RowExpression, at: ExpressionContext): Expression {
  const operands = ast.items.map((item) => bindComparison('=', operand, item, item.position, at, bindExpression));
  const anyOf: Expression = operands.length === 1 ? operands[0]! : { kind: 'or', type: BOOLEAN, operands };
  return ast.negated ? notOf(anyOf) : anyOf;
}

function bindCase(ast: Ast.CaseExpression, around: ExpressionContext): Expression {
  const at = withoutSets(around, 'CASE');
  const operand = ast.operand && bindExpression(ast.operand, at);
  const conditions = ast.branches.map(({ condition }) =>
    operand
      ? compare(at.context, '=', operand, bindExpression(condition, at), condition.position)
      : bindCondition(condition, at, 'CASE/WHEN'),
  );
  const results = ast.branches.map(({ result }) => bindExpression(result, at));
  const otherwise = ast.otherwise && bindExpression(ast.otherwise, at);
  const types = operandTypes([...(otherwise ? [otherwise] : []), ...results]);
  const positions = [...(ast.otherwise ? [ast.otherwise] : []), ...ast.branches.map(({ result }) => result)];
  const type = commonTypeAt(
    types,
    'CASE',
    positions.map(({ position }) => position),
  );
  const bound: CaseExpression = {
    kind: 'case',
    type,
    branches: conditions.map((when, i) =>
      caseBranch(when, coerce(at.context, results[i]!, type, ast.branches[i]!.result.position)),
    ),
    otherwise: otherwise && coerce(at.context, otherwise, type, ast.otherwise!.position),
  };
  return bound;
}

function bindCollate(ast: Ast.CollateExpression, at: ExpressionContext): Expression {
  const name = ast.collation.parts[ast.collation.parts.length - 1]!.name;
  if (!['c', 'posix', 'default', 'ucs_basic'].includes(name.toLowerCase())) {
    throw unsupported(`collation "${name}"`, ast.position, 'Text compares by its bytes; leave COLLATE out.');
  }
  const operand = bindExpression(ast.operand, at);
  return operand.type.kind === 'unknown' ? coerce(at.context, operand, TEXT, ast.operand.position) : operand;
}

/** `current_date`, `current_timestamp(0)`: no call, but a word of the language. */
function bindSessionWord({ name, precision, position }: Ast.SessionValue, context: BindContext): Expression {
  const args: Expression[] = precision === undefined ? [] : [{ kind: 'constant', type: INTEGER, value: precision }];
  return bindSessionValue(context, name, args, position);
}
