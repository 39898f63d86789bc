import { userError } from '../../common/errors.js';
import { canCast, typeCategory } from '../../types/coercion.js';
import { formatTypeName, isNestedType, type SqlType, sameType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callByName } from '../logical/call-by-name.js';
import { fittingText, lengthOfText } from '../logical/fitting-text.js';
import type { BindContext } from './bind-context.js';
import { coerce } from './coerce.js';

/**
 * An expression as it is stored in a column: as `coerce` for assignment, but text that is too long for varchar(n) or
 * char(n) is an error (22001) unless only spaces are beyond, where an explicit cast would cut it.
 */
export function assign(
  context: BindContext,
  source: Expression,
  type: SqlType,
  position: number,
  column: string | undefined,
): Expression {
  if (column !== undefined && !canCast(source.type, type, 'assignment')) {
    const types = `is of type ${formatTypeName(type)} but expression is of type ${formatTypeName(source.type)}`;
    throw userError('42804', `column "${column}" ${types}`, {
      position,
      hint: 'You will need to rewrite or cast the expression.',
    });
  }
  if (isNestedType(type)) return assignNested(context, source, type, position);
  const length = lengthOfText(type);
  if (length === undefined || isShortEnough(source.type, length)) {
    return coerce(context, source, type, position, 'assignment');
  }
  return fittingText(coerce(context, source, TEXT, position, 'assignment'), type, length);
}

/** Texts within a nested value have to fit as well. */
function assignNested(context: BindContext, source: Expression, type: SqlType, position: number): Expression {
  const unlimited = withoutLengths(type);
  if (sameType(source.type, type) || sameType(unlimited, type)) {
    return coerce(context, source, type, position, 'assignment');
  }
  const texts = coerce(context, source, unlimited, position, 'assignment');
  return callByName('stored_lengths', [texts, { kind: 'constant', type, value: null }]);
}

function withoutLengths(type: SqlType): SqlType {
  switch (type.kind) {
    case 'char':
    case 'varchar':
      return type.length === undefined ? type : TEXT;
    case 'array':
      return { kind: 'array', element: withoutLengths(type.element) };
    case 'map':
      return { kind: 'map', key: withoutLengths(type.key), value: withoutLengths(type.value) };
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, type: withoutLengths(field.type) })) };
    default:
      return type;
  }
}

function isShortEnough(type: SqlType, length: number): boolean {
  if (type.kind === 'varchar' || type.kind === 'char') return type.length !== undefined && type.length <= length;
  return type.kind !== 'unknown' && typeCategory(type.kind) !== 'string';
}
