import {
  arrayOf,
  componentTypes,
  type MapType,
  type SqlType,
  type StructType,
  TEXT,
  UNKNOWN,
} from '../../../types/sql-type.js';
import { orNull } from '../../casts/try-cast.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import * as js from './array-functions-js.js';
import { firstElement, keysType, mapAndKey, memory, overload, valuesType, valueType } from './overloads.js';
import { numberOfFields, recordFields } from './record-text.js';

const pairType = ({ key, value }: MapType): StructType => ({
  kind: 'struct',
  fields: [
    { name: 'key', type: key },
    { name: 'value', type: value },
  ],
});

function entriesType(args: readonly SqlType[]): SqlType {
  return arrayOf(pairType(args[0] as MapType));
}

const recordOverload = (fallback: VectorCreate): ScalarOverloadDeclaration => ({
  args: ['any', 'text'],
  returns: arrayOf(TEXT),
  strict: false,
  fallible: true,
  implementation: { kind: 'memory', kernel: 'recordFields', constant: numberOfFields, fallback },
});

export const mapFunctions: readonly ScalarFunction[] = [
  {
    name: 'row',
    doc: 'A row of its arguments, whose fields are f1, f2 …: ROW(…) as a function.',
    example: { sql: "row(1, 'a')", result: '(1,a)' },
    overloads: [
      overload(
        ['any'],
        (args) => ({ kind: 'struct', fields: args.map((type, i) => ({ name: `f${i + 1}`, type })) }),
        memory('structOfFields'),
        { variadic: true, strict: false },
      ),
    ],
  },
  {
    name: 'record_fields',
    internal: true,
    doc: 'The fields of a row that is written as text, as texts. The first argument is a NULL that says the type.',
    overloads: [recordOverload(recordFields)],
  },
  {
    name: 'try_record_fields',
    internal: true,
    doc: 'The same for TRY_CAST: NULL where no such row is written.',
    overloads: [recordOverload(orNull(recordFields))],
  },
  {
    name: 'struct_field',
    doc: 'The field of a row by its number; (r).field is written instead.',
    internal: true,
    overloads: [overload(['struct', 'integer'], { kind: 'unknown' }, memory('structField'))],
  },
  {
    name: 'map',
    aliases: ['map_from_arrays'],
    doc: 'A map of an array of keys, unique and not NULL, and an array of their values.',
    example: { sql: "map(array['a', 'b'], array[1, 2])", result: '{a=1, b=2}' },
    overloads: [
      overload(
        ['array', 'array'],
        ([keys, values]) => ({ kind: 'map', key: firstElement([keys!]), value: firstElement([values!]) }),
        memory('mapOfArrays', js.mapError),
        { coerce: (args) => (args.every(({ kind }) => kind === 'array') ? args : undefined) },
      ),
    ],
  },
  {
    name: 'element_at',
    aliases: ['map_extract_value'],
    doc: 'The value of a key, NULL where there is none: m[k] as a function. Of an array the element of that number, from the end where it is negative.',
    example: { sql: "element_at(map(array['a'], array[1]), 'a')", result: '1' },
    overloads: [overload(['map', 'any'], valueType, memory('mapElement'), { coerce: mapAndKey })],
  },
  {
    name: 'map_keys',
    doc: 'The keys of a map.',
    example: { sql: "map_keys(map(array['a'], array[1]))", result: '{a}' },
    overloads: [overload(['map'], keysType, memory('mapKeys'))],
  },
  {
    name: 'map_values',
    doc: 'The values of a map.',
    example: { sql: "map_values(map(array['a'], array[1]))", result: '{1}' },
    overloads: [overload(['map'], valuesType, memory('mapValues'))],
  },
  {
    name: 'map_entries',
    doc: 'A map as an array of rows (key, value).',
    example: { sql: "map_entries(map(array['a'], array[1]))", result: '{"(a,1)"}' },
    overloads: [overload(['map'], entriesType, memory('mapEntries'))],
  },
  {
    name: 'map_from_entries',
    doc: 'A map of an array of rows of a key and its value.',
    example: { sql: "map_from_entries(array[row('a', 1)])", result: '{a=1}' },
    overloads: [
      overload(
        ['array'],
        (args) => {
          const [key = UNKNOWN, value = UNKNOWN] = componentTypes(firstElement(args));
          return { kind: 'map', key, value };
        },
        memory('mapOfEntries', js.mapFromEntries),
        {
          coerce: (args) => {
            const [array] = args;
            const isPairs = array?.kind === 'array' && array.element.kind === 'struct';
            return isPairs && (array.element as StructType).fields.length === 2 ? args : undefined;
          },
        },
      ),
    ],
  },
];
