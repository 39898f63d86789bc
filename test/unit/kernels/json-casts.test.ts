import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_REJECTED } from '../../../src/exec/expression/argument-block.js';
import { parseValue } from '../../../src/functions/casts/parse-value.js';
import { formatJsonb, parseJsonText } from '../../../src/functions/scalar/json/json-text.js';
import { brokenJson } from '../../support/json-arbitraries.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { KernelMemory } from './kernel-memory.js';

// The casts of text to json and jsonb read everything that TypeScript reads, and reject everything else: they decline nothing.

const memory = new KernelMemory();
const { generated, scope } = memory;

/** What the kernel makes of a text; undefined where it rejects it. */
function cast(text: string, kind: 'json' | 'jsonb', room: number): string | undefined {
  const block = memory.block(room);
  const view = memory.text(new TextEncoder().encode(text));
  const result =
    kind === 'json' ? generated.textToJson(block.pointer, view) : generated.textToJsonb(block.pointer, view);
  const status = block.takeStatus();
  if (status === STATUS_REJECTED) return undefined;
  assert.equal(status, 0, `the status of ${text.slice(0, 100)}::${kind}`);
  return Buffer.from(memory.readText(result)).toString();
}

function expected(text: string, kind: 'json' | 'jsonb'): string | undefined {
  try {
    return parseValue(text, { kind }) as string;
  } catch {
    return undefined;
  }
}

function check(text: string, room = 200_000): void {
  for (const kind of ['json', 'jsonb'] as const) {
    assert.equal(cast(text, kind, room), expected(text, kind), `${text.slice(0, 200)}::${kind}`);
  }
}

const piece = fc.constantFrom(
  ...['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0041', '\\u00e4', '\\u20AC', '\\u001f', '\\u0022'],
  ...[
    '\\u005c',
    '\\u0000',
    '\\ud83d\\ude00',
    '\\uD83D\\uDE00',
    '\\ud83d',
    '\\ude00',
    '\\ud83d\\n',
    '\\ud83dx',
    '\\u12',
  ],
  ...['\\x', '\\', '\t', '\u007f', 'é', '😀', 'a', 'ab', 'longer than sixteen bytes'],
);
const string = fc.array(piece, { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);
const number = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    fc.constantFrom('0', '1', '12', '100', '00', '9'.repeat(20), ''),
    fc.constantFrom('', '', '.0', '.5', '.00120', '.', '.000'),
    fc.constantFrom('', '', 'e0', 'E1', 'e+3', 'e-1', 'E-12', 'e30', 'e', 'e+', 'e131073', 'e-16390', 'e99999999999'),
  )
  .map((parts) => parts.join(''));
const { value } = fc.letrec<{ value: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    string,
    number,
    fc.constantFrom('null', 'tru'),
    tie('value'),
  ),
  value: fc.oneof(
    fc.array(tie('part'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(fc.oneof(string, fc.constantFrom('"a"', '"\\u0061"', '"b"', '""')), tie('part')), {
        maxLength: 6,
      })
      .map((entries) => `{${entries.map((entry) => entry.join(' : ')).join(' ,')}}`),
    tie('part'),
  ),
}));

test('texts are read as json and jsonb as TypeScript reads them', () => {
  fc.assert(
    fc.property(fc.oneof(value, number, string, brokenJson), (text) => check(text)).afterEach(() => scope.reset()),
    { numRuns: 1000 * PROPERTY_ROUNDS },
  );
});

test('numbers of any size are written with all their digits, unless numeric has not as many', () => {
  const texts = ['1e131071', '1e131072', '-0.0001e131075', '0.001e131076', '12345e131067', '12345e131068', '0e200000'];
  texts.push('1e-16383', '1e-16384', '0e-16384', '1.50e-16381', '1.50e-16382', '0e1073741823', '0e1073741824', '-0e5');
  texts.push('1'.repeat(131_072), '1'.repeat(131_073), `0.${'1'.repeat(16_383)}`, `0.${'1'.repeat(16_384)}`, '0.0e-2');
  for (const text of texts) {
    check(text, 2_000_000);
    scope.reset();
  }
});

test('values are nested as deeply as TypeScript has them', () => {
  const check = (levels: number, open: string, close: string): void => {
    const text = open.repeat(levels) + (levels % 2 === 0 ? '[]' : '1') + close.repeat(levels);
    const isValid = levels + ((levels + 1) % 2) <= 6000;
    const written = cast(text, 'jsonb', 2_000_000);
    assert.equal(written !== undefined, isValid, `${levels} levels of ${open}`);
    assert.equal(cast(text, 'json', 2_000_000) !== undefined, isValid);
    if (levels < 1000) assert.equal(written, formatJsonb(parseJsonText(text)));
    assert.equal(cast(text.slice(0, -1), 'jsonb', 2_000_000), undefined);
    scope.reset();
  };
  for (const levels of [62, 63, 64, 65, 127, 128, 129, 5998, 5999, 6000, 6001]) check(levels, '[', ']');
  for (const levels of [63, 64, 65, 129, 1001]) check(levels, '{"b":1,"a": ', '}');
});

test('keys are put in order, of equal ones the last, however many there are', () => {
  const key = fc.tuple(fc.nat(400), fc.boolean(), fc.nat(3)).map(([number, isEscaped, length]) => {
    const name = String(number).padStart(length, 'ä');
    return isEscaped ? name.replace(/\d/, (digit) => `\\u003${digit}`) : name;
  });
  fc.assert(
    fc
      .property(fc.array(key, { maxLength: 600 }), (keys) =>
        check(`{${keys.map((name, index) => `"${name}": ${index}`).join(',')}}`),
      )
      .afterEach(() => scope.reset()),
    { numRuns: 20 * PROPERTY_ROUNDS },
  );
});
