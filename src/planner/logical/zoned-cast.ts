import { TRY_CAST } from '../../functions/casts/try-cast.js';
import {
  componentTypes,
  isNestedType,
  type SqlType,
  someType,
  TEXT,
  TIMESTAMP,
  typeIsText,
} from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callByName } from './call-by-name.js';
import { textConstant } from './expression-tree.js';
import { callOf, overElements, overEntries, overFields } from './nested-parts.js';
import { triedCast } from './tried-cast.js';

/*
 * Casts from and to timestamptz by the clocks of a time zone: calls that name it, or, where instants lie within nested
 * values, casts that do, which are compiled as such calls (exec/expression/by-way-of-zone.ts).
 */

/** A cast; with `tried`, NULL where that would be an error. */
export function zonedCast(zone: string, input: Expression, type: SqlType, tried = false): Expression {
  const always = (of: Expression, to: SqlType): Expression =>
    tried ? triedCast(to, of) : { kind: 'cast', type: to, input: of };
  if (!asksForZone(input.type, type)) return always(input, type);
  if (isNestedType(type)) {
    return tried ? { ...callOf(TRY_CAST, type, [input]), zone } : { kind: 'cast', type, input, zone };
  }
  if (isNestedType(input.type)) return always(zonedCast(zone, input, withTexts(input.type), tried), type);
  const cast = (of: Expression, to: SqlType = type): Expression =>
    of.type.kind === to.kind && !('length' in to) ? of : always(of, to);
  const prefix = tried ? 'try_' : '';
  const name: Expression = textConstant(zone);
  if (type.kind !== 'timestamptz') {
    if (typeIsText(type)) return cast(callByName('zoned_to_text', [input, name]));
    return cast(callByName(`${prefix}timezone`, [name, input]));
  }
  const { kind } = input.type;
  return kind === 'date' || kind === 'timestamp'
    ? callByName(`${prefix}timezone`, [name, cast(input, TIMESTAMP)])
    : callByName(`${prefix}zoned_from_text`, [cast(input, TEXT), name]);
}

/** What instants are cast to by the clocks of a zone, and from but for time of day. */
const isOfClocks = (type: SqlType): boolean =>
  ['date', 'timestamp', 'time', 'unknown'].includes(type.kind) || typeIsText(type);

/** Does a cast depend on the time zone? */
function asksForZone(from: SqlType, to: SqlType): boolean {
  if (isNestedType(from) && isNestedType(to)) {
    const targets = componentTypes(to);
    return componentTypes(from).some((part, place) => targets[place] && asksForZone(part, targets[place]));
  }
  if (isNestedType(from)) return hasInstants(from);
  if (isNestedType(to)) return hasInstants(to);
  return from.kind === 'timestamptz' ? isOfClocks(to) : to.kind === 'timestamptz' && isOfClocks(from);
}

export const hasInstants = (type: SqlType): boolean => someType(type, ({ kind }) => kind === 'timestamptz');

/** A value in which instants have become texts. */
export function withInstantsAs(value: Expression, textOf: (instant: Expression) => Expression): Expression {
  const { type } = value;
  if (!hasInstants(type)) return value;
  const change = (part: Expression): Expression => withInstantsAs(part, textOf);
  const changed = withTexts(type);
  switch (changed.kind) {
    case 'array':
      return overElements(value, changed, change);
    case 'map':
      return overEntries(value, changed, change, change);
    case 'struct':
      return overFields(value, changed, change);
    default:
      return textOf(value);
  }
}

/** The type that has texts in place of instants. */
export function withTexts(type: SqlType): SqlType {
  switch (type.kind) {
    case 'timestamptz':
      return TEXT;
    case 'array':
      return { ...type, element: withTexts(type.element) };
    case 'map':
      return { ...type, key: withTexts(type.key), value: withTexts(type.value) };
    case 'struct':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: withTexts(field.type) })) };
    default:
      return type;
  }
}
