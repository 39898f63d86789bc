import { arrayOf, BOOLEAN, BYTEA, INTEGER, type SqlType, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { anArray, overload, vector } from '../nested/overloads.js';
import * as build from './json-builders-js.js';
import * as js from './json-functions-js.js';
import { AS_TEXT, CANONICAL, flagged, UNCHECKED } from './json-kernels.js';
import { written } from './json-shape.js';

const JSON_TYPE: SqlType = { kind: 'json' };
const JSONB: SqlType = { kind: 'jsonb' };
const TEXTS: SqlType = arrayOf(TEXT);
const same = (args: readonly SqlType[]): SqlType => args[0]!;

/** Text arrays, also where a literal stands for one. */
const withTexts =
  (...places: readonly number[]) =>
  (args: readonly SqlType[]): readonly SqlType[] | undefined => {
    const fits = places.every((place) => {
      const type = args[place]!;
      return (
        type.kind === 'unknown' ||
        (type.kind === 'array' && (type.element.kind === 'text' || type.element.kind === 'varchar'))
      );
    });
    return fits ? args.map((arg, place) => (places.includes(place) ? TEXTS : arg)) : undefined;
  };

type Rest = readonly ('text' | 'integer' | 'array' | 'jsonb' | 'boolean')[];

/** The types of arguments with arrays of texts among them. */
const withTextsAmong =
  (patterns: readonly ('json' | Rest[number])[]) =>
  (args: readonly SqlType[]): readonly SqlType[] | undefined => {
    const places = patterns.flatMap((pattern, place) => (pattern === 'array' ? [place] : []));
    return withTexts(...places)(args)?.map((arg, place) => {
      const pattern = patterns[place]!;
      return pattern === 'array' ? arg : { kind: pattern };
    });
  };

function ofKind(
  kind: 'json' | 'jsonb',
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  create: VectorCreate,
): ScalarOverloadDeclaration {
  const patterns = [kind, ...rest];
  return vector(patterns, returns, create, rest.includes('array') ? { coerce: withTextsAmong(patterns) } : {});
}

/** Of json and of jsonb. */
const ofBoth = (
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  create: VectorCreate,
): ScalarOverloadDeclaration[] => [ofKind('jsonb', rest, returns, create), ofKind('json', rest, returns, create)];

const ofJsonb = (
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  create: VectorCreate,
): ScalarOverloadDeclaration => ofKind('jsonb', rest, returns, create);

/** The same by a kernel, which leaves broken texts and keys with escapes to `create`. */
const byKernel = (
  kernel: string,
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  create: VectorCreate,
): ScalarOverloadDeclaration[] =>
  (['jsonb', 'json'] as const).map((kind) => {
    const parameters = [(returns === TEXT ? AS_TEXT : 0) | (kind === 'jsonb' ? CANONICAL : 0)];
    const nulls = { nullable: true, nullsByLength: true } as const;
    return {
      ...ofKind(kind, rest, returns, create),
      implementation: { kind: 'kernel', kernel, block: true, parameters, fallback: create, ...nulls },
    };
  });

const atSteps = (type: SqlType, returns: SqlType, flags: number, create: VectorCreate): ScalarOverloadDeclaration =>
  overload(
    [kindOf(type), 'text'],
    returns,
    flagged('jsonAtSteps', flags | (type.kind === 'jsonb' ? CANONICAL : 0), create),
    { variadic: true },
  );

const kernelOr = (kernel: string, fallback: VectorCreate): FunctionImplementation => ({
  kind: 'kernel',
  kernel,
  block: true,
  fallback,
});

/** Of a text that may be no JSON. */
const ofUnchecked = (returns: SqlType, flags: number, fallback: VectorCreate): ScalarOverloadDeclaration =>
  overload(['text', 'text'], returns, {
    ...{ kind: 'kernel', kernel: 'jsonAtDollarPath', block: true, fallback, nullable: true, nullsByLength: true },
    parameters: [flags | UNCHECKED],
  });

const one = (
  name: string,
  doc: string,
  sql: string,
  result: string,
  overloads: readonly ScalarOverloadDeclaration[],
): ScalarFunction => ({ name, doc, example: { sql, result }, overloads });

/** `json_x` and `jsonb_x`, each of its type. */
function both(
  name: string,
  doc: string,
  example: (prefix: 'json' | 'jsonb') => FunctionExample,
  overloads: (type: SqlType) => readonly ScalarOverloadDeclaration[],
): ScalarFunction[] {
  return ([JSON_TYPE, JSONB] as const).map((type) => {
    const prefix = type.kind as 'json' | 'jsonb';
    return { name: name.replace('*', prefix), doc, example: example(prefix), overloads: overloads(type) };
  });
}

const loose = { strict: false } as const;
const kindOf = (type: SqlType): 'json' | 'jsonb' => type.kind as 'json' | 'jsonb';

export const jsonOperators: readonly ScalarFunction[] = [
  one(
    '->',
    'An element of a JSON array, from 0 or from the end, or a field of an object.',
    `'{"a": [1, 2]}'::jsonb -> 'a'`,
    '[1, 2]',
    [...byKernel('jsonMember', ['text'], same, js.arrow), ...byKernel('jsonElement', ['integer'], same, js.arrow)],
  ),
  one('->>', 'The same as text: strings without quotes, and NULL for null.', `'{"a": "b"}'::json ->> 'a'`, 'b', [
    ...byKernel('jsonMember', ['text'], TEXT, js.arrowText),
    ...byKernel('jsonElement', ['integer'], TEXT, js.arrowText),
  ]),
  one(
    '#>',
    'What lies at a path of keys and indexes.',
    `'{"a": [1, {"b": 2}]}'::jsonb #> '{a,1}'`,
    '{"b": 2}',
    byKernel('jsonAtPath', ['array'], same, js.path),
  ),
  one(
    '#>>',
    'The same as text.',
    `'{"a": [1, {"b": 2}]}'::jsonb #>> '{a,1,b}'`,
    '2',
    byKernel('jsonAtPath', ['array'], TEXT, js.pathText),
  ),
  one('@>', 'Does the first JSON value contain the second?', `'{"a": 1, "b": 2}'::jsonb @> '{"a": 1}'`, 't', [
    ofJsonb(['jsonb'], BOOLEAN, js.contains),
  ]),
  one('<@', 'Is the first JSON value contained in the second?', `'1'::jsonb <@ '[1, 2]'`, 't', [
    ofJsonb(['jsonb'], BOOLEAN, js.isContained),
  ]),
  one('?', 'Is the text a key of the object, or an element of the array?', `'{"a": 1}'::jsonb ? 'a'`, 't', [
    overload(['jsonb', 'text'], BOOLEAN, kernelOr('jsonHasKey', js.hasKey)),
  ]),
  one('?|', 'Is one of the texts a key or an element?', `'{"a": 1}'::jsonb ?| array['a', 'b']`, 't', [
    ofJsonb(['array'], BOOLEAN, js.hasAnyKey),
  ]),
  one('?&', 'Is each of the texts a key or an element?', `'{"a": 1}'::jsonb ?& array['a', 'b']`, 'f', [
    ofJsonb(['array'], BOOLEAN, js.hasAllKeys),
  ]),
  one('||', 'Objects merged, or arrays one after the other.', `'{"a": 1}'::jsonb || '{"b": 2}'`, '{"a": 1, "b": 2}', [
    ofJsonb(['jsonb'], JSONB, js.concatenated),
  ]),
  one('-', 'Without a key, several keys, or the element of an index.', `'{"a": 1, "b": 2}'::jsonb - 'a'`, '{"b": 2}', [
    ofJsonb(['text'], JSONB, js.withoutKey),
    ofJsonb(['integer'], JSONB, js.withoutIndex),
    ofJsonb(['array'], JSONB, js.withoutKeys),
  ]),
  one('#-', 'Without what lies at a path.', `'{"a": [1, 2]}'::jsonb #- '{a,0}'`, '{"a": [2]}', [
    ofJsonb(['array'], JSONB, js.withoutPath),
  ]),
];

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
    overloads: [overload(['any', 'any'], TEXT, written('entry', build.entry), loose)],
  },
  {
    name: 'jsonb_entry',
    doc: 'A key and a value as jsonb_object_agg reads them.',
    internal: true,
    overloads: [overload(['any', 'any'], TEXT, written('entry', build.entryOfJsonb), loose)],
  },
  {
    name: 'json_with_unique_keys',
    doc: 'The text of an object, unless a key is repeated.',
    internal: true,
    overloads: [vector(['text'], TEXT, js.withUniqueKeys(true))],
  },
  {
    name: 'jsonb_with_unique_keys',
    doc: 'The same, with another message.',
    internal: true,
    overloads: [vector(['text'], TEXT, js.withUniqueKeys(false))],
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
    (type) => [vector([kindOf(type)], type, js.stripNulls), vector([kindOf(type), 'boolean'], type, js.stripNulls)],
  ),
  ...both(
    '*_build_array',
    'A JSON array of the arguments.',
    (p) => ({ sql: `${p}_build_array(1, 'a', null)`, result: '[1, "a", null]' }),
    (type) => [
      overload([], type, written('array', build.buildArray), loose),
      overload(['any'], type, written('array', build.buildArray), { ...loose, variadic: true }),
    ],
  ),
  ...both(
    '*_build_object',
    'A JSON object of keys and values by turns.',
    (p) => ({ sql: `${p}_build_object('a', 1)`, result: p === 'json' ? '{"a" : 1}' : '{"a": 1}' }),
    (type) => [
      overload([], type, written('object', build.buildObject), loose),
      overload(['any'], type, written('object', build.buildObject), { ...loose, variadic: true }),
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
      vector(['array'], type, build.objectOfTexts, { coerce: withTexts(0) }),
      vector(['array', 'array'], type, build.objectOfTexts, { coerce: withTexts(0, 1) }),
    ],
  ),
  ...both(
    'to_*',
    'Any value as JSON.',
    (p) => ({ sql: `to_${p}(array[1, 2])`, result: p === 'json' ? '[1,2]' : '[1, 2]' }),
    (type) => [overload(['any'], type, written('value', build.toJson))],
  ),
  one(
    'row_to_json',
    'A row as a JSON object; a line for each field where the second argument is true.',
    'row_to_json(row(1, true))',
    '{"f1":1,"f2":true}',
    [
      overload(['struct'], JSON_TYPE, written('value', build.toJson)),
      overload(['struct', 'boolean'], JSON_TYPE, written('value', build.toPrettyJson)),
    ],
  ),
  one(
    'array_to_json',
    'An array as a JSON array; a line for each element where the second argument is true.',
    'array_to_json(array[1, 2])',
    '[1,2]',
    [
      overload(['array'], JSON_TYPE, written('value', build.toJson), { coerce: anArray }),
      overload(['array', 'boolean'], JSON_TYPE, written('value', build.toPrettyJson), { coerce: anArray }),
    ],
  ),
  one('json_scalar', 'A number, boolean or text as JSON.', "json_scalar('a')", '"a"', [
    overload(['any'], JSON_TYPE, written('value', build.toJson)),
  ]),
  one(
    'jsonb_set',
    'With another value at a path; the last step may be new unless the fourth argument is false.',
    `jsonb_set('{"a": 1}', '{b}', '2')`,
    '{"a": 1, "b": 2}',
    [ofJsonb(['array', 'jsonb'], JSONB, js.set), ofJsonb(['array', 'jsonb', 'boolean'], JSONB, js.set)],
  ),
  one(
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
    ).map((rest) => ({ ...ofJsonb(rest, JSONB, js.setLax), ...loose })),
  ),
  one(
    'jsonb_insert',
    'With a value more at a path: before an element, or after it when the fourth argument is true.',
    `jsonb_insert('[1, 2]', '{1}', '5')`,
    '[1, 5, 2]',
    [ofJsonb(['array', 'jsonb'], JSONB, js.insert), ofJsonb(['array', 'jsonb', 'boolean'], JSONB, js.insert)],
  ),
  one('jsonb_pretty', 'As indented text.', `jsonb_pretty('[1]')`, '[\n    1\n]', [vector(['jsonb'], TEXT, js.pretty)]),
  one('json_valid', 'Is the text JSON?', `json_valid('{"a": ')`, 'f', [vector(['text'], BOOLEAN, js.valid)]),
  one('json_keys', 'The keys of an object.', `json_keys('{"a": 1, "b": 2}'::json)`, '{a,b}', [
    ...ofBoth([], TEXTS, js.keys),
    vector(['text'], TEXTS, js.keys),
  ]),
  one('json_extract', 'What lies at a path such as $.a[0].', `json_extract('{"a": [5]}'::json, '$.a[0]')`, '5', [
    ...byKernel('jsonAtDollarPath', ['text'], same, js.dollar),
    ofUnchecked(JSON_TYPE, 0, js.dollar),
  ]),
  one('json_extract_string', 'The same as text.', `json_extract_string('{"a": ["x"]}'::json, '$.a[0]')`, 'x', [
    ...byKernel('jsonAtDollarPath', ['text'], TEXT, js.dollarText),
    ofUnchecked(TEXT, AS_TEXT, js.dollarText),
  ]),
  ...internalFunctions,
];

/** Of `sort_key`: jsonb is compared and sorted by it everywhere, since equal values may be written differently. */
export const jsonSortKeyOverload: ScalarOverloadDeclaration = vector(['jsonb', 'boolean'], BYTEA, js.sortKey);

/** Of `greatest` and `least`: the order of jsonb is not that of its text. */
export const jsonExtremum = (greatest: boolean): ScalarOverloadDeclaration =>
  vector(['jsonb'], JSONB, greatest ? js.greatest : js.least, { ...loose, variadic: true });
