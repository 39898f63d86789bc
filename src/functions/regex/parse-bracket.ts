import { casesOf, characterClass, ignoringCase } from './character-classes.js';
import { type CharacterSet, complement, NEWLINE, setOfRanges, union, without } from './character-set.js';
import { parseEscape } from './parse-escape.js';
import { type PatternReader, regexError } from './pattern-reader.js';
import type { Assertion, RegexOptions } from './regex-syntax.js';

/** What stands in brackets, the first of which is at the reader: a set, or one of [[:<:]] and [[:>:]]. Throws 2201B. */
export function parseBracket(reader: PatternReader, options: RegexOptions): CharacterSet | Assertion {
  if (reader.take('[[:<:]]')) return 'wordStart';
  if (reader.take('[[:>:]]')) return 'wordEnd';
  reader.at++;
  const negated = reader.take('^');
  const sets: CharacterSet[] = [];
  for (let isFirst = true; isFirst || reader.next !== ']'; isFirst = false) {
    if (reader.next === undefined) throw regexError('brackets [] not balanced');
    sets.push(parseMember(reader, options, isFirst));
  }
  reader.at++;
  const set = union(...sets);
  if (!negated) return set;
  return options.newlineStops ? without(complement(set), NEWLINE) : complement(set);
}

function parseMember(reader: PatternReader, { ignoreCase }: RegexOptions, isFirst: boolean): CharacterSet {
  const start = parseElement(reader, ignoreCase, isFirst);
  if (typeof start !== 'number') return start;
  const isRange = reader.next === '-' && reader.characters[reader.at + 1] !== ']';
  if (!isRange) return ignoreCase ? pointsSet(casesOf(start)) : [start, start];
  reader.at++;
  if (reader.next === undefined) throw regexError('brackets [] not balanced');
  const end = parseElement(reader, ignoreCase, true);
  if (typeof end !== 'number' || end < start) throw regexError('invalid character range');
  return ignoreCase ? ignoringCase([start, end]) : [start, end];
}

const pointsSet = (points: readonly number[]): CharacterSet => setOfRanges(points.map((point) => [point, point]));

/** A code point, which may begin or end a range, or a class. */
function parseElement(reader: PatternReader, ignoreCase: boolean, mayBeHyphen: boolean): number | CharacterSet {
  if (reader.take('[:')) {
    const name = readUntil(reader, ':]');
    const set = characterClass(name, ignoreCase);
    if (set === undefined) throw regexError('invalid character class');
    return set;
  }
  if (reader.take('[=')) {
    const point = collatingElement(readUntil(reader, '=]'));
    return pointsSet(ignoreCase ? casesOf(point) : [point]);
  }
  if (reader.take('[.')) return collatingElement(readUntil(reader, '.]'));
  if (reader.next === '\\') {
    const read = parseEscape(reader, 0, ignoreCase);
    if (read.kind === 'character') return read.character.codePointAt(0)!;
    if (read.kind === 'set') return read.set;
    throw regexError('invalid escape \\ sequence');
  }
  const next = reader.next!;
  // A hyphen stands for itself at the start and at the end only.
  if (next === '-' && !mayBeHyphen && reader.characters[reader.at + 1] !== ']') {
    throw regexError('invalid character range');
  }
  reader.at++;
  return next.codePointAt(0)!;
}

function readUntil(reader: PatternReader, closing: string): string {
  const start = reader.at;
  while (reader.next !== undefined && !reader.startsWith(closing)) reader.at++;
  const name = reader.characters.slice(start, reader.at).join('');
  if (!reader.take(closing)) throw regexError('brackets [] not balanced');
  return name;
}

function collatingElement(name: string): number {
  if ([...name].length !== 1) throw regexError('invalid collating element');
  return name.codePointAt(0)!;
}
