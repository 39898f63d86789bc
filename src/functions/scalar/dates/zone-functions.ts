import { bugError, userError } from '../../../common/errors.js';
import {
  DOUBLE,
  decimal,
  INTERVAL,
  type SqlType,
  type SqlTypeKind,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../../../types/sql-type.js';
import { parseTimestamp } from '../../casts/datetime/parse-timestamp.js';
import { orNull } from '../../casts/try-cast.js';
import { formatValue } from '../../format-value.js';
import type {
  FunctionImplementation,
  FunctionValue,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { op } from '../../opcodes.js';
import { formatOffset, instantToLocal, localToInstant, offsetAtInstant } from '../../zones/zone-arithmetic.js';
import { requiredZone } from '../../zones/zone-of.js';
import type { ZoneTable } from '../../zones/zone-table.js';
import { checkTimestamp, isInfiniteTimestamp } from './calendar.js';
import { datePart, truncatesDays, truncateTimestamp } from './date-functions-js.js';
import { unitOf } from './date-units.js';
import { zonedFormatter, zonedReader } from './datetime-formatting.js';
import { addInterval, type Interval } from './interval-arithmetic.js';

type ZonedKernel = Omit<Extract<FunctionImplementation, { kind: 'zoned' }>, 'kind' | 'fallback' | 'nullable'>;

/** A kernel for zones that are literals, and TypeScript for all others, with the table of the zone in front. */
function zoned(
  args: readonly SqlTypeKind[],
  returns: SqlType,
  options: ZonedKernel,
  evaluate: (zone: ZoneTable, others: readonly FunctionValue[], name: string) => FunctionValue,
  nullable = false,
): ScalarOverloadDeclaration {
  const fallback: VectorCreate = () => (values) =>
    evaluate(
      requiredZone(values[options.zone] as string),
      values.filter((_, index) => index !== options.zone),
      values[options.zone] as string,
    );
  return { args, returns, fallible: true, implementation: { kind: 'zoned', ...options, fallback, nullable } };
}

/** The same for TRY_CAST: NULL where it would be an error. */
function tried(overload: ScalarOverloadDeclaration): ScalarOverloadDeclaration {
  const { implementation } = overload;
  if (implementation.kind !== 'zoned') throw bugError('no function of a zone');
  const fallback = orNull(implementation.fallback);
  return { ...overload, implementation: { ...implementation, fallback, nullable: true, rejectedIsNull: true } };
}

/** Adds an offset that is given as an interval; `sign` −1 subtracts it. */
function shiftedBy(sign: 1 | -1): FunctionImplementation {
  return {
    kind: 'kernel',
    kernel: 'timestampShift',
    block: true,
    parameters: [sign],
    fallback:
      () =>
      ([offset, timestamp]) => {
        const { months, days, microseconds } = offset as Interval;
        if (months !== 0 || days !== 0) {
          const text = formatValue(offset!, INTERVAL);
          throw userError('22023', `interval time zone "${text}" must not include months or days`);
        }
        if (isInfiniteTimestamp(timestamp as bigint)) return timestamp!;
        return checkTimestamp((timestamp as bigint) + (microseconds / 1_000_000n) * 1_000_000n * BigInt(sign));
      },
  };
}

const zonedCasts: readonly ScalarOverloadDeclaration[] = [
  zoned(['text', 'timestamp'], TIMESTAMPTZ, { kernel: 'zoneInstantOfLocal', zone: 0 }, (zone, [local]) =>
    checkTimestamp(localToInstant(zone, local as bigint)),
  ),
  zoned(['text', 'timestamptz'], TIMESTAMP, { kernel: 'zoneLocalOfInstant', zone: 0 }, (zone, [instant]) =>
    checkTimestamp(instantToLocal(zone, instant as bigint)),
  ),
];

const timezone: ScalarFunction = {
  name: 'timezone',
  doc: 'The instant at which the clocks of a zone show a timestamp, and what they show at one; AT TIME ZONE.',
  example: { sql: "timezone('Europe/Berlin', timestamp '2024-07-01 12:00')", result: '2024-07-01 10:00:00+00' },
  overloads: [
    ...zonedCasts,
    { args: ['interval', 'timestamp'], returns: TIMESTAMPTZ, fallible: true, implementation: shiftedBy(-1) },
    { args: ['interval', 'timestamptz'], returns: TIMESTAMP, fallible: true, implementation: shiftedBy(1) },
  ],
};

/** By the clocks of a zone, whatever the session's is: what the two-argument forms become. */
export const zonedTruncation: ScalarOverloadDeclaration = zoned(
  ['text', 'timestamptz', 'text'],
  TIMESTAMPTZ,
  { kernel: 'zoneTruncate', zone: 2 },
  (zone, [unit, instant]) => {
    const truncate = truncateTimestamp([TEXT, TIMESTAMPTZ]);
    const offset = BigInt(offsetAtInstant(zone, instant as bigint)) * 1_000_000n;
    const local = instantToLocal(zone, instant as bigint);
    const truncated = truncate([unit!, local]) as bigint;
    if (local === instant && truncated === instant) return instant;
    return truncatesDays(unitOf(unit!)) ? localToInstant(zone, truncated) : truncated - offset;
  },
);

const added = (name: string, sign: 1 | -1, doc: string, result: string): ScalarFunction => ({
  name,
  doc,
  example: { sql: `${name}(timestamptz '2024-03-31 00:00+00', interval '1 day', 'Europe/Berlin')`, result },
  overloads: [
    zoned(
      ['timestamptz', 'interval', 'text'],
      TIMESTAMPTZ,
      { kernel: 'zoneAddInterval', zone: 2, parameters: [sign] },
      (zone, [instant, interval]) => addInterval(zone, instant as bigint, interval as Interval, sign),
    ),
  ],
});

const zonedPart: ScalarFunction = {
  name: 'zoned_date_part',
  doc: 'What date_part of a timestamptz is by the clocks of a zone.',
  internal: true,
  overloads: [
    zoned(
      ['text', 'timestamptz', 'text'],
      DOUBLE,
      { kernel: 'zonePart', zone: 2 },
      (zone, [field, instant]) => {
        const unit = unitOf(field!);
        if (unit.startsWith('timezone') && isInfiniteTimestamp(instant as bigint)) return null;
        const offset = offsetAtInstant(zone, instant as bigint);
        if (unit === 'timezone') return offset;
        if (unit === 'timezone_hour') return Math.trunc(offset / 3600) + 0;
        if (unit === 'timezone_minute') return Math.trunc((offset % 3600) / 60) + 0;
        const seen = unit === 'epoch' ? (instant as bigint) : instantToLocal(zone, instant as bigint);
        return datePart([TEXT, TIMESTAMPTZ])([field!, seen]);
      },
      true,
    ),
  ],
};

const offsetParts: readonly (readonly [name: string, part: (offset: number) => number])[] = [
  ['timezone', (offset) => offset],
  ['timezone_hour', (offset) => Math.trunc(offset / 3600)],
  ['timezone_minute', (offset) => Math.trunc((offset % 3600) / 60)],
];

const nothing: FunctionImplementation = {
  kind: 'emit',
  emit: (e) => {
    e.i64(0);
    e.op(op.i64Mul);
    return undefined;
  },
};

/** In UTC, and by the clocks of a zone. */
const offsetFields: readonly ScalarFunction[] = offsetParts.map(([name, part], parameter) => ({
  name: `extract_${name}`,
  doc: `EXTRACT(${name} FROM value).`,
  internal: true,
  overloads: [
    { args: ['timestamptz'], returns: decimal(10, 0), implementation: nothing },
    zoned(
      ['timestamptz', 'text'],
      decimal(10, 0),
      { kernel: 'zoneOffsetField', zone: 1, parameters: [parameter] },
      (zone, [instant]) =>
        isInfiniteTimestamp(instant as bigint) ? null : BigInt(part(offsetAtInstant(zone, instant as bigint))),
      true,
    ),
  ],
}));

/** The last template is kept, whoever it was of. */
const formatInZone = zonedFormatter();
const readInZone = zonedReader();

const fromText = zoned(
  ['text', 'text'],
  TIMESTAMPTZ,
  { kernel: 'zoneInstantOfText', zone: 1, asksForZones: true },
  (zone, [text]) => parseTimestamp(text as string, 'timestamptz', zone),
);

const sessionCasts: readonly ScalarFunction[] = [
  {
    name: 'try_timezone',
    doc: 'What TRY_CAST between timestamp and timestamptz is in a session of that zone.',
    internal: true,
    overloads: zonedCasts.map(tried),
  },
  {
    name: 'zoned_to_text',
    doc: 'What a cast of timestamptz to text is in a session of that zone.',
    internal: true,
    overloads: [
      zoned(['timestamptz', 'text'], TEXT, { kernel: 'zoneInstantToText', zone: 1 }, (zone, [instant]) =>
        formatInstant(zone, instant as bigint),
      ),
    ],
  },
  {
    name: 'zoned_from_text',
    doc: 'What a cast of text to timestamptz is in a session of that zone.',
    internal: true,
    overloads: [fromText],
  },
  {
    name: 'try_zoned_from_text',
    doc: 'What TRY_CAST of text to timestamptz is in a session of that zone.',
    internal: true,
    overloads: [tried(fromText)],
  },
  {
    name: 'zoned_to_char',
    doc: 'What to_char of a timestamptz is in a session of that zone.',
    internal: true,
    overloads: [
      zoned(
        ['timestamptz', 'text', 'text'],
        TEXT,
        { kernel: 'zoneToChar', zone: 2 },
        (zone, [instant, template], name) => formatInZone(zone, name, instant!, template!),
        true,
      ),
    ],
  },
  {
    name: 'zoned_to_timestamp',
    doc: 'What to_timestamp by a template is in a session of that zone.',
    internal: true,
    overloads: [
      zoned(
        ['text', 'text', 'text'],
        TIMESTAMPTZ,
        { kernel: 'zoneInstantByTemplate', zone: 2 },
        (zone, [text, template]) => readInZone(zone, text!, template!),
      ),
    ],
  },
];

/** As output functions write it. */
export function formatInstant(zone: ZoneTable, instant: bigint): string {
  const text = formatValue(instantToLocal(zone, instant), TIMESTAMP);
  if (text.endsWith('infinity')) return text;
  const offset = formatOffset(offsetAtInstant(zone, instant));
  return text.endsWith(' BC') ? `${text.slice(0, -3)}${offset} BC` : text + offset;
}

export const zoneFunctions: readonly ScalarFunction[] = [
  timezone,
  added('date_add', 1, 'A timestamptz and an interval, added by the clocks of a zone.', '2024-03-31 23:00:00+00'),
  added('date_subtract', -1, 'An interval taken from a timestamptz by the clocks of a zone.', '2024-03-30 00:00:00+00'),
  zonedPart,
  ...offsetFields,
  ...sessionCasts,
];
