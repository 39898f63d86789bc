import { fault } from './datetime-errors.js';
import { isKeyword } from './datetime-keywords.js';

export type FieldKind = 'number' | 'string' | 'date' | 'time' | 'zone' | 'special';

/** A piece of a date or time; its letters are in lower case. */
export interface DateTimeField {
  readonly kind: FieldKind;
  readonly text: string;
}

const isDigit = (character: string | undefined): boolean => character !== undefined && /[0-9]/.test(character);
const isLetter = (character: string | undefined): boolean => character !== undefined && /[a-z]/i.test(character);
const isPunctuation = (character: string): boolean => /[!-/:-@[-`{-~]/.test(character);

/**
 * Takes a text apart as PostgreSQL's ParseDateTime does, by its first characters: numbers, words, dates with their
 * separators, times with their colons, signed numbers. Other punctuation separates.
 */
export function splitDateTime(input: string): DateTimeField[] {
  const text = input.toLowerCase();
  const fields: DateTimeField[] = [];
  let at = 0;
  while (at < text.length) {
    const first = text[at]!;
    if (/\s/.test(first)) {
      at++;
      continue;
    }
    const field = fieldAt(text, at);
    if (field === undefined) {
      if (!isPunctuation(first)) throw fault('format');
      at++;
      continue;
    }
    fields.push({ kind: field.kind, text: field.text });
    at = field.end;
  }
  if (fields.length > 25) throw fault('format');
  return fields;
}

interface FoundField extends DateTimeField {
  readonly end: number;
}

function fieldAt(text: string, at: number): FoundField | undefined {
  const first = text[at]!;
  if (isDigit(first)) return numberAt(text, at);
  if (first === '.') return taken(text, at, /\.[0-9]*/y, 'number');
  if (isLetter(first)) return wordAt(text, at);
  if (first === '+' || first === '-') return signedAt(text, at);
  return undefined;
}

function taken(text: string, at: number, pattern: RegExp, kind: FieldKind): FoundField {
  pattern.lastIndex = at;
  const found = pattern.exec(text)![0];
  return { kind, text: found, end: at + found.length };
}

function numberAt(text: string, at: number): FoundField {
  const digits = taken(text, at, /[0-9]+/y, 'number');
  const delimiter = text[digits.end];
  if (delimiter === ':') return taken(text, at, /[0-9]+[0-9:.]*/y, 'time');
  if (delimiter !== '-' && delimiter !== '/' && delimiter !== '.') return digits;
  if (!isDigit(text[digits.end + 1])) {
    return taken(text, at, new RegExp(`[0-9]+\\${delimiter}[0-9a-z\\${delimiter}]*`, 'y'), 'date');
  }
  const two = taken(text, at, new RegExp(`[0-9]+\\${delimiter}[0-9]+`, 'y'), delimiter === '.' ? 'number' : 'date');
  // Three parts need the same delimiter twice.
  if (text[two.end] !== delimiter) return two;
  return taken(text, at, new RegExp(`[0-9]+\\${delimiter}[0-9\\${delimiter}]*`, 'y'), 'date');
}

/** A word; or a date that begins with a month, or the name of a zone with punctuation in it. */
function wordAt(text: string, at: number): FoundField {
  const word = taken(text, at, /[a-z]+/y, 'string');
  const next = text[word.end];
  const goesOn =
    next === '-' || next === '/' || next === '.' || ((next === '+' || isDigit(next)) && !isKeyword(word.text));
  return goesOn ? taken(text, at, /[a-z]+[-+/_.:a-z0-9]*/y, 'date') : word;
}

function signedAt(text: string, at: number): FoundField {
  let next = at + 1;
  while (next < text.length && /\s/.test(text[next]!)) next++;
  if (isDigit(text[next])) {
    const rest = taken(text, next, /[0-9][-0-9:.]*/y, 'zone');
    return { ...rest, text: text[at]! + rest.text };
  }
  if (!isLetter(text[next])) throw fault('format');
  const rest = taken(text, next, /[a-z]+/y, 'special');
  return { ...rest, text: text[at]! + rest.text };
}
