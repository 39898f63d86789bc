import { notSupportedError, userError } from '../../common/errors.js';
import {
  isAggregate,
  isBuiltInFunction,
  isUserFunction,
  resolveScalarFunction,
  scalarOverload,
} from '../../functions/registry.js';
import { extractFunctionOf } from '../../functions/scalar/dates/date-fields.js';
import { findWindowFunction } from '../../functions/window/window-functions.js';
import type * as Ast from '../../parser/ast/index.js';
import { INTEGER, TIMESTAMPTZ } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { caseBranch } from '../logical/expression-tree.js';
import { bindInOwner, misplacedAggregate, ownerOfAggregate } from './aggregate-owner.js';
import { flattened } from './array-dimensions.js';
import { atPosition, type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import { bindExtractPath } from './bind-extract-path.js';
import { bindLambdaCall } from './bind-lambda.js';
import { bindStructCall } from './bind-nested.js';
import { applyOperator, type BindExpression, compare } from './bind-operator.js';
import { bindSqlFunction, findSqlFunction } from './bind-sql-function.js';
import { bindTimeCall } from './bind-time-call.js';
import { bindTryArithmetic } from './bind-try-arithmetic.js';
import { bindCastCall } from './cast-call.js';
import { coerce, resolveUnknown } from './coerce.js';
import { commonTypeAt } from './common-type-at.js';
import { foldIfConstant } from './fold.js';
import { hasFractionOfGroup, ofKnownFraction, percentileOfGroup } from './group-arguments.js';
import { HYPOTHETICAL_SETS, inOtherWords, isHypotheticalSet, missingWithinGroup } from './hypothetical-set.js';
import { operandTypes } from './literal-types.js';
import { byPosition } from './named-arguments.js';
import { fractionsOf, percentileList } from './percentile-list.js';
import { respelled } from './respell-call.js';
import { callInZone, printedInZone } from './session-zone.js';
import { bindSetCall, isSetFunction, withoutSets } from './set-functions.js';
import { inWordsOfSql } from './spelled-overload.js';
import { spreadVariadic } from './spread-variadic.js';

/** The GROUPING of PostgreSQL, and Spark's name for it. */
export function isGrouping(name: string): boolean {
  return name === 'grouping' || name === 'grouping_id';
}

export function functionName(call: Ast.FunctionCall): string {
  return call.name.parts[call.name.parts.length - 1]!.name;
}

/** Functions are PostgreSQL's own, or registered: both may be called by the schema that PostgreSQL has them in. */
const FUNCTION_SCHEMAS = new Set(['pg_catalog', 'public', 'main']);

function checkSchema({ name, position }: Ast.FunctionCall): void {
  const schema = name.parts.at(-2)?.name;
  if (schema === undefined || FUNCTION_SCHEMAS.has(schema)) return;
  throw userError('3F000', `schema "${schema}" does not exist`, { position, hint: 'Leave the schema out.' });
}

/** A call of a scalar function, of an aggregate, or of what only looks like a function (COALESCE …). */
export function bindFunctionCall(call: Ast.FunctionCall, at: ExpressionContext, bind: BindExpression): Expression {
  return inWordsOfSql(bindCall(call, at, bind), call.position, at.context, bind);
}

function bindCall(call: Ast.FunctionCall, at: ExpressionContext, bind: BindExpression): Expression {
  const name = functionName(call);
  const inSql = findSqlFunction(call, at.context);
  if (inSql && !call.over) return bindSqlFunction(inSql, call, at, bind);
  checkSchema(call);
  if (!at.context.userFunctions?.has(name)) {
    const positional = byPosition(call, name);
    if (positional !== call) return bind(positional, at);
  }
  const overElements = bindLambdaCall(call, name, at, bind);
  if (overElements) return overElements;
  const other = at.context.userFunctions?.has(name) ? undefined : respelled(call, name);
  if (other) return bind(other, at);
  if (call.over) {
    if (at.windows) return at.windows.bind(call, at);
    throw userError('42P20', `window functions are not allowed in ${at.clause}`, {
      position: call.position,
      hint: 'Compute it in a subquery, or use QUALIFY to filter by it.',
    });
  }
  if (isHypotheticalSet(call, name)) {
    const inside = { ...at, subqueries: at.subqueries && [] };
    const said = inOtherWords(call, name, (operands) => operands.map((operand) => bind(operand, inside).type));
    return bind(said, at);
  }
  const fractions = fractionsOf(call, name);
  if (fractions) return bind(percentileList(call, fractions), at);
  if (hasFractionOfGroup(call, name)) {
    const { kind } = bind(ofKnownFraction(call), at).type;
    return bind(percentileOfGroup(call, name, kind === 'interval' ? kind : 'double'), at);
  }
  if (findWindowFunction(name) && !call.withinGroup) {
    if (call.args.length > 0 && HYPOTHETICAL_SETS.has(name)) throw missingWithinGroup(call, name);
    throw userError('42809', `window function ${name} requires an OVER clause`, {
      position: call.position,
      hint: `Write ${findWindowFunction(name)!.usage}.`,
    });
  }
  if (isAggregate(name, at.context.userFunctions)) {
    if (at.aggregates) return at.aggregates.bind(call);
    const before = at.subqueries?.length ?? 0;
    const args = call.args.map((argument) => bind(argument.value, at));
    const owner = ownerOfAggregate(args, at.subqueries?.slice(before) ?? [], at.scope);
    if (owner) {
      at.subqueries?.splice(before);
      return bindInOwner(call, owner);
    }
    throw misplacedAggregate(at.clause, call.position);
  }
  if (isSetFunction(name)) {
    if (isOfAggregates(call)) checkPlainCall(call, name);
    return bindSetCall(call, name, at, bind);
  }
  const tried = bindTryArithmetic(call, name, at, bind);
  if (tried) return tried;
  const struct = bindStructCall(call, name, at, bind);
  if (struct) return struct;
  const part = bindExtractPath(call, name, at, bind);
  if (part) return part;
  const timeCall = bindTimeCall(call, name, at, bind, callOf);
  if (timeCall) return timeCall;
  if (isUserFunction(name, 'table', at.context.userFunctions)) {
    throw notSupportedError(`table function ${name} can only be called in FROM`, {
      position: call.position,
      hint: `Write FROM ${name}(…), which may refer to the entries of FROM before it.`,
    });
  }
  if (isOfAggregates(call) && !isBuiltInFunction(name) && !SPECIAL_FORMS.has(name)) {
    // An aggregate that there is not: the nearest name helps more than what is wrong with the call.
    const args = call.args.map((argument) => bind(argument.value, at));
    callOf(name, args, call.args, call.position, at.context);
  }
  checkPlainCall(call, name);
  const spread = spreadVariadic(call, name, at, bind, (spreadName, values) => {
    const written = values.map(() => ({ position: call.position }));
    return callOf(spreadName, values, written, call.position, at.context);
  });
  if (spread) return spread;
  if (isGrouping(name)) {
    if (at.aggregates?.grouping) return at.aggregates.grouping(call);
    const keys = call.args.map((argument) => bind(argument.value, at));
    const owner = ownerOfAggregate(keys, [], at.scope);
    if (owner?.aggregates?.grouping) return owner.aggregates.grouping(call);
    throw userError('42803', `grouping operations are not allowed in ${at.clause}`, { position: call.position });
  }
  if (name === 'extract') return bindExtract(call, at, bind);
  const cast = bindCastCall(call, name, at, bind);
  if (cast) return cast;
  const inside = name === 'coalesce' ? withoutSets(at, 'COALESCE') : at;
  const args = call.args.map((argument) => bind(argument.value, inside));
  switch (name) {
    case 'coalesce':
      return bindCoalesce(call, args, at.context);
    case 'nullif':
      return bindNullIf(call, args, at.context);
    case 'flatten': {
      const flat = args.length === 1 ? flattened(args[0]!) : undefined;
      if (flat) return flat;
      break;
    }
    case 'reverse':
      if (args[0]?.type.kind === 'array') return callOf('array_reverse', args, call.args, call.position, at.context);
      break;
    case 'map':
      if (args.length === 2 && args[0]!.type.kind !== 'array') return bindPair(call, args, at.context);
      break;
    case 'to_timestamp': {
      const time = args.length === 1 ? timeOfText(args[0]!, call, at.context) : undefined;
      if (time) return time;
      break;
    }
    case 'element_at':
      if (args[0]?.type.kind === 'array' && args.length === 2) return bindElementAt(call, args, at.context);
      break;
    case 'greatest':
    case 'least':
      return callOf(name, coerceAll(call, args, at.context, name.toUpperCase()), call.args, call.position, at.context);
  }
  return callOf(name, args, call.args, call.position, at.context);
}

function callOf(
  name: string,
  args: readonly Expression[],
  written: readonly { readonly position: number }[],
  position: number,
  context: BindContext,
): Expression {
  const types = args.map((arg) => arg.type);
  const literals = args.map((arg) => (arg.kind === 'constant' && arg.type.kind === 'integer' ? arg.value : undefined));
  const resolved = atPosition(position, () =>
    resolveScalarFunction(name, types, literals as (number | undefined)[], context.userFunctions),
  );
  if (scalarOverload(resolved.overload).implementation.kind === 'session') {
    const values = args.map((arg, i) => coerce(context, arg, resolved.argTypes[i]!, written[i]!.position));
    return bindSessionValue(context, name, values, position);
  }
  const { implementation } = scalarOverload(resolved.overload);
  const takesTexts = implementation.kind === 'concat' || (implementation.kind === 'memory' && implementation.ofTexts);
  const coerced = args.map((arg, i) => coerce(context, arg, resolved.argTypes[i]!, written[i]!.position));
  return callInZone(context, {
    kind: 'call',
    type: resolved.returns,
    overload: resolved.overload,
    args: takesTexts ? coerced.map((arg) => printedInZone(context, arg)) : coerced,
  });
}

/** `extract(field from x)` is the function `extract_<field>`: its type depends on the field. */
function bindExtract(call: Ast.FunctionCall, at: ExpressionContext, bind: BindExpression): Expression {
  const [field, ...rest] = call.args;
  if (field?.value.kind !== 'stringLiteral' || rest.length !== 1) {
    throw userError('42601', 'EXTRACT needs a field and a value', {
      position: call.position,
      hint: 'Write EXTRACT(year FROM x).',
    });
  }
  const args = rest.map((argument) => bind(argument.value, at));
  const unit = field.value.value;
  const name = atPosition(field.position, () => extractFunctionOf(unit, args[0]!.type));
  return callOf(name, args, rest, call.position, at.context);
}

/** Names that the registry does not have. */
const SPECIAL_FORMS: ReadonlySet<string> = new Set(['coalesce', 'nullif', 'extract', 'map', 'flatten', 'grouping']);

const isOfAggregates = ({ star, distinct, orderBy, filter, withinGroup }: Ast.FunctionCall): boolean =>
  star || distinct || orderBy.length > 0 || filter !== undefined || withinGroup !== undefined;

function checkPlainCall(call: Ast.FunctionCall, name: string): void {
  const { position } = call;
  const mistake = (what: string): Error =>
    userError('42809', `${what} specified, but ${name} is not an aggregate function`, { position });
  if (call.star)
    throw userError('42809', `${name}(*) specified, but ${name} is not an aggregate function`, { position });
  if (call.distinct) throw mistake('DISTINCT');
  if (call.orderBy.length > 0) throw mistake('ORDER BY');
  if (call.withinGroup) throw mistake('WITHIN GROUP');
  if (call.filter) throw mistake('FILTER');
  if (call.nullTreatment) {
    throw userError('42809', 'only window functions accept RESPECT/IGNORE NULLS', { position });
  }
  for (const argument of call.args) {
    if (argument.name) throw unsupported('a named argument', argument.position, 'Give the arguments by position.');
  }
}

/** What stays the same while a statement runs becomes a constant: now(), current_date, current_user. */
export function bindSessionValue(
  context: BindContext,
  name: string,
  args: readonly Expression[],
  position: number,
): Expression {
  const constants = args.map((arg) => foldIfConstant(context, arg, position)).filter((arg) => arg.kind === 'constant');
  if (constants.length < args.length) {
    throw unsupported(`${name}() of something that is not a constant`, position, 'Give it a literal.');
  }
  const value = atPosition(position, () => context.sessionValue(name, constants));
  if (value) return value;
  const hint =
    name === 'current_time' ? 'Write localtime, or current_timestamp: there is no time with time zone.' : undefined;
  throw unsupported(`"${name}"`, position, hint);
}

function coerceAll(
  call: Ast.FunctionCall,
  args: readonly Expression[],
  context: BindContext,
  what: string,
): Expression[] {
  const type = commonTypeAt(
    operandTypes(args),
    what,
    call.args.map((arg) => arg.position),
  );
  return args.map((arg, i) => coerce(context, arg, type, call.args[i]!.position));
}

function bindCoalesce(call: Ast.FunctionCall, args: readonly Expression[], context: BindContext): Expression {
  if (args.length === 0) throw userError('42601', 'COALESCE needs at least one argument', { position: call.position });
  const operands = coerceAll(call, args, context, 'COALESCE');
  return operands.length === 1 ? operands[0]! : { kind: 'coalesce', type: operands[0]!.type, operands };
}

/** Spark's map(key, value) of one entry. */
function bindPair(call: Ast.FunctionCall, args: readonly Expression[], context: BindContext): Expression {
  const arrays = args.map((arg) => {
    const value = resolveUnknown(context, arg, call.position);
    return callOf('list_value', [value], [call], call.position, context);
  });
  return callOf('map', arrays, [call, call], call.position, context);
}

/** Spark's to_timestamp(text), unlike PostgreSQL's of seconds. */
function timeOfText(arg: Expression, call: Ast.FunctionCall, context: BindContext): Expression | undefined {
  const isNumber = arg.kind === 'constant' && Number.isFinite(Number(arg.value));
  const isText = arg.type.kind === 'text' || arg.type.kind === 'varchar';
  if (!isText && (arg.type.kind !== 'unknown' || arg.kind !== 'constant' || isNumber)) return undefined;
  return coerce(context, arg, TIMESTAMPTZ, call.position, 'explicit');
}

/** Of an array: counted from 1, or from the end where the number is negative. */
function bindElementAt(call: Ast.FunctionCall, args: readonly Expression[], context: BindContext): Expression {
  const { position } = call;
  const array = args[0]!;
  const index = coerce(context, args[1]!, INTEGER, call.args[1]!.position);
  const zero: Expression = { kind: 'constant', type: INTEGER, value: 0 };
  const one: Expression = { ...zero, value: 1 };
  const length = callOf('array_size', [array], call.args, position, context);
  const last = applyOperator(context, '+', length, one, position);
  const place: Expression = {
    kind: 'case',
    type: INTEGER,
    branches: [
      caseBranch(compare(context, '<', index, zero, position), applyOperator(context, '+', last, index, position)),
    ],
    otherwise: index,
  };
  return callOf('array_subscript', [array, foldIfConstant(context, place, position)], call.args, position, context);
}

function bindNullIf(call: Ast.FunctionCall, args: readonly Expression[], context: BindContext): Expression {
  const [value, other] = args;
  if (!value || !other || args.length > 2) {
    throw userError('42601', 'NULLIF needs two arguments', { position: call.position });
  }
  const when = compare(context, '=', value, other, call.position);
  const result = value.type.kind === 'unknown' && when.kind === 'comparison' ? when.left : value;
  const none: Expression = { kind: 'constant', type: result.type, value: null };
  return { kind: 'case', type: result.type, branches: [caseBranch(when, none)], otherwise: result };
}
