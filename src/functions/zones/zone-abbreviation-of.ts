import { abbreviationOffset } from './zone-abbreviations.js';
import { formatOffset } from './zone-arithmetic.js';
import { canonicalZoneName } from './zone-names.js';

/** The abbreviations of the tz database, by the English names that Intl has for the same. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'Coordinated Universal Time': 'UTC',
  'Greenwich Mean Time': 'GMT',
  'British Summer Time': 'BST',
  'Irish Standard Time': 'IST',
  'Western European Standard Time': 'WET',
  'Western European Summer Time': 'WEST',
  'Central European Standard Time': 'CET',
  'Central European Summer Time': 'CEST',
  'Eastern European Standard Time': 'EET',
  'Eastern European Summer Time': 'EEST',
  'Moscow Standard Time': 'MSK',
  'Israel Standard Time': 'IST',
  'Israel Daylight Time': 'IDT',
  'East Africa Time': 'EAT',
  'Central Africa Time': 'CAT',
  'West Africa Standard Time': 'WAT',
  'South Africa Standard Time': 'SAST',
  'Pakistan Standard Time': 'PKT',
  'India Standard Time': 'IST',
  'Western Indonesia Time': 'WIB',
  'Central Indonesia Time': 'WITA',
  'Eastern Indonesia Time': 'WIT',
  'Hong Kong Standard Time': 'HKT',
  'China Standard Time': 'CST',
  'Taipei Standard Time': 'CST',
  'Philippine Standard Time': 'PST',
  'Korean Standard Time': 'KST',
  'Japan Standard Time': 'JST',
  'Australian Western Standard Time': 'AWST',
  'Australian Central Standard Time': 'ACST',
  'Australian Central Daylight Time': 'ACDT',
  'Australian Eastern Standard Time': 'AEST',
  'Australian Eastern Daylight Time': 'AEDT',
  'New Zealand Standard Time': 'NZST',
  'New Zealand Daylight Time': 'NZDT',
  'Hawaii-Aleutian Standard Time': 'HST',
  'Hawaii-Aleutian Daylight Time': 'HDT',
  'Alaska Standard Time': 'AKST',
  'Alaska Daylight Time': 'AKDT',
  'Pacific Standard Time': 'PST',
  'Pacific Daylight Time': 'PDT',
  'Mountain Standard Time': 'MST',
  'Mountain Daylight Time': 'MDT',
  'Central Standard Time': 'CST',
  'Central Daylight Time': 'CDT',
  'Eastern Standard Time': 'EST',
  'Eastern Daylight Time': 'EDT',
  'Atlantic Standard Time': 'AST',
  'Atlantic Daylight Time': 'ADT',
  'Newfoundland Standard Time': 'NST',
  'Newfoundland Daylight Time': 'NDT',
  'Cuba Standard Time': 'CST',
  'Cuba Daylight Time': 'CDT',
};

/** What the clocks of a zone are called at an instant: `CEST`, or where people have no name for it, `+03`. */
export function zoneAbbreviationOf(name: string, instant: bigint, offset: number): string {
  if (abbreviationOffset(name) !== undefined) return name.toUpperCase();
  const known = canonicalZoneName(name.replace(/^:/, ''));
  const posix = known === undefined ? /^(?:<([^>]+)>|([A-Za-z]+))/.exec(name) : null;
  if (posix !== null) return posix[1] ?? posix[2]!;
  const milliseconds = Number(instant / 1000n);
  if (known === undefined || Math.abs(milliseconds) > 8.64e15) return formatOffset(offset);
  const format = new Intl.DateTimeFormat('en-US', { timeZone: known, timeZoneName: 'long' });
  const long = format.formatToParts(milliseconds).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return ABBREVIATIONS[long] ?? formatOffset(offset).replaceAll(':', '');
}
