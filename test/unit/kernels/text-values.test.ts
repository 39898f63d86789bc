import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_ZONE } from '../../../src/exec/expression/argument-block.js';
import { ZoneNames } from '../../../src/exec/expression/zone-names.js';
import { parseValue } from '../../../src/functions/casts/parse-value.js';
import { powersOfTenTable } from '../../../src/kernels/constant-tables.js';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  REAL,
  type SqlType,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../../../src/types/sql-type.js';
import { dateTimeText } from '../../support/datetime-texts.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const powers = powersOfTenTable(shared);
const QUOTED = 0x80000000;
const ESCAPED = 0x40000000;

interface Field {
  readonly text: string;
  readonly flags: number;
}

function fieldsOf(fields: readonly (Field | undefined)[]): number {
  const at = scope.allocate(fields.length * 8);
  for (const [index, field] of fields.entries()) {
    const bytes = Buffer.from(field?.text ?? '');
    // A copy each, at no alignment.
    const pointer = field === undefined ? 0 : memory.bytes([...Buffer.from('xyz').subarray(0, index % 4), ...bytes]);
    shared.u32[at / 4 + index * 2] = pointer === 0 ? 0 : pointer + (index % 4 === 0 ? 0 : index % 4);
    shared.u32[at / 4 + index * 2 + 1] = (bytes.length | (field?.flags ?? 0)) >>> 0;
  }
  return at;
}

type Read = (fields: number, count: number, target: number, validity: number, declined: number) => number;

/** With the zones that a kernel asks for. */
function dated(kernel: (work: number) => number): number {
  const work = scope.allocateCleared(1024);
  const names = new ZoneNames(shared, scope, work);
  for (;;) {
    const count = kernel(work);
    if (shared.u32[work / 4] !== STATUS_ZONE) return count;
    names.answer();
    kernels.putZone(work);
  }
}

/** Values by row; undefined where the kernel declined. */
function read(texts: readonly string[], width: number, kernel: Read, valueAt: (pointer: number) => unknown): unknown[] {
  const fields = fieldsOf(texts.map((text) => ({ text, flags: 0 })));
  const target = scope.allocate(texts.length * width);
  const validity = memory.bytes(texts.map(() => 1));
  const declined = scope.allocate(texts.length * 4);
  const count = kernel(fields, texts.length, target, validity, declined);
  const rows = new Set(shared.u32.slice(declined / 4, declined / 4 + count));
  return texts.map((_, row) => (rows.has(row) ? undefined : valueAt(target + row * width)));
}

function parsed(text: string, type: SqlType): unknown {
  try {
    return parseValue(text, type);
  } catch {
    return undefined;
  }
}

/** What the kernel reads is what the twin reads; what the twin does not read, neither does the kernel. */
function agrees(texts: readonly string[], type: SqlType, values: readonly unknown[]): void {
  for (const [row, text] of texts.entries()) {
    if (values[row] !== undefined) assert.ok(Object.is(values[row], parsed(text, type)), `${text}: ${values[row]}`);
  }
}

const { view } = shared;
const readers: readonly [string, SqlType, number, Read, (pointer: number) => unknown][] = [
  [
    'integers',
    INTEGER,
    4,
    (...args) => kernels.fieldsToIntegers(args[0], args[1], 4, -(2n ** 31n), 2n ** 31n - 1n, args[2], args[3], args[4]),
    (at) => view.getInt32(at, true),
  ],
  [
    'big integers',
    BIGINT,
    8,
    (...args) => kernels.fieldsToIntegers(args[0], args[1], 8, -(2n ** 63n), 2n ** 63n - 1n, args[2], args[3], args[4]),
    (at) => view.getBigInt64(at, true),
  ],
  [
    'decimals',
    decimal(10, 2),
    8,
    (...args) => kernels.fieldsToDecimals(args[0], args[1], 8, 10, 2, args[2], args[3], args[4]),
    (at) => view.getBigInt64(at, true),
  ],
  [
    'wide decimals',
    decimal(25, 4),
    16,
    (...args) => kernels.fieldsToDecimals(args[0], args[1], 16, 25, 4, args[2], args[3], args[4]),
    (at) => (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true),
  ],
  ['doubles', DOUBLE, 8, (...args) => kernels.fieldsToDoubles(...args, powers), (at) => view.getFloat64(at, true)],
  ['reals', REAL, 4, (...args) => kernels.fieldsToReals(...args, powers), (at) => view.getFloat32(at, true)],
  ['booleans', BOOLEAN, 1, (...args) => kernels.fieldsToBooleans(...args), (at) => view.getUint8(at) === 1],
  [
    'dates',
    DATE,
    4,
    (...args) => dated((work) => kernels.fieldsToDates(...args, work)),
    (at) => view.getInt32(at, true),
  ],
  [
    'timestamps',
    TIMESTAMP,
    8,
    (fields, count, ...rest) => dated((work) => kernels.fieldsToTimestamps(fields, count, 0, 0, ...rest, work)),
    (at) => view.getBigInt64(at, true),
  ],
  [
    'timestamps with zones',
    TIMESTAMPTZ,
    8,
    (fields, count, ...rest) => dated((work) => kernels.fieldsToTimestamps(fields, count, 1, 0, ...rest, work)),
    (at) => view.getBigInt64(at, true),
  ],
];

const numbers = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.double().map(String),
  fc.float().map((value) => String(value)),
  fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat(9999)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: -330, max: 320 })).map(([a, b]) => `${a}e${b}`),
  fc.constantFrom(' 12 ', '+5', '1_000', '', '-', '.', '-.5', '5.', '1e', '9007199254740993', '0.1', '1e23', '8.5e-5'),
);
const moments = fc.oneof(
  fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).chain((date) => {
    const text = date.toISOString();
    return fc.constantFrom(
      ...[text.slice(0, 10), text.slice(0, 16), text.slice(0, 19), text.replace('T', ' '), text],
      ...[`${text.slice(0, 19)}+02`, `${text.slice(0, 19)}-05:30`, `${text.slice(0, 19)}.123456+00`],
    );
  }),
  fc.constantFrom('2023-02-29', '2024-13-01', '0000-01-01', '2024-1-1', '2024-01-01 24:00:00', '2024-01-01 1:2:3', 'x'),
);
const words = fc.constantFrom('true', 'FALSE', 't', 'F', 'yes', 'no', '1', '0', 'tru', 'on', 'off', 'x', '', 'truth');

for (const [name, type, width, kernel, valueAt] of readers) {
  test(`${name} are read as PostgreSQL's input functions read them, or left to these`, () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(numbers, moments, words), { maxLength: 20 }), (texts) => {
        agrees(texts, type, read(texts, width, kernel, valueAt));
        scope.reset();
      }),
      { numRuns: 1500 },
    );
  });
}

test('the usual forms are not declined', () => {
  const usual: readonly [number, string[]][] = [
    [0, ['0', '-12', '999999999', ' 7', '+2147483647']],
    [1, ['123456789012345678', '-1', '-9223372036854775808']],
    [2, ['1', '1.5', '-12345678.90', '0.125', '1.00000000000000000000000001', '125e-2']],
    [3, ['123456789012345678901.2345', '-1']],
    [
      4,
      [
        '0.1',
        '1e10',
        '123.456',
        '-0.8444218515250481',
        '2.2250738585072014e-200',
        '17.25',
        '0.12345678901234567891',
        'NaN',
      ],
    ],
    [5, ['0.1', '16777219', '3.4028234663852886e38', '1e-45', '-inf']],
    [6, ['true', 'F', '1', 'yes', ' off']],
    [7, ['2024-02-29', '1999-12-31']],
    [8, ['2024-02-29 12:34:56', '2024-02-29T12:34', '2024-02-29 12:34:56.789', '2024-02-29']],
    [9, ['2024-02-29 12:34:56+02', '2024-02-29T12:34:56.5-03:30', '2024-02-29 12:34:56Z']],
  ];
  for (const [reader, texts] of usual) {
    const [, type, width, kernel, valueAt] = readers[reader]!;
    assert.deepEqual(
      read(texts, width, kernel, valueAt),
      texts.map((text) => parsed(text, type)),
    );
  }
  scope.reset();
});

const zonedText = fc
  .tuple(dateTimeText, fc.constantFrom('Europe/Berlin', 'EST5EDT', 'a1b2', 'US/Pacific', 'Asia/Nowhere', 'Japan'))
  .map((parts) => parts.join(' '));

test('dates of any form are read, and declined when they are none', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: dateTimeText }, zonedText), { maxLength: 10 }), (texts) => {
      for (const [, type, width, kernel, valueAt] of readers.slice(7)) {
        assert.deepEqual(
          read(texts, width, kernel, valueAt),
          texts.map((text) => parsed(text, type)),
        );
      }
      scope.reset();
    }),
    { numRuns: 1000 },
  );
});

test('NULL is what is missing, or written as NULL is', () => {
  const fields: (Field | undefined)[] = [
    undefined,
    { text: '', flags: 0 },
    { text: '', flags: QUOTED },
    { text: 'NA', flags: 0 },
    { text: 'NA', flags: QUOTED },
    { text: 'NAN', flags: 0 },
  ];
  const nulls = fieldsOf([
    { text: '', flags: 0 },
    { text: 'NA', flags: 0 },
  ]);
  const validity = scope.allocate(fields.length);
  const at = fieldsOf(fields);
  assert.equal(kernels.fieldValidity(at, fields.length, validity, nulls, 2, 0), 3);
  assert.deepEqual([...shared.u8.slice(validity, validity + 6)], [0, 0, 1, 0, 1, 1]);
  assert.equal(kernels.fieldValidity(at, fields.length, validity, nulls, 0, 1), 3);
  assert.deepEqual([...shared.u8.slice(validity, validity + 6)], [0, 0, 0, 1, 1, 1]);
  scope.reset();
});

test('escapes are replaced in texts', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', '"', 'é', ',') }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(texts, (texts) => {
      const fields = fieldsOf(
        texts.map((text) => ({
          text: text.replaceAll('"', '""'),
          flags: text.includes('"') ? QUOTED | ESCAPED : 0,
        })),
      );
      const room = kernels.escapedBytes(fields, texts.length);
      const views = scope.allocate(texts.length * 16);
      const validity = memory.bytes(texts.map(() => 1));
      kernels.fieldsToTexts(fields, texts.length, 0x22, views, validity, scope.allocate(room));
      assert.deepEqual(
        texts.map((_, row) => {
          const [length, pointer] = [shared.u32[views / 4 + row * 4]!, shared.u32[views / 4 + row * 4 + 1]!];
          return Buffer.from(shared.u8.slice(pointer, pointer + length)).toString('utf8');
        }),
        texts,
      );
      scope.reset();
    }),
  );
});

test("PostgreSQL's backslashes", () => {
  const cases: readonly [string, string][] = [
    ['a\\tb', 'a\tb'],
    ['\\n\\r\\b\\f\\v', '\n\r\b\f\v'],
    ['\\101\\x42\\x4', 'AB\u0004'],
    ['\\\\N', '\\N'],
    ['\\a\\,', 'a,'],
  ];
  const fields = fieldsOf([...cases.map(([text]) => ({ text, flags: ESCAPED })), { text: '\\N', flags: ESCAPED }]);
  kernels.unescapeBackslashes(fields, cases.length + 1, scope.allocate(100));
  for (const [row, [, expected]] of cases.entries()) {
    const [pointer, length] = [shared.u32[fields / 4 + row * 2]!, shared.u32[fields / 4 + row * 2 + 1]! & 0x1fffffff];
    assert.equal(Buffer.from(shared.u8.slice(pointer, pointer + length)).toString('utf8'), expected);
  }
  assert.equal(shared.u32[fields / 4 + cases.length * 2 + 1]! >>> 0, (2 | ESCAPED) >>> 0);
  scope.reset();
});
