import { MillraceError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { typeFromName } from '../../types/coercion.js';
import { arrayOf, formatType, type SqlType, type StructField, someType } from '../../types/sql-type.js';
import { atPosition } from './bind-context.js';

/** The type that a type name stands for: scalars, rows of tables, `integer[]`, `struct(a integer, b text)` and `map(text, integer)`. */
export function bindTypeName(type: Ast.TypeName, rowTypeOf?: RowTypeOf): SqlType {
  return type.arrayDimensions.reduce<SqlType>((element) => arrayOf(element), baseTypeOf(type, rowTypeOf));
}

/** The type of a table's rows, by its name; undefined if there is no such table. */
export type RowTypeOf = (name: Ast.QualifiedName) => SqlType | undefined;

/** Is it a name that no built-in type has? It may be that of a table. */
export function mayBeTable(type: Ast.TypeName): boolean {
  return type.arguments === undefined && !isTypeName(type);
}

/** Has a built-in type that name? */
export function isTypeName({ name }: Ast.TypeName): boolean {
  try {
    typeFromName(name.parts.map((part) => part.name));
    return true;
  } catch (error) {
    return !(error instanceof MillraceError && error.code === '42704');
  }
}

function baseTypeOf(type: Ast.TypeName, rowTypeOf: RowTypeOf | undefined): SqlType {
  const words = type.name.parts.map((part) => part.name);
  const name = words.join('.');
  switch (name) {
    case 'struct':
    case 'row':
      return { kind: 'struct', fields: fieldsOf(name, type) };
    case 'map':
      return mapOf(type);
    case 'array':
      return sparkArrayOf(type);
    default:
      if (type.arguments !== undefined) {
        throw userError('42601', `type ${name} takes no types`, {
          position: type.position,
          hint: 'Types within types are written integer[], struct(a integer, b text) and map(text, integer).',
        });
      }
      return (
        (rowTypeOf && mayBeTable(type) ? rowTypeOf(type.name) : undefined) ??
        atPosition(type.position, () => typeFromName(words, type.modifiers))
      );
  }
}

function fieldsOf(name: string, type: Ast.TypeName): readonly StructField[] {
  const fields = (type.arguments ?? []).map(({ label, type: fieldType }): StructField => {
    if (label !== undefined) return { name: label.name, type: bindTypeName(fieldType) };
    throw malformed(type, `a field of a ${name} needs a name and a type`);
  });
  if (fields.length === 0 || type.modifiers.length > 0) {
    throw malformed(type, `type ${name} needs fields, with a name and a type each`);
  }
  const names = fields.map((field) => field.name);
  const twice = names.find((field, index) => names.indexOf(field) < index);
  if (twice === undefined) return fields;
  throw userError('42701', `field "${twice}" specified more than once`, { position: type.position });
}

function mapOf(type: Ast.TypeName): SqlType {
  const [key, value, ...more] = type.arguments ?? [];
  const isNamed = key?.label !== undefined || value?.label !== undefined;
  if (key === undefined || value === undefined || more.length > 0 || isNamed || type.modifiers.length > 0) {
    throw malformed(type, 'type map needs a type of keys and a type of values');
  }
  const keyType = bindTypeName(key.type);
  if (someType(keyType, ({ kind }) => kind === 'json' || kind === 'jsonb' || kind === 'interval')) {
    throw userError('42804', `keys of a map cannot be of type ${formatType(keyType)}`, { position: key.type.position });
  }
  return { kind: 'map', key: keyType, value: bindTypeName(value.type) };
}

/** Spark's `array<int>`. */
function sparkArrayOf(type: Ast.TypeName): SqlType {
  const [element, ...more] = type.arguments ?? [];
  if (element === undefined || element.label !== undefined || more.length > 0 || type.modifiers.length > 0) {
    throw malformed(type, 'type array needs a type of elements');
  }
  return arrayOf(bindTypeName(element.type));
}

function malformed({ position }: Ast.TypeName, message: string): Error {
  return userError('42601', message, {
    position,
    hint: 'Write struct(a integer, b text), map(text, integer) or array<integer>.',
  });
}
