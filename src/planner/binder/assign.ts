import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { canCast, typeCategory } from '../../types/coercion.js';
import { formatTypeName, isNestedType, type SqlType, sameType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { fittingText, lengthOfText } from '../logical/fitting-text.js';
import { overElements, overEntries, overFields } from '../logical/nested-parts.js';
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
  part?: Ast.AssignedExpression['part'],
): Expression {
  if (column !== undefined && !canCast(source.type, type, 'assignment')) {
    const isElement = part !== undefined && part.field === undefined;
    const what = part?.field === undefined ? `column "${column}"` : `subfield "${part.field}"`;
    const start = isElement ? `subscripted assignment to "${column}" requires` : `${what} is of`;
    const types = `type ${formatTypeName(type)} but expression is of type ${formatTypeName(source.type)}`;
    throw userError('42804', `${start} ${types}`, {
      position: part?.position ?? position,
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
  return fitting(coerce(context, source, unlimited, position, 'assignment'), type);
}

/** A value as one of a type that differs in lengths of text only. */
function fitting(value: Expression, type: SqlType): Expression {
  if (sameType(value.type, type)) return value;
  switch (type.kind) {
    case 'array':
      return overElements(value, type, (element) => fitting(element, type.element));
    case 'map':
      return overEntries(
        value,
        type,
        (key) => fitting(key, type.key),
        (entry) => fitting(entry, type.value),
      );
    case 'struct':
      return overFields(value, type, (field, place) => fitting(field, type.fields[place]!.type));
    default:
      return fittingText(value, type, lengthOfText(type)!);
  }
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
