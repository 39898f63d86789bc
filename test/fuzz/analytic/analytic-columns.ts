import type { Random } from '../random.js';

/** The types of columns and expressions; both engines know them by these names, but for the two nested ones. */
export type AnalyticType =
  | 'boolean'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'double precision'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'integer[]'
  | 'text[]'
  | 'struct';

/** What is known of a value without looking at rows. */
export interface ValueBounds {
  /** No number is further from 0, and no text longer. */
  readonly limit: number;
  /** Digits after the point. */
  readonly scale: number;
}

export interface AnalyticColumn extends ValueBounds {
  readonly name: string;
  readonly type: AnalyticType;
  /** As CREATE TABLE has it, in both engines. */
  readonly declaration: string;
  /** DuckDB's expression of the number `i` of a row: rows are functions of their numbers, so that any may be left out. */
  readonly sql: string;
  /** At most so many different values. */
  readonly distinct: number;
  /** No value has a larger share of the rows. */
  readonly share: number;
}

interface Form extends ValueBounds {
  readonly declaration: string;
  /** The value that belongs to a number from 0 on. */
  readonly of: (code: string) => string;
  /** There are no more than so many. */
  readonly most?: number;
}

const pickFrom =
  (values: readonly string[], declaration: string) =>
  (code: string): string =>
    `([${values.join(', ')}]::${declaration}[])[1 + ${code} % ${values.length}]`;

const few = (values: readonly string[], declaration: string, limit: number, scale = 0): Form => ({
  declaration,
  limit,
  scale,
  of: pickFrom(values, declaration),
  most: values.length,
});

const quoted = (values: readonly string[]): string[] => values.map((value) => `'${value.replaceAll("'", "''")}'`);

const WORDS = [
  '',
  'a',
  'b',
  ' a',
  'A',
  'é',
  'élan',
  '日本',
  '😀',
  "it's",
  'x_y',
  'x%y',
  'prefix__one',
  'prefix__one and more',
];

/** Plain values first, then ones that are harder: extremes, long texts, values that differ late. */
const FORMS: Readonly<Record<AnalyticType, readonly Form[]>> = {
  boolean: [{ declaration: 'boolean', limit: 0, scale: 0, of: (code) => `${code} % 2 = 0`, most: 2 }],
  smallint: [
    { declaration: 'smallint', limit: 1000, scale: 0, of: (code) => `(${code} % 900 - 20)::smallint`, most: 900 },
    few(['-32768', '32767', '0', '1'], 'smallint', 32768),
  ],
  integer: [
    { declaration: 'integer', limit: 1e5, scale: 0, of: (code) => `(${code} - 3)::integer` },
    { declaration: 'integer', limit: 1e5, scale: 0, of: (code) => `(${code})::integer` },
    few(['-2147483648', '2147483647', '0', '-1', '7'], 'integer', 2 ** 31),
  ],
  bigint: [
    { declaration: 'bigint', limit: 1e5, scale: 0, of: (code) => `(${code})::bigint` },
    { declaration: 'bigint', limit: 1e15, scale: 0, of: (code) => `(${code} - 5)::bigint * 10000000019` },
    few(['-9223372036854775808', '9223372036854775807', '0', '1'], 'bigint', 2 ** 63),
  ],
  numeric: [
    {
      declaration: 'numeric(10,2)',
      limit: 3e4,
      scale: 2,
      of: (code) => `((${code} - 40)::integer * 0.25)::decimal(10,2)`,
    },
    {
      declaration: 'numeric(18,4)',
      limit: 1e9,
      scale: 4,
      of: (code) => `((${code} - 9)::integer * 1001.0001)::decimal(18,4)`,
    },
    few(['-999999999999999999999999999.99', '999999999999999999999999999.99', '0.01'], 'numeric(29,2)', 1e27, 2),
  ],
  'double precision': [
    { declaration: 'double precision', limit: 3e4, scale: 0, of: (code) => `(${code} - 40)::double / 4` },
    few(["'NaN'", "'Infinity'", "'-Infinity'", '0', '-2.5', '1e300', '1e-300'], 'double', Number.POSITIVE_INFINITY),
  ],
  text: [
    {
      declaration: 'text',
      limit: 3,
      scale: 0,
      of: (code) => `chr((97 + ${code} % 26)::integer) || (${code} % 3)`,
      most: 78,
    },
    { declaration: 'text', limit: 40, scale: 0, of: (code) => `'customer number ' || ${code}` },
    { declaration: 'text', limit: 12, scale: 0, of: (code) => `upper(to_hex(${code} * 7919))` },
    { ...few(quoted(WORDS), 'varchar', 20), declaration: 'text' },
    { declaration: 'text', limit: 300, scale: 0, of: (code) => `repeat('long ', (${code} % 50)::integer) || ${code}` },
  ],
  date: [
    {
      declaration: 'date',
      limit: 0,
      scale: 0,
      of: (code) => `(date '2019-12-28' + (${code} % 3000)::integer)`,
      most: 3000,
    },
    few(quoted(['0001-01-01', '1969-12-31', '2000-02-29', '2024-12-30', '9999-12-31']), 'date', 0),
  ],
  timestamp: [
    {
      declaration: 'timestamp',
      limit: 0,
      scale: 0,
      of: (code) => `(timestamp '2023-12-30 22:00:00' + to_seconds((${code} % 40000) * 3607))`,
      most: 40_000,
    },
    {
      declaration: 'timestamp',
      limit: 0,
      scale: 0,
      of: (code) => `(timestamp '1969-12-31 23:59:59.5' + to_microseconds((${code} % 40000) * 250001))`,
      most: 40_000,
    },
  ],
  'integer[]': [
    {
      declaration: 'integer[]',
      limit: 1e5,
      scale: 0,
      of: (code) =>
        `(case (${code}) % 5 when 0 then [] when 1 then [${code}] when 2 then [${code}, null, 2] when 3 then [null] ` +
        `else [3, ${code} % 7, 1, 3] end)::integer[]`,
    },
  ],
  'text[]': [
    {
      declaration: 'text[]',
      limit: 20,
      scale: 0,
      of: (code) =>
        `(case (${code}) % 4 when 0 then ['a', '', null] when 1 then [] else ['v' || ${code}, 'a b'] end)::varchar[]`,
    },
  ],
  struct: [
    {
      declaration: 'struct(a integer, b text)',
      limit: 1e5,
      scale: 0,
      of: (code) =>
        `{'a': case when (${code}) % 6 = 0 then null else (${code})::integer end, 'b': 'f' || (${code} % 11)}` +
        '::struct(a integer, b varchar)',
    },
  ],
};

/** How often values come: evenly, one of them in half of the rows, fewer and fewer of each, or in the order of rows. */
type Spread = 'even' | 'skewed' | 'declining' | 'sorted';

const SCALE = 1_000_003;

export function randomAnalyticColumn(
  random: Random,
  name: string,
  type: AnalyticType,
  rowCount: number,
): AnalyticColumn {
  const forms = FORMS[type];
  const form = random.chance(0.6) ? forms[0]! : random.pick(forms);
  const wanted = random.pick([2, 7, 40, 300, 300, 4000, 30_000]);
  const distinct = Math.max(1, Math.min(wanted, form.most ?? wanted));
  const spread = random.pick<Spread>(['even', 'even', 'skewed', 'declining', 'sorted']);
  const salt = random.below(2 ** 30);
  const nulls = random.pick([0, 0, 10, 10, 40, 95]);
  const draw = `hash(i, ${salt})`;
  const codes: Readonly<Record<Spread, readonly [code: string, share: number]>> = {
    even: [`(${draw} % ${distinct})::bigint`, 1.5 / distinct + 0.001],
    skewed: [`(case when ${draw} % 2 = 0 then 0 else (${draw} >> 8) % ${distinct} end)::bigint`, 0.55 + 1 / distinct],
    declining: [`floor(${distinct} * pow((${draw} % ${SCALE}) / ${SCALE}.0, 3))::bigint`, 1.2 / Math.cbrt(distinct)],
    sorted: [`(i * ${distinct} // ${Math.max(1, rowCount)})`, 1 / distinct + 1 / Math.max(1, rowCount)],
  };
  const [code, share] = codes[spread];
  const value = form.of(code);
  return {
    name,
    type,
    declaration: form.declaration,
    sql: nulls === 0 ? value : `case when hash(i, ${salt + 1}) % 100 < ${nulls} then null else ${value} end`,
    limit: form.limit,
    scale: form.scale,
    distinct,
    share: Math.min(1, share),
  };
}
