import { posixZone } from './posix-zone.js';
import { abbreviationOffset } from './zone-abbreviations.js';
import { canonicalZoneName } from './zone-names.js';
import { requiredZone } from './zone-of.js';

/** A value of the setting TimeZone as it is shown; undefined where it names no zone. A number is hours east of Greenwich. */
export function normalizeTimeZone(value: string): string | undefined {
  const hours = Number(value);
  if (/^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(value) && Math.abs(hours) <= 15) return hoursEast(hours);
  const name = canonicalZoneName(value);
  if (name !== undefined) return name;
  return posixZone(value) === undefined ? undefined : value;
}

/** `<+05:30>-05:30`: a rule after POSIX, with the offset as the zone's abbreviation. */
function hoursEast(hours: number): string {
  const minutes = Math.round(Math.abs(hours) * 60);
  const two = (part: number): string => String(part).padStart(2, '0');
  const clock = `${two(Math.floor(minutes / 60))}${minutes % 60 === 0 ? '' : `:${two(minutes % 60)}`}`;
  return hours < 0 ? `<-${clock}>+${clock}` : `<+${clock}>-${clock}`;
}

/**
 * How expressions name the zone of a setting: undefined for UTC, under whatever name. A colon says that it is no
 * abbreviation: to AT TIME ZONE, CET is always an hour.
 */
export function zoneOfSetting(value: string): string | undefined {
  if (value === 'UTC') return undefined;
  const name = abbreviationOffset(value) === undefined ? value : `:${value}`;
  const { initialOffset, instants } = requiredZone(name);
  return initialOffset === 0 && instants.length === 0 ? undefined : name;
}
