import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { castOf } from '../../../src/functions/casts/casts.js';
import { formatValue } from '../../../src/functions/format-value.js';
import { formatJsonb, parseJsonText } from '../../../src/functions/scalar/json/json-text.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import {
  arrayOf,
  BOOLEAN,
  BYTEA,
  DATE,
  DOUBLE,
  decimal,
  formatType,
  INTEGER,
  type SqlType,
  TEXT,
} from '../../../src/types/sql-type.js';
import { fallbackOf, hold } from '../../support/fallback-agreement.js';
import { brokenJson, jsonDocument } from '../../support/json-arbitraries.js';
import { interval, text, timestamp, uuid } from '../../support/value-arbitraries.js';

// As kernel-fallback.test.ts, for casts.

const digits = fc.bigInt(0n, 10n ** 21n).map((value) => value.toString());
const numberText = fc
  .tuple(
    fc.constantFrom('', '-', '+', ' '),
    fc.oneof(digits, fc.integer({ min: 0, max: 20_000 }).map(String)),
    fc.constantFrom('', '.', '.5', '.4999', '.25', '.00500', '.005', '.995'),
    fc.constantFrom('', '', '', 'e2', 'E-3', 'e+10', 'e-25', 'e', 'x', ' '),
  )
  .map((parts) => parts.join(''));
const shortDecimal = fc
  .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 99_999 }))
  .map(([a, b]) => `${a}.${b}`);
const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'));
const dateText = fc
  .tuple(fc.constantFrom('2024', '1999', '0001', '1900', '2000', '0000', '12345'), two(13), two(32))
  .map((parts) => parts.join('-'));
const timestampText = fc
  .tuple(
    dateText,
    fc.constantFrom(' ', 'T', '  ', '', 'x'),
    fc.oneof(two(24), fc.constant('7')),
    two(60),
    fc.option(two(60)),
    fc.constantFrom('', '', '.5', '.123456', '.1234567', '.'),
    fc.constantFrom('', '', 'Z', '+02', '-05:30', '+0200', ' UTC', '+2', '+1x'),
  )
  .map(
    ([day, separator, hour, minute, second, fraction, zone]) =>
      `${day}${separator}${hour}:${minute}${second === null ? '' : `:${second}${fraction}`}${zone}`,
  );
const words = fc.constantFrom(
  '',
  '-',
  '.',
  'NaN',
  'infinity',
  '1_000',
  '0',
  '-0',
  '-0.0',
  '00012',
  '1.',
  '.5',
  '-.5',
  '+7',
  '1e400',
  '1e-400',
);
const numbers = fc.oneof(numberText, shortDecimal, words);
const dates = fc.oneof(dateText, timestampText, words);

const roundNumbers = fc
  .tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.integer({ min: 0, max: 8 }))
  .map(([n, e]) => n / 10 ** e);
const doubles = fc.oneof(
  roundNumbers,
  fc.double({ min: -1e19, max: 1e19 }),
  fc.double(),
  fc.constantFrom(0.125, 2.5, 1.005, 1e15, 1e17, 5e-324),
);
const reals = doubles.map(Math.fround);

/** Among them what no number is cast to. */
const jsonNumbers = fc
  .oneof(
    shortDecimal,
    fc.constantFrom(
      '32767.4',
      '32767.5',
      '-32768.5',
      '2147483647.5',
      '-2147483648',
      '9223372036854775807',
      '0.5',
      '-0.4',
    ),
    fc.constantFrom('null', 'true', 'false', '"1"', '[1]', '{}', '999999999999999999.5', '1234567890123456789.5', '-0'),
    digits,
  )
  .map((json) => formatJsonb(parseJsonText(json)));

const truthText = fc.oneof(
  fc
    .tuple(fc.constantFrom('true', 'false', 'yes', 'no', 'on', 'off', 'of', '1', '0', 'TRUE', 'No'), fc.nat(6))
    .map(([word, length]) => word.slice(0, length)),
  fc.constantFrom('', ' t ', 'x', '\u0011', '\u0010', '2', 'o', 'truee', 'T\0', 'yés', '-'),
);
const clockText = fc.oneof(
  timestampText.map((written) => written.slice(11)),
  fc.constantFrom('24:00:00', '23:59', '0000', '12:34:56.1234567', '04:05 PM', '12:34:56.5'),
);
const intervalPart = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    fc.oneof(fc.nat(30).map(String), fc.constantFrom('999999', '1000000', '1.5', '', '007')),
    fc.constantFrom(' ', ' ', ' ', ' ', '  ', ''),
    fc.constantFrom(
      ...['year', 'years', 'mon', 'mons', 'month', 'months', 'week', 'weeks', 'day', 'days', 'hour', 'hours', 'min'],
      ...['mins', 'minute', 'minutes', 'sec', 'secs', 'second', 'seconds', 's', 'dayss', 'fortnight', 'Day', 'd'],
    ),
  )
  .map((parts) => parts.join(''));
const intervalText = fc.oneof(
  interval.map((value) => formatValue(value, { kind: 'interval' })),
  fc
    .tuple(
      fc.array(intervalPart, { maxLength: 4 }),
      fc.option(fc.tuple(fc.constantFrom('', '-', '+'), clockText).map((parts) => parts.join(''))),
      fc.constantFrom('', '', '', ' ', ' ago'),
    )
    .map(([parts, clock, tail]) => [...parts, ...(clock === null ? [] : [clock])].join(' ') + tail),
);
const arrayText = fc.oneof(
  fc.array(fc.oneof(text, fc.constantFrom('null', 'NULL', ' a ', ''))).map((values) => `{${values.join(',')}}`),
  fc
    .array(
      fc.constantFrom(
        ...['{', '}', ',', '"', '\\', ' ', '\t', 'a', 'é', 'null', 'NULL', 'a b', '"x,y"', '"\\""', '[1:2]='],
      ),
      { maxLength: 8 },
    )
    .map((parts) => `{${parts.join('')}}`),
  fc.constantFrom('', '{', '}', ' { } ', '{{a}}', '{a}}', '{"a}', '{a,}', '{"a"b}', '{"a" , b }', '{"\\'),
);
const uuidText = fc.oneof(
  uuid,
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.uuid().map((id) => id.replaceAll('-', '')),
  fc.uuid().map((id) => id.replace(/[0-9]/, 'g')),
  fc.uuid().map((id) => `{${id}}`),
  fc.uuid().map((id) => id.replace('-', '').replace('a', 'a-')),
);

const castCases: readonly (readonly [SqlType, SqlType, fc.Arbitrary<Exclude<ConstantValue, null>>])[] = [
  [TEXT, { kind: 'integer' }, numbers],
  [TEXT, { kind: 'bigint' }, numbers],
  [TEXT, { kind: 'real' }, numbers],
  [TEXT, DOUBLE, numbers],
  [TEXT, decimal(12, 2), numbers],
  [TEXT, decimal(18, 18), numbers],
  [TEXT, decimal(5, 0), numbers],
  [TEXT, decimal(30, 4), numbers],
  [TEXT, decimal(38, 0), numbers],
  [DOUBLE, decimal(12, 2), doubles],
  [DOUBLE, decimal(18, 9), doubles],
  [DOUBLE, decimal(38, 10), doubles],
  [DOUBLE, decimal(6, 0), doubles],
  [{ kind: 'real' }, decimal(12, 4), reals],
  [{ kind: 'real' }, decimal(30, 8), reals],
  [TEXT, BOOLEAN, truthText],
  [TEXT, { kind: 'smallint' }, numbers],
  [TEXT, { kind: 'time' }, clockText],
  [TEXT, { kind: 'interval' }, intervalText],
  [TEXT, { kind: 'uuid' }, uuidText],
  [TEXT, arrayOf(TEXT), arrayText],
  [BYTEA, TEXT, fc.uint8Array({ maxLength: 40 })],
  [BYTEA, { kind: 'smallint' }, fc.uint8Array({ maxLength: 4 })],
  [BYTEA, INTEGER, fc.uint8Array({ maxLength: 6 })],
  [BYTEA, { kind: 'bigint' }, fc.uint8Array({ maxLength: 10 })],
  [{ kind: 'smallint' }, BYTEA, fc.integer({ min: -32768, max: 32767 })],
  [INTEGER, BYTEA, fc.integer()],
  [{ kind: 'bigint' }, BYTEA, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)],
  [TEXT, BYTEA, fc.oneof(text, fc.constantFrom('\\x', '\\x00ff', '\\\\', 'a\\001'))],
  [TEXT, { kind: 'json' }, brokenJson],
  [TEXT, { kind: 'jsonb' }, brokenJson],
  [{ kind: 'json' }, { kind: 'jsonb' }, jsonDocument],
  [{ kind: 'jsonb' }, { kind: 'smallint' }, jsonNumbers],
  [{ kind: 'jsonb' }, INTEGER, jsonNumbers],
  [{ kind: 'jsonb' }, { kind: 'bigint' }, jsonNumbers],
  [{ kind: 'jsonb' }, { kind: 'real' }, jsonNumbers],
  [{ kind: 'jsonb' }, DOUBLE, jsonNumbers],
  [{ kind: 'jsonb' }, decimal(12, 2), jsonNumbers],
  [{ kind: 'jsonb' }, decimal(30, 4), jsonNumbers],
  [{ kind: 'jsonb' }, BOOLEAN, jsonNumbers],
  [TEXT, DATE, dates],
  [TEXT, { kind: 'timestamp' }, dates],
  [TEXT, { kind: 'timestamptz' }, dates],
  [{ kind: 'timestamp' }, { kind: 'time' }, timestamp],
  [{ kind: 'timestamptz' }, { kind: 'time' }, timestamp],
];

for (const [from, to, values] of castCases) {
  test(`casts of ${formatType(from)} to ${formatType(to)} agree with the TypeScript that does what the kernel declines`, () => {
    const fallback = fallbackOf(castOf(from, to).implementation);
    assert.ok(fallback);
    const make = ([input]: readonly Expression[]): Expression => ({ kind: 'cast', type: to, input: input! });
    hold(
      `${formatType(from)}::${formatType(to)}`,
      make,
      [from],
      to,
      fallback,
      values.map((value) => [value]),
    );
  });
}
