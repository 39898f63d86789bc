import type { FuzzType } from './fuzz-types.js';
import { NESTED_TEMPLATES } from './nested-templates.js';

/** What is known of an operand: see FuzzColumn. */
export interface Bounds {
  readonly limit: number;
  readonly scale: number;
}

/**
 * An operator or a function: `$0`, `$1` … stand for operands. It must not fail for any value within the bounds, and its
 * value must not depend on anything in which engines may differ.
 */
export interface ScalarTemplate {
  readonly sql: string;
  readonly arguments: readonly FuzzType[];
  readonly result: FuzzType;
  /** The bounds of the result, or undefined where it could fail. Absent: those of the widest operand. */
  readonly bounds?: (operands: readonly Bounds[]) => Bounds | undefined;
  /** May fail, which the `errors` queries want. */
  readonly fallible?: boolean;
}

type Combine = (operands: readonly Bounds[]) => Bounds | undefined;

const INTEGERS: Readonly<Record<string, number>> = { smallint: 32_000, integer: 2e9, bigint: 9e18 };

/** Decimals have 38 digits in all. */
const DECIMAL_DIGITS = 1e36;

const within =
  (most: number, combine: (limits: readonly number[]) => number): Combine =>
  (operands) => {
    const limit = combine(operands.map((operand) => operand.limit));
    return limit <= most ? { limit, scale: 0 } : undefined;
  };

const fixed =
  (limit: number, scale = 0): Combine =>
  () => ({ limit, scale });

const decimals =
  (combine: (operands: readonly Bounds[]) => Bounds): Combine =>
  (operands) => {
    const result = combine(operands);
    return result.limit * 10 ** result.scale <= DECIMAL_DIGITS && result.scale <= 20 ? result : undefined;
  };

const sum = (limits: readonly number[]): number => limits.reduce((total, limit) => total + limit, 0);
const product = (limits: readonly number[]): number => limits.reduce((total, limit) => total * limit, 1);
const largest = (limits: readonly number[]): number => Math.max(...limits);
const first = (limits: readonly number[]): number => limits[0]!;

function integerTemplates(): ScalarTemplate[] {
  return (['smallint', 'integer', 'bigint'] as const).flatMap((type): ScalarTemplate[] => {
    const most = INTEGERS[type]!;
    const two = { arguments: [type, type], result: type } as const;
    const one = { arguments: [type], result: type } as const;
    return [
      { sql: '$0 + $1', ...two, bounds: within(most, sum) },
      { sql: '$0 - $1', ...two, bounds: within(most, sum) },
      { sql: '$0 * $1', ...two, bounds: within(most, product) },
      { sql: '$0 / nullif($1, 0)', ...two, bounds: within(most, first) },
      { sql: '$0 % nullif($1, 0)', ...two, bounds: within(most, largest) },
      { sql: '- $0', ...one, bounds: within(most, first) },
      { sql: 'abs($0)', ...one, bounds: within(most, first) },
      { sql: '$0 + $1', ...two, fallible: true },
      { sql: '$0 * $1', ...two, fallible: true },
      { sql: '$0 / $1', ...two, fallible: true },
      { sql: '$0 % $1', ...two, fallible: true },
      { sql: '- $0', ...one, fallible: true },
    ];
  });
}

const castTo = (from: FuzzType, result: FuzzType, bounds?: Combine): ScalarTemplate => ({
  sql: `cast($0 as ${result === 'numeric' ? 'numeric(30, 2)' : result})`,
  arguments: [from],
  result,
  ...(bounds === undefined ? {} : { bounds }),
});

const withinDecimal: Combine = ([operand]) =>
  operand!.limit < 1e20 && operand!.scale <= 2 ? { limit: operand!.limit, scale: 2 } : undefined;

const CASTS: readonly ScalarTemplate[] = [
  castTo('smallint', 'integer'),
  castTo('integer', 'bigint'),
  castTo('bigint', 'integer', within(2e9, first)),
  castTo('integer', 'smallint', within(32_000, first)),
  castTo('integer', 'numeric', withinDecimal),
  castTo('bigint', 'numeric', withinDecimal),
  castTo('numeric', 'integer', within(2e9, first)),
  castTo('numeric', 'double precision', within(1e12, first)),
  castTo('integer', 'double precision'),
  castTo('bigint', 'double precision'),
  castTo('real', 'double precision', within(1e9, first)),
  castTo('double precision', 'integer', within(1e9, first)),
  castTo('boolean', 'integer', fixed(1)),
  castTo('integer', 'boolean', fixed(0)),
  castTo('integer', 'text', fixed(11)),
  castTo('bigint', 'text', fixed(20)),
  castTo('boolean', 'text', fixed(5)),
  castTo('date', 'text', fixed(20)),
  castTo('timestamp', 'text', fixed(30)),
  castTo('date', 'timestamp', within(0, first)),
  castTo('timestamp', 'date', fixed(0)),
  { sql: 'cast($0 as integer)', arguments: ['text'], result: 'integer', fallible: true },
  { sql: 'cast($0 as numeric(6, 2))', arguments: ['text'], result: 'numeric', fallible: true },
  { sql: 'cast($0 as date)', arguments: ['text'], result: 'date', fallible: true },
  { sql: 'cast($0 as boolean)', arguments: ['text'], result: 'boolean', fallible: true },
  { sql: 'cast($0 as smallint)', arguments: ['bigint'], result: 'smallint', fallible: true },
  { sql: 'cast($0 as integer)', arguments: ['double precision'], result: 'integer', fallible: true },
  { sql: 'cast($0 as numeric(4, 2))', arguments: ['integer'], result: 'numeric', fallible: true },
];

const NUMERIC: readonly ScalarTemplate[] = [
  ...['+', '-'].map(
    (operator): ScalarTemplate => ({
      sql: `$0 ${operator} $1`,
      arguments: ['numeric', 'numeric'],
      result: 'numeric',
      bounds: decimals(([a, b]) => ({ limit: a!.limit + b!.limit, scale: Math.max(a!.scale, b!.scale) })),
    }),
  ),
  {
    sql: '$0 * $1',
    arguments: ['numeric', 'numeric'],
    result: 'numeric',
    bounds: decimals(([a, b]) => ({ limit: a!.limit * b!.limit, scale: a!.scale + b!.scale })),
  },
  {
    sql: '$0 * $1',
    arguments: ['numeric', 'integer'],
    result: 'numeric',
    bounds: decimals(([a, b]) => ({ limit: a!.limit * b!.limit, scale: a!.scale })),
  },
  {
    sql: 'round($0 / nullif($1, 0), 3)',
    arguments: ['numeric', 'integer'],
    result: 'numeric',
    bounds: ([a]) => (a!.limit < 1e15 ? { limit: a!.limit, scale: 3 } : undefined),
  },
  { sql: '- $0', arguments: ['numeric'], result: 'numeric' },
  { sql: 'abs($0)', arguments: ['numeric'], result: 'numeric' },
  {
    sql: 'round($0, 1)',
    arguments: ['numeric'],
    result: 'numeric',
    bounds: decimals(([a]) => ({ limit: a!.limit + 1, scale: Math.max(1, a!.scale) })),
  },
  {
    sql: 'floor($0)',
    arguments: ['numeric'],
    result: 'numeric',
    bounds: decimals(([a]) => ({ limit: a!.limit + 1, scale: a!.scale })),
  },
  {
    sql: 'ceil($0)',
    arguments: ['numeric'],
    result: 'numeric',
    bounds: decimals(([a]) => ({ limit: a!.limit + 1, scale: a!.scale })),
  },
  { sql: 'trunc($0)', arguments: ['numeric'], result: 'numeric', bounds: ([a]) => ({ limit: a!.limit, scale: 0 }) },
  { sql: 'sign($0)', arguments: ['numeric'], result: 'numeric', bounds: fixed(1) },
  // A quotient has other digits behind the point here (docs/postgres-compatibility.md).
  { sql: 'round($0 / $1, 3)', arguments: ['numeric', 'integer'], result: 'numeric', fallible: true },
];

const FLOATS: readonly ScalarTemplate[] = (['double precision', 'real'] as const).flatMap((type): ScalarTemplate[] => [
  { sql: '$0 + $1', arguments: [type, type], result: type, bounds: within(1e6, sum) },
  { sql: '$0 - $1', arguments: [type, type], result: type, bounds: within(1e6, sum) },
  { sql: '$0 * $1', arguments: [type, type], result: type, bounds: within(1e4, product) },
  { sql: '- $0', arguments: [type], result: type },
  { sql: 'abs($0)', arguments: [type], result: type },
]);

const MATH: readonly ScalarTemplate[] = [
  { sql: 'floor($0)', arguments: ['double precision'], result: 'double precision', bounds: within(1e6, sum) },
  { sql: 'ceil($0)', arguments: ['double precision'], result: 'double precision', bounds: within(1e6, sum) },
  { sql: 'round($0)', arguments: ['double precision'], result: 'double precision', bounds: within(1e6, sum) },
  { sql: '$0 / $1', arguments: ['double precision', 'double precision'], result: 'double precision', fallible: true },
  { sql: 'sqrt($0)', arguments: ['double precision'], result: 'double precision', fallible: true },
  { sql: 'ln($0)', arguments: ['double precision'], result: 'double precision', fallible: true },
];

const grow =
  (more: number): Combine =>
  (operands) => {
    const limit = sum(operands.map((operand) => operand.limit)) + more;
    return limit <= 200 ? { limit, scale: 0 } : undefined;
  };

const TEXT: readonly ScalarTemplate[] = [
  { sql: '$0 || $1', arguments: ['text', 'text'], result: 'text', bounds: grow(0) },
  { sql: "concat($0, '-', $1)", arguments: ['text', 'integer'], result: 'text', bounds: grow(12) },
  { sql: "concat_ws('|', $0, $1, $0)", arguments: ['text', 'text'], result: 'text', bounds: grow(60) },
  { sql: 'upper($0)', arguments: ['text'], result: 'text' },
  { sql: 'lower($0)', arguments: ['text'], result: 'text' },
  { sql: 'initcap($0)', arguments: ['text'], result: 'text' },
  { sql: 'reverse($0)', arguments: ['text'], result: 'text' },
  { sql: 'trim($0)', arguments: ['text'], result: 'text' },
  { sql: "ltrim($0, 'ap')", arguments: ['text'], result: 'text' },
  { sql: 'substring($0 from 2 for 3)', arguments: ['text'], result: 'text' },
  {
    sql: 'substr($0, $1)',
    arguments: ['text', 'integer'],
    result: 'text',
    bounds: ([a, b]) => (b!.limit < 1e8 ? a : undefined),
  },
  {
    sql: 'left($0, $1)',
    arguments: ['text', 'integer'],
    result: 'text',
    bounds: ([a, b]) => (b!.limit < 1e8 ? a : undefined),
  },
  { sql: 'right($0, 3)', arguments: ['text'], result: 'text' },
  { sql: "replace($0, 'a', $1)", arguments: ['text', 'text'], result: 'text', bounds: within(200, product) },
  { sql: "split_part($0, '_', 2)", arguments: ['text'], result: 'text' },
  { sql: "lpad($0, 5, '*')", arguments: ['text'], result: 'text', bounds: grow(5) },
  { sql: 'repeat($0, 2)', arguments: ['text'], result: 'text', bounds: grow(40) },
  { sql: "translate($0, 'ab', 'x')", arguments: ['text'], result: 'text' },
  { sql: 'md5($0)', arguments: ['text'], result: 'text', bounds: fixed(32) },
  { sql: "regexp_replace($0, '[aeiou]', '.', 'g')", arguments: ['text'], result: 'text' },
  { sql: 'length($0)', arguments: ['text'], result: 'integer' },
  { sql: 'octet_length($0)', arguments: ['text'], result: 'integer', bounds: within(2e9, ([a]) => a! * 4) },
  { sql: 'ascii($0)', arguments: ['text'], result: 'integer', bounds: fixed(1_200_000) },
  { sql: 'strpos($0, $1)', arguments: ['text', 'text'], result: 'integer', bounds: within(2e9, largest) },
  { sql: 'octet_length($0)', arguments: ['bytea'], result: 'integer', bounds: fixed(10) },
  { sql: "$0 like '%a%'", arguments: ['text'], result: 'boolean' },
  { sql: "$0 like 'prefix\\_\\_%'", arguments: ['text'], result: 'boolean' },
  { sql: "$0 not like '_b%'", arguments: ['text'], result: 'boolean' },
  { sql: "$0 ilike 'A%'", arguments: ['text'], result: 'boolean' },
  { sql: "$0 ~ '^[a-z]+$'", arguments: ['text'], result: 'boolean' },
  { sql: 'starts_with($0, $1)', arguments: ['text', 'text'], result: 'boolean' },
];

const TIME: readonly ScalarTemplate[] = [
  {
    sql: '$0 + $1',
    arguments: ['date', 'integer'],
    result: 'date',
    bounds: ([a, b]) => (a!.limit === 0 && b!.limit < 10_000 ? { limit: 0, scale: 0 } : undefined),
  },
  { sql: '$0 - $1', arguments: ['date', 'date'], result: 'integer', bounds: within(0, sum) },
  {
    sql: 'extract(year from $0)',
    arguments: ['date'],
    result: 'numeric',
    bounds: ([a]) => (a!.limit === 0 ? { limit: 9999, scale: 0 } : undefined),
  },
  {
    sql: 'extract(dow from $0)',
    arguments: ['date'],
    result: 'numeric',
    bounds: ([a]) => (a!.limit === 0 ? { limit: 6, scale: 0 } : undefined),
  },
  { sql: 'extract(week from $0)', arguments: ['timestamp'], result: 'numeric', bounds: fixed(53) },
  { sql: 'extract(epoch from $0)', arguments: ['timestamp'], result: 'numeric', bounds: fixed(1e11, 6) },
  { sql: "date_trunc('month', $0)", arguments: ['timestamp'], result: 'timestamp' },
  { sql: "date_trunc('week', $0)", arguments: ['timestamp'], result: 'timestamp' },
  { sql: "$0 + interval '1 month'", arguments: ['timestamp'], result: 'timestamp' },
  { sql: "$0 - interval '1 day 02:00'", arguments: ['timestamp'], result: 'timestamp' },
  { sql: '$0 + $1', arguments: ['timestamp', 'interval'], result: 'timestamp' },
  { sql: '$0 - $1', arguments: ['timestamp', 'timestamp'], result: 'interval' },
  { sql: '$0 + $1', arguments: ['interval', 'interval'], result: 'interval', bounds: fixed(1) },
  { sql: "to_char($0, 'YYYY-MM-DD Day HH24:MI')", arguments: ['timestamp'], result: 'text', bounds: fixed(40) },
  { sql: "$0 at time zone 'Europe/Berlin'", arguments: ['timestamptz'], result: 'timestamp' },
  { sql: "$0 at time zone 'America/New_York'", arguments: ['timestamp'], result: 'timestamptz' },
];

const LOGIC: readonly ScalarTemplate[] = [
  { sql: '$0 and $1', arguments: ['boolean', 'boolean'], result: 'boolean' },
  { sql: '$0 or $1', arguments: ['boolean', 'boolean'], result: 'boolean' },
  { sql: 'not $0', arguments: ['boolean'], result: 'boolean' },
  { sql: '$0 is true', arguments: ['boolean'], result: 'boolean' },
  { sql: '$0 is not false', arguments: ['boolean'], result: 'boolean' },
  { sql: '$0 is unknown', arguments: ['boolean'], result: 'boolean' },
];

export const SCALAR_TEMPLATES: readonly ScalarTemplate[] = [
  ...integerTemplates(),
  ...CASTS,
  ...NUMERIC,
  ...FLOATS,
  ...MATH,
  ...TEXT,
  ...TIME,
  ...LOGIC,
  ...NESTED_TEMPLATES,
];
