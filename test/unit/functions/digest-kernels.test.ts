import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import { BYTEA, decimal, INTEGER, type NestedType, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';

const bytes = fc.uint8Array({ maxLength: 300 });
const text = fc.string({ unit: 'grapheme', maxLength: 150 });
const bits = fc.constantFrom(0, 224, 256, 384, 512, 1);

const digests: readonly (readonly [string, readonly SqlType[], fc.Arbitrary<readonly ConstantValue[]>])[] = [
  ['sha384', [BYTEA], fc.tuple(bytes)],
  ['sha512', [BYTEA], fc.tuple(bytes)],
  ['sha2', [BYTEA, INTEGER], fc.tuple(bytes, bits)],
  ['sha2', [TEXT, INTEGER], fc.tuple(text, bits)],
];

const name = fc.oneof(
  fc.constantFrom('select', 'plain', 'Mixed', 'a"b', '1a', '', '_x9', 'current_timestamp', 'é', 'user', 'users'),
  fc.string({ unit: fc.constantFrom(...'ab_"\'\\9 é'), maxLength: 8 }),
);
const template = fc
  .array(
    fc.constantFrom(
      ...['%s', '%I', '%L', '%%', '%', '%1$s', '%3$L', '%0$s', '%-5s', '%7s', '%*s', '%2$*1$s', '%-*I', '%-'],
      'a',
      'é',
      '%d',
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));
const orNull = (values: fc.Arbitrary<ConstantValue>): fc.Arbitrary<ConstantValue> => fc.option(values);
const maybe = orNull(fc.oneof(name, fc.constantFrom('3', '-4', '0', '12345678')));

test('kernels quote and format as TypeScript does', () => {
  holdMemory('quote_ident', [TEXT], fc.tuple(name));
  holdMemory('format', [TEXT], fc.tuple(template));
  holdMemory('format', [TEXT, TEXT], fc.tuple(orNull(template), maybe));
  holdMemory('format', [TEXT, TEXT, TEXT, TEXT], fc.tuple(template, maybe, maybe, maybe));
});

const nested: SqlType = {
  kind: 'struct',
  fields: [
    { name: 'a', type: { kind: 'array', element: { kind: 'smallint' } } },
    { name: 'b', type: { kind: 'map', key: TEXT, value: decimal(25, 3) } },
    { name: 'c', type: { kind: 'interval' } },
  ],
};
const wide = fc.bigInt(-(10n ** 37n), 10n ** 37n);
const interval = fc
  .tuple(fc.integer(), fc.integer(), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))
  .map(([months, days, microseconds]) => ({ months, days, microseconds }));
const hashed: readonly (readonly [SqlType, fc.Arbitrary<ConstantValue>])[] = [
  [{ kind: 'boolean' }, fc.boolean()],
  [INTEGER, fc.integer()],
  [{ kind: 'smallint' }, fc.integer({ min: -32768, max: 32767 })],
  [{ kind: 'bigint' }, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)],
  [{ kind: 'real' }, fc.float().map(Math.fround)],
  [{ kind: 'double' }, fc.double()],
  [decimal(12, 2), fc.bigInt(-(10n ** 12n), 10n ** 12n)],
  [decimal(38, 0), fc.oneof(wide, fc.constantFrom(0n, -1n, 127n, 128n, -128n, -129n, 2n ** 63n, -(2n ** 63n)))],
  [TEXT, fc.oneof(name, text)],
  [BYTEA, bytes],
  [{ kind: 'date' }, fc.integer({ min: -800_000, max: 4_000_000 })],
  [{ kind: 'timestamp' }, fc.bigInt(-(2n ** 60n), 2n ** 60n)],
  [{ kind: 'interval' }, interval],
  [{ kind: 'uuid' }, fc.uuid()],
  [
    nested,
    fc
      .tuple(
        fc.option(fc.array(fc.option(fc.integer({ min: -32768, max: 32767 })))),
        fc.option(fc.uniqueArray(fc.tuple(name, fc.option(wide)), { selector: ([key]) => key })),
        fc.option(interval),
      )
      .map((value) => encodeNested(value as readonly NestedValue[], nested as NestedType)),
  ],
];

test('kernels hash as TypeScript does', () => {
  for (const [type, value] of hashed) {
    for (const of of ['hash', 'xxhash64']) holdMemory(of, [type, INTEGER], fc.tuple(orNull(value), fc.nat()));
  }
});

function holdMemory(name: string, types: readonly SqlType[], row: fc.Arbitrary<readonly ConstantValue[]>): void {
  const { overload, returns } = resolveScalarFunction(name, types);
  const { implementation } = scalarOverload(overload);
  assert.ok(implementation.kind === 'memory' && implementation.fallback);
  const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
  hold(overload, make, types, returns, implementation.fallback, row);
}

test('kernels digest as TypeScript does', () => {
  for (const [name, types, row] of digests) holdMemory(name, types, row);
});
