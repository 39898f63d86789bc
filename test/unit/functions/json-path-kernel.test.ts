import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VectorCreate } from '../../../src/functions/function-types.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { arrayOf, BOOLEAN, DATE, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import { jsonbDocument } from '../../support/json-arbitraries.js';
import { anyPath } from '../../support/json-path-arbitraries.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { rowsLeft } from '../../support/rows-left.js';

// Paths that are literals have a program, whatever is in them, and the kernel that runs it leaves to TypeScript what is an
// error only.

const JSONB: SqlType = { kind: 'jsonb' };
const VARIABLES = '{"v": 1, "w": "a"}';

/** Holds a function of a document to its twin; returns what rows TypeScript did. */
function leftOf(
  name: string,
  types: readonly SqlType[],
  others: readonly ConstantValue[],
  document: fc.Arbitrary<string>,
): string[] {
  const constants = types.map((type, index): Expression => ({ kind: 'constant', type, value: others[index]! }));
  return rowsLeft(name, [JSONB, ...types], (overload, returns, fallback) => {
    const make = (args: readonly Expression[]): Expression => {
      return { kind: 'call', type: returns, overload, args: [...args, ...constants] };
    };
    const twin: VectorCreate = () => {
      const compute = fallback([JSONB, ...types], returns);
      return ([document]) => compute([document!, ...others]);
    };
    hold(name, make, [JSONB], returns, twin, fc.tuple(document));
  });
}

function checkPath(path: string, document: fc.Arbitrary<string>): void {
  const left = ['query', 'query_array', 'query_first', 'exists', 'match'].flatMap((kind) => {
    const name = `jsonb_path_${kind}`;
    const loudly = leftOf(name, [TEXT, JSONB], [path, VARIABLES], document);
    return [...loudly, ...leftOf(name, [TEXT, JSONB, BOOLEAN], [path, VARIABLES, true], document)];
  });
  if (!/\$[vw]/.test(path)) {
    for (const name of ['@?', '@@']) left.push(...leftOf(name, [TEXT], [path], document));
  }
  assert.deepEqual(
    left.filter((row) => !hasTooManyDigits(row)),
    [],
  );
}

/** Numbers of more than 38 digits, given or made by a division, are not for the kernel. */
function hasTooManyDigits(row: string): boolean {
  if (/\d{38}/.test(row.replaceAll(/[.,()[\] ]/g, ''))) return true;
  const [, dividend, divisor] = /\[(-?[\d.]+), (-?[\d.]+)\], \$\[0\] \/ /.exec(row) ?? [];
  if (dividend === undefined || divisor === undefined) return false;
  const fraction = Math.max(...[dividend, divisor].map((written) => written.split('.')[1]?.length ?? 0));
  return Math.floor(Math.log10(Math.abs(Number(dividend) / Number(divisor)))) + 1 + fraction > 38;
}

test('a kernel runs every path that is a literal, and leaves errors only to TypeScript', () => {
  const paths = fc.sample(anyPath, { numRuns: 40 * PROPERTY_ROUNDS, seed: Number(process.env.PATH_SEED ?? 16) });
  for (const path of paths) checkPath(path, jsonbDocument);
});

const number = fc.oneof(
  fc.constantFrom('0', '0.0', '-0.5', '0.5', '9.5', '-9.5', '99.99', '-99.01', '2147483647', '2147483648', '1000000'),
  fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat(9999)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.double({ min: 1e-3, max: 1e6, noNaN: true }).map((value) => value.toFixed(20).slice(0, 18)),
  fc.double({ min: 0.001, max: 1e15, noNaN: true }).map((value) => String(value).replace(/^(.*e.*)$/, '7')),
  fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map(String),
);

test('arithmetic and conversions of jsonpath are computed by a kernel', () => {
  const text = fc.oneof(
    number,
    fc.constantFrom(
      ' 12 ',
      '+7',
      '.5',
      '5.',
      '1e3',
      '-1.5E2',
      '+.5e1',
      '5.e-2',
      '0.00e1',
      '1e200000',
      'x',
      '',
      '-',
      't',
      'NO',
      '007',
      '\u00a07',
    ),
  );
  const value = fc.oneof(
    number,
    text.map((written) => JSON.stringify(written)),
  );
  for (const method of ['abs', 'bigint', 'boolean', 'ceiling', 'double', 'floor', 'integer', 'number', 'string']) {
    checkPath(`$.${method}()`, value);
  }
  const pair = fc.tuple(number, number).map((items) => `[${items.join(', ')}]`);
  for (const operator of '+-*/%') checkPath(`$[0] ${operator} $[1]`, pair);
});

test('the clauses of the forms of SQL/JSON are done by a kernel', () => {
  const text = { events: ['null', 'error', 'default', 'empty array', 'empty object'], type: TEXT, value: 'otherwise' };
  const json = { ...text, type: JSONB, value: '{"other": 1}' };
  const forms = [
    { name: 'json_value', ...text },
    { name: 'json_value', ...json },
    { name: 'json_query', ...text },
    { name: 'json_query', ...json },
    { name: 'json_exists', events: ['true', 'false', 'unknown', 'error'], type: BOOLEAN, value: null },
  ];
  const paths = fc.sample(anyPath, { numRuns: 10 * PROPERTY_ROUNDS, seed: Number(process.env.PATH_SEED ?? 17) });
  const left = [...paths, '$.*', '$[*]', '$.a', 'strict $.b', '$[0]'].flatMap((path, index) =>
    forms.flatMap(({ name, events, type, value }) => {
      const event = (by: number): string => events[(index + by) % events.length]!;
      const wrapper = ['without wrapper', 'wrapper', 'conditional wrapper', 'unconditional wrapper'][index % 4]!;
      const quotes = type === TEXT && index % 4 === 0 ? ', omit quotes' : '';
      const wrapping = name === 'json_query' ? `, ${wrapper}${quotes}` : '';
      const clauses = `${event(index)} on empty, ${event(1)} on error${wrapping}`;
      const types = [TEXT, JSONB, TEXT, type, type];
      return leftOf(`${name}_of_path`, types, [path, VARIABLES, clauses, value, null], jsonbDocument);
    }),
  );
  assert.deepEqual(left, []);
});

test('what the forms of SQL/JSON find is of the type that is asked for, or an error', () => {
  const row: SqlType = {
    kind: 'struct',
    fields: [
      { name: 'a', type: INTEGER },
      { name: 'b', type: arrayOf(TEXT) },
    ],
  };
  const types: readonly SqlType[] = [
    ...[INTEGER, DATE, BOOLEAN, JSONB, row],
    ...[arrayOf(INTEGER), arrayOf(arrayOf(INTEGER)), arrayOf(JSONB), arrayOf(row)],
    { kind: 'map', key: TEXT, value: arrayOf(INTEGER) },
    { kind: 'varchar', length: 3 },
    { kind: 'decimal', precision: 5, scale: 1 },
  ];
  const scalar = fc.constantFrom('1', '2.5', 'null', 'true', '"x"', '"12"', '"2024-02-29"', '"2024-02-30"', '"{1,2}"');
  const part = fc.oneof(
    scalar,
    scalar.map((value) => `[${value}, 1]`),
    scalar.map((value) => `[[${value}], null]`),
    fc.tuple(scalar, scalar).map(([a, b]) => `{"a": ${a}, "b": [${b}, null]}`),
    scalar.map((value) => `[{"a": ${value}}]`),
    fc.constantFrom('[]', '{}', '{"b": "{x,y}"}', '"(1,{a})"', '[[1], [2, 3]]', '{"b": 1}'),
  );
  const document = part.map((value) => `{"x": ${value}}`);
  for (const type of types) {
    for (const [onEmpty, onError] of ['null null', 'error error', 'default null', 'null default'].map((w) =>
      w.split(' '),
    )) {
      for (const [name, words] of [
        ['json_value', ''],
        ['json_query', ''],
        ['json_query', ', omit quotes'],
        ['json_query', ', conditional wrapper'],
      ]) {
        const clauses = `${onEmpty} on empty, ${onError} on error${words}`;
        const path = words === ', conditional wrapper' ? '$.x[*]' : '$.*';
        const left = leftOf(
          `${name}_of_path`,
          [TEXT, JSONB, TEXT, type, type],
          [path, null, clauses, null, null],
          document,
        );
        // No text is a map.
        if (type.kind !== 'map') assert.deepEqual(left, [], `${name} ${clauses}`);
      }
    }
  }
});

test('a kernel runs paths out of columns, and has the texts of casts to jsonpath', () => {
  const paths = fc.sample(anyPath, { numRuns: 100 * PROPERTY_ROUNDS, seed: Number(process.env.PATH_SEED ?? 18) });
  const given = fc.oneof(fc.constantFrom(...paths, null), fc.constantFrom('$.a [', '', 'strict $.none'));
  for (const name of ['@?', '@@', 'jsonb_path_query_array', 'jsonb_path_exists']) {
    rowsLeft(name, [JSONB, TEXT], (overload, returns, fallback) => {
      const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
      const twin: VectorCreate = (...context) => {
        const compute = fallback(...context);
        return (args) => (args.includes(null) ? null : compute(args));
      };
      hold(name, make, [JSONB, TEXT], returns, twin, fc.tuple(jsonbDocument, given));
    });
  }
  rowsLeft('jsonpath', [TEXT], (overload, returns, fallback) => {
    const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
    const written = given.filter((path) => path !== null);
    hold('jsonpath', make, [TEXT], returns, fallback, fc.tuple(written));
  });
});
