import { type CharacterSet, setOfRanges, union, without } from './character-set.js';

/*
 * The classes of regular expressions. As in PostgreSQL with a UTF-8 locale they know Unicode: alpha, upper, lower,
 * punct … are its properties (as this JavaScript engine has them); digit and xdigit are those of ASCII.
 */

/** Nothing beyond has properties, but for a few characters that do not print. */
const LAST_NAMED = 0x323af;
let named: string | undefined;

/** The runs of characters that a pattern such as \p{L} matches. */
function charactersOf(pattern: string): CharacterSet {
  named ??= allCharacters();
  const ranges: [number, number][] = [];
  for (const { 0: run } of named.matchAll(new RegExp(`(?:${pattern})+`, 'gu'))) {
    const first = run.codePointAt(0)!;
    const tail = run.charCodeAt(run.length - 1);
    const last = tail >= 0xdc00 && tail <= 0xdfff ? run.codePointAt(run.length - 2)! : tail;
    // A run goes over the gap of the surrogates only if what is on both sides belongs to it.
    if (first < 0xd800 && last > 0xdfff) ranges.push([first, 0xd7ff], [0xe000, last]);
    else ranges.push([first, last]);
  }
  return setOfRanges(ranges);
}

function allCharacters(): string {
  const parts: string[] = [];
  for (let from = 0; from <= LAST_NAMED; from += 0x800) {
    if (from === 0xd800) continue;
    parts.push(String.fromCodePoint(...Array.from({ length: 0x800 }, (_, index) => from + index)));
  }
  return parts.join('');
}

const ascii = (...ranges: [number, number][]): (() => CharacterSet) => {
  const set = setOfRanges(ranges);
  return () => set;
};

const property = (pattern: string): (() => CharacterSet) => {
  let set: CharacterSet | undefined;
  return () => {
    set ??= charactersOf(pattern);
    return set;
  };
};

const DIGITS: [number, number] = [0x30, 0x39];
const alpha = property('\\p{Alphabetic}');
const spaces = property('(?![\\u00a0\\u2007\\u202f\\ufeff])\\s|\\u0085');

const classes: Readonly<Record<string, () => CharacterSet>> = {
  alpha,
  alnum: () => union(alpha(), [...DIGITS]),
  word: () => union(alpha(), [...DIGITS], [0x5f, 0x5f]),
  ascii: ascii([0, 0x7f]),
  blank: property('(?!\\u00a0|\\u2007|\\u202f)\\p{Zs}|\\t'),
  cntrl: property('\\p{Cc}|[\\u2028\\u2029]'),
  digit: ascii(DIGITS),
  xdigit: ascii(DIGITS, [0x41, 0x46], [0x61, 0x66]),
  lower: property('\\p{Lowercase}'),
  upper: property('\\p{Uppercase}|\\p{Lt}'),
  space: spaces,
  punct: property('(?:\\p{P}|\\p{S})(?<!\\p{Alphabetic})'),
  graph: () => without(classes.print!(), spaces()),
  print: property('[^\\p{Cc}\\p{Cs}\\p{Cn}\\u2028\\u2029]'),
};

/** Undefined when there is no class of that name. Where case is ignored, upper and lower are all letters. */
export function characterClass(name: string, ignoreCase: boolean): CharacterSet | undefined {
  const isCase = name === 'upper' || name === 'lower';
  return Object.hasOwn(classes, name) ? classes[ignoreCase && isCase ? 'alpha' : name]!() : undefined;
}

/** The character in lower and in upper case: those that are one character. */
export function casesOf(codePoint: number): number[] {
  const text = String.fromCodePoint(codePoint);
  const cases = [codePoint];
  for (const changed of [text.toLowerCase(), text.toUpperCase()]) {
    const point = changed.codePointAt(0)!;
    if (changed.length === (point > 0xffff ? 2 : 1) && !cases.includes(point)) cases.push(point);
  }
  return cases;
}

/** No character beyond has another case. */
export const LAST_CASED = 0x1e943;

/** A set with the characters of other case. */
export function ignoringCase(set: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  for (let at = 0; at < set.length; at += 2) {
    ranges.push([set[at]!, set[at + 1]!]);
    for (let point = set[at]!; point <= Math.min(set[at + 1]!, LAST_CASED); point++) {
      for (const other of casesOf(point)) if (other !== point) ranges.push([other, other]);
    }
  }
  return setOfRanges(ranges);
}
