import { POWERS_OF_TEN } from '../../../kernels/constant-tables.js';
import { arrayOf, BIGINT, BOOLEAN, INTEGER, TEXT } from '../../../types/sql-type.js';
import type { MemoryImplementation, ScalarFunction, ScalarOverloadDeclaration } from '../../function-types.js';
import * as js from './array-functions-js.js';
import {
  anArray,
  compatible,
  elementOf,
  firstElement,
  firstType,
  memory,
  overload,
  spelledOverload,
  vector,
} from './overloads.js';
import { seriesArray } from './series-array.js';

/** The kernel writes numbers by the powers of ten. */
const joining: MemoryImplementation = {
  kind: 'memory',
  kernel: 'arrayToText',
  fallback: js.joined,
  needs: 'powersOfTen',
  constant: () => new Uint8Array(Uint32Array.of(POWERS_OF_TEN).buffer),
};

const loose = { strict: false } as const;
/** Elements are compared. */
const comparing = { comparesValues: true } as const;

/** Two arrays of one type. */
const pair = (kernel: string): ScalarOverloadDeclaration =>
  overload(['array', 'array'], BOOLEAN, memory(kernel), { coerce: compatible([0, 1]), ...comparing });

/** An array and an element. */
const search = (
  kernel: string,
  returns: ScalarOverloadDeclaration['returns'],
  options: Partial<ScalarOverloadDeclaration> = loose,
): ScalarOverloadDeclaration =>
  overload(['array', 'any'], returns, memory(kernel), { coerce: compatible([0], [1]), ...options });

const concatenation: readonly ScalarOverloadDeclaration[] = [
  overload(['array', 'array'], firstType, memory('arrayConcatenate'), { coerce: compatible([0, 1]), ...loose }),
];

const append = search('arrayAppend', firstType);
const prepend = overload(['any', 'array'], (args) => args[1]!, memory('arrayPrepend'), {
  coerce: compatible([1], [0]),
  ...loose,
});

/** For the operator, where an untyped literal beside an element is no array. */
const beside = (declared: ScalarOverloadDeclaration, array: number): ScalarOverloadDeclaration => ({
  ...declared,
  coerce: (args) => (args[array]!.kind === 'array' ? declared.coerce!(args) : undefined),
});

/** PostgreSQL's MAXDIM. */
const DIMENSIONS = [1, 2, 3, 4, 5, 6] as const;
const dimensionCount = `case ${DIMENSIONS.toReversed()
  .map((dimension) => `when array_length($1, ${dimension}) is not null then ${dimension}`)
  .join(' ')} end`;
const dimensionBounds = `nullif(concat(${DIMENSIONS.map((dimension) => `'[1:' || array_length($1, ${dimension}) || ']'`)}), '')`;

const MOST_ELEMENTS = 134_217_727;
const filled = `case
  when $2 is null then fail_with(array[$1], '22004', 'dimension array or low bound array cannot be null')
  when array_position($2, null) is not null then fail_with(array[$1], '22004', 'dimension values cannot be null')
  when array_size($2) > 1 then fail_with(array[$1], '0A000', 'array_fill of several dimensions is not supported',
    'Fill an array with an array: array_fill(array_fill(x, array[3]), array[2]).')
  when $2[1] < 0 or $2[1] > ${MOST_ELEMENTS} then
    fail_with(array[$1], '54000', 'array size exceeds the maximum allowed (${MOST_ELEMENTS})')
  else list_transform(series_array(1, coalesce($2[1], 0)), place -> $1) end`;

export const arrayFunctions: readonly ScalarFunction[] = [
  {
    name: 'list_value',
    aliases: ['array_construct'],
    doc: 'An array of its arguments: ARRAY[…] as a function.',
    example: { sql: 'list_value(1, 2, 3)', result: '{1,2,3}' },
    overloads: [
      overload(['any'], (args) => arrayOf(args[0]!), memory('arrayOfElements'), {
        variadic: true,
        unify: true,
        ...loose,
      }),
    ],
  },
  {
    name: '||',
    doc: 'Concatenation of arrays, or of an array and an element.',
    example: { sql: 'array[1, 2] || 3', result: '{1,2,3}' },
    overloads: [...concatenation, beside(append, 0), beside(prepend, 1)],
  },
  {
    name: '@>',
    doc: 'Does the first array contain every element of the second?',
    example: { sql: 'array[1, 2, 3] @> array[3, 1]', result: 't' },
    overloads: [pair('arrayContains')],
  },
  {
    name: '<@',
    doc: 'Is every element of the first array one of the second?',
    example: { sql: 'array[1] <@ array[1, 2]', result: 't' },
    overloads: [pair('arrayIsContained')],
  },
  {
    name: '&&',
    doc: 'Have the arrays an element in common?',
    example: { sql: 'array[1, 2] && array[2, 3]', result: 't' },
    overloads: [pair('arraysOverlap')],
  },
  {
    name: 'array_subscript',
    doc: 'The element at a place, counted from 1: a[i] as a function. NULL beyond the bounds.',
    example: { sql: "array_subscript(array['a', 'b'], 2)", result: 'b' },
    overloads: [overload(['array', 'integer'], firstElement, memory('arrayElement'))],
  },
  {
    name: 'posexplode',
    doc: 'The elements of an array with their places from 0, a row each.',
    example: { sql: "posexplode(array['a', 'b'])", result: '(0,a)\n(1,b)' },
    set: { columns: ['pos', 'col'] },
    overloads: [
      vector(
        ['array'],
        (args) =>
          arrayOf({
            kind: 'struct',
            fields: [
              { name: 'pos', type: INTEGER },
              { name: 'col', type: firstElement(args) },
            ],
          }),
        js.withPlaces,
      ),
    ],
  },
  {
    name: 'array_slice',
    aliases: ['list_slice'],
    doc: 'The elements from one place to another, both included: a[i:j] as a function.',
    example: { sql: 'array_slice(array[1, 2, 3, 4], 2, 3)', result: '{2,3}' },
    overloads: [overload(['array', 'integer', 'integer'], firstType, memory('arraySlice'))],
  },
  {
    name: 'cardinality',
    doc: 'Number of elements of an array in all of its dimensions, or of entries of a map.',
    example: { sql: 'cardinality(array[[1, 2], [3, 4]])', result: '4' },
    overloads: [
      overload(['array'], INTEGER, memory('arrayElementCount'), { fallible: false }),
      overload(['map'], INTEGER, memory('arraySize'), { fallible: false }),
    ],
  },
  {
    name: 'array_size',
    aliases: ['len', 'size'],
    doc: 'Number of elements of an array, arrays among them counting as one, or of entries of a map.',
    example: { sql: 'array_size(array[[1, 2], [3, 4]])', result: '2' },
    overloads: [
      overload(['array'], INTEGER, memory('arraySize'), { fallible: false }),
      overload(['map'], INTEGER, memory('arraySize'), { fallible: false }),
    ],
  },
  {
    name: 'array_length',
    doc: 'Length of a dimension of an array; NULL when it is empty.',
    example: { sql: 'array_length(array[1, 2, 3], 1)', result: '3' },
    overloads: [overload(['array', 'integer'], INTEGER, memory('arrayLength'))],
  },
  {
    name: 'array_upper',
    doc: 'Upper bound of a dimension of an array: its length, since arrays begin at 1.',
    example: { sql: 'array_upper(array[1, 2, 3], 1)', result: '3' },
    overloads: [overload(['array', 'integer'], INTEGER, memory('arrayLength'))],
  },
  {
    name: 'array_lower',
    doc: 'Lower bound of a dimension of an array: 1.',
    example: { sql: 'array_lower(array[1, 2, 3], 1)', result: '1' },
    overloads: [
      spelledOverload(['array', 'integer'], INTEGER, 'case when array_length($1, $2) is not null then 1 end', loose),
    ],
  },
  {
    name: 'array_ndims',
    doc: 'Number of dimensions; NULL for an empty array.',
    example: { sql: 'array_ndims(array[[1, 2], [3, 4]])', result: '2' },
    overloads: [spelledOverload(['array'], INTEGER, dimensionCount, loose)],
  },
  {
    name: 'array_dims',
    doc: 'The bounds of all dimensions as text.',
    example: { sql: 'array_dims(array[1, 2, 3])', result: '[1:3]' },
    overloads: [spelledOverload(['array'], TEXT, dimensionBounds, loose)],
  },
  {
    name: 'array_append',
    aliases: ['list_append'],
    doc: 'The array with one more element at its end.',
    example: { sql: 'array_append(array[1, 2], 3)', result: '{1,2,3}' },
    overloads: [append],
  },
  {
    name: 'array_prepend',
    aliases: ['list_prepend'],
    doc: 'The array with one more element at its beginning.',
    example: { sql: 'array_prepend(1, array[2, 3])', result: '{1,2,3}' },
    overloads: [prepend],
  },
  {
    name: 'array_cat',
    aliases: ['array_concat', 'list_cat', 'list_concat'],
    doc: 'The elements of both arrays.',
    example: { sql: 'array_cat(array[1, 2], array[3])', result: '{1,2,3}' },
    overloads: concatenation,
  },
  {
    name: 'array_position',
    aliases: ['list_position', 'list_indexof'],
    doc: 'The place of the first element that is not distinct from a value, from a place on if given; else NULL.',
    example: { sql: "array_position(array['a', 'b', 'c'], 'b')", result: '2' },
    overloads: [
      search('arrayPosition', INTEGER, { ...loose, ...comparing }),
      overload(['array', 'any', 'integer'], INTEGER, memory('arrayPosition', js.positionError), {
        coerce: compatible([0], [1], { 2: INTEGER }),
        ...loose,
        ...comparing,
      }),
    ],
  },
  {
    name: 'array_positions',
    doc: 'The places of all elements that are not distinct from a value.',
    example: { sql: 'array_positions(array[1, 2, 1], 1)', result: '{1,3}' },
    overloads: [search('arrayPositions', arrayOf(INTEGER), { ...loose, ...comparing })],
  },
  {
    name: 'array_remove',
    doc: 'The array without the elements that are not distinct from a value.',
    example: { sql: 'array_remove(array[1, 2, 1], 1)', result: '{2}' },
    overloads: [search('arrayRemove', firstType, { ...loose, ...comparing })],
  },
  {
    name: 'array_replace',
    doc: 'The array with one value in the place of another.',
    example: { sql: 'array_replace(array[1, 2, 1], 1, 9)', result: '{9,2,9}' },
    overloads: [
      overload(['array', 'any', 'any'], firstType, memory('arrayReplace'), {
        coerce: compatible([0], [1, 2]),
        ...loose,
        ...comparing,
      }),
    ],
  },
  {
    name: 'list_contains',
    aliases: ['array_contains', 'array_has', 'list_has'],
    doc: 'Is a value among the elements?',
    example: { sql: 'list_contains(array[1, 2], 2)', result: 't' },
    overloads: [search('arrayContainsValue', BOOLEAN, comparing)],
  },
  {
    name: 'array_to_string',
    aliases: ['array_join'],
    doc: 'The elements as text with a separator between them; NULLs are left out, or written as the third argument.',
    example: { sql: "array_to_string(array[1, null, 3], ',', '-')", result: '1,-,3' },
    overloads: [overload(['array', 'text'], TEXT, joining), overload(['array', 'text', 'text'], TEXT, joining, loose)],
  },
  {
    name: 'string_to_array',
    doc: 'The parts of a text between separators; parts equal to the third argument become NULL.',
    example: { sql: "string_to_array('a,b,c', ',')", result: '{a,b,c}' },
    overloads: [
      overload(['text', 'text'], arrayOf(TEXT), memory('textSplit'), loose),
      overload(['text', 'text', 'text'], arrayOf(TEXT), memory('textSplit'), loose),
    ],
  },
  {
    name: 'string_to_table',
    doc: 'The parts of a text between separators, a row each; parts equal to the third argument become NULL.',
    example: { sql: "string_to_table('a,b,c', ',')", result: 'a\nb\nc' },
    set: {},
    overloads: [
      overload(['text', 'text'], arrayOf(TEXT), memory('textSplit'), loose),
      overload(['text', 'text', 'text'], arrayOf(TEXT), memory('textSplit'), loose),
    ],
  },
  {
    name: 'array_fill',
    doc: 'An array of one value, as long as the second argument says.',
    example: { sql: 'array_fill(7, array[3])', result: '{7,7,7}' },
    overloads: [
      spelledOverload(['any', 'array'], (args) => arrayOf(args[0]!), filled, {
        coerce: (args) => [args[0]!.kind === 'unknown' ? TEXT : args[0]!, arrayOf(INTEGER)],
        ...loose,
      }),
    ],
  },
  {
    name: 'trim_array',
    doc: 'The array without its last elements.',
    example: { sql: 'trim_array(array[1, 2, 3, 4], 2)', result: '{1,2}' },
    overloads: [overload(['array', 'integer'], firstType, memory('arrayTrim', js.trimError))],
  },
  {
    name: 'flatten',
    internal: true,
    doc: 'The elements of the arrays of an array; the second argument tells their type.',
    overloads: [
      overload(['array', 'any'], firstElement, memory('arrayFlatten'), {
        coerce: (args) => (elementOf(args[0]).kind === 'array' ? args : undefined),
        ...loose,
      }),
    ],
  },
  seriesArray,
  {
    name: 'array_reverse',
    aliases: ['list_reverse'],
    doc: 'The elements in the opposite order.',
    example: { sql: 'array_reverse(array[1, 2, 3])', result: '{3,2,1}' },
    overloads: [overload(['array'], firstType, memory('arrayReverse'), { coerce: anArray })],
  },
  {
    name: 'array_sort',
    aliases: ['list_sort'],
    doc: 'The elements in ascending order, NULLs last; descending and NULLs first where the flags say so.',
    example: { sql: 'array_sort(array[3, 1, 2])', result: '{1,2,3}' },
    overloads: [
      overload(['array'], firstType, memory('arraySort'), { coerce: anArray, ...comparing }),
      overload(['array', 'boolean'], firstType, memory('arraySort'), { coerce: anArray, ...comparing }),
      overload(['array', 'boolean', 'boolean'], firstType, memory('arraySort'), { coerce: anArray, ...comparing }),
    ],
  },
  {
    name: 'array_distinct',
    aliases: ['list_distinct'],
    doc: 'The elements without duplicates, in the order of their first place; NULL is left out.',
    example: { sql: 'array_distinct(array[2, 1, 2])', result: '{2,1}' },
    overloads: [overload(['array'], firstType, memory('arrayDistinct'), { coerce: anArray, ...comparing })],
  },
  {
    name: 'array_min',
    aliases: ['list_min'],
    doc: 'The least element that is not NULL.',
    example: { sql: 'array_min(array[3, 1, 2])', result: '1' },
    overloads: [overload(['array'], firstElement, memory('arrayMinimum'), { coerce: anArray, ...comparing })],
  },
  {
    name: 'array_max',
    aliases: ['list_max'],
    doc: 'The greatest element that is not NULL.',
    example: { sql: 'array_max(array[3, 1, 2])', result: '3' },
    overloads: [overload(['array'], firstElement, memory('arrayMaximum'), { coerce: anArray, ...comparing })],
  },
  {
    name: 'array_sum',
    aliases: ['list_sum'],
    doc: 'The sum of the elements that are not NULL, of integers as bigint.',
    example: { sql: 'array_sum(array[1, 2, 3])', result: '6' },
    overloads: [
      overload(['array'], BIGINT, memory('arraySumIntegers'), { coerce: ofKinds('smallint', 'integer', 'bigint') }),
      overload(['array'], { kind: 'double' }, memory('arraySumDoubles'), {
        coerce: ofKinds('double'),
        variant: 'double',
      }),
    ],
  },
  {
    name: 'array_avg',
    aliases: ['list_avg'],
    doc: 'The mean of the elements that are not NULL.',
    example: { sql: 'array_avg(array[1, 2, 6])', result: '3' },
    overloads: [
      overload(['array'], { kind: 'double' }, memory('arrayAverage'), {
        coerce: ofKinds('smallint', 'integer', 'bigint', 'double'),
      }),
    ],
  },
];

/** An array of one of these kinds. */
function ofKinds(...kinds: readonly string[]): ScalarOverloadDeclaration['coerce'] & {} {
  return (args) => (args[0]!.kind === 'array' && kinds.includes(elementOf(args[0]).kind) ? args : undefined);
}
