import { commonType, withoutLength } from '../../../types/coercion.js';
import {
  type ArrayType,
  arrayOf,
  hasCanonicalBytes,
  type MapType,
  type SqlType,
  sameType,
} from '../../../types/sql-type.js';
import type { FunctionImplementation, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';

/** A kernel called by memory; what it declines is done in TypeScript. */
export function memory(kernel: string, fallback?: VectorCreate): FunctionImplementation {
  return fallback ? { kind: 'memory', kernel, fallback } : { kind: 'memory', kernel };
}

export function elementOf(type: SqlType | undefined): SqlType {
  return type?.kind === 'array' ? type.element : { kind: 'unknown' };
}

/** The common type, undefined where there is none. */
function common(types: readonly SqlType[]): SqlType | undefined {
  try {
    return commonType(types, 'ARRAY');
  } catch {
    return undefined;
  }
}

/**
 * Places of arrays and of elements that have to fit: all are cast to the common type of the elements (PostgreSQL's
 * anycompatiblearray and anycompatible). Other places keep the type given in `rest`.
 */
export function compatible(
  arrays: readonly number[],
  elements: readonly number[] = [],
  rest: Readonly<Record<number, SqlType>> = {},
): (args: readonly SqlType[]) => readonly SqlType[] | undefined {
  return (args) => {
    if (arrays.some((place) => args[place]!.kind !== 'array' && args[place]!.kind !== 'unknown')) return undefined;
    if (!arrays.some((place) => args[place]!.kind === 'array') && elements.every((i) => args[i]!.kind === 'unknown')) {
      return undefined;
    }
    const found = [...arrays.map((place) => elementOf(args[place])), ...elements.map((place) => args[place]!)];
    const element = common(found.filter((type) => type.kind !== 'unknown'));
    if (!element) return undefined;
    const isUntyped = elements.some((place) => args[place]!.kind === 'unknown');
    return withElement(isUntyped ? withoutLength(element) : element, args);
  };
  function withElement(element: SqlType, args: readonly SqlType[]): readonly SqlType[] {
    return args.map((arg, place) =>
      arrays.includes(place) ? arrayOf(element) : elements.includes(place) ? element : (rest[place] ?? arg),
    );
  }
}

/** An array of any type, taken as it is. */
export const anArray = (args: readonly SqlType[]): readonly SqlType[] | undefined =>
  args[0]!.kind === 'array' ? args : undefined;

/** A map and a key of it. */
export function mapAndKey(args: readonly SqlType[]): readonly SqlType[] | undefined {
  const [map, key] = args;
  if (map?.kind !== 'map' || !key || !hasCanonicalBytes(map.key)) return undefined;
  return sameType(map.key, key) || key.kind === 'unknown' || common([map.key, key]) ? [map, map.key] : undefined;
}

export const firstType = (args: readonly SqlType[]): SqlType => args[0]!;
export const firstElement = (args: readonly SqlType[]): SqlType => (args[0] as ArrayType).element;
export const keysType = (args: readonly SqlType[]): SqlType => arrayOf((args[0] as MapType).key);
export const valuesType = (args: readonly SqlType[]): SqlType => arrayOf((args[0] as MapType).value);
export const valueType = (args: readonly SqlType[]): SqlType => (args[0] as MapType).value;

/** An overload that a kernel computes from memory. */
export function overload(
  args: ScalarOverloadDeclaration['args'],
  returns: ScalarOverloadDeclaration['returns'],
  implementation: FunctionImplementation,
  options: Partial<ScalarOverloadDeclaration> = {},
): ScalarOverloadDeclaration {
  return { args, returns, fallible: true, implementation, ...options };
}

/** An overload in TypeScript. */
export function vector(
  args: ScalarOverloadDeclaration['args'],
  returns: ScalarOverloadDeclaration['returns'],
  create: VectorCreate,
  options: Partial<ScalarOverloadDeclaration> = {},
): ScalarOverloadDeclaration {
  return { args, returns, fallible: true, implementation: { kind: 'vector', create }, ...options };
}

/** An overload that is spelled in SQL. */
export function spelledOverload(
  args: ScalarOverloadDeclaration['args'],
  returns: ScalarOverloadDeclaration['returns'],
  sql: string,
  options: Partial<ScalarOverloadDeclaration> = {},
): ScalarOverloadDeclaration {
  return { args, returns, fallible: true, implementation: { kind: 'spelled', sql }, ...options };
}
