import { type MillraceError, notSupportedError, userError } from '../../../common/errors.js';
import { formatType, type SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';

/** PostgreSQL's names of units. */
const unitNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    microseconds: 'microseconds microsecond us usec usecs',
    milliseconds: 'milliseconds millisecond ms msec msecs',
    second: 'second seconds s sec secs',
    minute: 'minute minutes m min mins',
    hour: 'hour hours h hr hrs',
    day: 'day days d',
    week: 'week weeks w',
    month: 'month months mon mons',
    quarter: 'quarter qtr',
    year: 'year years y yr yrs',
    decade: 'decade decades dec decs',
    century: 'century centuries c cent',
    millennium: 'millennium millennia mil mils',
    dow: 'dow',
    isodow: 'isodow',
    doy: 'doy',
    isoyear: 'isoyear',
    epoch: 'epoch',
    julian: 'julian j jd',
    timezone: 'timezone',
    timezone_hour: 'timezone_hour timezone_h',
    timezone_minute: 'timezone_minute timezone_m',
  }).flatMap(([unit, names]) => names.split(' ').map((name) => [name, unit])),
);

/** The unit that a name stands for, in any case; a name that stands for none comes back. */
export function unitOf(value: FunctionValue): string {
  const unit = String(value).toLowerCase();
  return unitNames[unit] ?? unit;
}

export function isUnit(unit: string): boolean {
  return Object.values(unitNames).includes(unit);
}

/** For a unit that a type does not have; `isKnown`: others do. */
export function unitError(written: FunctionValue, { kind }: SqlType, isKnown: boolean): MillraceError {
  const type = formatType({ kind } as SqlType);
  const name = String(written).toLowerCase();
  if (isKnown) return notSupportedError(`unit "${name}" not supported for type ${type}`);
  return userError('22023', `unit "${name}" not recognized for type ${type}`, {
    hint: 'Units are microseconds, milliseconds, second, minute, hour, day, week, month, quarter, year, decade, century and millennium.',
  });
}
