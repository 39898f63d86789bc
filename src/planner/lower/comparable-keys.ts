import { userError } from '../../common/errors.js';
import { assertEquality } from '../../functions/registry.js';
import {
  BOOLEAN,
  BYTEA,
  formatType,
  hasCanonicalBytes,
  isNestedType,
  type SqlType,
  someType,
} from '../../types/sql-type.js';
import type { Expression } from '../expression.js';

/** Keys of hash tables are equal when their bytes are; intervals are brought into one form when they become keys. */
const isKeyAsItIs = (type: SqlType): boolean => hasCanonicalBytes(type) || type.kind === 'interval';

/** What rows are sorted by, for an expression that they are to be ordered by. */
export function sortable(expression: Expression): Expression {
  const { type } = expression;
  if (someType(type, ({ kind }) => kind === 'json')) {
    throw userError('42883', `could not identify an ordering operator for type ${formatType(type)}`, {
      hint: 'Order by a part of it: value ->> key.',
    });
  }
  return someType(type, ({ kind }) => kind === 'jsonb') ? keyOf(expression) : expression;
}

/** What rows are hashed by, in joins, groups and partitions, for an expression by whose equality they come together. */
export function hashable(expression: Expression): Expression {
  assertEquality(expression.type);
  return isKeyAsItIs(expression.type) ? expression : keyOf(expression);
}

/** Equal jsonb values, and what contains them or intervals, may be written differently. */
function keyOf(value: Expression): Expression {
  const kind = isNestedType(value.type) ? value.type.kind : 'jsonb';
  const ascending: Expression = { kind: 'constant', type: BOOLEAN, value: false };
  return { kind: 'call', type: BYTEA, overload: `sort_key(${kind},boolean)`, args: [value, ascending] };
}
