import { test } from 'node:test';
import fc from 'fast-check';
import { parseDate, parseTime, parseTimestamp, UTC } from '../../../src/functions/casts/datetime/parse-timestamp.js';
import { orNull } from '../../../src/functions/casts/try-cast.js';
import type { FunctionValue } from '../../../src/functions/function-types.js';
import { checkTimestamp, DAY_MICROSECONDS, isInfiniteTimestamp } from '../../../src/functions/scalar/dates/calendar.js';
import { instantToLocal, localToInstant } from '../../../src/functions/zones/zone-arithmetic.js';
import { requiredZone } from '../../../src/functions/zones/zone-of.js';
import type { ZoneTable } from '../../../src/functions/zones/zone-table.js';
import { castInZone } from '../../../src/planner/binder/session-zone.js';
import { DATE, formatType, type SqlType, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ } from '../../../src/types/sql-type.js';
import { dateTimeText } from '../../support/datetime-texts.js';
import { hold } from '../../support/fallback-agreement.js';
import { timestamp } from '../../support/value-arbitraries.js';

// Casts from and to timestamptz in sessions of some zones, and TRY_CAST: NULL where the cast is an error, else the same.

const ZONES = [
  undefined,
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  ':CET',
  'EST5EDT,M3.2.0,M11.1.0',
  '<+05:30>-05:30',
];

const named = fc.constantFrom(
  ...['Europe/Berlin', 'america/new_york', 'EST5EDT', 'a1b2', 'Asia/Nowhere', 'Japan', 'x-1', 'PST', 'GB-Eire'],
);
const dateText = fc.oneof(
  dateTimeText,
  fc.tuple(dateTimeText, named).map((parts) => parts.join(' ')),
  fc
    .tuple(
      fc.constantFrom('2024-03-31 02:30', '2024-10-27 02:30', '0001-01-01', '294247-01-01 23:59', '4713-11-24 BC'),
      named,
    )
    .map((parts) => parts.join(' ')),
);
const local = fc.oneof(
  timestamp,
  fc.constantFrom(
    ...[
      2n ** 63n - 1n,
      -(2n ** 63n),
      -210866803200000000n,
      9223371331199999999n,
      9223371331199999999n - 3_600_000_000n,
    ],
    ...[-210866803200000000n + 3_600_000_000n, 0n, 1_711_848_600_000_000n, 1_729_989_000_000_000n],
  ),
);
const day = fc.oneof(
  fc.integer({ min: -800_000, max: 4_000_000 }),
  fc.constantFrom(2147483647, -2147483648, -2440588, -2440587, 106751991, 106751983, 106751982, 2145042905),
);

const ofDay = (value: number): bigint => {
  if (value === 2147483647) return 2n ** 63n - 1n;
  return value === -2147483648 ? -(2n ** 63n) : BigInt(value) * DAY_MICROSECONDS;
};
const floorDay = (value: bigint): bigint =>
  (value - (((value % DAY_MICROSECONDS) + DAY_MICROSECONDS) % DAY_MICROSECONDS)) / DAY_MICROSECONDS;

interface Cast {
  readonly from: SqlType;
  readonly to: SqlType;
  readonly values: fc.Arbitrary<FunctionValue>;
  readonly twin: (zone: ZoneTable, value: FunctionValue) => FunctionValue;
}

const ofInstant = (zone: ZoneTable, value: FunctionValue): bigint =>
  checkTimestamp(instantToLocal(zone, value as bigint));

const casts: readonly Cast[] = [
  {
    from: TEXT,
    to: TIMESTAMPTZ,
    values: dateText,
    twin: (zone, text) => parseTimestamp(text as string, 'timestamptz', zone),
  },
  { from: TEXT, to: TIMESTAMP, values: dateText, twin: (_, text) => parseTimestamp(text as string, 'timestamp') },
  { from: TEXT, to: DATE, values: dateText, twin: (_, text) => parseDate(text as string) },
  { from: TEXT, to: TIME, values: dateText, twin: (_, text) => parseTime(text as string) },
  {
    from: TIMESTAMP,
    to: TIMESTAMPTZ,
    values: local,
    twin: (zone, value) => checkTimestamp(localToInstant(zone, value as bigint)),
  },
  { from: TIMESTAMPTZ, to: TIMESTAMP, values: local, twin: ofInstant },
  {
    from: TIMESTAMPTZ,
    to: DATE,
    values: local,
    twin: (zone, value) => {
      const seen = ofInstant(zone, value);
      if (isInfiniteTimestamp(seen)) return seen > 0n ? 2147483647 : -2147483648;
      return Number(floorDay(seen));
    },
  },
  {
    from: TIMESTAMPTZ,
    to: TIME,
    values: local,
    twin: (zone, value) => {
      const seen = ofInstant(zone, value);
      return isInfiniteTimestamp(seen) ? null : seen - floorDay(seen) * DAY_MICROSECONDS;
    },
  },
  {
    from: DATE,
    to: TIMESTAMPTZ,
    // Dates beyond timestamps have an error of their own.
    values: day.filter((value) => Math.abs(value) < 106_000_000 || Math.abs(value) > 2_147_000_000),
    twin: (zone, value) => checkTimestamp(localToInstant(zone, ofDay(value as number))),
  },
];

for (const timeZone of ZONES) {
  const table = timeZone === undefined ? UTC : requiredZone(timeZone);
  for (const { from, to, values, twin } of casts) {
    test(`${formatType(from)} as ${formatType(to)} by the clocks of ${timeZone ?? 'UTC'}`, () => {
      const reference = () => (args: readonly FunctionValue[]) => twin(table, args[0]!);
      const rows = values.map((value) => [value as never]);
      for (const tried of [false, true]) {
        const make = castInZone.bind(undefined, { timeZone });
        const ofArgument = tried ? orNull(reference) : reference;
        hold(tried ? 'TRY_CAST' : 'CAST', ([input]) => make(input!, to, tried), [from], to, ofArgument, rows);
      }
    });
  }
}

test('TRY_CAST of dates beyond timestamps is NULL', () => {
  for (const timeZone of ZONES) {
    const beyond = day.filter((value) => Math.abs(value) > 106_800_000 && Math.abs(value) < 2_147_000_000);
    const rows = beyond.map((value) => [value]);
    hold(
      'TRY_CAST',
      ([input]) => castInZone({ timeZone }, input!, TIMESTAMPTZ, true),
      [DATE],
      TIMESTAMPTZ,
      () => () => null,
      rows,
    );
  }
});
