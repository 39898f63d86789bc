/*
 * When the clocks of a zone changed, and will: taken from the tz database that JavaScript's Intl carries. It says only
 * what the offset is at an instant, so changes are searched for, once a zone and thread.
 */

/** Offsets are seconds east of Greenwich, instants seconds since 1970-01-01 UTC. */
export interface ZoneTable {
  /** Before the first change. */
  readonly initialOffset: number;
  /** When the offset changes, ascending. */
  readonly instants: readonly number[];
  /** The offset from that instant on. */
  readonly offsets: readonly number[];
}

/** 400 years: after so many the calendar repeats, weekdays included. */
export const CYCLE_SECONDS: number = 146_097 * 86_400;
/** Tables reach to here: what lies behind is looked up whole cycles earlier. */
export const TABLE_END: number = Date.UTC(2501, 0, 1) / 1000;

export function fixedZone(offset: number): ZoneTable {
  return { initialOffset: offset, instants: [], offsets: [] };
}

const SEARCH_START = Date.UTC(1830, 0, 1) / 1000;
/** Where rules have settled, years with the same calendar have the same changes; years without a century between them. */
const PATTERN_START = 2038;
/** Of the zones whose changes follow the moon: Morocco's Ramadans are listed until 2087. */
const LATE_PATTERN_START = 2101;
/** As many years as have every length and every weekday of January 1. */
const PATTERN_YEARS = 28;
/** No two changes of a zone are closer together; where its rules have settled, and before zones were invented. */
const SEARCH_STEP = 12 * 86_400;
const WIDE_STEP = 28 * 86_400;

type OffsetReader = (instant: number) => number;

const startOf = (year: number): number => Date.UTC(year, 0, 1) / 1000;

const tables = new Map<string, ZoneTable>();

/** The changes of a zone of the tz database, whose name Intl must know. */
export function zoneTable(name: string): ZoneTable {
  let table = tables.get(name);
  if (table === undefined) {
    table = deriveTable(name);
    tables.set(name, table);
  }
  return table;
}

function deriveTable(name: string): ZoneTable {
  const offsetAt = offsetReader(name);
  const early = repeatPattern(search(offsetAt, PATTERN_START + PATTERN_YEARS), PATTERN_START);
  if (agrees(early, offsetAt)) return early;
  return repeatPattern(search(offsetAt, LATE_PATTERN_START + PATTERN_YEARS), LATE_PATTERN_START);
}

function search(offsetAt: OffsetReader, endYear: number): ZoneTable {
  const instants: number[] = [];
  const offsets: number[] = [];
  const [settled, end] = [startOf(PATTERN_START), startOf(endYear)];
  const initialOffset = offsetAt(SEARCH_START);
  let offset = initialOffset;
  let step: number;
  for (let from = SEARCH_START; from < end; from += step) {
    step = from < startOf(1880) || from >= settled ? WIDE_STEP : SEARCH_STEP;
    const next = offsetAt(from + step);
    if (next === offset) continue;
    instants.push(findChange(offsetAt, from, from + step));
    offsets.push(next);
    offset = next;
  }
  return { initialOffset, instants, offsets };
}

/** Do the years that were not searched have the offsets that Intl gives them? */
function agrees({ instants, offsets, initialOffset }: ZoneTable, offsetAt: OffsetReader): boolean {
  let index = 0;
  for (let at = startOf(PATTERN_START); at < startOf(LATE_PATTERN_START); at += WIDE_STEP) {
    while (index < instants.length && instants[index]! <= at) index++;
    if ((index === 0 ? initialOffset : offsets[index - 1]) !== offsetAt(at)) return false;
  }
  return true;
}

/** The first second in (low, high] that has the offset of `high`. */
function findChange(offsetAt: OffsetReader, low: number, high: number): number {
  const offset = offsetAt(high);
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) after = middle;
    else before = middle;
  }
  return after;
}

/** `GMT`, `GMT+02:00`, `GMT-00:01:15` at an instant, read as seconds. */
function offsetReader(name: string): OffsetReader {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (instant) => {
    const text = format.format(instant * 1000);
    const match = /GMT(?:([-+])(\d+):(\d+)(?::(\d+))?)?$/.exec(text);
    if (match?.[1] === undefined) return 0;
    const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return match[1] === '-' ? -seconds : seconds;
  };
}

/** The years from `firstYear` on have the changes of a searched year with the same calendar, on the same days. */
function repeatPattern(searched: ZoneTable, firstYear: number): ZoneTable {
  const known = searched.instants.filter((at) => at < startOf(firstYear));
  const instants = [...known];
  const offsets = searched.offsets.slice(0, known.length);
  const patterns = new Map<string, Change[]>();
  for (let year = firstYear; year < firstYear + PATTERN_YEARS; year++) {
    patterns.set(calendarOf(year), changesOf(searched, year));
  }
  for (let year = firstYear; startOf(year) < TABLE_END; year++) {
    for (const { at, offset } of patterns.get(calendarOf(year))!) {
      instants.push(startOf(year) + at);
      offsets.push(offset);
    }
  }
  return { initialOffset: searched.initialOffset, instants, offsets };
}

interface Change {
  /** Seconds since the year began. */
  readonly at: number;
  readonly offset: number;
}

function changesOf({ instants, offsets }: ZoneTable, year: number): Change[] {
  return instants.flatMap((at, index) => {
    const within = at >= startOf(year) && at < startOf(year + 1);
    return within ? [{ at: at - startOf(year), offset: offsets[index]! }] : [];
  });
}

/** Years of the same name have the same days of the week on the same dates. */
function calendarOf(year: number): string {
  return `${(startOf(year + 1) - startOf(year)) / 86_400} ${new Date(Date.UTC(year, 0, 1)).getUTCDay()}`;
}
