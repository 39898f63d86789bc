import { ProbeRandom } from './probe-random.js';
import { quote } from './probe-values.js';

const instants = [
  '2024-02-29 12:34:56.789',
  '1969-12-31 23:59:59.999999',
  '2000-01-01',
  '0044-03-15 12:00 BC',
  '0001-01-01',
  '9999-12-31 23:59:59',
  '1582-10-15',
  '2024-12-30 00:00',
  '1900-03-01 01:01:01',
  'infinity',
  '-infinity',
];
const dates = [
  '2024-02-29',
  '1999-12-31',
  '0044-03-15 BC',
  '2020-12-31',
  '2021-01-01',
  'infinity',
  '4713-11-24 BC',
  '5874897-12-31',
];
const times = ['00:00', '12:34:56.789', '23:59:59.999999', '24:00'];
const intervals = [
  '0',
  '1 day',
  '-1 month 3 days 04:05:06.5',
  '1 year 2 months',
  '100 hours',
  '-00:00:00.000001',
  '35 days',
  '-35 days 40 hours',
  '1 mon -1 hour',
  '-1 mon 1 hour',
  '17 years 11 mons 45 days 30:00',
  '1 mon -45 days',
  '-13 mons -31 days -25:00',
];
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
  'julian',
  'timezone',
  'fortnight',
  'us',
  'mons',
  'J',
];
const units = [
  'microseconds',
  'milliseconds',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'decade',
  'century',
  'millennium',
  'dow',
  'nonsense',
  'isoyear',
];

const typed = (type: string, values: readonly string[]): string[] => values.map((value) => `${type} ${quote(value)}`);
const all: readonly string[] = [
  ...typed('timestamp', instants),
  ...typed(
    'timestamptz',
    instants.map((text) =>
      text.includes('infinity') ? text : `${text.replace(' BC', '')}+00${text.endsWith('BC') ? ' BC' : ''}`,
    ),
  ),
  ...typed('date', dates),
  ...typed('time', times),
  ...typed('interval', intervals),
];

export function fieldProbes(): string[] {
  return all.flatMap((value) => [
    ...fields.map((field) => `extract(${field} from ${value})`),
    ...fields.map((field) => `date_part(${quote(field)}, ${value})`),
    ...units.map((unit) => `date_trunc(${quote(unit)}, ${value})`),
  ]);
}

export function intervalProbes(): string[] {
  const numbers = ['2', '-1', '0', '1.5', '0.1', '1000000000', "'NaN'::float8", "'infinity'::float8"];
  const pairs = intervals.flatMap((left) =>
    intervals.map((right) => [`interval ${quote(left)}`, `interval ${quote(right)}`] as const),
  );
  return [
    ...pairs.flatMap(([left, right]) => ['+', '-', '=', '<', '>='].map((symbol) => `${left} ${symbol} ${right}`)),
    ...typed('interval', intervals).flatMap((value) => [
      ...numbers.flatMap((number) => [`${value} * ${number}`, `${value} / ${number}`, `${number} * ${value}`]),
      ...['justify_days', 'justify_hours', 'justify_interval', 'isfinite', '-', '+'].map((name) => `${name}(${value})`),
      ...instants.flatMap((instant) => [
        `timestamp ${quote(instant)} + ${value}`,
        `timestamp ${quote(instant)} - ${value}`,
      ]),
      ...dates.map((date) => `date ${quote(date)} + ${value}`),
      ...times.flatMap((time) => [`time ${quote(time)} + ${value}`, `time ${quote(time)} - ${value}`]),
      `(${value})::time`,
      `(${value})::interval(0)`,
      `(${value})::interval(2)`,
    ]),
    ...instants.flatMap((left) =>
      instants.flatMap((right) => [
        `timestamp ${quote(left)} - timestamp ${quote(right)}`,
        `age(timestamp ${quote(left)}, timestamp ${quote(right)})`,
      ]),
    ),
    ...dates.flatMap((left) => dates.map((right) => `date ${quote(left)} - date ${quote(right)}`)),
    ...dates.flatMap((date) => times.map((time) => `date ${quote(date)} + time ${quote(time)}`)),
    ...times.flatMap((left) => times.map((right) => `time ${quote(left)} - time ${quote(right)}`)),
    ...[0, 1, 2, 3, 4, 5, 6].flatMap((digits) => [
      ...instants.map((instant) => `(timestamp ${quote(instant)})::timestamp(${digits})`),
      ...times.map((time) => `(time ${quote(time)})::time(${digits})`),
      `timestamp(${digits}) '1999-12-31 23:59:59.999999'`,
      `timestamptz(${digits}) '2004-10-19 10:23:54.567891+00'`,
    ]),
  ];
}

export function makerProbes(seed: number): string[] {
  const random = new ProbeRandom(seed);
  const made = Array.from({ length: 200 }, () => {
    const parts = [
      random.pick([2024, 1, 0, -44, 9999, 294276, 2023]),
      random.pick([1, 2, 12, 13, 0]),
      random.pick([1, 28, 29, 31, 32]),
    ];
    const clock = [
      random.pick([0, 12, 23, 24, 25]),
      random.pick([0, 59, 60]),
      random.pick([0, 59.999999, 60, 61, 7.25]),
    ];
    return [
      `make_date(${parts.join(', ')})`,
      `make_time(${clock.join(', ')})`,
      `make_timestamp(${[...parts, ...clock].join(', ')})`,
      `make_timestamptz(${[...parts, ...clock].join(', ')})`,
      `make_timestamptz(${[...parts, ...clock].join(', ')}, 'America/New_York')`,
      `make_interval(${[random.below(5), random.below(50), random.below(5)].join(', ')})`,
      `make_interval(days => ${random.below(500)}, secs => ${random.below(1000) / 7})`,
      `to_timestamp(${random.pick(['0', '1.5', '-1.5', '1e9', '1e12', '1e18', "'nan'", "'infinity'", '1284352323.123456', '-1e11'])}::float8)`,
      `date_bin(${random.pick(["'15 minutes'", "'1 day'", "'1 month'", "'0'", "'-1 hour'", "'7 days 03:00'"])}, timestamp ${quote(random.pick(instants))}, timestamp ${quote(random.pick(instants))})`,
    ];
  });
  return [...new Set(made.flat())];
}
