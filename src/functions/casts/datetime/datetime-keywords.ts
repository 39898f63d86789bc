/** What a word means within a date or time. */
export type Keyword =
  | { readonly kind: 'month'; readonly value: number }
  | { readonly kind: 'weekday' | 'ignored' | 'isoTime' | 'summerTime' }
  | { readonly kind: 'meridian'; readonly value: 'am' | 'pm' }
  | { readonly kind: 'era'; readonly value: 'ad' | 'bc' }
  | { readonly kind: 'julian' }
  /** A unit that stands before no number here. */
  | { readonly kind: 'unit' }
  | { readonly kind: 'special'; readonly value: SpecialTime };

export type SpecialTime =
  | 'now'
  | 'today'
  | 'tomorrow'
  | 'yesterday'
  | 'midnight utc'
  | 'epoch'
  | 'infinity'
  | '-infinity';

const MONTHS =
  'jan january feb february mar march apr april may may jun june jul july aug august sep september oct october nov november dec december'.split(
    ' ',
  );
const WEEKDAYS =
  'sun sunday mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday'.split(
    ' ',
  );

const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...MONTHS.map((name, index): [string, Keyword] => [name, { kind: 'month', value: (index >> 1) + 1 }]),
  ['sept', { kind: 'month', value: 9 }],
  ...WEEKDAYS.map((name): [string, Keyword] => [name, { kind: 'weekday' }]),
  ['am', { kind: 'meridian', value: 'am' }],
  ['pm', { kind: 'meridian', value: 'pm' }],
  ['ad', { kind: 'era', value: 'ad' }],
  ['bc', { kind: 'era', value: 'bc' }],
  ['at', { kind: 'ignored' }],
  ['on', { kind: 'ignored' }],
  ['t', { kind: 'isoTime' }],
  ['dst', { kind: 'summerTime' }],
  ['j', { kind: 'julian' }],
  ['jd', { kind: 'julian' }],
  ['julian', { kind: 'julian' }],
  ...['d', 'dow', 'doy', 'h', 'isodow', 'isoyear', 'm', 'mm', 's', 'y'].map((name): [string, Keyword] => [
    name,
    { kind: 'unit' },
  ]),
  ['now', { kind: 'special', value: 'now' }],
  ['today', { kind: 'special', value: 'today' }],
  ['tomorrow', { kind: 'special', value: 'tomorrow' }],
  ['yesterday', { kind: 'special', value: 'yesterday' }],
  ['allballs', { kind: 'special', value: 'midnight utc' }],
  ['epoch', { kind: 'special', value: 'epoch' }],
  ['infinity', { kind: 'special', value: 'infinity' }],
  ['+infinity', { kind: 'special', value: 'infinity' }],
  ['-infinity', { kind: 'special', value: '-infinity' }],
]);

/** Only the first ten letters of a word count. */
export function keywordOf(word: string): Keyword | undefined {
  return keywords.get(word.slice(0, 10));
}

export function isKeyword(word: string): boolean {
  return keywordOf(word) !== undefined;
}
