import { INTEGER } from '../../../types/sql-type.js';
import type { ScalarFunction } from '../../function-types.js';
import { spelledOverload } from './overloads.js';

/*
 * What functions of any number of arguments are of an array behind VARIADIC.
 */

const JSON_ARRAY = `('[' || array_to_string(list_transform($1, x -> to_json(x)::text), ', ', 'null') || ']')::json`;

const PLACES_OF_PAIRS = 'series_array(1, array_size($1) / 2)';
const PLACES_WITHOUT_KEY = `(list_filter(${PLACES_OF_PAIRS}, i -> $1[2 * i - 1] is null))`;
const jsonObject = (type: 'json' | 'jsonb'): string => `case
  when array_size($1) % 2 = 1 then fail_with(null::${type}, '22023', 'argument list must have even number of elements',
    'The arguments of ${type}_build_object() must consist of alternating keys and values.')
  when array_size(${PLACES_WITHOUT_KEY}) > 0 then fail_with(null::${type}, ${
    type === 'json'
      ? `'22004', 'null value not allowed for object key'`
      : `'22023', concat('argument ', 2 * ${PLACES_WITHOUT_KEY}[1] - 1, ': key must not be null')`
  })
  else ('{' || array_to_string(list_transform(${PLACES_OF_PAIRS},
    i -> to_json(to_json($1[2 * i - 1]) #>> '{}')::text || ' : ' || coalesce(to_json($1[2 * i])::text, 'null')), ', ') || '}')::${type} end`;

export const variadicFunctions: readonly ScalarFunction[] = [
  {
    name: 'json_array_of_elements',
    internal: true,
    doc: 'json_build_array(VARIADIC array).',
    overloads: [spelledOverload(['array'], () => ({ kind: 'json' }), JSON_ARRAY)],
  },
  {
    name: 'json_object_of_elements',
    internal: true,
    doc: 'json_build_object(VARIADIC array).',
    overloads: [spelledOverload(['array'], () => ({ kind: 'json' }), jsonObject('json'))],
  },
  {
    name: 'jsonb_object_of_elements',
    internal: true,
    doc: 'jsonb_build_object(VARIADIC array).',
    overloads: [spelledOverload(['array'], () => ({ kind: 'jsonb' }), jsonObject('jsonb'))],
  },
  {
    name: 'count_null_elements',
    internal: true,
    doc: 'num_nulls(VARIADIC array).',
    overloads: [spelledOverload(['array'], () => INTEGER, 'array_size(list_filter($1, x -> x is null))')],
  },
  {
    name: 'count_filled_elements',
    internal: true,
    doc: 'num_nonnulls(VARIADIC array).',
    overloads: [spelledOverload(['array'], () => INTEGER, 'array_size(list_filter($1, x -> x is not null))')],
  },
];
