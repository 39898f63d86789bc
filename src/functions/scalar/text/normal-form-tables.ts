import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';

type Form = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

// The tables of Unicode's normal forms, asked of the host: kernels/assembly/normal-forms.ts draws them.

/** Where there are characters that are made of others, or marks; syllables of Hangul are computed. */
const RANGES: readonly (readonly [first: number, end: number])[] = [
  [0xa0, 0x3400],
  [0xa000, 0xac00],
  [0xf900, 0x20000],
  [0x2f800, 0x2fa20],
];
const HEAD_BYTES = 24;
const UNSETTLED = 1 << 30;

const made = new Map<Form, Uint8Array>();

/** Undefined where the form is no literal, or none. */
export function normalFormTables(
  _args: readonly SqlType[],
  literals: readonly (FunctionValue | undefined)[],
): Uint8Array | undefined {
  const form = String(literals[1]).toUpperCase();
  if (form !== 'NFC' && form !== 'NFD' && form !== 'NFKC' && form !== 'NFKD') return undefined;
  let tables = made.get(form);
  if (tables === undefined) {
    tables = tablesOf(form);
    made.set(form, tables);
  }
  return tables;
}

const codesOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);

/** Does the order of two marks change? */
const areSwapped = (first: string, second: string): boolean => (first + second).normalize('NFD') === second + first;

/** Marks by the rank of their combining class, from 1: of those of two classes the lower comes first. */
function ranksOf(marks: readonly string[]): Map<string, number> {
  const classes: string[][] = [];
  for (const mark of marks) {
    let [low, high] = [0, classes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (areSwapped(mark, classes[middle]![0]!)) low = middle + 1;
      else high = middle;
    }
    const same = classes[low];
    if (same !== undefined && !areSwapped(same[0]!, mark)) same.push(mark);
    else classes.splice(low, 0, [mark]);
  }
  return new Map(classes.flatMap((members, rank) => members.map((mark) => [mark, rank + 1] as const)));
}

function tablesOf(form: Form): Uint8Array {
  const isComposed = form === 'NFC' || form === 'NFKC';
  const apart = form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD';
  const parts = new Map<number, number[]>();
  const pairs: (readonly [first: number, second: number, whole: number])[] = [];
  const marks: string[] = [];
  const unsettled = new Set<number>();
  for (const [first, end] of RANGES) {
    for (let code = first; code < end; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      const decomposed = character.normalize(apart);
      if (decomposed !== character) parts.set(code, codesOf(decomposed));
      if (character.normalize(form) !== character) unsettled.add(code);
      const canonical = apart === 'NFD' ? decomposed : character.normalize('NFD');
      // U+0334 is of the lowest class, U+0345 of the highest.
      if (canonical === character) {
        if (areSwapped(character, '\u0334') || areSwapped('\u0345', character)) marks.push(character);
        continue;
      }
      const codes = codesOf(canonical);
      const last = codes.pop()!;
      const rest = String.fromCodePoint(...codes).normalize('NFC');
      if ([...rest].length !== 1 || (rest + String.fromCodePoint(last)).normalize('NFC') !== character) continue;
      pairs.push([rest.codePointAt(0)!, last, code]);
      if (isComposed) unsettled.add(last);
    }
  }
  const ranks = ranksOf(marks.concat(marks.includes('\u0345') ? [] : ['\u0345']));
  for (const mark of ranks.keys()) unsettled.add(mark.codePointAt(0)!);
  // Vowels and endings of Hangul's syllables.
  if (isComposed) for (let code = 0x1161; code <= 0x11c2; code++) unsettled.add(code);
  return laidOut(isComposed, parts, pairs, ranks, unsettled);
}

function laidOut(
  isComposed: boolean,
  parts: ReadonlyMap<number, readonly number[]>,
  pairs: readonly (readonly [first: number, second: number, whole: number])[],
  ranks: ReadonlyMap<string, number>,
  unsettled: ReadonlySet<number>,
): Uint8Array {
  // The first word is nobody's: an offset of 0 says that there is none.
  const words: number[] = [0];
  const entries = new Map<number, number>();
  const add = (code: number, bits: number): void => {
    entries.set(code, (entries.get(code) ?? 0) | bits);
  };
  for (const [code, codes] of parts) {
    add(code, (words.length * 4) << 8);
    words.push(codes.length, ...codes);
  }
  for (const [mark, rank] of ranks) add(mark.codePointAt(0)!, rank);
  for (const code of unsettled) add(code, UNSETTLED);
  const pages = [...new Set([...entries.keys()].map((code) => code >> 7))].sort((a, b) => a - b);
  const pageCount = (pages.at(-1) ?? 0) + 1;
  const blocksAt = (HEAD_BYTES + pageCount * 2 + 7) & ~7;
  const wordsAt = blocksAt + (pages.length + 1) * 512;
  const pairsAt = wordsAt + words.length * 4;
  const bytes = new Uint8Array(pairsAt + pairs.length * 12);
  const view = new DataView(bytes.buffer);
  [isComposed ? 1 : 0, pageCount, blocksAt, wordsAt, pairsAt, pairs.length].forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  pages.forEach((page, index) => {
    view.setUint16(HEAD_BYTES + page * 2, index + 1, true);
    for (let code = page * 128; code < page * 128 + 128; code++) {
      view.setUint32(blocksAt + (index + 1) * 512 + (code & 127) * 4, entries.get(code) ?? 0, true);
    }
  });
  words.forEach((word, index) => {
    view.setUint32(wordsAt + index * 4, word, true);
  });
  const ordered = pairs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  ordered.flat().forEach((word, index) => {
    view.setUint32(pairsAt + index * 4, word, true);
  });
  return bytes;
}
