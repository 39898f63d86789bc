import { notSupportedError, userError } from '../../common/errors.js';
import { BOOLEAN, BYTEA, formatType, hasCanonicalBytes, isNestedType, someType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';

/** Keys of hash tables are equal when their bytes are. */
export function checkHashable({ type }: Expression): void {
  if (type.kind === 'json') throw withoutEquality();
  if (type.kind === 'jsonb') {
    throw notSupportedError('UNION of jsonb in WITH RECURSIVE is not supported', {
      hint: 'Write UNION ALL, or cast the column to text.',
    });
  }
  if (!isNestedType(type) || hasCanonicalBytes(type)) return;
  throw notSupportedError(`grouping and joining by ${formatType(type)} is not supported`, {
    hint: 'Intervals and jsonb values are equal that are written differently: cast the value to text.',
  });
}

/** What rows are sorted by, for an expression that they are to be ordered by. */
export function sortable(expression: Expression): Expression {
  const { type } = expression;
  if (type.kind === 'json') {
    throw userError('42883', 'could not identify an ordering operator for type json', {
      hint: 'Order by a part of it: value ->> key.',
    });
  }
  if (type.kind === 'jsonb') return keyOfJson(expression);
  if (isNestedType(type) && someType(type, ({ kind }) => kind === 'jsonb')) {
    throw notSupportedError(`ordering by ${formatType(type)} is not supported`, {
      hint: 'Order by the jsonb values themselves, or cast the value to text.',
    });
  }
  return expression;
}

/** What rows are hashed by, in joins, groups and partitions, for an expression by whose equality they come together. */
export function hashable(expression: Expression): Expression {
  if (expression.type.kind === 'json') throw withoutEquality();
  if (expression.type.kind === 'jsonb') return keyOfJson(expression);
  checkHashable(expression);
  return expression;
}

function withoutEquality(): Error {
  return userError('42883', 'could not identify an equality operator for type json', {
    hint: 'Take a part of it, value ->> key, or cast it to text.',
  });
}

/** The order of jsonb is not that of its text. */
function keyOfJson(value: Expression): Expression {
  const ascending: Expression = { kind: 'constant', type: BOOLEAN, value: false };
  return { kind: 'call', type: BYTEA, overload: 'sort_key(jsonb,boolean)', args: [value, ascending] };
}
