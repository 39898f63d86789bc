import { castOf } from '../../functions/casts/casts.js';
import { TRY_CAST } from '../../functions/casts/try-cast.js';
import { type SqlType, sameType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callOf } from './nested-parts.js';

/** A cast that is NULL where it would be an error. One that cannot fail is a cast. */
export function triedCast(type: SqlType, input: Expression): Expression {
  if (sameType(input.type, type)) return input;
  return castOf(input.type, type).fallible ? callOf(TRY_CAST, type, [input]) : { kind: 'cast', type, input };
}
