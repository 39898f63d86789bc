import { BOOLEAN, BYTEA, INTEGER, type SqlType, TEXT } from '../../../types/sql-type.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import { anArray, overload, spelledOverload } from '../nested/overloads.js';
import * as build from './json-builders-js.js';
import * as js from './json-functions-js.js';
import { AS_TEXT, CANONICAL, flagged, UNCHECKED } from './json-kernels.js';
import { jsonOperators } from './json-operators.js';
import {
  both,
  finding,
  findingInText,
  JSON_TYPE,
  JSONB,
  kernelOr,
  kindOf,
  loose,
  ofBoth,
  ofJsonb,
  ofKind,
  one,
  same,
  TEXTS,
  withTexts,
} from './json-overloads.js';
import { jsonWriter } from './json-shape.js';
import { objectOfArrays, objectOfPairs, setLax } from './json-spellings.js';

const atSteps = (type: SqlType, returns: SqlType, flags: number, create: VectorCreate): ScalarOverloadDeclaration =>
  overload(
    [kindOf(type), 'text'],
    returns,
    flagged('jsonAtSteps', flags | (type.kind === 'jsonb' ? CANONICAL : 0), create),
    { variadic: true },
  );

/** What some syntax and aggregates are made of. */
const internalFunctions: readonly ScalarFunction[] = [
  {
    name: 'is_json',
    doc: 'IS JSON: is the text JSON of a kind, with unique keys where the third argument is true?',
    internal: true,
    overloads: (['text', 'json', 'jsonb'] as const).map((kind) =>
      overload([kind, 'text', 'boolean'], BOOLEAN, kernelOr('textIsJson', js.isJson)),
    ),
  },
  {
    name: 'json_entry',
    doc: 'A key and a value as json_object_agg writes them.',
    internal: true,
    overloads: [jsonWriter(['any', 'any'], TEXT, 'entry', build.entry, loose)],
  },
  {
    name: 'jsonb_entry',
    doc: 'A key and a value as jsonb_object_agg reads them.',
    internal: true,
    overloads: [jsonWriter(['any', 'any'], TEXT, 'entry', build.entryOfJsonb, loose)],
  },
  {
    name: 'text_with_unique_keys',
    doc: 'A text that is to be JSON, unless an object in it repeats a key.',
    internal: true,
    overloads: [overload(['text'], TEXT, kernelOr('documentWithUniqueKeys', js.documentWithUniqueKeys))],
  },
  {
    name: 'json_with_unique_keys',
    doc: 'The text of an object, unless a key is repeated.',
    internal: true,
    overloads: [overload(['text'], TEXT, kernelOr('textWithUniqueKeys', js.withUniqueKeys(true)))],
  },
  {
    name: 'jsonb_with_unique_keys',
    doc: 'The same, with another message.',
    internal: true,
    overloads: [overload(['text'], TEXT, kernelOr('textWithUniqueKeys', js.withUniqueKeys(false)))],
  },
];

export const jsonFunctions: readonly ScalarFunction[] = [
  ...jsonOperators,
  ...both(
    '*_extract_path',
    'What lies at a path of keys and indexes.',
    (p) => ({ sql: `${p}_extract_path('{"a": [5]}', 'a', '0')`, result: '5' }),
    (type) => [atSteps(type, type, 0, js.extractPath)],
  ),
  ...both(
    '*_extract_path_text',
    'The same as text.',
    (p) => ({ sql: `${p}_extract_path_text('{"a": ["x"]}', 'a', '0')`, result: 'x' }),
    (type) => [atSteps(type, TEXT, AS_TEXT, js.extractPathText)],
  ),
  ...both(
    '*_array_length',
    'Elements of a JSON array.',
    (p) => ({ sql: `${p}_array_length('[1, 2]')`, result: '2' }),
    (type) => [overload([kindOf(type)], INTEGER, kernelOr('jsonArrayLength', js.arrayLength))],
  ),
  ...both(
    '*_typeof',
    'object, array, string, number, boolean or null.',
    (p) => ({ sql: `${p}_typeof('[1, 2]')`, result: 'array' }),
    (type) => [overload([kindOf(type)], TEXT, kernelOr('jsonTypeOf', js.typeOf))],
  ),
  ...both(
    '*_strip_nulls',
    'Without fields that are null; where the second argument is true, also without elements that are.',
    (p) => ({
      sql: `${p}_strip_nulls('{"a":null,"b":[null]}')`,
      result: p === 'json' ? '{"b":[null]}' : '{"b": [null]}',
    }),
    (type) => [
      ofKind(kindOf(type), [], type, kernelOr('jsonWithoutNulls', js.stripNulls, [0, Number(type === JSONB)])),
      ofKind(kindOf(type), ['boolean'], type, kernelOr('jsonWithoutNulls', js.stripNulls, [Number(type === JSONB)])),
    ],
  ),
  ...both(
    '*_build_array',
    'A JSON array of the arguments.',
    (p) => ({ sql: `${p}_build_array(1, 'a', null)`, result: '[1, "a", null]' }),
    (type) => [
      jsonWriter([], type, 'array', build.buildArray, loose),
      jsonWriter(['any'], type, 'array', build.buildArray, { ...loose, variadic: true }),
    ],
  ),
  ...both(
    '*_build_object',
    'A JSON object of keys and values by turns.',
    (p) => ({ sql: `${p}_build_object('a', 1)`, result: p === 'json' ? '{"a" : 1}' : '{"a": 1}' }),
    (type) => [
      jsonWriter([], type, 'object', build.buildObject, loose),
      jsonWriter(['any'], type, 'object', build.buildObject, { ...loose, variadic: true }),
    ],
  ),
  ...both(
    '*_object',
    'A JSON object of an array of keys and values by turns, or of two arrays.',
    (p) => ({
      sql: `${p}_object(array['a', 'b'], array['1', null])`,
      result: p === 'json' ? '{"a" : "1", "b" : null}' : '{"a": "1", "b": null}',
    }),
    (type) => [
      spelledOverload(['array'], type, objectOfPairs(kindOf(type)), { coerce: withTexts(0) }),
      spelledOverload(['array', 'array'], type, objectOfArrays(kindOf(type)), { coerce: withTexts(0, 1) }),
    ],
  ),
  ...both(
    'to_*',
    'Any value as JSON.',
    (p) => ({ sql: `to_${p}(array[1, 2])`, result: p === 'json' ? '[1,2]' : '[1, 2]' }),
    (type) => [jsonWriter(['any'], type, 'value', build.toJson)],
  ),
  one(
    'row_to_json',
    'A row as a JSON object; a line for each field where the second argument is true.',
    'row_to_json(row(1, true))',
    '{"f1":1,"f2":true}',
    [
      jsonWriter(['struct'], JSON_TYPE, 'value', build.toJson),
      jsonWriter(['struct', 'boolean'], JSON_TYPE, 'value', build.toPrettyJson),
    ],
  ),
  one(
    'array_to_json',
    'An array as a JSON array; a line for each element where the second argument is true.',
    'array_to_json(array[1, 2])',
    '[1,2]',
    [
      jsonWriter(['array'], JSON_TYPE, 'value', build.toJson, { coerce: anArray }),
      jsonWriter(['array', 'boolean'], JSON_TYPE, 'value', build.toPrettyJson, { coerce: anArray }),
    ],
  ),
  one('json_scalar', 'A number, boolean or text as JSON.', "json_scalar('a')", '"a"', [
    jsonWriter(['any'], JSON_TYPE, 'value', build.toJson),
  ]),
  {
    ...one(
      'jsonb_set',
      'With another value at a path; the last step may be new unless the fourth argument is false.',
      `jsonb_set('{"a": 1}', '{b}', '2')`,
      '{"a": 1, "b": 2}',
      [
        ofJsonb(['array', 'jsonb'], JSONB, kernelOr('jsonSet', js.set, [1])),
        ofJsonb(['array', 'jsonb', 'boolean'], JSONB, kernelOr('jsonSet', js.set)),
      ],
    ),
    parameters: ['jsonb_in, path, replacement, create_if_missing = true'],
  },
  {
    ...one(
      'jsonb_set_lax',
      'The same; the fifth argument says what NULL does: use_json_null, delete_key, return_target or raise_exception.',
      `jsonb_set_lax('{"a": 1, "b": 2}', '{a}', null, true, 'delete_key')`,
      '{"b": 2}',
      (
        [
          ['array', 'jsonb'],
          ['array', 'jsonb', 'boolean'],
          ['array', 'jsonb', 'boolean', 'text'],
        ] as const
      ).map((rest) => ({ ...ofJsonb(rest, JSONB, { kind: 'spelled', sql: setLax(rest.length) }), ...loose })),
    ),
    parameters: ["jsonb_in, path, replacement, create_if_missing = true, null_value_treatment = 'use_json_null'"],
  },
  {
    ...one(
      'jsonb_insert',
      'With a value more at a path: before an element, or after it when the fourth argument is true.',
      `jsonb_insert('[1, 2]', '{1}', '5')`,
      '[1, 5, 2]',
      [
        ofJsonb(['array', 'jsonb'], JSONB, kernelOr('jsonInsert', js.insert, [0])),
        ofJsonb(['array', 'jsonb', 'boolean'], JSONB, kernelOr('jsonInsert', js.insert)),
      ],
    ),
    parameters: ['jsonb_in, path, replacement, insert_after = false'],
  },
  one('jsonb_pretty', 'As indented text.', `jsonb_pretty('[1]')`, '[\n    1\n]', [
    ofJsonb([], TEXT, kernelOr('jsonPretty', js.pretty)),
  ]),
  one('json_valid', 'Is the text JSON?', `json_valid('{"a": ')`, 'f', [
    overload(['text'], BOOLEAN, kernelOr('jsonIsValid', js.valid)),
  ]),
  one('json_keys', 'The keys of an object.', `json_keys('{"a": 1, "b": 2}'::json)`, '{a,b}', [
    ...ofBoth([], TEXTS, flagged('jsonKeys', 0, js.keys)),
    overload(['text'], TEXTS, flagged('jsonKeys', UNCHECKED, js.keys)),
  ]),
  one('json_extract', 'What lies at a path such as $.a[0].', `json_extract('{"a": [5]}'::json, '$.a[0]')`, '5', [
    ...finding('jsonAtDollarPath', ['text'], same, js.dollar),
    findingInText('jsonAtDollarPath', JSON_TYPE, js.dollar),
  ]),
  one('json_extract_string', 'The same as text.', `json_extract_string('{"a": ["x"]}'::json, '$.a[0]')`, 'x', [
    ...finding('jsonAtDollarPath', ['text'], TEXT, js.dollarText),
    findingInText('jsonAtDollarPath', TEXT, js.dollarText),
  ]),
  ...internalFunctions,
];

/** Of `sort_key`: jsonb is compared and sorted by it everywhere, since equal values may be written differently. */
export const jsonSortKeyOverload: ScalarOverloadDeclaration = overload(
  ['jsonb', 'boolean'],
  BYTEA,
  kernelOr('jsonSortKey', js.sortKey),
);
