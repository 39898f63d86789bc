import { arrayOf, BOOLEAN, type SqlType, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { overload } from '../nested/overloads.js';
import * as js from './path-functions-js.js';
import { type PathQuestion, pathProgram } from './path-program.js';

const JSONB: SqlType = { kind: 'jsonb' };

/** By a kernel for paths that it can run; else in TypeScript. */
const walked = (question: PathQuestion, fallback: VectorCreate, isQuiet = false): FunctionImplementation => ({
  kind: 'memory',
  kernel: 'jsonPath',
  needs: 'powersOfTen',
  fallback,
  memo: 1,
  constant: (_, [, path]) => (typeof path === 'string' ? pathProgram(path, question, { isQuiet }) : undefined),
});

/** Of a value and a path, with variables, and silent. Paths are texts, which the functions read. */
function overloads(returns: SqlType, question: PathQuestion, create: VectorCreate): ScalarOverloadDeclaration[] {
  const implementation = walked(question, create);
  return [
    overload(['jsonb', 'text'], returns, implementation),
    overload(['jsonb', 'text', 'jsonb'], returns, implementation),
    overload(['jsonb', 'text', 'jsonb', 'boolean'], returns, implementation),
  ];
}

const PARAMETERS = ["target, path, vars = '{}', silent = false"];

export const jsonPathFunctions: readonly ScalarFunction[] = [
  {
    name: '@?',
    doc: 'Does a jsonpath find anything in the JSON value?',
    example: { sql: `'{"a": [1, 2]}'::jsonb @? '$.a[*] ? (@ > 1)'`, result: 't' },
    overloads: [overload(['jsonb', 'text'], BOOLEAN, walked('exists', js.pathExistsQuietly, true))],
  },
  {
    name: '@@',
    doc: 'What the predicate of a jsonpath is for the JSON value.',
    example: { sql: `'{"a": [1, 2]}'::jsonb @@ '$.a[*] > 1'`, result: 't' },
    overloads: [overload(['jsonb', 'text'], BOOLEAN, walked('matchOrNull', js.pathMatchQuietly))],
  },
  {
    name: 'jsonb_path_query',
    parameters: PARAMETERS,
    doc: 'What a jsonpath finds, a row each; with variables, and without errors where the last argument is true.',
    example: { sql: `jsonb_path_query('{"a": [1, 2, 3]}', '$.a[*] ? (@ >= $least)', '{"least": 2}')`, result: '2\n3' },
    set: {},
    overloads: overloads(arrayOf(JSONB), 'array', js.pathItems),
  },
  {
    name: 'jsonb_path_query_array',
    aliases: ['jsonb_path_query_array_tz'],
    parameters: PARAMETERS,
    doc: 'What a jsonpath finds, as a JSON array.',
    example: { sql: `jsonb_path_query_array('{"a": [1, 2, 3]}', '$.a[*] ? (@ > 1)')`, result: '[2, 3]' },
    overloads: overloads(JSONB, 'jsonArray', js.pathArray),
  },
  {
    name: 'jsonb_path_query_first',
    aliases: ['jsonb_path_query_first_tz'],
    parameters: PARAMETERS,
    doc: 'The first that a jsonpath finds.',
    example: { sql: `jsonb_path_query_first('{"a": [1, 2, 3]}', '$.a[last]')`, result: '3' },
    overloads: overloads(JSONB, 'first', js.pathFirst),
  },
  {
    name: 'jsonb_path_exists',
    aliases: ['jsonb_path_exists_tz'],
    parameters: PARAMETERS,
    doc: 'Does a jsonpath find anything?',
    example: { sql: `jsonb_path_exists('{"a": 1}', '$.b')`, result: 'f' },
    overloads: overloads(BOOLEAN, 'exists', js.pathExists),
  },
  {
    name: 'jsonb_path_match',
    aliases: ['jsonb_path_match_tz'],
    parameters: PARAMETERS,
    doc: 'What the predicate of a jsonpath is; NULL where it is unknown.',
    example: { sql: `jsonb_path_match('{"a": 1}', '$.a == 1')`, result: 't' },
    overloads: overloads(BOOLEAN, 'match', js.pathMatch),
  },
  {
    name: 'jsonpath',
    doc: 'A cast to jsonpath: the text of the path, as PostgreSQL prints it.',
    internal: true,
    overloads: [
      overload(['text'], TEXT, {
        kind: 'memory',
        kernel: 'memoText',
        memo: 0,
        constant: (_, [text]) => (typeof text === 'string' ? js.pathBytes(text) : undefined),
        fallback: js.pathText,
      }),
    ],
  },
];
