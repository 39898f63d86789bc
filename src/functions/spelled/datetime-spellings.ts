import type { ScalarFunction } from '../function-types.js';
import { spelled } from './spelled.js';

const DAY = "date '2024-05-17'";

export const datetimeSpellings: readonly ScalarFunction[] = [
  spelled('to_date(text)', '$1::date', 'The date that a text says.', "to_date('2024-05-17')", '2024-05-17'),
  spelled('today()', 'current_date', 'The day on which the transaction started.', 'today() = current_date', 't', [
    'curdate',
  ]),
  spelled('getdate()', 'now()', 'When the transaction started.', 'getdate() = now()', 't'),
  spelled(
    'unix_timestamp()',
    'floor(extract(epoch from now()))::bigint',
    'Whole seconds since 1970, of now or of a time; of a text with its template.',
    "unix_timestamp(timestamptz '2024-05-17 00:00:00+00')",
    '1715904000',
    ['to_unix_timestamp'],
  ).and('unix_timestamp(time)', 'floor(extract(epoch from $1::timestamptz))::bigint'),
  spelled(
    'from_unixtime(seconds)',
    "to_char(to_timestamp($1), 'YYYY-MM-DD HH24:MI:SS')",
    'Seconds since 1970 as a text in the time zone of the session.',
    'length(from_unixtime(1715904000))',
    '19',
  ),
  spelled(
    'epoch_ms(time)',
    'floor(extract(epoch from $1) * 1000)::bigint',
    'Milliseconds since 1970.',
    "epoch_ms(timestamp '2024-05-17')",
    '1715904000000',
    ['unix_millis'],
  ),
  spelled(
    'epoch_us(time)',
    '(extract(epoch from $1) * 1000000)::bigint',
    'Microseconds since 1970.',
    "epoch_us(timestamp '2024-05-17')",
    '1715904000000000',
    ['unix_micros'],
  ),
  spelled(
    'epoch_ns(time)',
    '(extract(epoch from $1) * 1000000000)::bigint',
    'Nanoseconds since 1970.',
    "epoch_ns(timestamp '2024-05-17')",
    '1715904000000000000',
  ),
  spelled('datepart(part, time)', 'date_part($1, $2)', 'As date_part.', `datepart('year', ${DAY})`, '2024'),
  spelled(
    'datetrunc(part, time)',
    'date_trunc($1, $2)',
    'As date_trunc.',
    "datetrunc('month', timestamp '2024-05-17')",
    '2024-05-01 00:00:00',
  ),
  spelled(
    'datediff(part, from, to)',
    'date_diff($1, $2, $3)',
    'As date_diff.',
    `datediff('day', date '2024-05-01', ${DAY})`,
    '16',
    ['timestampdiff'],
  ),
  ...(
    [
      ['century', '21'],
      ['decade', '202'],
      ['isodow', '5'],
      ['isoyear', '2024'],
      ['millennium', '3'],
    ] as const
  ).map(([field, result]) =>
    spelled(
      `${field}(time)`,
      `extract(${field} from $1)::bigint`,
      `The ${field} of a time.`,
      `${field}(${DAY})`,
      result,
    ),
  ),
  spelled(
    'yearweek(time)',
    '(extract(isoyear from $1) * 100 + extract(week from $1))::bigint',
    'Year and week, after ISO 8601, as one number.',
    `yearweek(${DAY})`,
    '202420',
  ),
  spelled(
    'monthname(date)',
    "to_char($1, 'Mon')",
    'The name of the month, abbreviated as in Spark.',
    `monthname(${DAY})`,
    'May',
  ),
  ...['microsecond', 'millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year'].map((unit) =>
    spelled(
      `to_${unit}s(n)`,
      `$1 * interval '1 ${unit}'`,
      `An interval of so many ${unit}s.`,
      `to_${unit}s(2) = interval '2 ${unit}s'`,
      't',
    ),
  ),
];
