import { userError } from '../../../common/errors.js';
import { decodeNested, encodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { componentTypes, formatTypeName, type NestedType, type SqlType } from '../../../types/sql-type.js';
import type { VectorCreate } from '../../function-types.js';

/**
 * The first argument as a value of the second's type, which differs from its own in lengths of text: padded for
 * char(n), and too long a text fails (22001) unless only spaces are beyond.
 */
export const storedLengths: VectorCreate =
  (_, returns) =>
  ([value]) =>
    value === null
      ? null
      : encodeNested(
          storedParts(decodeNested(value as Uint8Array, returns as NestedType), returns),
          returns as NestedType,
        );

function storedParts(value: readonly NestedValue[], type: SqlType): readonly NestedValue[] {
  const parts = componentTypes(type);
  switch (type.kind) {
    case 'array':
      return value.map((element) => stored(element, type.element));
    case 'map':
      return value.map((pair) => (pair as readonly NestedValue[]).map((part, i) => stored(part, parts[i]!)));
    default:
      return value.map((field, i) => stored(field, parts[i]!));
  }
}

function stored(value: NestedValue, type: SqlType): NestedValue {
  if (value === null) return null;
  if (type.kind === 'char' || type.kind === 'varchar') {
    return type.length === undefined ? value : fit(value as string, type, type.length);
  }
  return Array.isArray(value) ? storedParts(value, type) : value;
}

function fit(text: string, type: SqlType, length: number): string {
  const characters = [...text];
  if (characters.length > length && characters.slice(length).some((character) => character !== ' ')) {
    throw userError('22001', `value too long for type ${formatTypeName(type)}(${length})`, {
      hint: 'Cut it with left(), or cast it, which cuts too.',
    });
  }
  const kept = characters.slice(0, length).join('');
  return type.kind === 'char' ? kept + ' '.repeat(Math.max(0, length - characters.length)) : kept;
}
