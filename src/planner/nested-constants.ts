import { decodeNested, encodeNested, type NestedValue } from '../types/nested-codec.js';
import { type ArrayType, isNestedType } from '../types/sql-type.js';
import type { ConstantExpression, ConstantValue } from './expression.js';

/** The elements of a constant array that is not NULL. */
export function elementsOfConstant({ type, value }: ConstantExpression): ConstantExpression[] {
  const { element } = type as ArrayType;
  return decodeNested(value as Uint8Array, type as ArrayType).map((item) => ({
    kind: 'constant',
    type: element,
    value:
      isNestedType(element) && item !== null ? encodeNested(item as NestedValue[], element) : (item as ConstantValue),
  }));
}

/** How many elements a constant array has that is not NULL. */
export function elementCountOfConstant({ value }: ConstantExpression): number {
  const bytes = value as Uint8Array;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
