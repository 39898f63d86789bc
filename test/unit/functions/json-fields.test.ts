import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FunctionImplementation } from '../../../src/functions/function-types.js';
import { resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import { formatJsonb, parseJsonText } from '../../../src/functions/scalar/json/json-text.js';
import type { Expression } from '../../../src/planner/expression.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import {
  arrayOf,
  BOOLEAN,
  DOUBLE,
  decimal,
  INTEGER,
  type SqlType,
  type StructType,
  TEXT,
} from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';

// Rows out of JSON are compiled as casts of their fields: they are what TypeScript makes of them, errors included.

const struct = (...fields: readonly (readonly [string, SqlType])[]): StructType => ({
  kind: 'struct',
  fields: fields.map(([name, type]) => ({ name, type })),
});
const map = (key: SqlType, value: SqlType): SqlType => ({ kind: 'map', key, value });
const rows: readonly StructType[] = [
  struct(['a', INTEGER], ['b', TEXT]),
  struct(['b', BOOLEAN], ['é', DOUBLE], ['a', decimal(12, 2)], ['none', TEXT]),
  struct(['a', { kind: 'json' }], ['b', { kind: 'jsonb' }], ['c', arrayOf(INTEGER)], ['d', { kind: 'date' }]),
  struct(['c', arrayOf(TEXT)], ['d', struct(['a', TEXT], ['b', arrayOf(arrayOf(INTEGER))])]),
  struct(['c', arrayOf(struct(['a', INTEGER], ['b', TEXT]))], ['a', arrayOf({ kind: 'jsonb' })]),
  struct(['d', map(TEXT, TEXT)], ['a', map(TEXT, arrayOf(INTEGER))], ['b', map(INTEGER, map(TEXT, { kind: 'json' }))]),
];

const scalar = fc.constantFrom(
  ...[
    '1',
    '-2.5',
    'null',
    'true',
    '"x"',
    '""',
    '"7"',
    '"a\\"b\\u00e9"',
    '"2024-02-29"',
    '1e2',
    '"{1,2}"',
    '"(1,x)"',
    '"t"',
  ],
);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'é', 'x', '\\u0061', ''), tie('value')), { maxLength: 4 })
      .map((entries) => ` {${entries.map(([key, part]) => `"${key}" : ${part}`).join(',')}}`),
  ),
}));
/** Mostly what has the kinds that the rows want. */
const fitting = fc
  .array(
    fc.oneof(
      fc.constantFrom('"a": 5', '"a": null', '"b": "t"', '"b": "true"', '"é": 1.5', '"c": [1, null, 3]', '"c": []'),
      fc.constantFrom(
        '"d": "2024-02-29"',
        '"d": {"a": [1, {"x": 2}], "b": [[1], null]}',
        '"c": [{"a": 1, "b": "y"}, null]',
        '"d": {"x": "y", "z": null}',
        '"a": {"a": [1, 2], "b": null}',
        '"b": {"7": {"x": [1]}, "8": null, "9": {}}',
      ),
      fc.constantFrom('"a": [1, "x", null, {}]', '"x": "\\u0000"', '"c": ["p\\nq", 1]'),
    ),
    { maxLength: 5 },
  )
  .map((members) => `{${members.join(', ')}}`);
const record = fc.oneof({ weight: 2, arbitrary: fitting }, value);
const list = fc.oneof(
  fc.array(record, { maxLength: 3 }).map((items) => ` [${items.join()}]`),
  value,
);

/** A row to be filled, which is NULL now and then. */
const bases = (row: StructType): fc.Arbitrary<Uint8Array | null> => {
  const field = (type: SqlType): NestedValue => (type.kind === 'integer' ? 3 : type.kind === 'text' ? 'base' : null);
  return fc.constantFrom(
    null,
    encodeNested(
      row.fields.map(({ type }) => field(type)),
      row,
    ),
  );
};

const canonical = (json: string): string => formatJsonb(parseJsonText(json));

function createOf(implementation: FunctionImplementation) {
  assert.ok(implementation.kind === 'vector');
  return implementation.create;
}

test('rows out of JSON are what TypeScript makes of them', () => {
  rows.forEach((row, index) => {
    const kinds = index % 2 === 0 ? (['json', 'jsonb'] as const) : (['jsonb', 'json'] as const);
    holdRows(row, kinds[0], 'populate_record', record);
    holdRows(row, kinds[1], 'populate_recordset', list);
  });
});

function holdRows(row: StructType, kind: 'json' | 'jsonb', suffix: string, documents: fc.Arbitrary<string>): void {
  const json: SqlType = { kind };
  const { overload, returns } = resolveScalarFunction(`${kind}_${suffix}`, [row, json]);
  const create = createOf(scalarOverload(overload).implementation);
  const none: Expression = { kind: 'constant', type: row, value: null };
  const populate = create([row, json], returns, { allocate: (byteLength) => new Uint8Array(byteLength) });
  const texts = documents
    .filter((text) => kind === 'json' || !text.includes('\\u0000'))
    .map((text) => (kind === 'json' ? text : canonical(text)));
  hold(
    overload,
    ([document]) => ({ kind: 'call', type: returns, overload, args: [none, document!] }),
    [json],
    returns,
    () =>
      ([document]) =>
        populate([null, document!]),
    texts.map((text) => [text]),
  );
  hold(
    `${overload} over a row`,
    ([base, document]) => ({ kind: 'call', type: returns, overload, args: [base!, document!] }),
    [row, json],
    returns,
    () => populate,
    fc.tuple(bases(row), fc.option<string>(texts, { freq: 5 })),
  );
}

test('the kernel finds fields as TypeScript does', () => {
  for (const row of rows) {
    const json: SqlType = { kind: 'json' };
    const { overload, returns } = resolveScalarFunction('json_fields', [row, json]);
    const { implementation } = scalarOverload(overload);
    assert.ok(implementation.kind === 'memory' && implementation.fallback);
    const { fallback } = implementation;
    const none: Expression = { kind: 'constant', type: row, value: null };
    hold(
      overload,
      ([document]) => ({ kind: 'call', type: returns, overload, args: [none, document!] }),
      [json],
      returns,
      () => {
        const fields = fallback([row, json], returns);
        return ([document]) => fields([null, document!]);
      },
      record.map((text) => [text]),
    );
  }
});
