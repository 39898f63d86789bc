import { type ArrayType, arrayOf, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';

/**
 * What a cast to an array gives. PostgreSQL has one type for all numbers of dimensions: what has more of them than the
 * type says keeps them, and only what the array consists of is cast.
 */
export function arrayTypeOfCast(type: ArrayType, operand: Expression): ArrayType {
  return deepened(type, dimensionsOf(operand)) as ArrayType;
}

/** The type, with arrays around what it consists of until it has that many dimensions. */
export function deepened(type: SqlType, dimensions: number): SqlType {
  let result = type;
  for (let depth = depthOf(type); depth < dimensions; depth++) result = arrayOf(result);
  return result;
}

export function depthOf(type: SqlType): number {
  return type.kind === 'array' ? 1 + depthOf(type.element) : 0;
}

/** Of a literal that is still text: how many braces it begins with. */
function dimensionsOf(operand: Expression): number {
  if (operand.type.kind !== 'unknown') return depthOf(operand.type);
  if (operand.kind !== 'constant' || typeof operand.value !== 'string') return 0;
  return /^[\s{]*/.exec(operand.value)![0].replace(/\s/g, '').length;
}

/** One array of the elements of an array of arrays; undefined for other arrays. */
export function flattened(array: Expression): Expression | undefined {
  if (array.type.kind !== 'array' || array.type.element.kind !== 'array') return undefined;
  const sample: Expression = { kind: 'constant', type: array.type.element.element, value: null };
  return { kind: 'call', type: array.type.element, overload: 'flatten(array,any)', args: [array, sample] };
}
