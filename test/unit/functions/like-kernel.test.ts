import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Expression } from '../../../src/planner/expression.js';
import { type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import { rowsLeft } from '../../support/rows-left.js';
import { text } from '../../support/value-arbitraries.js';

const pieces = fc.constantFrom('a', 'B', '%', '_', 'é', 'É', '中', '😀', '\\', 'ß', '!');
const patterns = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(''));
const escapes = fc.constantFrom('', '\\', '!', 'a', 'B', 'b', '%', '_', 'é', 'É', '中', '😀', 'ab', 'éa', '中中');

/** Those that kernels leave to TypeScript, and are no error. */
function left(name: string, pattern: fc.Arbitrary<string>): string[] {
  const types: SqlType[] = [TEXT, TEXT, TEXT];
  return rowsLeft(name, types, (overload, returns, fallback) => {
    const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
    const subjects = fc.oneof(text, patterns);
    for (let round = 0; round < 10; round++)
      hold(overload, make, types, returns, fallback, fc.tuple(subjects, pattern, escapes));
  });
}

test('kernels match by any escape character', () => {
  for (const name of ['like', 'ilike']) {
    left(name, patterns);
    // Whether a dangling escape is an error, TypeScript says.
    const whole = patterns.map((pattern) => `${pattern}.`);
    assert.deepEqual(left(name, whole), []);
  }
});
