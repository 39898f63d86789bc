import type { AnalyticType, ValueBounds } from './analytic-columns.js';

/**
 * An operator or a function that means the same in both engines: `$0`, `$1` … stand for operands. It cannot fail for values
 * within the bounds.
 */
export interface AnalyticTemplate {
  readonly sql: string;
  readonly args: readonly AnalyticType[];
  readonly result: AnalyticType;
  /** The bounds of the result; undefined where it could fail. */
  readonly bounds: Combine;
}

type Combine = (operands: readonly ValueBounds[]) => ValueBounds | undefined;

const MOST: Partial<Record<AnalyticType, number>> = {
  smallint: 32_000,
  integer: 2e9,
  bigint: 9e18,
  'double precision': 1e9,
};

const largest = (limits: readonly number[]): number => Math.max(...limits);
const sum = (limits: readonly number[]): number => limits.reduce((total, limit) => total + limit, 0);
const product = (limits: readonly number[]): number => limits.reduce((total, limit) => total * limit, 1);

const within =
  (most: number, combine: (limits: readonly number[]) => number): Combine =>
  (operands) => {
    const limit = combine(operands.map((operand) => operand.limit));
    return limit <= most ? { limit, scale: 0 } : undefined;
  };

const fixed =
  (limit: number, scale = 0): Combine =>
  () => ({ limit, scale });

const widest: Combine = (operands) => ({
  limit: largest(operands.map(({ limit }) => limit)),
  scale: largest(operands.map(({ scale }) => scale)),
});

/** Products and sums of decimals that 18 digits hold: DuckDB computes them in as many bits as their types say. */
const decimals =
  (combine: (operands: readonly ValueBounds[]) => ValueBounds): Combine =>
  (operands) => {
    const result = combine(operands);
    return result.limit * 10 ** result.scale <= 1e17 ? result : undefined;
  };

const numbers = (['smallint', 'integer', 'bigint', 'double precision'] as const).flatMap((type): AnalyticTemplate[] => {
  const most = MOST[type]!;
  const two = { args: [type, type], result: type } as const;
  const one = { args: [type], result: type } as const;
  const whole: AnalyticTemplate[] = [
    { sql: '($0 / nullif($1, 0))', ...two, bounds: within(most, ([first]) => first!) },
    { sql: '($0 % nullif($1, 0))', ...two, bounds: within(most, largest) },
    { sql: '($0 & $1)', ...two, bounds: within(most, (limits) => 2 * largest(limits)) },
    { sql: '($0 | $1)', ...two, bounds: within(most, (limits) => 2 * largest(limits)) },
  ];
  return [
    { sql: '($0 + $1)', ...two, bounds: within(most, sum) },
    { sql: '($0 - $1)', ...two, bounds: within(most, sum) },
    { sql: '($0 * $1)', ...two, bounds: within(Math.min(most, 1e8), product) },
    { sql: '(- $0)', ...one, bounds: within(most, largest) },
    { sql: 'abs($0)', ...one, bounds: within(most, largest) },
    ...(type === 'double precision' ? [] : whole),
  ];
});

const NUMERIC: readonly AnalyticTemplate[] = [
  {
    sql: '($0 + $1)',
    args: ['numeric', 'numeric'],
    result: 'numeric',
    bounds: decimals((operands) => ({
      limit: sum(operands.map(({ limit }) => limit)),
      scale: largest(operands.map(({ scale }) => scale)),
    })),
  },
  {
    sql: '($0 * $1)',
    args: ['numeric', 'numeric'],
    result: 'numeric',
    bounds: decimals((operands) => ({
      limit: product(operands.map(({ limit }) => limit)),
      scale: sum(operands.map(({ scale }) => scale)),
    })),
  },
  { sql: '(- $0)', args: ['numeric'], result: 'numeric', bounds: widest },
  { sql: 'abs($0)', args: ['numeric'], result: 'numeric', bounds: widest },
  { sql: 'round($0, 1)', args: ['numeric'], result: 'numeric', bounds: decimals(([value]) => value!) },
  {
    sql: 'cast($0 as numeric(15,2))',
    args: ['integer'],
    result: 'numeric',
    bounds: ([value]) => ({ limit: value!.limit, scale: 2 }),
  },
];

const TEXT: readonly AnalyticTemplate[] = [
  { sql: 'lower($0)', args: ['text'], result: 'text', bounds: widest },
  { sql: 'upper($0)', args: ['text'], result: 'text', bounds: widest },
  { sql: 'substring($0, 2, 5)', args: ['text'], result: 'text', bounds: fixed(5) },
  { sql: 'left($0, 3)', args: ['text'], result: 'text', bounds: fixed(3) },
  { sql: 'right($0, 2)', args: ['text'], result: 'text', bounds: fixed(2) },
  { sql: 'trim($0)', args: ['text'], result: 'text', bounds: widest },
  { sql: "replace($0, 'a', 'oo')", args: ['text'], result: 'text', bounds: within(1000, ([limit]) => 2 * limit!) },
  { sql: "split_part($0, ' ', 2)", args: ['text'], result: 'text', bounds: widest },
  { sql: "lpad($0, 6, '*')", args: ['text'], result: 'text', bounds: fixed(6) },
  { sql: "regexp_replace($0, '[0-9]+', '#')", args: ['text'], result: 'text', bounds: widest },
  { sql: '($0 || $1)', args: ['text', 'text'], result: 'text', bounds: within(600, sum) },
  {
    sql: "concat($0, '-', $1)",
    args: ['text', 'integer'],
    result: 'text',
    bounds: within(600, ([limit]) => limit! + 12),
  },
  { sql: 'cast($0 as text)', args: ['integer'], result: 'text', bounds: fixed(11) },
  { sql: 'cast($0 as text)', args: ['date'], result: 'text', bounds: fixed(10) },
  { sql: 'md5($0)', args: ['text'], result: 'text', bounds: fixed(32) },
  { sql: '($0).b', args: ['struct'], result: 'text', bounds: fixed(20) },
  { sql: '($0)[1]', args: ['text[]'], result: 'text', bounds: widest },
];

const DATES: readonly AnalyticTemplate[] = [
  { sql: "cast(date_trunc('month', cast($0 as timestamp)) as date)", args: ['date'], result: 'date', bounds: fixed(0) },
  { sql: 'cast($0 as date)', args: ['timestamp'], result: 'date', bounds: fixed(0) },
  { sql: 'last_day($0)', args: ['date'], result: 'date', bounds: fixed(0) },
  ...['hour', 'day', 'week', 'quarter', 'year'].map(
    (unit): AnalyticTemplate => ({
      sql: `date_trunc('${unit}', $0)`,
      args: ['timestamp'],
      result: 'timestamp',
      bounds: fixed(0),
    }),
  ),
  ...['1 day', '36 hours', '1 month'].map(
    (step): AnalyticTemplate => ({
      sql: `($0 + interval '${step}')`,
      args: ['timestamp'],
      result: 'timestamp',
      bounds: fixed(0),
    }),
  ),
  ...['year', 'month', 'day', 'quarter', 'dow', 'isodow', 'doy', 'week'].map(
    (field): AnalyticTemplate => ({
      sql: `cast(extract(${field} from $0) as integer)`,
      args: ['date'],
      result: 'integer',
      bounds: fixed(9999),
    }),
  ),
  ...['hour', 'minute'].map(
    (field): AnalyticTemplate => ({
      sql: `cast(extract(${field} from $0) as integer)`,
      args: ['timestamp'],
      result: 'integer',
      bounds: fixed(60),
    }),
  ),
];

const TO_NUMBERS: readonly AnalyticTemplate[] = [
  { sql: 'length($0)', args: ['text'], result: 'integer', bounds: ([value]) => value },
  { sql: "strpos($0, 'o')", args: ['text'], result: 'integer', bounds: ([value]) => value },
  { sql: 'len($0)', args: ['integer[]'], result: 'integer', bounds: fixed(20) },
  { sql: 'len($0)', args: ['text[]'], result: 'integer', bounds: fixed(20) },
  { sql: '($0)[1]', args: ['integer[]'], result: 'integer', bounds: widest },
  { sql: '($0).a', args: ['struct'], result: 'integer', bounds: widest },
  { sql: '(case when $0 then 1 else 0 end)', args: ['boolean'], result: 'integer', bounds: fixed(1) },
  { sql: 'cast($0 as bigint)', args: ['integer'], result: 'bigint', bounds: widest },
  { sql: 'cast($0 as double precision)', args: ['integer'], result: 'double precision', bounds: widest },
  { sql: 'floor($0)', args: ['double precision'], result: 'double precision', bounds: within(1e9, largest) },
  {
    sql: 'round($0 * 4)',
    args: ['double precision'],
    result: 'double precision',
    bounds: within(1e8, ([limit]) => 4 * limit!),
  },
];

const LISTS: readonly AnalyticTemplate[] = [
  { sql: '($0)[2:3]', args: ['integer[]'], result: 'integer[]', bounds: widest },
  { sql: 'list_append($0, $1)', args: ['integer[]', 'integer'], result: 'integer[]', bounds: widest },
  {
    sql: 'list_concat(coalesce($0, array[0]), $1)',
    args: ['integer[]', 'integer[]'],
    result: 'integer[]',
    bounds: widest,
  },
  { sql: 'array[$0, $1]', args: ['integer', 'integer'], result: 'integer[]', bounds: widest },
  { sql: "string_split($0, ' ')", args: ['text'], result: 'text[]', bounds: widest },
  { sql: 'list_contains($0, $1)', args: ['integer[]', 'integer'], result: 'boolean', bounds: fixed(0) },
];

const CONDITIONS: readonly AnalyticTemplate[] = [
  ...["'%a%'", "'a%'", "'%1'", "'%one%'", "'_'", "'customer number 1%'"].map(
    (pattern): AnalyticTemplate => ({
      sql: `($0 like ${pattern})`,
      args: ['text'],
      result: 'boolean',
      bounds: fixed(0),
    }),
  ),
  { sql: "($0 not like '%2%')", args: ['text'], result: 'boolean', bounds: fixed(0) },
  { sql: "starts_with($0, 'c')", args: ['text'], result: 'boolean', bounds: fixed(0) },
  { sql: "contains($0, 'o')", args: ['text'], result: 'boolean', bounds: fixed(0) },
  { sql: '($0 in (1, 2, 3, 5, 8, 13, 21))', args: ['integer'], result: 'boolean', bounds: fixed(0) },
  { sql: '($0 not in (0, 1, 7))', args: ['integer'], result: 'boolean', bounds: fixed(0) },
  { sql: "($0 in ('a0', 'b1', 'c2', '', 'customer number 7'))", args: ['text'], result: 'boolean', bounds: fixed(0) },
  { sql: "($0 between date '2020-01-01' and date '2023-06-30')", args: ['date'], result: 'boolean', bounds: fixed(0) },
  { sql: "($0 >= timestamp '2024-01-10')", args: ['timestamp'], result: 'boolean', bounds: fixed(0) },
];

export const ANALYTIC_TEMPLATES: readonly AnalyticTemplate[] = [
  ...numbers,
  ...NUMERIC,
  ...TEXT,
  ...DATES,
  ...TO_NUMBERS,
  ...LISTS,
  ...CONDITIONS,
];
