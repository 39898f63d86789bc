import type { ScalarFunction } from '../../function-types.js';
import { spelledOverload } from './overloads.js';

/*
 * What assignments to parts of arrays stand for: UPDATE … SET a[i] = x.
 */

const PUT = `case when $2 is null then fail_with($1, '22004', 'array subscript in assignment must not be null', 'Give the place of an element.')
  when $2 < 1 then fail_with($1, '2202E', 'array subscript out of range', 'Arrays begin at 1.')
  else list_transform(series_array(1, greatest(coalesce(array_size($1), 0), $2)),
    place -> case when place = $2 then $3 else $1[place] end) end`;

export const arrayAssignments: readonly ScalarFunction[] = [
  {
    name: 'array_put',
    internal: true,
    doc: 'An array with another element at a place, and NULLs between where it was shorter: UPDATE … SET a[i] = x.',
    overloads: [spelledOverload(['array', 'integer', 'any'], ([array]) => array!, PUT, { strict: false })],
  },
];
