import { BOOLEAN, type SqlType } from '../../../types/sql-type.js';
import type { ScalarFunction, VectorCreate } from '../../function-types.js';
import { type PathQuestion, pathProgram } from '../jsonpath/path-program.js';
import { overload, vector } from '../nested/overloads.js';
import { clauseBytes, WITHOUT_QUOTES } from './json-form-clauses.js';
import * as js from './json-forms-js.js';
import { jsonWriter } from './json-shape.js';

const JSON_TYPE: SqlType = { kind: 'json' };
const JSONB: SqlType = { kind: 'jsonb' };

/** What the forms of SQL/JSON are called by the parser; docs/sql shows the forms. */
const internal = (name: string, doc: string, ...overloads: ScalarFunction['overloads']): ScalarFunction => ({
  name,
  doc,
  internal: true,
  overloads,
});

const variadic = { variadic: true, strict: false } as const;

/** What a kernel is asked for a result of a type. */
type Question = (type: SqlType) => PathQuestion | undefined;

/** The type of the result is that of the defaults. */
const ofPath = (
  name: string,
  doc: string,
  question: Question,
  fallback: VectorCreate,
  otherwise: 'null' | 'false' = 'null',
): ScalarFunction =>
  internal(
    name,
    doc,
    overload(
      ['jsonb', 'text', 'jsonb', 'text', 'any', 'any'],
      (args) => args[4] ?? BOOLEAN,
      {
        kind: 'memory',
        kernel: 'jsonPath',
        needs: 'powersOfTen',
        fallback,
        memo: 1,
        constant: (types, [, path, , clauses]) => {
          const type = types[4] ?? BOOLEAN;
          const asked = question(type);
          if (asked === undefined || typeof clauses !== 'string' || typeof path !== 'string') return undefined;
          const bytes = clauseBytes(clauses, otherwise);
          // What was in quotes is read as JSON.
          if ((bytes[2]! & WITHOUT_QUOTES) !== 0 && type.kind !== 'text') return undefined;
          return pathProgram(path, asked, { clauses: bytes });
        },
      },
      { strict: false, instants: 'read' },
    ),
  );

const isJson = ({ kind }: SqlType): boolean => kind === 'json' || kind === 'jsonb';

export const jsonForms: readonly ScalarFunction[] = [
  internal(
    'json_object_of_entries',
    'JSON_OBJECT(key : value, …).',
    jsonWriter(['text', 'any'], JSON_TYPE, 'objectByFlags', js.objectOfEntries, variadic),
    jsonWriter(['text'], JSON_TYPE, 'objectByFlags', js.objectOfEntries, { strict: false }),
  ),
  internal(
    'jsonb_object_of_entries',
    'JSON_OBJECT(key : value, … RETURNING jsonb).',
    jsonWriter(['text', 'any'], JSONB, 'objectByFlags', js.objectOfEntries, variadic),
    jsonWriter(['text'], JSONB, 'objectByFlags', js.objectOfEntries, { strict: false }),
  ),
  internal(
    'json_array_of_values',
    'JSON_ARRAY(value, …).',
    jsonWriter(['text', 'any'], JSON_TYPE, 'arrayByFlags', js.arrayOfValues, variadic),
    jsonWriter(['text'], JSON_TYPE, 'arrayByFlags', js.arrayOfValues, { strict: false }),
  ),
  internal(
    'jsonb_array_of_values',
    'JSON_ARRAY(value, … RETURNING jsonb).',
    jsonWriter(['text', 'any'], JSONB, 'arrayByFlags', js.arrayOfValues, variadic),
    jsonWriter(['text'], JSONB, 'arrayByFlags', js.arrayOfValues, { strict: false }),
  ),
  internal('json_array_of', 'JSON_ARRAY(query).', {
    ...vector(['array'], JSON_TYPE, js.arrayOfElements),
    coerce: (args) => (args[0]?.kind === 'array' ? args : undefined),
    instants: 'written',
  }),
  ofPath(
    'json_value_of_path',
    'JSON_VALUE(value, path …).',
    (type) => (type.kind === 'text' ? 'textValue' : isJson(type) ? 'scalar' : undefined),
    js.valueOfPath,
  ),
  ofPath(
    'json_query_of_path',
    'JSON_QUERY(value, path …).',
    (type) => (type.kind === 'text' || isJson(type) ? 'only' : undefined),
    js.queryOfPath,
  ),
  ofPath(
    'json_exists_of_path',
    'JSON_EXISTS(value, path …).',
    ({ kind }) => (kind === 'boolean' ? 'exists' : undefined),
    js.existsPath,
    'false',
  ),
];
