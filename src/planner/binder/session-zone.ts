import { notSupportedError } from '../../common/errors.js';
import { zonedConveniences } from '../../functions/scalar/dates/date-conveniences.js';
import { formatType, isNestedType, type SqlType, someType, TEXT, TIMESTAMP, typeIsText } from '../../types/sql-type.js';
import type { CallExpression, ConstantExpression, Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { callByName } from '../logical/call-by-name.js';
import { triedCast } from '../logical/tried-cast.js';
import type { BindSettings } from './bind-context.js';

/*
 * What depends on the session's time zone says so in the plan: in any zone but UTC, casts from and to timestamptz and
 * functions of it become calls that name the zone. Plans stay valid whatever the session does next, and can be folded.
 */

type Zone = Pick<BindSettings, 'timeZone'>;

/** A cast, by the clocks of the session's zone; with `tried`, NULL where that would be an error. */
export function castInZone({ timeZone }: Zone, input: Expression, type: SqlType, tried = false): Expression {
  const always = (of: Expression, to: SqlType): Expression =>
    tried ? triedCast(to, of) : { kind: 'cast', type: to, input: of };
  const cast = (of: Expression, to: SqlType = type): Expression =>
    of.type.kind === to.kind && !('length' in to) ? of : always(of, to);
  const from = input.type.kind;
  if (timeZone === undefined) return always(input, type);
  checkNestedZones(input.type, type);
  const zone = textConstant(timeZone);
  const prefix = tried ? 'try_' : '';
  if (type.kind === 'timestamptz') {
    if (from === 'date' || from === 'timestamp') return callByName(`${prefix}timezone`, [zone, cast(input, TIMESTAMP)]);
    if (typeIsText(input.type) || from === 'unknown')
      return callByName(`${prefix}zoned_from_text`, [cast(input, TEXT), zone]);
  } else if (from === 'timestamptz') {
    if (type.kind === 'timestamp' || type.kind === 'date' || type.kind === 'time') {
      return cast(callByName(`${prefix}timezone`, [zone, input]));
    }
    if (typeIsText(type)) return cast(callByName('zoned_to_text', [input, zone]));
  }
  return always(input, type);
}

/** Casts of nested values know no zones. */
function checkNestedZones(from: SqlType, to: SqlType): void {
  const hasInstants = (type: SqlType): boolean =>
    isNestedType(type) && someType(type, (part) => part.kind === 'timestamptz');
  if (hasInstants(from) === hasInstants(to)) return;
  throw notSupportedError(`a cast of ${formatType(from)} to ${formatType(to)} is not supported in this time zone`, {
    hint: "SET timezone = 'UTC', or cast the elements one by one.",
  });
}

/** A call that was resolved, by the clocks of the session's zone. */
export function callInZone({ timeZone }: Zone, call: CallExpression): Expression {
  if (timeZone === undefined) return call;
  const zone = textConstant(timeZone);
  const name = functionOf(call.overload);
  // Its result, not an operand, depends on the zone.
  if (name === 'to_timestamp' && call.args.length === 2) return callByName('zoned_to_timestamp', [...call.args, zone]);
  if (!call.args.some((arg) => arg.type.kind === 'timestamptz')) return call;
  const { args } = call;
  const local = (arg: Expression): Expression =>
    arg.type.kind === 'timestamptz' ? callByName('timezone', [zone, arg]) : arg;
  const [first, second] = args as [Expression, Expression];
  switch (name) {
    case '+':
      if (first.type.kind === 'interval') return callByName('date_add', [second, first, zone]);
      return second.type.kind === 'interval' ? callByName('date_add', [first, second, zone]) : call;
    case '-':
      return second.type.kind === 'interval' ? callByName('date_subtract', [first, second, zone]) : call;
    case 'date_add':
    case 'date_subtract':
      return args.length === 2 ? callByName(name, [first, second, zone]) : call;
    case 'date_trunc':
      return args.length === 2 ? callByName('date_trunc', [first, second, zone]) : call;
    case 'date_part':
      return callByName('zoned_date_part', [first, second, zone]);
    case 'to_char':
      return callByName('zoned_to_char', [first, second, zone]);
    case 'to_json':
    case 'to_jsonb':
    case 'json_build_array':
    case 'jsonb_build_array':
    case 'json_build_object':
    case 'jsonb_build_object':
      return { ...call, args: args.map((arg) => (arg.type.kind === 'timestamptz' ? isoText(arg, zone) : arg)) };
    case 'extract_epoch':
      return call;
    case 'extract_timezone':
    case 'extract_timezone_hour':
    case 'extract_timezone_minute':
      return callByName(name, [first, zone]);
    case 'age':
    case 'overlaps':
      return callByName(name, args.map(local));
    default:
      return name.startsWith('extract_') || zonedConveniences.has(name) ? callByName(name, args.map(local)) : call;
  }
}

/** As JSON has it: with T, and an offset that always has minutes. */
function isoText(instant: Expression, zone: Expression): Expression {
  const text = callByName('replace', [
    callByName('zoned_to_text', [instant, zone]),
    textConstant(' '),
    textConstant('T'),
  ]);
  return callByName('regexp_replace', [text, textConstant('([+-]\\d\\d)$'), textConstant('\\1:00')]);
}

/** The instant of a local time, in the zone that is named or in the session's. */
export function instantOfParts({ timeZone }: Zone, local: Expression, zone: Expression | undefined): Expression {
  return callByName('timezone', [zone ?? textConstant(timeZone ?? 'UTC'), local]);
}

/** Operands that functions write as text themselves: they know no zones. */
export function printedInZone(settings: Zone, operand: Expression): Expression {
  const isPlain = settings.timeZone === undefined || operand.type.kind !== 'timestamptz';
  return isPlain ? operand : castInZone(settings, operand, TEXT);
}

function textConstant(value: string): ConstantExpression {
  return { kind: 'constant', type: TEXT, value };
}
