import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { BYTEA, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';
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

test('kernels digest as TypeScript does', () => {
  for (const [name, types, row] of digests) {
    const { overload, returns } = resolveScalarFunction(name, types);
    const { implementation } = scalarOverload(overload);
    assert.ok(implementation.kind === 'memory' && implementation.fallback);
    const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
    hold(overload, make, types, returns, implementation.fallback, row);
  }
});
