import { userError } from '../../../common/errors.js';
import { DAY_MICROSECONDS, daysFromCivil, FIRST_DAY, isTimestamp, LAST_DAY } from '../../scalar/dates/calendar.js';
import { instantToLocal, offsetAtInstant } from '../../zones/zone-arithmetic.js';
import { fixedZone, type ZoneTable } from '../../zones/zone-table.js';
import { fault, reportingFaults } from './datetime-errors.js';
import { splitDateTime } from './datetime-fields.js';
import { decodeDateTime } from './decode-datetime.js';
import { type DecodedDateTime, offsetOf } from './decoded-datetime.js';

/** The zone of a session that has set none. */
export const UTC: ZoneTable = fixedZone(0);

const INFINITY = 2n ** 63n - 1n;

let clockCount = 0;

/** How often this thread has read the clock: what was computed meanwhile may be otherwise later. */
export function clockReads(): number {
  return clockCount;
}

/** The clock of `now` and `today`, in µs since 1970; a session's literals are read with its own. */
function clock(): bigint {
  clockCount++;
  return BigInt(Date.now()) * 1000n;
}

const outOfRange = (type: string, text: string): Error => userError('22008', `${type} out of range: "${text}"`);

/** Days since 1970-01-01; a time behind the date is read and left out. */
export function parseDate(text: string, session: ZoneTable = UTC): number {
  const decoded = reportingFaults(text, 'date', () => {
    const fields = decodeDateTime(splitDateTime(text), false);
    if (!fields.hasDate) throw fault('format');
    return fields;
  });
  switch (decoded.special) {
    case 'infinity':
      return 2147483647;
    case '-infinity':
      return -2147483648;
    case 'epoch':
      return 0;
    case undefined:
      break;
    default:
      return Number(specialDay(decoded, session));
  }
  const days = daysFromCivil(decoded.year, decoded.month, decoded.day);
  if (days < FIRST_DAY || days > LAST_DAY) throw outOfRange('date', text);
  return days;
}

/** The day that `today` or `now` lies in, by the clocks of a zone. */
function specialDay({ special }: DecodedDateTime, session: ZoneTable): bigint {
  const today = floorDay(instantToLocal(session, clock()));
  return today + (special === 'tomorrow' ? 1n : special === 'yesterday' ? -1n : 0n);
}

function floorDay(timestamp: bigint): bigint {
  const days = timestamp / DAY_MICROSECONDS;
  return timestamp % DAY_MICROSECONDS < 0n ? days - 1n : days;
}

/** µs since 1970-01-01, of `timestamp` as its clocks show it, of `timestamptz` in UTC. */
export function parseTimestamp(text: string, kind: 'timestamp' | 'timestamptz', session: ZoneTable = UTC): bigint {
  const typeName = kind === 'timestamptz' ? 'timestamp with time zone' : 'timestamp';
  const decoded = reportingFaults(text, typeName, () => {
    const fields = decodeDateTime(splitDateTime(text), false);
    if (!fields.hasDate) throw fault('format');
    return fields;
  });
  const { special } = decoded;
  if (special === 'infinity') return INFINITY;
  if (special === '-infinity') return -INFINITY - 1n;
  if (special === 'epoch') return kind === 'timestamp' ? instantToLocal(session, 0n) : 0n;
  if (special === 'now') return kind === 'timestamptz' ? clock() : instantToLocal(session, clock());
  const days =
    special === undefined
      ? BigInt(daysFromCivil(decoded.year, decoded.month, decoded.day))
      : specialDay(decoded, session);
  const local = days * DAY_MICROSECONDS + BigInt(decoded.time);
  const instant = kind === 'timestamptz' ? local - BigInt(offsetOf(decoded, local, session)) * 1_000_000n : local;
  if (!isTimestamp(instant)) throw outOfRange('timestamp', text);
  return instant;
}

/** µs since midnight. */
export function parseTime(text: string, session: ZoneTable = UTC): bigint {
  const decoded = reportingFaults(text, 'time', () => {
    const fields = decodeDateTime(splitDateTime(text), true);
    if (!fields.hasTime) throw fault('format');
    return fields;
  });
  if (decoded.special === 'now') {
    const now = clock();
    const local = now + BigInt(offsetAtInstant(session, now)) * 1_000_000n;
    return local - floorDay(local) * DAY_MICROSECONDS;
  }
  return BigInt(decoded.time);
}
