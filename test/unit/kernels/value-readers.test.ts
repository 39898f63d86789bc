import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MillraceError } from '../../../src/common/errors.js';
import { STATUS_REJECTED, STATUS_WIDEN } from '../../../src/exec/expression/argument-block.js';
import { parseValue } from '../../../src/functions/casts/parse-value.js';
import { powersOfTenTable } from '../../../src/kernels/constant-tables.js';
import { BIGINT, BOOLEAN, BYTEA, DOUBLE, decimal, INTEGER, REAL, type SqlType } from '../../../src/types/sql-type.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { KernelMemory } from './kernel-memory.js';

// Kernels that leave no text to TypeScript: what parseValue reads they read, what it refuses they reject.

const memory = new KernelMemory();
const { generated, scope } = memory;
const powers = powersOfTenTable(memory.shared);

type Read = (block: number, text: bigint) => unknown;

const uuidOf = (value: bigint): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value >> 64n), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const decimal64 =
  (precision: number, scale: number): Read =>
  (block, text) =>
    generated.textToDecimal64(block, text, precision, scale);
const decimal128 =
  (precision: number, scale: number): Read =>
  (block, text) =>
    generated.textToDecimal128(block, text, precision, scale);

const readers = {
  smallint: [{ kind: 'smallint' }, (block, text) => generated.textToSmallint(block, text)],
  integer: [INTEGER, (block, text) => generated.textToInteger(block, text)],
  bigint: [BIGINT, (block, text) => generated.textToBigint(block, text)],
  real: [REAL, (block, text) => generated.textToReal(block, text, powers)],
  double: [DOUBLE, (block, text) => generated.textToDouble(block, text, powers)],
  'numeric(18,0)': [decimal(18, 0), decimal64(18, 0)],
  'numeric(10,2)': [decimal(10, 2), decimal64(10, 2)],
  'numeric(18,18)': [decimal(18, 18), decimal64(18, 18)],
  'numeric(10,2) in 128 bits': [decimal(10, 2), decimal128(10, 2)],
  'numeric(19,19)': [decimal(19, 19), decimal128(19, 19)],
  'numeric(25,4)': [decimal(25, 4), decimal128(25, 4)],
  'numeric(38,0)': [decimal(38, 0), decimal128(38, 0)],
  'numeric(38,20)': [decimal(38, 20), decimal128(38, 20)],
  'numeric(38,38)': [decimal(38, 38), decimal128(38, 38)],
  boolean: [BOOLEAN, (block, text) => generated.textToBoolean(block, text) === 1],
  uuid: [{ kind: 'uuid' }, (block, text) => uuidOf(generated.textToUuid(block, text))],
  bytea: [BYTEA, (block, text) => Buffer.from(memory.readText(generated.textToBytes(block, text))).toString('hex')],
} satisfies Record<string, readonly [SqlType, Read]>;

const REFUSED = Symbol('refused');

function expectedOf(text: string, type: SqlType): unknown {
  try {
    const value = parseValue(text, type);
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  } catch (error) {
    assert.ok(error instanceof MillraceError && error.kind === 'user');
    return REFUSED;
  }
}

function agrees(name: keyof typeof readers, texts: readonly string[]): void {
  const [type, read] = readers[name];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const block = memory.block(bytes.length + 1024);
    const heapEnd = memory.shared.u32[block.pointer / 4 + 1];
    const value = memory.text(bytes);
    let actual: unknown;
    let thrown: unknown;
    try {
      actual = read(block.pointer, value);
    } catch (error) {
      thrown = error;
    }
    const status = block.takeStatus();
    const expected = expectedOf(text, type);
    const about = `${JSON.stringify(text)}::${name}`;
    if (expected === REFUSED) {
      assert.equal(status, STATUS_REJECTED, about);
      continue;
    }
    assert.equal(status, 0, about);
    assert.equal(thrown, undefined, about);
    assert.ok(Object.is(actual, expected), `${about}: ${actual}, not ${expected}`);
    if (type.kind !== 'bytea') assert.equal(memory.shared.u32[block.pointer / 4 + 1], heapEnd, about);
  }
  scope.reset();
}

function holds(names: readonly (keyof typeof readers)[], texts: fc.Arbitrary<string>): void {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 20 }), (some) => {
      for (const name of names) agrees(name, some);
    }),
    { numRuns: 100 * PROPERTY_ROUNDS },
  );
}

const around = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', '', '', '', ' ', '\t\n', '\v\f\r', '\u00a0', 'x'),
      texts,
      fc.constantFrom('', '', '', '', ' ', '\t\n', '\v\f\r', '\u2003', 'x', '\0'),
    )
    .map((parts) => parts.join(''));

const digitsOf = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0012345567899'), maxLength });
const sign = fc.constantFrom('', '', '', '-', '+');
const limits = fc
  .tuple(
    fc.constantFrom(2n ** 15n, 2n ** 31n, 2n ** 63n, 2n ** 64n, 10n ** 18n, 10n ** 19n, 10n ** 38n, 10n ** 40n),
    fc.bigInt(-2n, 2n),
  )
  .map(([limit, more]) => String(limit + more));
const wholes = around(
  fc
    .tuple(sign, fc.constantFrom('', '', '0', '0000000000000000000000'), fc.oneof(digitsOf(22), limits))
    .map((parts) => parts.join('')),
);
const nearly = fc.string({ unit: fc.constantFrom(...'0159-+. eEx'), maxLength: 12 });

const exponent = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat(45)).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('e', 'e-'), fc.integer({ min: 280, max: 360 })).map((parts) => parts.join('')),
  fc.constantFrom(
    'e',
    'e+',
    'e99999',
    'e-99999',
    'e123456',
    'e-999999999999999999999',
    'e00000000000001',
    'e5.',
    'e5e5',
  ),
);
const decimals = around(
  fc
    .tuple(
      sign,
      fc.oneof(digitsOf(8), digitsOf(22), digitsOf(60), limits),
      fc.constantFrom('', '.', '.', '.', '.000000000000000000000000'),
      fc.oneof(digitsOf(6), digitsOf(24), digitsOf(60), fc.constantFrom('4999999999999999999999', '5', '49', '995')),
      exponent,
    )
    .map((parts) => parts.join('')),
);

const float64 = new Float64Array(1);
const float32 = new Float32Array(1);
const bits64 = new BigUint64Array(float64.buffer);
const bits32 = new Uint32Array(float32.buffer);

/** An exact decimal of digits * 2^exponent, which may be moved by one in a later place, or written with an exponent. */
function exactDecimal(value: bigint, power: number, tail: string, form: number): string {
  const digits = power >= 0 ? value << BigInt(power) : value * 5n ** BigInt(-power);
  const places = Math.max(-power, 0);
  const padded = digits.toString().padStart(places + 1, '0');
  const whole = padded.slice(0, padded.length - places);
  const fraction = padded.slice(padded.length - places);
  if (form === 0) return `${whole}.${fraction}${tail}`;
  const plain = digits.toString();
  return `${plain}${tail}e${-places - tail.length}`;
}
const tails = fc.constantFrom('', '', '0', '000000000000000000000000', '1', '0000000000000000000000000001');

/** What lies in the middle between two neighbours, or by it, or is one. */
const besideDoubles = fc
  .tuple(
    fc.oneof(
      fc.bigInt(0n, (1n << 63n) - (1n << 52n) - 1n),
      fc.bigInt(0n, 1n << 54n),
      fc.constantFrom(0x7fefffffffffffffn, 0n, 1n),
    ),
    fc.constantFrom(0n, 1n, 1n, 1n),
    fc.bigInt(-1n, 1n),
    tails,
    fc.nat(1),
  )
  .map(([bits, half, moved, tail, form]) => {
    const biased = Number(bits >> 52n);
    const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
    const value = ((mantissa << 1n) + half) * 1024n + moved * BigInt(form);
    return exactDecimal(value < 0n ? 0n : value, Math.max(biased, 1) - 1076 - 10, tail, form);
  });
const besideReals = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 0x7f7fffff }),
      fc.integer({ min: 0, max: 1 << 24 }),
      fc.constantFrom(0x7f7fffff, 0),
    ),
    fc.constantFrom(0n, 1n, 1n, 1n),
    fc.bigInt(-1n, 1n),
    tails,
    fc.nat(1),
  )
  .map(([bits, half, moved, tail, form]) => {
    const biased = bits >>> 23;
    const mantissa = BigInt((bits & 0x7fffff) | (biased === 0 ? 0 : 1 << 23));
    // Moved by less than doubles tell apart.
    const value = (((mantissa << 1n) + half) << 60n) + moved;
    return exactDecimal(value < 0n ? 0n : value, Math.max(biased, 1) - 151 - 60, tail, form);
  });
const printed = fc.oneof(
  fc.double().map(String),
  fc.float().map(String),
  fc.bigInt(0n, 2n ** 63n).map((bits) => {
    bits64[0] = bits;
    return String(float64[0]);
  }),
  fc.nat().map((bits) => {
    bits32[0] = bits;
    return String(float32[0]);
  }),
  fc
    .tuple(fc.bigInt(0n, 10n ** 19n), fc.integer({ min: -345, max: 310 }))
    .map(([digits, power]) => `${digits}e${power}`),
);
const specials = around(
  fc
    .tuple(
      sign,
      fc.constantFrom('inf', 'Infinity', 'INFINITY', 'NaN', 'nan', 'infinit', 'in', 'nanx', 'infinityy', 'é'),
    )
    .map((parts) => parts.join('')),
);

test('integers', () => {
  holds(['smallint', 'integer', 'bigint'], fc.oneof(wholes, nearly));
});

test('floating point numbers', () => {
  holds(['double', 'real'], fc.oneof(decimals, printed, specials, nearly, wholes));
});

test('floating point numbers in the middle between two', () => {
  holds(['double', 'real'], fc.oneof(besideDoubles, besideReals));
  agrees('real', [
    '1.00000017881393421514957253748434595763683319091796875001',
    '3.4028235677973366e38',
    '7.006492321624085e-46',
  ]);
  agrees('double', [
    '9007199254740993',
    '9007199254740993.0',
    `9007199254740993.${'0'.repeat(900)}1`,
    '2.4703282292062327e-324',
  ]);
});

test('decimals', () => {
  const names = Object.keys(readers).filter((name) => name.startsWith('numeric')) as (keyof typeof readers)[];
  holds(names, fc.oneof(decimals, nearly, wholes));
});

test('decimals of more than 18 digits in 64 bits ask for more where these do not do', () => {
  const read = (text: string): [bigint, number] => {
    const block = memory.block();
    const value = generated.textToDecimal64(block.pointer, memory.text(Buffer.from(text)), 30, 2);
    return [value, block.takeStatus()];
  };
  assert.deepEqual(read('92233720368547758.07'), [2n ** 63n - 1n, 0]);
  assert.deepEqual(read('-92233720368547758.08'), [-(2n ** 63n), 0]);
  assert.equal(read('92233720368547758.08')[1], STATUS_WIDEN);
  assert.equal(read('1e27')[1], STATUS_WIDEN);
  assert.equal(read('1e28')[1], STATUS_REJECTED);
  scope.reset();
});

test('booleans', () => {
  const word = fc.constantFrom(
    'true',
    'false',
    'yes',
    'no',
    'on',
    'off',
    '1',
    '0',
    '\u0011',
    '\u0010',
    'truth',
    'nope',
    'K',
  );
  const part = fc.tuple(word, fc.nat(6), fc.boolean()).map(([text, length, isUpper]) => {
    const cut = text.slice(0, length);
    return isUpper ? cut.toUpperCase() : cut;
  });
  holds(['boolean'], around(part));
});

test('UUIDs', () => {
  const groups = fc.array(
    fc.tuple(
      fc.string({ unit: fc.constantFrom(...'09afAF'), minLength: 4, maxLength: 4 }),
      fc.constantFrom('', '', '-'),
    ),
    {
      minLength: 7,
      maxLength: 8,
    },
  );
  const uuid = fc
    .tuple(
      groups,
      fc.constantFrom('0a9F', '0a9', '-0a9F', '0a9F0'),
      fc.constantFrom('', '{', ' '),
      fc.constantFrom('', '}', '-'),
    )
    .map(([parts, last, before, behind]) => before + parts.flat().join('') + last + behind);
  const usual = fc
    .tuple(fc.uuid(), fc.nat(40), fc.constantFrom('', 'x', '-', '/', 'G'))
    .map(([id, at, letter]) => (letter === '' ? id : id.slice(0, at) + letter + id.slice(at + 1)));
  holds(
    ['uuid'],
    fc.oneof(
      uuid,
      usual,
      usual.map((id) => `{${id.toUpperCase()}}`),
      fc.constantFrom('', '{', '{}', '-'),
    ),
  );
});

test('bytes', () => {
  const hexadecimal = fc.array(fc.constantFrom('00', 'ff', 'A9', ' ', '\n', '\t\r', '\v', '1', 'g', 'é', '\u{1f600}'), {
    maxLength: 6,
  });
  const pairs = fc.array(fc.constantFrom('00', 'fF', ' ', '1e'), { maxLength: 20 });
  const escaped = fc.array(fc.constantFrom('a', 'é', '\\\\', '\\000', '\\377', '\\134', ' ', '\\x41'), {
    maxLength: 8,
  });
  const broken = fc.constantFrom('', '\\', '\\4', '\\400', '\\38', '\\08', '\\000', '\\X');
  holds(
    ['bytea'],
    fc.oneof(
      fc.oneof(hexadecimal, pairs).map((parts) => `\\x${parts.join('')}`),
      fc.tuple(escaped, broken).map(([parts, last]) => parts.join('') + last),
    ),
  );
});
