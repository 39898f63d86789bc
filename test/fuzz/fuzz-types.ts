import type { Random } from './random.js';

/** The types that columns and expressions have. */
export type FuzzType =
  | 'boolean'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'real'
  | 'double precision'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'interval'
  | 'uuid'
  | 'bytea'
  | 'integer[]'
  | 'text[]'
  | 'jsonb';

export interface FuzzColumn {
  readonly name: string;
  readonly type: FuzzType;
  /** As CREATE TABLE has it: `numeric(12, 2)`. */
  readonly declaration: string;
  /** No value is further from 0; 0 where that means nothing. */
  readonly limit: number;
  /** Digits after the point. */
  readonly scale: number;
}

interface ValueMaker {
  readonly declaration: string;
  readonly limit: number;
  readonly scale?: number;
  /** As it stands between quotes in a literal. */
  readonly make: (random: Random) => string;
}

const days = (random: Random): number =>
  random.weighted([[6, random.between(0, 9)] as const, [2, random.between(-800, 800)] as const]);

function dateText(offset: number): string {
  return new Date(Date.UTC(2024, 1, 25) + offset * 86_400_000).toISOString().slice(0, 10);
}

function timeText(random: Random): string {
  return random.pick(['00:00:00', '00:00:00', '12:30:00', '23:59:59.999999', '05:06:07.25', '18:00:00.000001']);
}

const small = (random: Random): string => String(random.between(-2, 6));

const edge = (low: string, high: string) => (random: Random) =>
  random.weighted([[2, low] as const, [2, high] as const, [1, '0'] as const, [2, small(random)] as const]);

const TEXTS = [
  ...['', 'a', 'b', 'ab', 'abc', 'B', ' a', 'a ', 'x%y', 'x_y', '\\', "it's", '1', '42', '-7'],
  ...['é', 'élan', 'ñandú', '日本', '日本語', '😀', 'a😀b', 'Ω', 'ω'],
  ...[
    'twelve bytes',
    'thirteen byte',
    'prefix__one',
    'prefix__two',
    'prefix__one and a tail',
    'prefix__one and a tale',
  ],
];

/** As they stand between the braces of an array. */
const ELEMENTS = ['""', 'a', 'b', 'ab', '" a"', '"x,y"', '"it\'s"', '"NULL"', 'é', '日本', '"thirteen byte"'];

const arrayText = (random: Random, element: () => string): string =>
  `{${random.times(random.below(4), () => (random.chance(0.15) ? 'NULL' : element())).join(',')}}`;

const DOCUMENTS = [
  ...[
    '1',
    '2',
    '-3.5',
    '"a"',
    '"1"',
    '""',
    'null',
    'true',
    'false',
    '[]',
    '{}',
    '[1, 2]',
    '[2]',
    '["a", null]',
    '[[1], {}]',
  ],
  ...['{"a": 1}', '{"a": 2}', '{"b": 1}', '{"a": {"b": 2}, "c": [1]}', '{"a": null}', '{"a": "é"}', '[{"a": 1}, 7]'],
];

const DOUBLES = ['0', '0.25', '-0.5', '1', '1.5', '2', '-3.75', '100.125'];

/** Several makers for a type: small values with many duplicates, in which arithmetic is safe, or its extremes. */
const MAKERS: Readonly<Record<FuzzType, readonly ValueMaker[]>> = {
  boolean: [{ declaration: 'boolean', limit: 0, make: (random) => random.pick(['true', 'false']) }],
  smallint: [
    { declaration: 'smallint', limit: 6, make: small },
    { declaration: 'smallint', limit: 32768, make: edge('-32768', '32767') },
  ],
  integer: [
    { declaration: 'integer', limit: 6, make: small },
    { declaration: 'integer', limit: 1000, make: (random) => String(random.between(-1000, 1000)) },
    { declaration: 'integer', limit: 2 ** 31, make: edge('-2147483648', '2147483647') },
  ],
  bigint: [
    { declaration: 'bigint', limit: 6, make: small },
    { declaration: 'bigint', limit: 5e9, make: (random) => String(random.between(-5, 5) * 1_000_000_007) },
    { declaration: 'bigint', limit: 2 ** 63, make: edge('-9223372036854775808', '9223372036854775807') },
  ],
  numeric: [
    {
      declaration: 'numeric(8, 2)',
      limit: 60,
      scale: 2,
      make: (random) => `${small(random)}.${random.pick(['00', '50', '25'])}`,
    },
    {
      declaration: 'numeric(20, 4)',
      limit: 1e12,
      scale: 4,
      make: (random) => `${random.between(-9, 9)}00000000000.0001`,
    },
    {
      declaration: 'numeric(38, 10)',
      limit: 1e28,
      scale: 10,
      make: edge('-9999999999999999999999999999.9999999999', '9999999999999999999999999999.9999999999'),
    },
  ],
  real: [
    { declaration: 'real', limit: 200, make: (random) => random.pick(DOUBLES) },
    {
      declaration: 'real',
      limit: Infinity,
      make: (random) => random.pick(['NaN', 'Infinity', '-Infinity', '-0', '1e-30', '3e38', '1']),
    },
  ],
  'double precision': [
    { declaration: 'double precision', limit: 200, make: (random) => random.pick(DOUBLES) },
    {
      declaration: 'double precision',
      limit: Infinity,
      make: (random) => random.pick(['NaN', 'Infinity', '-Infinity', '-0', '0', '1e-300', '1e300', '0.1']),
    },
  ],
  text: [
    { declaration: 'text', limit: 24, make: (random) => random.pick(TEXTS) },
    { declaration: 'text', limit: 2, make: (random) => random.pick(['a', 'b', 'c', 'd']) },
    { declaration: 'varchar(30)', limit: 24, make: (random) => random.pick(TEXTS) },
  ],
  date: [
    { declaration: 'date', limit: 0, make: (random) => dateText(days(random)) },
    {
      declaration: 'date',
      limit: Infinity,
      make: (random) => random.pick(['infinity', '-infinity', '0001-01-01', '9999-12-31', '1969-12-31', '2024-02-29']),
    },
  ],
  timestamp: [
    { declaration: 'timestamp', limit: 0, make: (random) => `${dateText(days(random))} ${timeText(random)}` },
  ],
  timestamptz: [
    { declaration: 'timestamptz', limit: 0, make: (random) => `${dateText(days(random))} ${timeText(random)}+00` },
  ],
  time: [{ declaration: 'time', limit: 0, make: timeText }],
  // Parquet's have no negative parts.
  interval: [
    {
      declaration: 'interval',
      limit: 0,
      make: (random) =>
        random.pick([
          '1 day',
          '24:00:00',
          '1 mon',
          '30 days',
          '1 year 2 mons',
          '00:00:00',
          '36:00:00.5',
          '1 mon 1 day',
        ]),
    },
  ],
  uuid: [
    {
      declaration: 'uuid',
      limit: 0,
      make: (random) => `00000000-0000-0000-0000-00000000000${random.between(0, 4)}`,
    },
  ],
  bytea: [
    { declaration: 'bytea', limit: 0, make: (random) => random.pick(['\\x', '\\x00', '\\x0001', '\\xff', '\\x61']) },
  ],
  'integer[]': [
    { declaration: 'integer[]', limit: 6, make: (random) => arrayText(random, () => small(random)) },
    {
      declaration: 'integer[]',
      limit: 6,
      make: (random) => random.pick(['{}', '{1}', '{1,2}', '{NULL}', '{2,2}']),
    },
  ],
  'text[]': [{ declaration: 'text[]', limit: 24, make: (random) => arrayText(random, () => random.pick(ELEMENTS)) }],
  // Numbers are written in one way only: of equal ones it is not said which is shown.
  jsonb: [{ declaration: 'jsonb', limit: 0, make: (random) => random.pick(DOCUMENTS) }],
};

/** The elements of the array types. */
export const ELEMENT_TYPES: Partial<Readonly<Record<FuzzType, FuzzType>>> = {
  'integer[]': 'integer',
  'text[]': 'text',
};

export const ALL_TYPES: readonly FuzzType[] = Object.keys(MAKERS) as FuzzType[];

export interface FuzzColumnMaker {
  readonly column: FuzzColumn;
  readonly make: (random: Random) => string;
}

export function randomColumn(random: Random, name: string, type: FuzzType): FuzzColumnMaker {
  const makers = MAKERS[type];
  const maker = random.chance(0.65) ? makers[0]! : random.pick(makers);
  const { declaration, limit, scale = 0, make } = maker;
  return { column: { name, type, declaration, limit, scale }, make };
}

export interface FuzzLiteral {
  readonly sql: string;
  readonly limit: number;
  readonly scale: number;
}

/** A literal of a type, small enough for arithmetic. */
export function randomLiteral(random: Random, type: FuzzType): FuzzLiteral {
  const { make, limit, scale = 0 } = MAKERS[type][0]!;
  const value = make(random);
  const bare = type === 'integer' ? /^\d/.test(value) : type === 'boolean';
  const name = type === 'numeric' ? 'numeric(8, 2)' : type;
  return { sql: bare ? value : `${quote(value)}::${name}`, limit, scale };
}

export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
