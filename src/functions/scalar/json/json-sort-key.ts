import { canonicalEntries, type Json } from './json-text.js';

/*
 * Bytes that are ordered as PostgreSQL orders jsonb, and equal where values are equal:
 *
 *   empty array, not within another value   16
 *   null                                    32
 *   string                                  33, its bytes (each 0 followed by 255), 0, 0
 *   number                                  34, its sign (0 below zero, 1 zero, 2 above), and unless it is zero:
 *                                           the place of its first digit in 4 bytes, its digits without zeros at
 *                                           either end, 0; of negative numbers inverted
 *   boolean                                 35, 0 or 1
 *   array                                   36, number of elements in 4 bytes, elements
 *   object                                  37, number of keys in 4 bytes, and by key: its bytes as those of a string,
 *                                           the value
 *
 * No key is the beginning of another.
 */
const TAGS: Readonly<Record<Json['kind'], number>> = {
  null: 32,
  string: 33,
  number: 34,
  boolean: 35,
  array: 36,
  object: 37,
};
const EMPTY_ARRAY = 16;

/** Keys of values begin with this byte, as all of `sort_key` do. */
const PRESENT = 1;

const encoder = new TextEncoder();

export function jsonSortKey(value: Json, descending: boolean): Uint8Array {
  const bytes: number[] = [];
  if (value.kind === 'array' && value.items.length === 0) bytes.push(EMPTY_ARRAY);
  else append(bytes, value);
  const mask = descending ? 255 : 0;
  return Uint8Array.from([PRESENT, ...bytes.map((byte) => byte ^ mask)]);
}

function append(bytes: number[], value: Json): void {
  bytes.push(TAGS[value.kind]);
  switch (value.kind) {
    case 'null':
      return;
    case 'boolean':
      bytes.push(Number(value.value));
      return;
    case 'number':
      appendNumber(bytes, value.digits);
      return;
    case 'string':
      appendText(bytes, value.value);
      return;
    case 'array':
      appendCount(bytes, value.items.length);
      for (const item of value.items) append(bytes, item);
      return;
    case 'object': {
      const entries = canonicalEntries(value.entries);
      appendCount(bytes, entries.length);
      for (const [key, part] of entries) {
        appendText(bytes, key);
        append(bytes, part);
      }
    }
  }
}

function appendText(bytes: number[], text: string): void {
  for (const byte of encoder.encode(text)) byte === 0 ? bytes.push(0, 255) : bytes.push(byte);
  bytes.push(0, 0);
}

function appendNumber(bytes: number[], digits: string): void {
  const isNegative = digits.startsWith('-');
  const [whole = '', fraction = ''] = digits.replace(/^[-+]/, '').split('.');
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) {
    bytes.push(1);
    return;
  }
  bytes.push(isNegative ? 0 : 2);
  const mask = isNegative ? 255 : 0;
  const magnitude: number[] = [];
  // Numbers are at most some hundred thousand digits long: the place, above or below the point, becomes positive.
  appendCount(magnitude, whole.length - first + 2 ** 31);
  for (const digit of all.slice(first).replace(/0+$/, '')) magnitude.push(digit.charCodeAt(0));
  magnitude.push(0);
  for (const byte of magnitude) bytes.push(byte ^ mask);
}

function appendCount(bytes: number[], count: number): void {
  bytes.push((count / 2 ** 24) & 255, (count >>> 16) & 255, (count >>> 8) & 255, count & 255);
}
