import { userError } from '../../common/errors.js';
import { resolveScalarFunction } from '../../functions/registry.js';
import { canCast, typeCategory } from '../../types/coercion.js';
import { BOOLEAN, formatTypeName, INTEGER, isNestedType, type SqlType, sameType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { caseBranch } from '../logical/expression-tree.js';
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
  const length = type.kind === 'varchar' || type.kind === 'char' ? type.length : undefined;
  if (length === undefined || isShortEnough(source.type, length)) {
    return coerce(context, source, type, position, 'assignment');
  }
  const text = coerce(context, source, TEXT, position, 'assignment');
  const limit: Expression = { kind: 'constant', type: INTEGER, value: length };
  const within: Expression = {
    kind: 'comparison',
    type: BOOLEAN,
    operator: '<=',
    left: call('char_length', [call('rtrim', [text])]),
    right: limit,
  };
  const name: Expression = {
    kind: 'constant',
    type: TEXT,
    value: type.kind === 'char' ? 'character' : 'character varying',
  };
  return {
    kind: 'case',
    type,
    branches: [caseBranch(within, { kind: 'cast', type, input: text })],
    otherwise: { kind: 'cast', type, input: call('reject_too_long', [text, limit, name]) },
  };
}

/** Texts within a nested value have to fit as well. */
function assignNested(context: BindContext, source: Expression, type: SqlType, position: number): Expression {
  const unlimited = withoutLengths(type);
  if (sameType(source.type, type) || sameType(unlimited, type)) {
    return coerce(context, source, type, position, 'assignment');
  }
  const texts = coerce(context, source, unlimited, position, 'assignment');
  return call('stored_lengths', [texts, { kind: 'constant', type, value: null }]);
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

function call(name: string, args: readonly Expression[]): Expression {
  const resolved = resolveScalarFunction(
    name,
    args.map((arg) => arg.type),
  );
  return { kind: 'call', type: resolved.returns, overload: resolved.overload, args };
}
