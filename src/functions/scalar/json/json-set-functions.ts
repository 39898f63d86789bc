import { arrayOf, type SqlType, type StructType, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  ScalarFunction,
  ScalarOverloadDeclaration,
  SetDeclaration,
} from '../../function-types.js';
import { overload, vector } from '../nested/overloads.js';
import { AS_TEXT, flagged } from './json-kernels.js';
import * as js from './json-sets-js.js';

type Prefix = 'json' | 'jsonb';

const rowsOf = (value: SqlType): SqlType =>
  arrayOf({
    kind: 'struct',
    fields: [
      { name: 'key', type: TEXT },
      { name: 'value', type: value },
    ],
  });

/** `json_x` and `jsonb_x`. */
function both(
  suffix: string,
  doc: string,
  set: SetDeclaration | undefined,
  example: (prefix: Prefix) => FunctionExample,
  overload: (name: string, type: SqlType) => ScalarOverloadDeclaration,
): ScalarFunction[] {
  return (['json', 'jsonb'] as const).map((prefix): ScalarFunction => {
    const name = `${prefix}_${suffix}`;
    const overloads = [overload(name, { kind: prefix })];
    return { name, doc, example: example(prefix), overloads, ...(set ? { set } : {}) };
  });
}

const kindOf = (type: SqlType): Prefix => type.kind as Prefix;
const loose = { strict: false } as const;

/** A row: only such arguments are for the functions that fill one. */
const withRow = (args: readonly SqlType[], json: SqlType): readonly SqlType[] | undefined =>
  args[0]?.kind === 'struct' ? [args[0], json] : undefined;

/** What is called where FROM says what the rows are: the call has their type. */
const EMPTY_ROW: StructType = { kind: 'struct', fields: [] };

/** Functions whose result FROM takes apart into rows, or into columns. */
export const jsonSetFunctions: readonly ScalarFunction[] = [
  ...both(
    'array_elements',
    'The elements of a JSON array, a row each.',
    { columns: ['value'] },
    (p) => ({ sql: `${p}_array_elements('[1, "a"]')`, result: '1\n"a"' }),
    (name, type) => overload([kindOf(type)], arrayOf(type), flagged('jsonElements', 0, js.elements(name, false))),
  ),
  ...both(
    'array_elements_text',
    'The same as text.',
    { columns: ['value'] },
    (p) => ({ sql: `${p}_array_elements_text('[1, "a"]')`, result: '1\na' }),
    (name, type) => overload([kindOf(type)], arrayOf(TEXT), flagged('jsonElements', AS_TEXT, js.elements(name, true))),
  ),
  ...both(
    'each',
    'The keys and values of a JSON object, a row each.',
    { columns: ['key', 'value'] },
    (p) => ({ sql: `* from ${p}_each('{"a": 1, "b": "x"}')`, result: 'a\t1\nb\t"x"' }),
    (name, type) => overload([kindOf(type)], rowsOf(type), flagged('jsonMembers', 0, js.fields(name, false))),
  ),
  ...both(
    'each_text',
    'The same with values as text.',
    { columns: ['key', 'value'] },
    (p) => ({ sql: `* from ${p}_each_text('{"a": 1, "b": "x"}')`, result: 'a\t1\nb\tx' }),
    (name, type) => overload([kindOf(type)], rowsOf(TEXT), flagged('jsonMembers', AS_TEXT, js.fields(name, true))),
  ),
  ...both(
    'object_keys',
    'The keys of a JSON object, a row each.',
    {},
    (p) => ({ sql: `${p}_object_keys('{"a": 1, "b": 2}')`, result: 'a\nb' }),
    (name, type) => overload([kindOf(type)], arrayOf(TEXT), flagged('jsonKeys', 0, js.objectKeys(name))),
  ),
  ...both(
    'to_record',
    'The fields of a JSON object as the columns that FROM lists.',
    { rows: 'one' },
    (p) => ({ sql: `* from ${p}_to_record('{"a": 1, "b": [2]}') as t (a int, b int[])`, result: '1\t{2}' }),
    (_, type) => vector([kindOf(type)], EMPTY_ROW, js.record, { ...loose, instants: 'read' }),
  ),
  ...both(
    'to_recordset',
    'The same of the objects of a JSON array, a row each.',
    { rows: 'many' },
    (p) => ({ sql: `* from ${p}_to_recordset('[{"a": 1}, {"a": 2}]') as t (a int)`, result: '1\n2' }),
    (name, type) => vector([kindOf(type)], arrayOf(EMPTY_ROW), js.recordSet(name), { instants: 'read' }),
  ),
  ...both(
    'populate_record',
    'A row with the fields of a JSON object in place of its own.',
    undefined,
    (p) => ({
      sql: `${p}_populate_record(row(1, 'x'::text), '{"f1": 5}')`,
      result: '(5,x)',
    }),
    (_, type) =>
      vector(['struct', kindOf(type)], (args) => args[0]!, js.populatedRecord, {
        ...loose,
        coerce: (args) => withRow(args, type),
        instants: 'read',
      }),
  ),
  ...both(
    'populate_recordset',
    'The same of the objects of a JSON array, a row each.',
    {},
    (p) => ({
      sql: `${p}_populate_recordset(row(1, 'x'::text), '[{"f1": 5}, {"f2": "y"}]')`,
      result: '(5,x)\n(1,y)',
    }),
    (name, type) =>
      vector(['struct', kindOf(type)], (args) => arrayOf(args[0]!), js.populatedRecordSet(name), {
        ...loose,
        coerce: (args) => withRow(args, type),
        instants: 'read',
      }),
  ),
];
