import { userError } from '../../common/errors.js';
import { setFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { commonType } from '../../types/coercion.js';
import { formatType, INTEGER, INTERVAL, type SqlType, TEXT, TIMESTAMP, TIMESTAMPTZ } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { columnsOf, expressionKey, refer, textConstant } from '../logical/expression-tree.js';
import type { LogicalNode, ProjectItem } from '../logical/logical-plan.js';
import { columnsUsedBy } from './aggregate-owner.js';
import { flattened } from './array-dimensions.js';
import {
  type BindContext,
  type ExpressionContext,
  type PendingApply,
  type SetBinder,
  unsupported,
  withSubqueries,
} from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { builtCall } from './built-call.js';
import { coerce } from './coerce.js';
import { byPosition } from './named-arguments.js';

/** Functions that give a set of rows: all are arrays that are taken apart. */
const SET_FUNCTIONS: ReadonlySet<string> = new Set([
  'unnest',
  'explode',
  'inline',
  'generate_series',
  'generate_subscripts',
  'string_to_table',
  'regexp_split_to_table',
]);

export function isSetFunction(name: string): boolean {
  return SET_FUNCTIONS.has(name) || setFunction(name) !== undefined;
}

/** The arrays whose elements a call of a set function gives, one a column. */
export function arraysOfSetCall(
  written: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): readonly Expression[] {
  const call = byPosition(written, name);
  const args = call.args.map((argument) => bind(argument.value, at));
  const positions = call.args.map((argument) => argument.position);
  const { context } = at;
  switch (name) {
    case 'generate_series':
      return [seriesArray(args, positions, call.position, context)];
    case 'generate_subscripts': {
      const length = builtCall(context, 'array_length', args.slice(0, 2), call.position, positions);
      const one: Expression = { kind: 'constant', type: INTEGER, value: 1 };
      return [builtCall(context, 'series_array', [one, length], call.position, positions)];
    }
    case 'string_to_table':
      return [builtCall(context, 'string_to_array', args, call.position, positions)];
    case 'regexp_split_to_table':
      return [builtCall(context, 'regexp_split_to_array', args, call.position, positions)];
    default:
      if (setFunction(name)) {
        const named = call.args.find((argument) => argument.name);
        if (named) throw unsupported('a named argument', named.position, 'Give the arguments by position.');
        return [builtCall(context, name, args, call.position, positions)];
      }
      if (args.length === 0) throw noFunction(name, [], call.position);
      return args.map((arg, i) => elementsArray(name, arg, positions[i]!, context));
  }
}

function noFunction(name: string, args: readonly Expression[], position: number): Error {
  const types = args.map((arg) => formatType(arg.type)).join(', ');
  return userError('42883', `function ${name}(${types}) does not exist`, {
    position,
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });
}

/** What unnest takes apart: of an array of arrays the innermost elements, of a map its entries. */
function elementsArray(name: string, arg: Expression, position: number, context: BindContext): Expression {
  if (arg.type.kind === 'map') return builtCall(context, 'map_entries', [arg], position);
  if (arg.type.kind !== 'array') throw noFunction(name, [arg], position);
  let array = arg;
  // Spark's gives the inner arrays.
  for (let inner = name === 'explode' ? undefined : flattened(array); inner; inner = flattened(array)) array = inner;
  return array;
}

/** From start to stop: numbers, or points in time with an interval between them. */
function seriesArray(
  args: readonly Expression[],
  positions: readonly number[],
  position: number,
  context: BindContext,
): Expression {
  if (args.length < 2 || args.length > 4) {
    throw userError('42883', `function generate_series with ${args.length} arguments does not exist`, {
      position,
      hint: 'Write generate_series(start, stop) or generate_series(start, stop, step).',
    });
  }
  const ends = args.slice(0, 2);
  const isInstant = ends.some(({ type }) => ['date', 'timestamp', 'timestamptz'].includes(type.kind));
  const isZoned = args.length === 4;
  if ((isInstant && args.length < 3) || (isZoned && !isInstant)) throw noFunction('generate_series', args, position);
  const type = isInstant ? instantOf(ends, isZoned) : commonType(args.map((arg) => arg.type));
  const types = [type, type, isInstant ? INTERVAL : type, TEXT];
  const coerced = args.map((arg, i) => coerce(context, arg, types[i]!, positions[i]!));
  if (type.kind === 'timestamptz' && !isZoned && context.timeZone !== undefined) {
    coerced.push(textConstant(context.timeZone));
  }
  return builtCall(context, 'series_array', coerced, position, [...positions, position]);
}

/** As PostgreSQL resolves it: two dates are timestamps with time zone, and so is what a zone stands behind. */
function instantOf(ends: readonly Expression[], isZoned: boolean): SqlType {
  return !isZoned && ends.some(({ type }) => type.kind === 'timestamp') ? TIMESTAMP : TIMESTAMPTZ;
}

/** Set functions that take none, or only such as are on a level below. */
interface SetLevel {
  /** What gives arrays. */
  readonly subqueries: readonly PendingApply[];
  readonly items: readonly ProjectItem[];
}

/** What turns expressions over the rows before grouping into those over the rows after it. */
interface Rewriter {
  rewrite(expression: Expression): Expression;
  rewriteApply(apply: PendingApply): PendingApply;
}

/**
 * Set functions of a select list. All that take no other's elements give their rows side by side; those that take them
 * do so for each of these rows.
 */
export class SetCollector implements SetBinder {
  private levels: SetLevel[] = [];
  private readonly bound = new Map<string, Expression>();
  private readonly context: BindContext;

  constructor(context: BindContext) {
    this.context = context;
  }

  add(array: Expression, name: string, subqueries: readonly PendingApply[] = []): Expression {
    const key = expressionKey(array);
    const known = this.items.find((item) => expressionKey(item.expression) === key);
    if (known) return refer(known.column);
    const used = new Set([...columnsOf(array), ...subqueries.flatMap((apply) => [...columnsUsedBy(apply)])]);
    const level = 1 + this.levels.findLastIndex(({ items }) => items.some(({ column }) => used.has(column.id)));
    const column = this.context.ids.column(name, elementTypeOf(array), true);
    const before = this.levels[level] ?? { subqueries: [], items: [] };
    this.levels[level] = {
      subqueries: [...before.subqueries, ...subqueries],
      items: [...before.items, { column, expression: array }],
    };
    return refer(column);
  }

  once(key: string, bind: () => Expression): Expression {
    const known = this.bound.get(key) ?? bind();
    this.bound.set(key, known);
    return known;
  }

  /** Arrays over grouped rows. */
  rewrite(rewriter: Rewriter): void {
    this.levels = this.levels.map(({ subqueries, items }) => ({
      subqueries: subqueries.map((apply) => rewriter.rewriteApply(apply)),
      items: items.map((item) => ({ ...item, expression: rewriter.rewrite(item.expression) })),
    }));
  }

  isUsedBy(expression: Expression): boolean {
    return this.isAnyOf(columnsOf(expression));
  }

  /** Does a subquery look at what set functions give? */
  isUsedIn(apply: PendingApply): boolean {
    return this.isAnyOf(columnsUsedBy(apply));
  }

  over(input: LogicalNode): LogicalNode {
    return this.levels.reduce<LogicalNode>(
      (rows, { subqueries, items }) => ({
        kind: 'unnest',
        input: withSubqueries(rows, subqueries),
        items,
        outer: false,
      }),
      input,
    );
  }

  private get items(): readonly ProjectItem[] {
    return this.levels.flatMap(({ items }) => items);
  }

  private isAnyOf(columns: ReadonlySet<number>): boolean {
    return this.items.some(({ column }) => columns.has(column.id));
  }
}

/** What takes the elements of set functions; an error where none may stand. */
export function setsAt({ sets, clause }: ExpressionContext, position: number): SetBinder {
  if (sets && !('refusal' in sets)) return sets;
  throw userError('0A000', sets?.refusal ?? `set-returning functions are not allowed in ${clause}`, {
    position,
    hint: sets
      ? 'You might be able to move the set-returning function into a LATERAL FROM item.'
      : 'Put it into FROM, where it may refer to the tables before it.',
  });
}

/** Within CASE and COALESCE, which may not compute all of their operands. */
export function withoutSets(at: ExpressionContext, what: string): ExpressionContext {
  if (!at.sets || 'refusal' in at.sets) return at;
  return { ...at, sets: { refusal: `set-returning functions are not allowed in ${what}` } };
}

/** A set function within an expression. */
export function bindSetCall(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const sets = setsAt(at, call.position);
  if (setFunction(name)?.rows) {
    throw userError('0A000', `could not determine row type for result of ${name}`, {
      position: call.position,
      hint: `Write FROM ${name}(…) AS t (a integer, b text).`,
    });
  }
  if (name === 'inline') {
    throw unsupported('inline in a select list', call.position, 'Put it into FROM, where its rows have columns.');
  }
  const arrays = arraysOfSetCall(call, name, at, bind);
  if (arrays.length > 1) {
    const types = arrays.map(({ type }) => formatType(type)).join(', ');
    throw userError('42883', `function ${name}(${types}) does not exist`, {
      position: call.position,
      hint: `${name} of several arrays may stand in FROM only.`,
    });
  }
  return sets.add(arrays[0]!, name);
}

export function elementTypeOf({ type }: Expression): SqlType {
  return type.kind === 'array' ? type.element : type;
}
