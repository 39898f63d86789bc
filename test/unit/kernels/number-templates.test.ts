import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MillraceError } from '../../../src/common/errors.js';
import { STATUS_DECLINED, STATUS_WIDEN } from '../../../src/exec/expression/argument-block.js';
import { resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import { TEXT } from '../../../src/types/sql-type.js';
import { fallbackOf } from '../../support/fallback-agreement.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { KernelMemory } from './kernel-memory.js';

// to_number does all that TypeScript does, with the same result, and declines what it refuses.

const memory = new KernelMemory();
const { generated, scope } = memory;
const { overload, returns } = resolveScalarFunction('to_number', [TEXT, TEXT]);
const twin = fallbackOf(scalarOverload(overload).implementation)!([TEXT, TEXT], returns);

function expectedOf(text: string, template: string): unknown {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return twin([text, template]) ?? 'declined';
  } catch (error) {
    assert.ok(error instanceof MillraceError && error.kind === 'user', String(error));
    return 'declined';
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** By the kernel of 64 bits, or that of 128 which it asks for. */
function byKernel(text: string, template: string): unknown {
  const call = (kernel: 'textToNumber64' | 'textToNumber128'): readonly [status: number, value: bigint] => {
    const block = memory.block(1000);
    const views = [text, template].map((one) => memory.text(Buffer.from(one))) as [bigint, bigint];
    const value = generated[kernel](block.pointer, ...views, 38, 10);
    return [block.takeStatus(), value];
  };
  const narrow = call('textToNumber64');
  const [status, value] = narrow[0] === STATUS_WIDEN ? call('textToNumber128') : narrow;
  scope.reset();
  if (status === STATUS_DECLINED) return 'declined';
  assert.equal(status, 0);
  return value;
}

const pieces = [
  '9',
  '9',
  '99',
  '0',
  '.',
  ',',
  'D',
  'G',
  'S',
  'MI',
  'PL',
  'SG',
  'PR',
  'L',
  'TH',
  'FM',
  'x',
  ' ',
  '"ab"',
];
const rare = ['"€ "', '"', '\\"', '\\', 'é', 'V', 'V99', 'RN', 'rn', 'EEEE', 'E', 'B', 'SP', '"a\\"b"', '😀'];
const template = fc.oneof(
  fc.constantFrom('99G999D9S', '999,999.99', 'S9999', '9999MI', '9999PR', 'L999.9', '00000', 'FM999', '99V9', '9.9.9'),
  fc.constantFrom(
    'L99999D99',
    '99999D99 "€"',
    '9'.repeat(38),
    `${'9'.repeat(28)}D${'9'.repeat(12)}`,
    '9999V9999999999999',
  ),
  fc.array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...rare)), { maxLength: 8 }).map((all) => all.join('')),
);
const text = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(2)),
  fc.integer({ min: -99999, max: 99999 }).map((value) => value.toLocaleString('en')),
  fc.bigInt(-(10n ** 27n), 10n ** 27n).map(String),
  fc.tuple(fc.bigInt(0n, 10n ** 26n), fc.bigInt(0n, 10n ** 12n)).map((parts) => parts.join('.')),
  fc.string({ unit: fc.constantFrom(...'0123456789.,-+< >$xé€'), maxLength: 9 }),
  fc.constantFrom(
    '<12>',
    '12-',
    ' - 5',
    '€12.50',
    '12,50 €',
    '😀1',
    '1st',
    '',
    '0000000000000000000000000000000000000001',
  ),
);

test('numbers are read by templates of any kind', () => {
  fc.assert(
    fc.property(text, template, (written, layout) => {
      const actual = byKernel(written, layout);
      // Halves of characters of UTF-16 are left to TypeScript, and more digits than decimals have, though rounding takes some.
      const isLeft = /😀/.test(written + layout) || written.replace(/\D/g, '').length > 38;
      if (actual === 'declined' && isLeft) return;
      assert.equal(actual, expectedOf(written, layout), `${JSON.stringify(written)} by ${JSON.stringify(layout)}`);
    }),
    { numRuns: 6000 * PROPERTY_ROUNDS },
  );
});
