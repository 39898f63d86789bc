import { userError } from '../../common/errors.js';
import { aggregateOverload, isAggregate, isCounting, resolveAggregateFunction } from '../../functions/registry.js';
import { findWindowFunction, type WindowFunction } from '../../functions/window/window-functions.js';
import type * as Ast from '../../parser/ast/index.js';
import { commonType } from '../../types/coercion.js';
import { BIGINT, formatType, INTEGER, TEXT } from '../../types/sql-type.js';
import type { AggregateCall, Expression } from '../expression.js';
import { columnsOf, expressionKey, FALSE, refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { mapCall } from '../logical/plan-tree.js';
import type { SortKey } from '../physical/physical-plan.js';
import { DEFAULT_FRAME, expressionsOfWindowCall, formOfFrame, mapWindowCall, type WindowCall } from '../window-call.js';
import { splitParameter, wrappedValue, writtenArguments } from './aggregate-arguments.js';
import { filterOf } from './aggregate-filter.js';
import {
  atPosition,
  type BindContext,
  type ExpressionContext,
  unsupported,
  type WindowBinder,
} from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { bindUserAggregate } from './bind-user-aggregate.js';
import { bindFrame } from './bind-window-frame.js';
import { coerce, resolveUnknown } from './coerce.js';
import { jsonOfTexts, jsonTexts } from './json-aggregates.js';
import { stackWindows } from './stack-windows.js';
import { WindowDefinitions } from './window-definitions.js';

/** A call with its own window, before windows are put together to nodes. */
export interface BoundWindow {
  readonly column: LogicalColumn;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly call: Omit<WindowCall, 'orderCount'>;
}

/** Collects the window functions of one SELECT while its expressions are bound; equal calls share a column. */
export class WindowCollector implements WindowBinder {
  private windows: BoundWindow[] = [];
  private readonly byKey = new Map<string, LogicalColumn>();
  private readonly definitions: WindowDefinitions;

  constructor(named: readonly Ast.NamedWindow[]) {
    this.definitions = new WindowDefinitions(named);
  }

  get isEmpty(): boolean {
    return this.windows.length === 0;
  }

  bind(call: Ast.FunctionCall, at: ExpressionContext): Expression {
    const name = functionName(call);
    const sets = { refusal: 'window function calls cannot contain set-returning function calls' };
    const inside = { ...at, clause: 'window function calls', windows: NESTED, sets };
    const bound = this.bindCall(call, name, inside);
    const specification = this.definitions.resolve(call.over!);
    const windowAt = { ...at, clause: 'window definitions', windows: undefined, sets: undefined };
    const partitionBy = specification.partitionBy.map((ast) =>
      resolveUnknown(at.context, bindExpression(ast, windowAt), ast.position),
    );
    const orderBy = specification.orderBy.map(({ expression: ast, direction, nulls }): SortKey => {
      const descending = direction === 'desc';
      const nullsFirst = nulls === undefined ? descending : nulls === 'first';
      const expression = resolveUnknown(at.context, bindExpression(ast, windowAt), ast.position);
      return { expression, descending, nullsFirst };
    });
    const written = specification.frame && bindFrame(specification.frame, orderBy, specification.position, windowAt);
    // What does not look at the frame is the same call whatever frame is written.
    const usesFrame = bound.aggregate !== undefined || findWindowFunction(name)?.usesFrame === true;
    const frame = (usesFrame ? written : undefined) ?? DEFAULT_FRAME;
    const { nullable, finish, ...rest } = bound;
    const column = refer(this.columnOf({ partitionBy, orderBy, call: { ...rest, frame } }, nullable, at.context));
    return finish === undefined ? column : finish(column);
  }

  /** Windows over the rows after grouping: what they were bound to is rewritten. */
  rewrite(change: (expression: Expression) => Expression): void {
    this.windows = this.windows.map((window) => ({
      column: window.column,
      partitionBy: window.partitionBy.map(change),
      orderBy: window.orderBy.map((key) => ({ ...key, expression: change(key.expression) })),
      call: mapWindowCall({ ...window.call, orderCount: 0 }, change, (aggregate) => mapCall(aggregate, change)),
    }));
  }

  /** Does one of the expressions use the result of a window function? */
  isUsedBy(expressions: readonly Expression[]): boolean {
    const ids = new Set(this.windows.map(({ column }) => column.id));
    return expressions.some((expression) => [...columnsOf(expression)].some((id) => ids.has(id)));
  }

  /** The plan with the columns of all calls. */
  plan(input: LogicalNode): LogicalNode {
    return stackWindows(input, this.windows);
  }

  private columnOf(window: Omit<BoundWindow, 'column'>, nullable: boolean, { ids }: BindContext): LogicalColumn {
    const { call } = window;
    const parts = [
      call.name,
      call.ignoreNulls,
      call.aggregate?.overload,
      call.aggregate?.parameter,
      call.aggregate?.filter !== undefined,
      ...expressionsOfWindowCall({ ...call, orderCount: 0 }).map(expressionKey),
      '|',
      ...window.partitionBy.map(expressionKey),
      '|',
      ...window.orderBy.map((key) => `${expressionKey(key.expression)} ${key.descending} ${key.nullsFirst}`),
      formOfFrame(call.frame),
    ];
    const key = parts.join();
    let column = this.byKey.get(key);
    if (!column) {
      column = ids.column(call.name, call.type, nullable);
      this.byKey.set(key, column);
      this.windows.push({ ...window, column });
    }
    return column;
  }

  private bindCall(call: Ast.FunctionCall, name: string, inside: ExpressionContext): BoundCall {
    const declared = findWindowFunction(name);
    const { context } = inside;
    checkWindowCall(call, name, declared, context);
    if (declared) return bindWindowFunction(call, declared, inside);
    const written = writtenArguments(call);
    const args = written.map(({ value }) => bindExpression(value, inside));
    if (args.length === 0 && !call.star && name === 'count') {
      throw userError('42809', `${name}(*) must be used to call a parameterless aggregate function`, {
        position: call.position,
      });
    }
    const types = args.map((arg) => arg.type);
    const filter = filterOf(call, args, { ...inside, clause: 'FILTER' });
    const user = bindUserAggregate(call, name, args, written, context);
    if (user) {
      const { overload, type, values, finish } = user;
      return { name, type, args: [], aggregate: { overload, type, args: values, filter }, nullable: true, finish };
    }
    const resolved = atPosition(call.position, () => resolveAggregateFunction(name, types));
    const overload = aggregateOverload(resolved.overload);
    const coerced = args.map((arg, i) => coerce(context, arg, resolved.argTypes[i]!, written[i]!.position));
    const { parameter, values } = splitParameter(context, overload, coerced, written);
    const nullable = !isCounting(resolved.overload);
    const { wrapped } = overload;
    if (typeof wrapped === 'object') {
      const text = jsonTexts(context, wrapped, values, resolved.returns);
      const aggregate: AggregateCall = { overload: resolved.overload, type: TEXT, args: text, filter, parameter };
      const finish = (joined: Expression): Expression => jsonOfTexts(wrapped, joined, resolved.returns);
      return { name, type: TEXT, args: [], aggregate, nullable, finish };
    }
    const aggregate: AggregateCall = {
      overload: resolved.overload,
      type: resolved.returns,
      // What takes the first or last value by a key takes it by the order of the window.
      args: overload.wrapped ? wrappedValue(values[0]!) : overload.ordered === 'key' ? [...values, FALSE] : values,
      filter,
      parameter,
    };
    return { name, type: aggregate.type, args: [], aggregate, nullable };
  }
}

type BoundCall = Omit<WindowCall, 'orderCount' | 'frame'> & {
  readonly nullable: boolean;
  /** What is made of the column, row by row. */
  readonly finish?: (column: Expression) => Expression;
};

/** What stands within the call of a window function. */
const NESTED: WindowBinder = {
  bind(call) {
    throw userError('42P20', 'window function calls cannot be nested', {
      position: call.position,
      hint: 'Compute the inner one in a subquery.',
    });
  },
};

function checkWindowCall(
  call: Ast.FunctionCall,
  name: string,
  declared: WindowFunction | undefined,
  { userFunctions }: BindContext,
): void {
  const { position } = call;
  if (call.withinGroup)
    throw userError('0A000', `OVER is not supported for ordered-set aggregate ${name}`, { position });
  if (!declared && !isAggregate(name, userFunctions)) {
    throw userError('42809', `OVER specified, but ${name} is not a window function nor an aggregate function`, {
      position,
    });
  }
  for (const argument of call.args) {
    if (argument.name) throw unsupported('a named argument', argument.position, 'Give the arguments by position.');
  }
  if (call.distinct) {
    throw userError('0A000', 'DISTINCT is not implemented for window functions', {
      position,
      hint: 'Remove duplicates in a subquery.',
    });
  }
  if (call.orderBy.length > 0) {
    throw userError('0A000', 'aggregate ORDER BY is not implemented for window functions', {
      position,
      hint: 'Order the window instead: OVER (ORDER BY …).',
    });
  }
  checkNullTreatment(call, name, declared);
  if (declared && call.filter) {
    throw userError('0A000', 'FILTER is not implemented for non-aggregate window functions', { position });
  }
  if (declared && call.star) {
    throw userError('42809', `${name}(*) specified, but ${name} is not an aggregate function`, { position });
  }
}

/** RESPECT NULLS is what is done without it, and allowed in the same places. */
function checkNullTreatment(call: Ast.FunctionCall, name: string, declared: WindowFunction | undefined): void {
  if (call.nullTreatment === undefined || !declared || declared.returns === 'value') return;
  const { position } = call;
  throw userError('0A000', `function ${name} does not allow RESPECT/IGNORE NULLS`, {
    position,
    hint: 'They say which values lag, lead, first_value, last_value and nth_value count.',
  });
}

function bindWindowFunction(call: Ast.FunctionCall, declared: WindowFunction, inside: ExpressionContext): BoundCall {
  const { context } = inside;
  const bound = call.args.map((argument) => bindExpression(argument.value, inside));
  if (bound.length < declared.required || bound.length > declared.args.length) {
    const types = bound.map((arg) => formatType(arg.type)).join(', ');
    throw userError('42883', `function ${declared.name}(${types}) does not exist`, {
      position: call.position,
      hint: `It is called as ${declared.usage}.`,
    });
  }
  const values = bound.filter((_, i) => declared.args[i] === 'value');
  const type =
    values.length === 0
      ? BIGINT
      : atPosition(call.position, () =>
          commonType(
            values.map((value) => value.type),
            declared.name,
          ),
        );
  const args = bound.map((arg, i) =>
    coerce(context, arg, declared.args[i] === 'value' ? type : INTEGER, call.args[i]!.value.position),
  );
  const returns = declared.returns === 'value' ? type : declared.returns;
  const ignoreNulls = call.nullTreatment === 'ignore' ? true : undefined;
  return { name: declared.name, type: returns, args, nullable: declared.nullable, ignoreNulls };
}
