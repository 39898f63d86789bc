import type * as Ast from '../../parser/ast/index.js';
import { typeCategory } from '../../types/coercion.js';
import { DATE, INTERVAL, TEXT, TIMESTAMP, TIMESTAMPTZ } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { textConstant } from '../logical/expression-tree.js';
import type { BindContext, ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { coerce } from './coerce.js';
import { instantOfParts } from './session-zone.js';

/** Resolves a function of the registry and coerces the arguments. */
type CallFunction = (
  name: string,
  args: readonly Expression[],
  written: readonly { readonly position: number }[],
  position: number,
  context: BindContext,
) => Expression;

/** Calls of functions of time whose arguments the session, or a default, adds to. Undefined for all other calls. */
export function bindTimeCall(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
  callFunction: CallFunction,
): Expression | undefined {
  const { args, position } = call;
  const { context } = at;
  const bound = (): Expression[] => args.map(({ value }) => bind(value, at));
  const again = (first: Expression, rest: readonly Expression[]): Expression =>
    callFunction(name, [first, ...rest], [args[0]!, ...args], position, context);
  switch (name) {
    case 'timezone': {
      if (args.length !== 1) return undefined;
      // AT LOCAL.
      return again(textConstant(context.timeZone ?? 'UTC'), bound());
    }
    case 'age': {
      if (args.length !== 1) return undefined;
      const [operand] = bound() as [Expression];
      const today = context.sessionValue('current_date', []);
      if (today === undefined) return undefined;
      return again(coerce(context, today, operand.type.kind === 'timestamptz' ? TIMESTAMPTZ : TIMESTAMP, position), [
        operand,
      ]);
    }
    case 'make_timestamptz': {
      if (args.length !== 6 && args.length !== 7) return undefined;
      const parts = bound();
      const local = callFunction('make_timestamp', parts.slice(0, 6), args, position, context);
      const zone = parts[6] && coerce(context, parts[6], TEXT, args[6]!.position);
      return instantOfParts(context, local, zone && eastPositive(zone, position, context, callFunction));
    }
    case 'make_interval': {
      const parts = [...bound()];
      while (parts.length < INTERVAL_PARTS) parts.push({ kind: 'constant', type: { kind: 'integer' }, value: 0 });
      const places = parts.map((_, index) => args[index] ?? call);
      return callFunction(name, parts, places, position, context);
    }
    case 'date_add':
    case 'date_sub':
    case 'date_subtract':
      return args.length === 2 ? bindDateAddition(call, name, bound(), context, callFunction) : undefined;
    default:
      return undefined;
  }
}

/** Years, months, weeks, days, hours, minutes, seconds: what is left out is 0. */
const INTERVAL_PARTS = 7;

/** Spark adds days to a date; PostgreSQL and DuckDB add an interval. Both are what an operator does. */
function bindDateAddition(
  call: Ast.FunctionCall,
  name: string,
  [date, amount]: readonly Expression[],
  context: BindContext,
  callFunction: CallFunction,
): Expression {
  const isUnknown = amount!.type.kind === 'unknown';
  const { position } = call.args[0]!;
  const isText = date!.type.kind === 'unknown' || date!.type.kind === 'text' || date!.type.kind === 'varchar';
  // Spark's dates may be texts.
  const isDate = isText && typeCategory(amount!.type.kind) === 'number';
  const day = isDate ? coerce(context, date!, DATE, position, 'explicit') : date!;
  const change = isUnknown ? coerce(context, amount!, INTERVAL, call.args[1]!.position) : amount!;
  const operator = name === 'date_add' ? '+' : '-';
  return callFunction(operator, [day, change], call.args, call.position, context);
}

/** `+2` is east of Greenwich here, as within a timestamp; as the name of a zone it is west, after POSIX. */
function eastPositive(zone: Expression, position: number, context: BindContext, call: CallFunction): Expression {
  const integer = (value: number): Expression => ({ kind: 'constant', type: { kind: 'integer' }, value });
  const at = [{ position }, { position }, { position }];
  const sign = call('left', [zone, integer(1)], at, position, context);
  const turned = call('translate', [sign, textConstant('+-'), textConstant('-+')], at, position, context);
  return call('||', [turned, call('substring', [zone, integer(2)], at, position, context)], at, position, context);
}
