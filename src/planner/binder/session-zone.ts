import { scalarOverload } from '../../functions/registry.js';
import { zonedConveniences } from '../../functions/scalar/dates/date-conveniences.js';
import { type SqlType, TEXT } from '../../types/sql-type.js';
import type { CallExpression, Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { callByName } from '../logical/call-by-name.js';
import { textConstant } from '../logical/expression-tree.js';
import { triedCast } from '../logical/tried-cast.js';
import { hasInstants, withInstantsAs, withTexts, zonedCast } from '../logical/zoned-cast.js';
import type { BindSettings } from './bind-context.js';

/*
 * What depends on the session's time zone says so in the plan: in any zone but UTC, casts from and to timestamptz and
 * functions of it become calls that name the zone. Plans stay valid whatever the session does next, and can be folded.
 */

type Zone = Pick<BindSettings, 'timeZone'>;

/** A cast, by the clocks of the session's zone; with `tried`, NULL where that would be an error. */
export function castInZone({ timeZone }: Zone, input: Expression, type: SqlType, tried = false): Expression {
  if (timeZone !== undefined) return zonedCast(timeZone, input, type, tried);
  return tried ? triedCast(type, input) : { kind: 'cast', type, input };
}

/** A call whose result has instants that it reads, by the clocks of the session's zone. */
export function readInZone({ timeZone }: Zone, call: CallExpression): CallExpression {
  const reads = timeZone !== undefined && hasInstants(call.type) && scalarOverload(call.overload).instants === 'read';
  return reads ? { ...call, zone: timeZone } : call;
}

/** What becomes JSON has instants as JSON writes them, by the clocks of the session's zone. */
export function jsonInZone({ timeZone }: Zone, value: Expression): Expression {
  if (timeZone === undefined) return value;
  return withInstantsAs(value, (instant) => isoText(instant, textConstant(timeZone)));
}

/** A call that was resolved, by the clocks of the session's zone. */
export function callInZone({ timeZone }: Zone, call: CallExpression): Expression {
  if (timeZone === undefined) return call;
  const zone = textConstant(timeZone);
  const name = functionOf(call.overload);
  // Its result, not an operand, depends on the zone.
  if (name === 'to_timestamp' && call.args.length === 2) return callByName('zoned_to_timestamp', [...call.args, zone]);
  const { instants } = scalarOverload(call.overload);
  if (instants === 'read') return readInZone({ timeZone }, call);
  if (instants === 'written') return { ...call, args: call.args.map((arg) => jsonInZone({ timeZone }, arg)) };
  if (name === 'array_to_string') return { ...call, args: call.args.map((arg) => partsInZone({ timeZone }, arg)) };
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
  const replaced = (text: Expression, pattern: string, by: string): Expression =>
    callByName('regexp_replace', [text, textConstant(pattern), textConstant(by)]);
  const text = replaced(callByName('zoned_to_text', [instant, zone]), ' ', 'T');
  return replaced(text, '([+-]\\d\\d)( BC)?$', '\\1:00\\2');
}

/** The instant of a local time, in the zone that is named or in the session's. */
export function instantOfParts({ timeZone }: Zone, local: Expression, zone: Expression | undefined): Expression {
  return callByName('timezone', [zone ?? textConstant(timeZone ?? 'UTC'), local]);
}

/** Operands that functions write as text themselves: they know no zones. */
export function printedInZone(settings: Zone, operand: Expression): Expression {
  const isPlain = settings.timeZone === undefined || !hasInstants(operand.type);
  return isPlain ? operand : castInZone(settings, operand, TEXT);
}

function partsInZone(settings: Zone, operand: Expression): Expression {
  return hasInstants(operand.type) ? castInZone(settings, operand, withTexts(operand.type)) : operand;
}
