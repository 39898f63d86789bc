import { userError } from '../../common/errors.js';
import { resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { canCast, commonType, typeCategory } from '../../types/coercion.js';
import { encodeNested, type NestedValue } from '../../types/nested-codec.js';
import {
  type ArrayType,
  arrayOf,
  formatType,
  formatTypeName,
  INTEGER,
  type SqlType,
  type StructType,
  TEXT,
} from '../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../expression.js';
import { deepened, depthOf } from './array-dimensions.js';
import { atPosition, type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import { extractSteps } from './bind-extract-path.js';
import type { BindExpression } from './bind-operator.js';
import { coerce, resolveUnknown } from './coerce.js';
import { foldIfConstant } from './fold.js';
import { operandTypes } from './literal-types.js';
import { assertRow, fieldAt, fieldOf } from './row-fields.js';
import { fieldsOfEntry } from './whole-row.js';

/** Operands of one call; longer arrays are put together of several. */
const MAX_ELEMENTS = 90;

/** ARRAY[…]. Where it is cast at once, the elements are, as in PostgreSQL. */
export function bindArray(
  ast: Ast.ArrayExpression,
  target: ArrayType | undefined,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const { context } = at;
  const bound = ast.elements.map((element) =>
    element.kind === 'array'
      ? bindArray(element, target?.element.kind === 'array' ? target.element : undefined, at, bind)
      : bind(element, at),
  );
  // What an empty array is made of, only a cast can tell.
  if (bound.length === 0) return constantArray([], target ?? arrayOf({ kind: 'unknown' }));
  const types = operandTypes(bound);
  const element = target
    ? deepened(target.element, Math.max(...types.map(depthOf)))
    : atPosition(ast.position, () => commonType(types, 'ARRAY'));
  const castContext = target ? 'explicit' : 'implicit';
  const elements = bound.map((item, i) => {
    const { position } = ast.elements[i]!;
    return foldIfConstant(context, coerce(context, item, element, position, castContext), position);
  });
  return arrayOfElements(elements, arrayOf(element));
}

function arrayOfElements(elements: readonly Expression[], type: ArrayType): Expression {
  if (elements.every((element) => element.kind === 'constant')) return constantArray(elements, type);
  const chunks: Expression[] = [];
  for (let at = 0; at < elements.length; at += MAX_ELEMENTS) {
    const args = elements.slice(at, at + MAX_ELEMENTS);
    chunks.push({ kind: 'call', type, overload: 'list_value(any...)', args });
  }
  return chunks.reduce((left, right) => ({
    kind: 'call',
    type,
    overload: '||(array,array)',
    args: [left, right],
  }));
}

function constantArray(elements: readonly ConstantExpression[], type: ArrayType): ConstantExpression {
  const values = elements.map((element) => element.value as NestedValue);
  return { kind: 'constant', type, value: encodeNested(values, type) };
}

/** ROW(…), with fields f1, f2 … */
export function bindRow(ast: Ast.RowExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const fields = ast.elements.flatMap((element) => {
    const entry = element.kind === 'rowExpansion' ? fieldsOfEntry(at.scope, element.operand) : undefined;
    if (entry) return entry;
    const value = resolveUnknown(at.context, bind(element, at), element.position);
    return element.kind === 'rowExpansion' ? fieldsOf(value, element.position) : [value];
  });
  return structOf(
    fields,
    fields.map((_, i) => `f${i + 1}`),
    ast.position,
    at.context,
  );
}

/** The fields that `r.*` stands for. */
function fieldsOf(row: Expression, position: number): readonly Expression[] {
  const { type } = row;
  assertRow(type, position);
  return type.fields.map((_, index) => fieldAt(row, type, index));
}

/** A struct with named fields. */
export function structOf(
  fields: readonly Expression[],
  names: readonly string[],
  position: number,
  context: BindContext,
): Expression {
  const type: StructType = {
    kind: 'struct',
    fields: fields.map((field, i) => ({ name: names[i]!, type: field.type })),
  };
  const folded = fields.map((field) => foldIfConstant(context, field, position));
  if (folded.every((field) => field.kind === 'constant')) {
    const values = folded.map((field) => field.value as NestedValue);
    return { kind: 'constant', type, value: encodeNested(values, type) };
  }
  return { kind: 'call', type, overload: 'row(any...)', args: folded };
}

/** `struct_pack(a := 1, b := 2)`, `named_struct('a', 1, 'b', 2)`, and Spark's `struct(a, b)`. */
export function bindStructCall(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): Expression | undefined {
  const value = (argument: Ast.FunctionArgument): Expression =>
    resolveUnknown(at.context, bind(argument.value, at), argument.position);
  if (name === 'struct_pack') {
    const names = call.args.map((argument) => {
      const name = argument.name?.name ?? figureName(argument.value);
      if (name !== undefined) return name;
      throw userError('42601', 'struct_pack needs a name for every field', {
        position: argument.position,
        hint: 'Write struct_pack(a := 1, b := 2).',
      });
    });
    return structOf(call.args.map(value), names, call.position, at.context);
  }
  if (name === 'struct') {
    const names = call.args.map((argument, i) => argument.name?.name ?? figureName(argument.value) ?? `col${i + 1}`);
    return structOf(call.args.map(value), names, call.position, at.context);
  }
  if (name !== 'named_struct') return undefined;
  const names: string[] = [];
  const fields: Expression[] = [];
  call.args.forEach((argument, i) => {
    if (i % 2 === 1) fields.push(value(argument));
    else if (argument.value.kind === 'stringLiteral') names.push(argument.value.value);
    else throw userError('42601', 'a field name must be a literal', { position: argument.position });
  });
  if (fields.length !== names.length) {
    throw userError('42601', 'named_struct needs a value for every name', { position: call.position });
  }
  return structOf(fields, names, call.position, at.context);
}

function figureName(ast: Ast.Expression): string | undefined {
  return ast.kind === 'columnReference' ? ast.parts[ast.parts.length - 1]!.name : undefined;
}

function call(
  name: string,
  args: readonly Expression[],
  positions: readonly number[],
  context: BindContext,
): Expression {
  const types = args.map((arg) => arg.type);
  const resolved = atPosition(positions[0]!, () => resolveScalarFunction(name, types));
  return {
    kind: 'call',
    type: resolved.returns,
    overload: resolved.overload,
    args: args.map((arg, i) => coerce(context, arg, resolved.argTypes[i]!, positions[i] ?? positions[0]!)),
  };
}

/** `a[i]` of an array, `m[k]` of a map. */
export function bindSubscript(ast: Ast.SubscriptExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const operand = bind(ast.operand, at);
  const index = bind(ast.index, at);
  const positions = [ast.operand.position, ast.index.position];
  if (operand.type.kind === 'map') return call('element_at', [operand, index], positions, at.context);
  if (operand.type.kind === 'struct' && index.kind === 'constant' && typeof index.value === 'string') {
    return fieldOf(operand, operand.type, { name: index.value, quoted: true }, ast.index.position);
  }
  if (operand.type.kind === 'jsonb') {
    const step = jsonSubscript(index, ast.index.position, at);
    return extractSteps(at.context, operand, [step], ast.index.position);
  }
  checkDimension(ast);
  checkSubscripted(operand.type, ast.operand.position);
  return call('array_subscript', [operand, subscript(index, ast.index.position, at)], positions, at.context);
}

/** A step of a path: what is text or can be an integer. */
function jsonSubscript(index: Expression, position: number, at: ExpressionContext): Expression {
  const { kind } = index.type;
  if (kind === 'integer' || kind === 'smallint') return { kind: 'cast', type: TEXT, input: index };
  if (kind === 'unknown' || typeCategory(kind) === 'string') return coerce(at.context, index, TEXT, position);
  throw userError('42804', `subscript type ${formatTypeName(index.type)} is not supported`, {
    position,
    hint: 'jsonb subscript must be coercible to either integer or text.',
  });
}

/** `a[i:j]`; a bound left out is the array's. */
export function bindSlice(ast: Ast.SliceExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const operand = bind(ast.operand, at);
  if (operand.type.kind === 'jsonb') {
    throw userError('42804', 'jsonb subscript does not support slices', { position: ast.position });
  }
  checkSubscripted(operand.type, ast.operand.position);
  checkDimension(ast);
  const bound = (side: Ast.Expression | undefined, otherwise: number): Expression =>
    side ? subscript(bind(side, at), side.position, at) : { kind: 'constant', type: INTEGER, value: otherwise };
  const args = [operand, bound(ast.lower, 1), bound(ast.upper, 2_147_483_647)];
  return call('array_slice', args, [ast.operand.position], at.context);
}

/** In PostgreSQL each pair of brackets behind a slice is a dimension; here arrays lie within arrays. */
function checkDimension(ast: Ast.SliceExpression | Ast.SubscriptExpression): void {
  if (!ast.isFurtherDimension) return;
  const hint = 'Write (a[1:2])[1] for a part of the slice, or ARRAY(SELECT row[1:2] FROM …) to slice each row.';
  throw unsupported('a slice of several dimensions', ast.position, hint);
}

function checkSubscripted(type: SqlType, position: number): void {
  if (type.kind === 'array') return;
  throw userError('42804', `cannot subscript type ${formatType(type)} because it does not support subscripting`, {
    position,
  });
}

/** As PostgreSQL casts subscripts: on assignment, so that a bigint will do. */
function subscript(index: Expression, position: number, at: ExpressionContext): Expression {
  if (!canCast(index.type, INTEGER, 'assignment')) {
    throw userError('42804', 'array subscript must have type integer', { position });
  }
  return coerce(at.context, index, INTEGER, position, 'assignment');
}

/** `(r).f`. */
export function bindField(ast: Ast.FieldExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const operand = bind(ast.operand, at);
  const name = ast.field.name;
  if (operand.type.kind !== 'struct') {
    throw userError(
      '42809',
      `column notation .${name} applied to type ${formatType(operand.type)}, which is not a composite type`,
      { position: ast.position },
    );
  }
  return fieldOf(operand, operand.type, ast.field, ast.field.position);
}
