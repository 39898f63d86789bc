import { MillraceError, notSupportedError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { mapNodes } from '../../parser/index.js';
import { canCast } from '../../types/coercion.js';
import { formatType, formatTypeName, type StructType } from '../../types/sql-type.js';
import type { CatalogFunction, CatalogParameter, CatalogViewDefinition } from '../catalog-view.js';
import type { Expression } from '../expression.js';
import {
  caseBranch,
  columnsOf,
  expressionKey,
  isNullOf,
  orOf,
  refer,
  substituteColumns,
  visitExpression,
} from '../logical/expression-tree.js';
import { type LogicalNode, SINGLE_ROW } from '../logical/logical-plan.js';
import { expressionsOf, inputsOf, mapPlanExpressions } from '../logical/plan-tree.js';
import { isVolatile } from '../optimizer/volatility.js';
import {
  type BindContext,
  type ExpressionContext,
  type PendingApply,
  relationKey,
  withSubqueries,
} from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { arrayOfRows } from './bind-subquery.js';
import { coerce, resolveUnknown } from './coerce.js';
import { coerceColumns } from './coerce-columns.js';
import { hasSubquery } from './has-subquery.js';
import type { BoundRelation, Scope, ScopeColumn } from './scope.js';
import { setsAt } from './set-functions.js';
import { sqlFunctionName } from './sql-function-name.js';

/** A function in SQL that the catalog has. */
export interface SqlFunction extends CatalogFunction {
  readonly name: string;
  readonly query: Ast.Query;
}

/** What a call means, if it is no function that is built in. */
export function findSqlFunction(call: Ast.FunctionCall, { relations }: BindContext): SqlFunction | undefined {
  const name = sqlFunctionName(call);
  const found = name && relations.get(relationKey(name.parts));
  if (found?.kind !== 'view' || found.function === undefined) return undefined;
  const { query, function: own } = found as CatalogViewDefinition & { readonly function: CatalogFunction };
  return { ...own, query, name: call.name.parts.at(-1)!.name };
}

/** A call that gives a value. What it stands for takes its place in the plan: nothing of it is left when it runs. */
export function bindSqlFunction(
  called: SqlFunction,
  call: Ast.FunctionCall,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const { value, name } = called;
  if (value === undefined) return bindSqlSet(called, call, at, bind);
  const written = argumentsOf(called, call, at, bind);
  const { expression, parameters } = called;
  if (called.isMacro && expression && !hasSubquery(expression)) {
    return inBody(called, call, at.context, () => bind(withArguments(expression, parameters, written), at));
  }
  const args = bindArguments(called, call, written, at, bind);
  return inBody(called, call, at.context, () => {
    const { scope, ids } = parameterScope(called, args, at.context);
    const subqueries: PendingApply[] = [];
    const inside: ExpressionContext = { context: at.context, scope, clause: `function ${name}`, subqueries };
    const body: Ast.Expression = called.expression ?? {
      kind: 'scalarSubquery',
      query: firstRow(called.query),
      position: call.position,
    };
    const bound = bind(body, inside);
    const typed = value.type ? coerce(at.context, bound, value.type, call.position, 'assignment') : bound;
    assertEvaluatedOnce(called, call, args, ids, [typed, ...subqueries.flatMap(expressionsOfApply)]);
    const replaced = new Map(ids.map((id, i) => [id, args[i]!]));
    if (subqueries.length > 0) {
      if (!at.subqueries) {
        throw notSupportedError(`function ${name} has a subquery, which is not supported in ${at.clause}`, {
          position: call.position,
        });
      }
      at.subqueries.push(...subqueries.map((apply) => applyWith(apply, replaced)));
    }
    const result = substituteColumns(typed, replaced);
    return called.isStrict ? nullIfAnyIsNull(result, args) : result;
  });
}

/** A call in FROM. Arguments may name what stands to its left. */
export function bindSqlTable(
  called: SqlFunction,
  call: Ast.FunctionCall,
  scope: Scope,
  context: BindContext,
  bind: BindExpression,
  alias: string | undefined,
): BoundRelation {
  const ownName = alias ?? called.name;
  const subqueries: PendingApply[] = [];
  const at: ExpressionContext = { context, scope, clause: 'functions in FROM', subqueries };
  if (called.value !== undefined) {
    const expression = resolveUnknown(context, bindSqlFunction(called, call, at, bind), call.position);
    const column = context.ids.column(ownName, expression.type, true);
    const input = withSubqueries(SINGLE_ROW, subqueries);
    return { plan: { kind: 'project', input, items: [{ column, expression }] }, columns: [{ name: ownName, column }] };
  }
  const outside = { ...at, subqueries: undefined };
  const args = bindArguments(called, call, argumentsOf(called, call, outside, bind), outside, bind);
  return rowsOf(called, call, args, ownName, context);
}

/** A call of one that gives rows within an expression: its rows are an array, which is taken apart. */
function bindSqlSet(
  called: SqlFunction,
  call: Ast.FunctionCall,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const { name } = called;
  const sets = setsAt(at, call.position);
  const subqueries: PendingApply[] = [];
  const outside = { ...at, subqueries };
  const args = bindArguments(called, call, argumentsOf(called, call, outside, bind), outside, bind);
  const bindRows = (): Expression => {
    const { plan, columns } = rowsOf(called, call, args, name, at.context);
    const fields = columns.map(({ column }) => refer(column));
    const type: StructType = {
      kind: 'struct',
      fields: columns.map((column) => ({ name: column.name, type: column.column.type })),
    };
    const row: Expression =
      fields.length === 1 ? fields[0]! : { kind: 'call', type, overload: 'row(any...)', args: fields };
    const { apply, array } = arrayOfRows(plan, row, call.position, at.context);
    return sets.add(array, name, [...subqueries, apply]);
  };
  // What stands in an argument may be computed anew each time.
  if (subqueries.length > 0) return bindRows();
  return sets.once(`${name}(${args.map(expressionKey).join(', ')})`, bindRows);
}

/** The rows that a call gives. */
function rowsOf(
  called: SqlFunction,
  call: Ast.FunctionCall,
  args: readonly Expression[],
  ownName: string,
  context: BindContext,
): BoundRelation {
  const { name } = called;
  return inBody(called, call, context, () => {
    const { scope: inner, ids } = parameterScope(called, args, context);
    const query = withLimits(called, call, args);
    const bound = context.bindQuery(query, inner);
    const { columns } = called;
    if (columns && columns.length !== bound.columns.length) {
      throw userError('42P13', `return type mismatch in function ${name}`, {
        detail: `Its query returns ${bound.columns.length} columns, and ${columns.length} are declared.`,
      });
    }
    const types = columns?.map(({ type }) => type);
    const typed = types
      ? coerceColumns(
          bound,
          types,
          context,
          () => call.position,
          types.map(() => name),
        )
      : bound;
    assertEvaluatedOnce(called, call, args, ids, planExpressions(typed.plan));
    const replaced = new Map(ids.map((id, i) => [id, args[i]!]));
    const plan = mapPlanExpressions(typed.plan, (expression) => substituteColumns(expression, replaced));
    const given = called.isStrict ? args.map((arg) => isNullOf(arg, true)) : [];
    return {
      plan: given.length > 0 ? { kind: 'filter', input: plan, conjuncts: given } : plan,
      columns: typed.columns.map((column, i) => {
        return { ...column, name: columns ? (columns[i]!.name ?? ownName) : column.name };
      }),
    };
  });
}

/** One for each parameter: by position, by name, or its default. */
function argumentsOf(
  { name, parameters }: SqlFunction,
  { args, position }: Ast.FunctionCall,
  at: ExpressionContext,
  bind: BindExpression,
): readonly Ast.Expression[] {
  const mismatch = (): Error => {
    const list = parameters.map(
      (parameter) => parameter.name + (parameter.type ? ` ${formatType(parameter.type)}` : ''),
    );
    const types = args.map(({ value }) => formatTypeName(bind(value, { ...at, subqueries: [] }).type));
    return userError('42883', `function ${name}(${types.join(', ')}) does not exist`, {
      position,
      hint: `It is called as ${name}(${list.join(', ')}).`,
    });
  };
  if (args.length > parameters.length) throw mismatch();
  const given = new Map<string, Ast.Expression>();
  args.forEach((arg, i) => {
    const target = arg.name === undefined ? parameters[i]!.name : arg.name.name;
    if (arg.variadic || given.has(target) || !parameters.some((parameter) => parameter.name === target))
      throw mismatch();
    given.set(target, arg.value);
  });
  return parameters.map((parameter) => {
    const value = given.get(parameter.name) ?? parameter.default;
    if (value === undefined) throw mismatch();
    return value;
  });
}

function bindArguments(
  { name, parameters }: SqlFunction,
  call: Ast.FunctionCall,
  written: readonly Ast.Expression[],
  at: ExpressionContext,
  bind: BindExpression,
): readonly Expression[] {
  return written.map((ast, i) => {
    const { type } = parameters[i]!;
    const bound = bind(ast, at);
    if (type === undefined) return resolveUnknown(at.context, bound, call.position);
    if (bound.type.kind !== 'unknown' && !canCast(bound.type, type, 'implicit')) {
      const types = call.args.map(({ value }) => formatTypeName(bind(value, { ...at, subqueries: [] }).type));
      throw userError('42883', `function ${name}(${types.join(', ')}) does not exist`, {
        position: call.position,
        hint: `Cast argument "${parameters[i]!.name}" to ${formatType(type)}.`,
      });
    }
    const isGiven = call.args.some(({ value }) => value === ast);
    return coerce(at.context, bound, type, isGiven ? ast.position : call.position);
  });
}

/** Parameters as columns of the query around: names within the body come first. */
function parameterScope(
  { name, parameters }: SqlFunction,
  args: readonly Expression[],
  { ids }: BindContext,
): { readonly scope: Scope; readonly ids: readonly number[] } {
  const columns = parameters.map((parameter, i): ScopeColumn => {
    return { name: parameter.name, column: ids.column(parameter.name, args[i]!.type, true) };
  });
  const namespace = { tables: [{ alias: name, columns }], visible: columns };
  const scope = { namespace, parent: undefined, commonTables: new Map() };
  return { scope, ids: columns.map(({ column }) => column.id) };
}

/** A function evaluates its arguments once; a macro is its text. */
function assertEvaluatedOnce(
  { isMacro, name, parameters }: SqlFunction,
  call: Ast.FunctionCall,
  args: readonly Expression[],
  ids: readonly number[],
  expressions: readonly Expression[],
): void {
  if (isMacro) return;
  args.forEach((arg, i) => {
    if (!isVolatile(arg)) return;
    const uses = expressions.filter((expression) => columnsOf(expression).has(ids[i]!)).length;
    if (uses === 1 && countColumn(expressions, ids[i]!) === 1) return;
    throw notSupportedError(`argument "${parameters[i]!.name}" of ${name} is volatile, and used more than once`, {
      position: call.position,
      hint: 'Compute it in a subquery.',
    });
  });
}

function countColumn(expressions: readonly Expression[], id: number): number {
  let count = 0;
  for (const expression of expressions) {
    visitExpression(expression, (part) => {
      if (part.kind === 'column' && part.column === id) count++;
    });
  }
  return count;
}

function planExpressions(plan: LogicalNode): readonly Expression[] {
  return [...expressionsOf(plan), ...inputsOf(plan).flatMap(planExpressions)];
}

function expressionsOfApply({ right, conditions }: PendingApply): readonly Expression[] {
  return [...conditions, ...planExpressions(right)];
}

function applyWith(apply: PendingApply, replaced: ReadonlyMap<number, Expression>): PendingApply {
  const change = (expression: Expression): Expression => substituteColumns(expression, replaced);
  return { ...apply, right: mapPlanExpressions(apply.right, change), conditions: apply.conditions.map(change) };
}

function nullIfAnyIsNull(result: Expression, args: readonly Expression[]): Expression {
  if (args.length === 0) return result;
  const isNull = orOf(args.map((arg) => isNullOf(arg)));
  const nothing: Expression = { kind: 'constant', type: result.type, value: null };
  return { kind: 'case', type: result.type, branches: [caseBranch(isNull, nothing)], otherwise: result };
}

/** Of several rows the first is the value, as in PostgreSQL. */
function firstRow(query: Ast.Query): Ast.Query {
  if (query.limit !== undefined) return query;
  const { position } = query;
  const count: Ast.Expression = { kind: 'numericLiteral', text: '1', position };
  return { ...query, limit: { kind: 'limit', count, withTies: false, position } };
}

/** LIMIT and OFFSET take no names: whole numbers that are given for parameters are put into them. */
function withLimits(
  { query, parameters }: SqlFunction,
  { position }: Ast.FunctionCall,
  args: readonly Expression[],
): Ast.Query {
  const known: CatalogParameter[] = [];
  const values: Ast.Expression[] = [];
  args.forEach((arg, i) => {
    if (arg.kind !== 'constant' || !['smallint', 'integer', 'bigint'].includes(arg.type.kind)) return;
    known.push(parameters[i]!);
    values.push({ kind: 'numericLiteral', text: String(arg.value), position });
  });
  const limit = query.limit && { ...query.limit, count: withArguments(query.limit.count, known, values) };
  const offset = query.offset && withArguments(query.offset, known, values);
  return { ...query, limit, offset };
}

/** An expression in which names of parameters are what is given for them. */
function withArguments(
  body: Ast.Expression,
  parameters: readonly CatalogParameter[],
  args: readonly Ast.Expression[],
): Ast.Expression {
  const byName = new Map(parameters.map(({ name }, i) => [name, args[i]!]));
  return mapNodes(body, (node) =>
    node.kind === 'columnReference' && node.parts.length === 1 ? byName.get(node.parts[0]!.name) : undefined,
  );
}

/** A macro may stand in its own arguments; deeper than this it calls itself. */
const MOST_OPEN_MACROS = 20;

/** Errors in the body are at the call; a function that calls itself is one. */
function inBody<Result>(
  { name, isMacro }: SqlFunction,
  { position }: Ast.FunctionCall,
  { openViews }: BindContext,
  work: () => Result,
): Result {
  const open = `${name}()`;
  if (isMacro ? openViews.length >= MOST_OPEN_MACROS : openViews.includes(open)) {
    throw notSupportedError(`function ${name} calls itself, which is not supported`, {
      position,
      hint: 'Write the recursion as WITH RECURSIVE.',
    });
  }
  openViews.push(open);
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    const { kind, code, message, detail, hint } = thrown;
    const place = detail ?? `In the SQL of function "${name}".`;
    throw new MillraceError(kind, code, message, { detail: place, hint, position, cause: thrown });
  } finally {
    openViews.pop();
  }
}
