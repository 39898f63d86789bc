import type { NestedValue } from '../../types/nested-codec.js';
import { typeOidOf } from '../../types/postgres-types.js';
import { arrayOf, componentTypes, isNestedType, type NestedType, type SqlType, TEXT } from '../../types/sql-type.js';
import { parseUuidBytes } from '../../types/uuid-text.js';
import { encodeBinary, type ReferenceValue } from './format.js';

type Present = Exclude<NestedValue, null>;
type Elements = readonly NestedValue[];

/** A map's text, which stands for its binary form. */
export type MapText = (map: Elements, type: NestedType) => string;

const MOST_DIMENSIONS = 6;

/** array_send, record_send. */
export function encodeNestedBinary(value: Elements, type: NestedType, mapText: MapText): Uint8Array {
  switch (type.kind) {
    case 'map':
      return Buffer.from(mapText(value, type));
    case 'struct':
      return encodeStruct(value, componentTypes(type), mapText);
    case 'array':
      return encodeArray(value, type.element, mapText);
  }
}

function encodeStruct(fields: Elements, types: readonly SqlType[], mapText: MapText): Uint8Array {
  const parts = fields.map((field, i) => {
    const type = types[i]!;
    // Of a type that holds arrays, the value says what they are made of.
    const isUnknown = type.kind === 'array' && field === null;
    const known = type.kind === 'array' && !isUnknown ? arrayOf(innermostOf(field as Elements, type.element)) : type;
    return Buffer.concat([words(isUnknown ? typeOidOf(TEXT) : typeOidOf(known)), encodePart(field, type, mapText)]);
  });
  return Buffer.concat([words(fields.length), ...parts]);
}

function encodeArray(array: Elements, element: SqlType, mapText: MapText): Uint8Array {
  const lengths: number[] = [];
  let elements: Elements = array;
  let type = element;
  if (array.length > 0) lengths.push(array.length);
  while (type.kind === 'array' && lengths.length > 0 && lengths.length < MOST_DIMENSIONS) {
    const inner = elements as readonly (Elements | null)[];
    const length = inner[0]?.length ?? 0;
    if (length === 0 || inner.some((one) => one?.length !== length)) break;
    lengths.push(length);
    elements = inner.flat() as Elements;
    type = type.element;
  }
  const innermost = innermostOf(array, element);
  const oid = type.kind === 'array' && lengths.length > 0 ? typeOidOf(arrayOf(innermost)) : oidOfPart(type);
  return Buffer.concat([
    words(lengths.length, elements.includes(null) ? 1 : 0, oid, ...lengths.flatMap((length) => [length, 1])),
    ...elements.map((one) => encodePart(one, type, mapText)),
  ]);
}

/** What an array itself is made of is not known where it has no elements. */
const oidOfPart = (type: SqlType): number => typeOidOf(type.kind === 'array' ? TEXT : type);

/** What arrays of arrays are made of; text where there are only empty ones. */
function innermostOf(array: Elements, element: SqlType): SqlType {
  if (!isKnown(array, element)) return TEXT;
  return innermostType(element);
}

function innermostType(type: SqlType): SqlType {
  return type.kind === 'array' ? innermostType(type.element) : type;
}

function isKnown(array: Elements, element: SqlType): boolean {
  if (element.kind !== 'array') return true;
  return array.some((one) => one !== null && isKnown(one as Elements, element.element));
}

/** i32 length, −1 of NULL, and bytes. */
function encodePart(part: NestedValue, type: SqlType, mapText: MapText): Uint8Array {
  if (part === null) return words(-1);
  const bytes = isNestedType(type)
    ? encodeNestedBinary(part as Elements, type, mapText)
    : encodeBinary(type, referenceOf(part, type));
  return Buffer.concat([words(bytes.length), bytes]);
}

function referenceOf(value: Present, type: SqlType): ReferenceValue {
  if (typeof value !== 'string') return value as ReferenceValue;
  return type.kind === 'uuid' ? parseUuidBytes(value) : Buffer.from(value);
}

function words(...numbers: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(numbers.length * 4));
  numbers.forEach((number, i) => {
    bytes.setInt32(i * 4, number);
  });
  return new Uint8Array(bytes.buffer);
}
