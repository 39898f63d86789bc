import { INTEGER } from '../../../types/sql-type.js';
import type { ScalarFunction } from '../../function-types.js';
import { spelledOverload } from './overloads.js';

/*
 * What assignments to parts of arrays stand for: UPDATE … SET a[i] = x.
 */

const PUT = `case when $2 is null then fail_with($1, '22004', 'array subscript in assignment must not be null', 'Give the place of an element.')
  when $2 < 1 then fail_with($1, '2202E', 'array subscript out of range', 'Arrays begin at 1.')
  else list_transform(series_array(1, greatest(coalesce(array_size($1), 0), $2)),
    place -> case when place = $2 then $3 else $1[place] end) end`;

const NO_BOUNDS = `fail_with(1, '2202E', 'array slice subscript must provide both boundaries', 'Name the first and the last place: the array is empty.')`;
const PUT_SLICE = `case
  when $2 is null or $3 is null then fail_with($1, '22004', 'array subscript in assignment must not be null', 'Give the places of elements.')
  when $4 is null then $1
  when $3 < $2 then fail_with($1, '2202E', 'upper bound cannot be less than lower bound')
  when $2 < 1 then fail_with($1, '2202E', 'array subscript out of range', 'Arrays begin at 1.')
  when array_size($4) < $3 - $2 + 1 then fail_with($1, '2202E', 'source array too small')
  else list_transform(series_array(1, greatest(coalesce(array_size($1), 0), $3)),
    place -> case when place between $2 and $3 then $4[place - $2 + 1] else $1[place] end) end`;

const boundOf = (sql: string): string => `case when coalesce(array_size($1), 0) = 0 then ${NO_BOUNDS} else ${sql} end`;

export const arrayAssignments: readonly ScalarFunction[] = [
  {
    name: 'array_put',
    internal: true,
    doc: 'An array with another element at a place, and NULLs between where it was shorter: UPDATE … SET a[i] = x.',
    overloads: [spelledOverload(['array', 'integer', 'any'], ([array]) => array!, PUT, { strict: false })],
  },
  {
    name: 'array_put_slice',
    internal: true,
    doc: 'An array with the elements of another one between two places: UPDATE … SET a[i:j] = x.',
    overloads: [
      spelledOverload(['array', 'integer', 'integer', 'array'], ([array]) => array!, PUT_SLICE, { strict: false }),
    ],
  },
  {
    name: 'array_first_place',
    internal: true,
    doc: 'Where a slice begins that has no first place, in an assignment.',
    overloads: [spelledOverload(['array'], () => INTEGER, boundOf('1'), { strict: false })],
  },
  {
    name: 'array_last_place',
    internal: true,
    doc: 'Where a slice ends that has no last place, in an assignment.',
    overloads: [spelledOverload(['array'], () => INTEGER, boundOf('array_size($1)'), { strict: false })],
  },
];
