import { decodeNested, encodeNested, type NestedValue } from '../../../types/nested-codec.js';
import type { ArrayType } from '../../../types/sql-type.js';
import type { ScalarFunction, VectorCreate } from '../../function-types.js';
import { nestedSortKey } from './nested-sort-key.js';
import { compatible, firstType, memory, overload } from './overloads.js';

// What two arrays have in common, and do not: kernels, and their twin in TypeScript.

/** The different elements of the first, NULL among them, that the second has, or has not. */
export const members =
  (wanted: boolean): VectorCreate =>
  ([type]) => {
    const array = type as ArrayType;
    const elements = (bytes: unknown): readonly NestedValue[] => decodeNested(bytes as Uint8Array, array);
    const keyOf = (value: NestedValue): string => nestedSortKey([value], array, false).toString();
    return ([first, second]) => {
      const others = new Set(elements(second).map(keyOf));
      const kept = new Map<string, NestedValue>();
      for (const value of elements(first)) {
        const key = keyOf(value);
        if (others.has(key) === wanted && !kept.has(key)) kept.set(key, value);
      }
      return encodeNested([...kept.values()], array);
    };
  };

const options = { coerce: compatible([0, 1]), comparesValues: true } as const;

export const arraySetFunctions: readonly ScalarFunction[] = [
  {
    name: 'array_intersect',
    aliases: ['list_intersect'],
    doc: 'The different elements of the first array that the second has too.',
    example: { sql: 'array_intersect(array[3, 1, 2, 3], array[2, 3])', result: '{3,2}' },
    overloads: [overload(['array', 'array'], firstType, memory('arrayIntersect', members(true)), options)],
  },
  {
    name: 'array_except',
    doc: 'The different elements of the first array that the second has not.',
    example: { sql: 'array_except(array[3, 1, 3, 2], array[2])', result: '{3,1}' },
    overloads: [overload(['array', 'array'], firstType, memory('arrayExcept', members(false)), options)],
  },
];
