import { CYCLE_SECONDS, fixedZone, TABLE_END, type ZoneTable } from './zone-table.js';

/** The day and the second of a change, as POSIX writes it: `M3.2.0/2`, `J60`, `59`. */
interface ChangeRule {
  /** The day of the year, from 0, in a year. */
  readonly dayOf: (year: number) => number;
  readonly secondOfDay: number;
}

const NAME = '([^-+,0-9<]+|<[^>]+>)';
const OFFSET = '([-+]?\\d{1,3}(?::\\d{1,2}(?::\\d{1,2})?)?)';
const PATTERN = new RegExp(`^${NAME}?${OFFSET}(?:${NAME}${OFFSET}?(?:,([^,]+),([^,]+))?)?$`);
/** What PostgreSQL takes where rules are left out: those of the United States. */
const DEFAULT_RULES = ['M3.2.0', 'M11.1.0'] as const;

/** `EST5EDT,M3.2.0,M11.1.0`, `<+03>-3`, `UTC-2`: offsets are west of Greenwich. Undefined for what is no such rule. */
export function posixZone(text: string): ZoneTable | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const standard = secondsOf(match[2]!);
  if (standard === undefined) return undefined;
  if (match[3] === undefined) return fixedZone(-standard);
  const summer = match[4] === undefined ? standard - 3600 : secondsOf(match[4]);
  const begin = parseRule(match[5] ?? DEFAULT_RULES[0]);
  const end = parseRule(match[6] ?? DEFAULT_RULES[1]);
  if (summer === undefined || begin === undefined || end === undefined) return undefined;
  return alternating(-standard, -summer, begin, end);
}

function secondsOf(text: string): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number);
  if (hours > 167 || minutes > 59 || seconds > 59) return undefined;
  const total = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith('-') ? -total : total;
}

const dayMilliseconds = 86_400_000;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function parseRule(text: string): ChangeRule | undefined {
  const match = /^(?:M(\d{1,2})\.([1-5])\.([0-6])|J(\d{1,3})|(\d{1,3}))(?:\/([-+]?\d{1,3}(?::\d{1,2}){0,2}))?$/.exec(
    text,
  );
  const secondOfDay = match === null ? undefined : secondsOf(match[6] ?? '2');
  if (match === null || secondOfDay === undefined) return undefined;
  const [month, week, weekday] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // J60 is March 1 in every year; 59 counts February 29.
  if (match[4] !== undefined) {
    const day = Number(match[4]);
    return { dayOf: (year) => day - 1 + (isLeap(year) && day >= 60 ? 1 : 0), secondOfDay };
  }
  if (match[5] !== undefined) return { dayOf: () => Number(match[5]), secondOfDay };
  if (month < 1 || month > 12) return undefined;
  return { dayOf: (year) => weekdayOfMonth(year, month, week, weekday), secondOfDay };
}

/** The day of the year on which a weekday falls for the n-th time in a month; 5 is the last time. */
function weekdayOfMonth(year: number, month: number, week: number, weekday: number): number {
  const first = new Date(Date.UTC(2000, month - 1, 1));
  first.setUTCFullYear(year);
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  let day = 1 + ((weekday - first.getUTCDay() + 7) % 7) + (week - 1) * 7;
  while (day > daysInMonth) day -= 7;
  return Math.round((first.getTime() - startOfYear(year) * 1000) / dayMilliseconds) + day - 1;
}

function startOfYear(year: number): number {
  const start = new Date(Date.UTC(2000, 0, 1));
  start.setUTCFullYear(year);
  return start.getTime() / 1000;
}

/** Over the last cycle of tables and the years since 1900; PostgreSQL applies such rules to all years. */
function alternating(standard: number, summer: number, begin: ChangeRule, end: ChangeRule): ZoneTable {
  const changes: { readonly at: number; readonly offset: number }[] = [];
  const firstYear = Math.min(1900, new Date((TABLE_END - CYCLE_SECONDS) * 1000).getUTCFullYear());
  for (let year = firstYear; startOfYear(year) < TABLE_END; year++) {
    const at = (rule: ChangeRule, offset: number): number =>
      startOfYear(year) + rule.dayOf(year) * 86_400 + rule.secondOfDay - offset;
    changes.push({ at: at(begin, standard), offset: summer }, { at: at(end, summer), offset: standard });
  }
  changes.sort((left, right) => left.at - right.at);
  return {
    initialOffset: changes[0]!.offset === summer ? standard : summer,
    instants: changes.map(({ at }) => at),
    offsets: changes.map(({ offset }) => offset),
  };
}
