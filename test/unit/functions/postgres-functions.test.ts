import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import type { MillraceError } from '../../../src/common/errors.js';
import { evaluateConstant } from '../../../src/exec/expression/constant-folding.js';
import { parseValue } from '../../../src/functions/casts/parse-value.js';
import { formatValue } from '../../../src/functions/format-value.js';
import { resolveOperator, resolveScalarFunction } from '../../../src/functions/registry.js';
import type { Expression } from '../../../src/planner/expression.js';
import { typeFromName } from '../../../src/types/coercion.js';
import { formatType, type SqlType, sameType } from '../../../src/types/sql-type.js';
import { SharedMemory } from '../../../src/vector/shared-memory.js';
import { openPostgres } from '../../support/open-postgres.js';

const shared = SharedMemory.create(64 * 2 ** 20, { checked: true });
let postgres: PGlite;
before(async () => {
  postgres = await openPostgres();
  await postgres.exec("set time zone 'UTC'");
});
after(() => postgres.close());

/** `text::type`, or NULL::type. */
interface Literal {
  readonly text: string | null;
  readonly type: SqlType;
}

function literal(written: string): Literal {
  const split = written.lastIndexOf('::');
  const match = /^([a-z ]+)(?:\((\d+)(?:,(\d+))?\))?$/.exec(written.slice(split + 2))!;
  const modifiers = match
    .slice(2)
    .filter((part) => part !== undefined)
    .map(Number);
  const text = written.slice(0, split);
  return { text: text === 'NULL' ? null : text, type: typeFromName(match[1]!.split(' '), modifiers) };
}

const constant = ({ text, type }: Literal): Expression => ({
  kind: 'constant',
  type,
  value: text === null ? null : parseValue(text, type),
});

const cast = (input: Expression, type: SqlType): Expression =>
  sameType(input.type, type) ? input : { kind: 'cast', type, input };

function call(name: string, literals: readonly Literal[]): Expression {
  const types = literals.map((one) => one.type);
  const isOperator = !/^[a-z]/.test(name) || name === 'like' || name === 'ilike';
  const resolved =
    isOperator && literals.length === 2 && !/^[a-z]/.test(name)
      ? resolveOperator(name, types[0], types[1]!)
      : resolveScalarFunction(name, types);
  const args = literals.map((one, index) => cast(constant(one), resolved.argTypes[index]!));
  return { kind: 'call', type: resolved.returns, overload: resolved.overload, args };
}

function ours(expression: Expression): string | null {
  const { value, type } = evaluateConstant(expression, shared.memory);
  return value === null ? null : formatValue(value, type);
}

const sqlOf = ({ text, type }: Literal): string =>
  `${text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`}::${formatType(type)}`;

/** Trailing zeros apart: the scale of our quotients is static. */
const plain = (text: string | null): string | null =>
  text !== null && /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;

async function compare(
  cases: readonly string[][],
  write: (name: string, args: readonly string[]) => string,
): Promise<void> {
  for (const [name, ...args] of cases as [string, ...string[]][]) {
    const literals = args.map(literal);
    const sql = write(name, literals.map(sqlOf));
    let expected: string | null;
    try {
      const { rows } = await postgres.query<{ v: string | null }>(`select (${sql})::text as v`);
      expected = rows[0]!.v;
    } catch (error) {
      expected = `error ${(error as { code: string }).code}`;
    }
    let actual: string | null;
    try {
      actual = ours(call(name, literals));
    } catch (error) {
      actual = `error ${(error as MillraceError).code}`;
    }
    assert.equal(plain(actual), plain(expected), sql);
  }
}

test('functions and operators give what PostgreSQL gives', async () => {
  const operators = [
    ['+', '2147483647::integer', '1::integer'],
    ['*', '3037000500::bigint', '3037000500::bigint'],
    ['/', '-7::integer', '2::integer'],
    ['%', '-7::integer', '2::integer'],
    ['/', '1::integer', '0::integer'],
    ['/', '-32768::smallint', '-1::smallint'],
    ['/', '100.50::numeric(5,2)', '7::integer'],
    ['*', '12345678901234567890.12::numeric(22,2)', '98765.4321::numeric(9,4)'],
    ['%', '-10.5::numeric(5,2)', '3::integer'],
    ['+', '1e308::double precision', '1e308::double precision'],
    ['/', '1::double precision', '0::double precision'],
    ['||', 'abc::text', 'dé::text'],
    ['||', 'abc::text', 'NULL::text'],
    ['+', '2024-01-31::date', '1 month::interval'],
    ['-', '2024-03-31::date', '1 month 1 day::interval'],
    ['+', '2024-02-28::date', '2::integer'],
    ['-', '2024-03-01::date', '2023-03-01::date'],
    ['-', '2024-03-01 10:00:00::timestamp', '2024-02-28 12:30:00.5::timestamp'],
    ['*', '1 month 2 days 03:00:00::interval', '1.5::double precision'],
    ['/', '1 month::interval', '4::integer'],
    ['+', '1 year::interval', '-13 months::interval'],
    ['-', '1998-12-01::date', '90 days::interval'],
    ['+', '23:30:00::time', '01:00:00::interval'],
    ['~', 'foobar::text', '^fo+::text'],
  ];
  await compare(operators, (name, [left, right]) => `${left} ${name} ${right}`);
});

test('scalar functions give what PostgreSQL gives', async () => {
  const texts = [
    '::text',
    'Hello World::text',
    'naïve café::text',
    'ÄÖÜ ñ::text',
    'a much longer text, with more than sixteen bytes::text',
  ];
  const cases: string[][] = [];
  for (const text of texts) {
    for (const name of ['length', 'octet_length', 'upper', 'lower', 'initcap', 'reverse', 'md5', 'btrim', 'ascii'])
      cases.push([name, text]);
    for (const count of ['0::integer', '3::integer', '-3::integer', '100::integer']) {
      cases.push(
        ['left', text, count],
        ['right', text, count],
        ['substring', text, count],
        ['lpad', text, count],
        ['rpad', text, count, 'xy::text'],
      );
    }
    cases.push(
      ['substring', text, '2::integer', '3::integer'],
      ['substring', text, '-1::integer', '4::integer'],
      ['substring', text, '1::integer', '-1::integer'],
    );
    for (const needle of ['::text', 'o::text', 'World::text', 'é::text', 'with more than::text', 'bytes::text']) {
      cases.push(
        ['strpos', text, needle],
        ['starts_with', text, needle],
        ['replace', text, needle, '<>::text'],
        ['split_part', text, needle, '2::integer'],
      );
    }
    for (const pattern of [
      '%::text',
      'H%::text',
      '%d::text',
      '%lo W%::text',
      'Hello World::text',
      '_ello%::text',
      'na_ve%::text',
      '%a%e%::text',
      '%\\%%::text',
      '____ _::text',
      '%longer%more%bytes::text',
      '::text',
      '%e::text',
    ]) {
      cases.push(['like', text, pattern]);
    }
    cases.push(['ilike', text, 'hello%::text']);
  }
  cases.push(
    ['ltrim', '  a ::text'],
    ['rtrim', '  a ::text'],
    ['btrim', 'xxaxx::text', 'x::text'],
    ['repeat', 'ab::text', '3::integer'],
    ['chr', '228::integer'],
    ['translate', '12345::text', '143::text', 'ax::text'],
    ['concat', 'a::text', 'NULL::text', '1::integer', 'true::boolean'],
    ['concat_ws', ',::text', 'a::text', 'NULL::text', 'b::text'],
    ['regexp_replace', 'foobarbaz::text', 'b(..)::text', 'X\\1Y::text', 'g::text'],
    ['abs', '-5::integer'],
    ['abs', '-5.25::numeric(5,2)'],
    ['abs', '-2147483648::integer'],
    ['sign', '-5.25::numeric(5,2)'],
    ['round', '2.5::numeric(5,2)'],
    ['round', '-2.5::numeric(5,2)'],
    ['round', '2.5::double precision'],
    ['round', '1.2345::numeric(8,4)', '2::integer'],
    ['round', '1255.55::numeric(8,2)', '-2::integer'],
    ['floor', '-2.5::numeric(5,2)'],
    ['ceil', '-2.5::numeric(5,2)'],
    ['ceil', '2.1::numeric(5,2)'],
    ['trunc', '-2.57::numeric(5,2)', '1::integer'],
    ['sqrt', '2::double precision'],
    ['sqrt', '-2::double precision'],
    ['power', '2::double precision', '10::double precision'],
    ['ln', '0::double precision'],
    ['exp', '1::double precision'],
    ['log', '1000::double precision'],
    ['mod', '-7::bigint', '3::bigint'],
    ['greatest', '1::integer', 'NULL::integer', '3::integer'],
    ['least', '1.5::numeric(3,1)', '2::integer'],
    ['date_trunc', 'month::text', '2024-05-06 07:08:09::timestamp'],
    ['date_trunc', 'week::text', '2024-05-05 07:08:09::timestamp'],
    ['date_trunc', 'quarter::text', '1969-12-31 07:08:09::timestamp'],
    ['date_trunc', 'nonsense::text', '1969-12-31 07:08:09::timestamp'],
    ['make_date', '2024::integer', '2::integer', '30::integer'],
    ['make_date', '2024::integer', '2::integer', '29::integer'],
    ['age', '2024-03-31::timestamp', '2023-02-28 12:00:00::timestamp'],
    ['age', '2023-02-28 12:00:00::timestamp', '2024-03-31::timestamp'],
    ['to_char', '2024-05-06 17:08:09.123::timestamp', 'YYYY-MM-DD HH24:MI:SS.MS::text'],
    ['to_char', '2024-05-06 17:08:09::timestamp', 'FMDay, DD FMMonth YYYY HH12 am::text'],
  );
  for (const field of ['year', 'dow', 'epoch', 'second'])
    cases.push(['date_part', `${field}::text`, '2024-05-06 07:08:09.5::timestamp']);
  await compare(cases, (name, args) =>
    name === 'like' || name === 'ilike' ? `${args[0]} ${name} ${args[1]}` : `${name}(${args.join(', ')})`,
  );
});

/** The same ones every time. */
const samples = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { seed: 42, numRuns: count });
const textOf = (characters: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...characters), { maxLength }).map((parts) => `${parts.join('')}::text`);

test('LIKE and ILIKE of odd patterns give what PostgreSQL gives', async () => {
  const pattern = textOf(['a', 'b', 'B', '%', '_', '\\', 'é'], 4);
  const cases = samples(
    fc.tuple(fc.constantFrom('like', 'ilike'), textOf(['a', 'b', 'A', '%', '\\', 'é'], 4), pattern),
    250,
  );
  await compare(cases, (name, args) => `${args[0]} ${name} ${args[1]}`);
  const escapes = fc.constantFrom('::text', '!::text', 'a::text', '%::text', '_::text', 'é::text', 'ab::text');
  const escaped = samples(
    fc.tuple(
      fc.constantFrom('like', 'ilike'),
      textOf(['a', 'b', '!', '%'], 4),
      textOf(['a', 'B', '%', '_', '!', 'é'], 4),
      escapes,
    ),
    150,
  );
  await compare(escaped, (name, args) => `${args[0]} ${name} ${args[1]} escape ${args[2]}`);
});

test('text functions of odd arguments give what PostgreSQL gives', async () => {
  const text = textOf(['a', 'a', 'b', 'é', '😀', ' ', 'B2'], 7);
  const needle = textOf(['a', 'b', 'é'], 2);
  const count = fc.integer({ min: -4, max: 9 }).map((value) => `${value}::integer`);
  const shapes: Readonly<Record<string, readonly fc.Arbitrary<string>[]>> = {
    replace: [text, needle, needle],
    split_part: [text, needle, count],
    lpad: [text, count, needle],
    rpad: [text, count, needle],
    repeat: [needle, count],
    btrim: [text, needle],
    ltrim: [text, needle],
    rtrim: [text, needle],
    translate: [text, needle, needle],
    initcap: [text],
    reverse: [text],
    ascii: [text],
  };
  for (const [name, shape] of Object.entries(shapes)) {
    await compare(
      samples(fc.tuple(...shape), 25).map((args) => [name, ...args]),
      (_, args) => `${name}(${args.join(', ')})`,
    );
  }
});

test('date_part and date_trunc give what PostgreSQL gives', async () => {
  const units = [
    ...[
      'year',
      'YEARS',
      'month',
      'mon',
      'mons',
      'week',
      'w',
      'day',
      'd',
      'hour',
      'h',
      'hrs',
      'minute',
      'min',
      'second',
    ],
    ...['sec', 'milliseconds', 'ms', 'microseconds', 'us', 'quarter', 'qtr', 'decade', 'century', 'c', 'millennium'],
    ...['epoch', 'dow', 'isodow', 'doy', 'isoyear', 'fortnight', 'dows', ''],
  ];
  const cases: string[][] = [];
  for (const unit of units) {
    for (const value of ['2024-12-30 23:59:59.123456', '1969-01-01 00:00:01', '0044-03-15 12:00:00 BC', 'infinity']) {
      cases.push(
        ['date_part', `${unit}::text`, `${value}::timestamp`],
        ['date_trunc', `${unit}::text`, `${value}::timestamp`],
      );
    }
    cases.push(['date_part', `${unit}::text`, '2021-01-03::date']);
    cases.push(['date_part', `${unit}::text`, '14 months 3 days 04:05:06.7::interval']);
    cases.push(['date_trunc', `${unit}::text`, '14 months 3 days 04:05:06.7::interval']);
    cases.push(['date_part', `${unit}::text`, '04:05:06.7::time']);
  }
  await compare(cases, (name, args) => `${name}(${args.join(', ')})`);
});

test('EXTRACT gives what PostgreSQL gives', async () => {
  const fields = [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
    'milliseconds',
    'microseconds',
    'quarter',
    'dow',
    'isodow',
    'doy',
    'week',
    'isoyear',
    'decade',
    'century',
    'millennium',
    'epoch',
  ];
  const cases: string[][] = [];
  for (const field of fields) {
    for (const value of [
      '2024-12-30 23:59:59.123456::timestamp',
      '1969-01-01 00:00:01::timestamp',
      '2000-02-29::timestamp',
      '2021-01-03::timestamp',
      '0044-03-15 BC::timestamp',
    ])
      cases.push([`extract_${field}`, value]);
    if (['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'quarter', 'epoch'].includes(field))
      cases.push([`extract_${field}`, '1 year 14 months 3 days 04:05:06.7::interval']);
  }
  await compare(cases, (name, [value]) => `extract(${name.slice(8)} from ${value})`);
});

test('casts give what PostgreSQL gives', async () => {
  const cases: [string, string][] = [
    ['-9223372036854775808::text', 'bigint'],
    ['123456789012::text', 'bigint'],
    ['-5::text', 'smallint'],
    ['1969-12-31::text', 'date'],
    ['0001-01-01::text', 'date'],
    ['-123::integer', 'text'],
    ['-9223372036854775808::bigint', 'text'],
    ['-0.05::numeric(20,2)', 'text'],
    ['-0.05::numeric(5,2)', 'text'],
    ['1969-12-31::date', 'text'],
    ['2024-02-29 10:11:12.5::timestamptz', 'text'],
    ['0044-03-15 BC::date', 'text'],
    ['12::text', 'integer'],
    [' -12 ::text', 'integer'],
    ['abc::text', 'integer'],
    ['99999999999::text', 'integer'],
    ['1.50::text', 'numeric(5,1)'],
    ['1e3::text', 'numeric(10,2)'],
    ['123456::text', 'numeric(5,1)'],
    ['1.5::double precision', 'integer'],
    ['2.5::double precision', 'integer'],
    ['1e10::double precision', 'integer'],
    ['0.1::double precision', 'text'],
    ['1e15::double precision', 'text'],
    ['123456789::real', 'text'],
    ['1e-5::double precision', 'text'],
    ['12.345::numeric(5,3)', 'numeric(4,2)'],
    ['99.995::numeric(5,3)', 'numeric(4,2)'],
    ['-2.5::numeric(5,2)', 'integer'],
    ['2.5::numeric(5,2)', 'text'],
    ['100000::integer', 'smallint'],
    ['5::integer', 'boolean'],
    ['true::boolean', 'text'],
    ['yes::text', 'boolean'],
    ['maybe::text', 'boolean'],
    ['2024-02-30::text', 'date'],
    ['2024-02-29::text', 'date'],
    ['20240229::text', 'date'],
    ['2024-02-29 10:11:12.5::text', 'timestamp'],
    ['2024-02-29T10:11:12+02::text', 'timestamptz'],
    ['junk::text', 'timestamp'],
    ['2024-02-29 10:11:12.5::timestamp', 'date'],
    ['2024-02-29 10:11:12.5::timestamp', 'text'],
    ['1960-02-29 10:11:12.5::timestamp', 'date'],
    ['1 year 2 months -3 days 04:05:06::text', 'interval'],
    ['1.5 days ago::text', 'interval'],
    ['P1Y2M3DT4H::text', 'interval'],
    ['10:11::text', 'time'],
    ['25:00::text', 'time'],
    ['abcdef::text', 'varchar(3)'],
    ['ab::text', 'char(4)'],
    ['12345.678::double precision', 'numeric(8,2)'],
    ['\\x41::text', 'bytea'],
    ['123456789012345678901234567890::numeric(30,0)', 'double precision'],
    ['9223372036854775807::bigint', 'numeric(38,0)'],
    ['9223372036854775808::numeric(20,0)', 'bigint'],
    ['(1,2)::text', 'json'],
    ['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11::text', 'uuid'],
  ];
  for (const [from, to] of cases) {
    const source = literal(from);
    const target = literal(`NULL::${to}`).type;
    let expected: string | null;
    const sql = `(${sqlOf(source)})::${to}`;
    try {
      expected = (await postgres.query<{ v: string }>(`select (${sql})::text as v`)).rows[0]!.v;
    } catch (error) {
      expected = `error ${(error as { code: string }).code}`;
    }
    let actual: string | null;
    try {
      actual = ours(cast(constant(source), target));
    } catch (error) {
      actual = `error ${(error as MillraceError).code}`;
    }
    // PostgreSQL drops the padding of char(n) on its way to text.
    assert.equal(target.kind === 'char' ? actual?.trimEnd() : actual, expected, sql);
  }
});
