export const MONTH_NAMES: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');
/** Sunday first. */
export const DAY_NAMES: readonly string[] = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
/** January first. */
export const ROMAN_MONTHS: readonly string[] = 'I II III IV V VI VII VIII IX X XI XII'.split(' ');

/** In the case of what was written: `MON`, `Mon` or `mon`. */
export function inCaseOf(written: string, name: string): string {
  if (written === written.toUpperCase()) return name.toUpperCase();
  return written === written.toLowerCase() ? name.toLowerCase() : name;
}

/** `st`, `nd`, `rd` or `th` behind a number. */
export function ordinalOf(digits: string): string {
  if (/1\d$/.test(digits)) return 'th';
  return { 1: 'st', 2: 'nd', 3: 'rd' }[Number(digits.slice(-1))] ?? 'th';
}
