import { CONSTANT_TABLES, type SharedMemory } from '../vector/shared-memory.js';

/*
 * Kernels own no data segments, so the tables they read lie in a reserved chunk of the shared memory, computed when
 * first asked for. Threads may compute one at the same time: they write equal bytes.
 *
 *   0     u32 flags, one a table: 1 = complete
 *   64    powers of ten (10,672 bytes)
 *   10752 lower and upper case of letters (at most 32 KiB):
 *           u8[1024]        the page of 128 code points below 2^17 for lower case, 0 where nothing changes
 *           u8[1024]        the same for upper case
 *           u16[128] a page what to add to a code point, modulo 2^16: both cases are in one plane
 *   43520 alphabetic characters and decimal digits, of which words are made (at most 9 KiB):
 *           u8[1024]        the page of 256 code points below 2^18
 *           u8[32] a page   a bit a code point
 */
const POWERS_OF_TEN_FLAG = CONSTANT_TABLES;
/** Where the table lies; `powersOfTenTable` fills it. */
export const POWERS_OF_TEN: number = CONSTANT_TABLES + 64;

const LETTER_CASES_FLAG = CONSTANT_TABLES + 1;
/** Where the tables lie; `letterCaseTables` fills them. */
export const LETTER_CASES: number = CONSTANT_TABLES + 10752;

const WORD_CHARACTERS_FLAG = CONSTANT_TABLES + 2;
/** Where the table lies; `wordTables` fills it. */
export const WORD_CHARACTERS: number = CONSTANT_TABLES + 43520;

/** First and last pages with letters that have two cases. */
const CASED_PAGES: readonly (readonly [first: number, last: number])[] = [
  [0x0, 0xb],
  [0x21, 0x21],
  [0x27, 0x27],
  [0x39, 0x3f],
  [0x42, 0x43],
  [0x49, 0x49],
  [0x58, 0x5a],
  [0x14c, 0x14f],
  [0x156, 0x157],
  [0x1f6, 0x1f6],
  [0x1fe, 0x1fe],
  [0x208, 0x20b],
  [0x219, 0x21b],
  [0x231, 0x231],
  [0x2dc, 0x2dd],
  [0x3d2, 0x3d2],
];
const PAGE_CHARACTERS = 128;
const PAGES = 1024;

const WORD_PAGE_BYTES = 32;
const WORD_CODES = PAGES * WORD_PAGE_BYTES * 8;
/** Characters looked at in one go; the surrogates are such a block. */
const WORD_BLOCK = 0x800;
const SURROGATES = 0xd800;

const SMALLEST_POWER = -342;
const LARGEST_POWER = 324;

/**
 * Pointer to 10^−342 … 10^324 for printing and reading floating point numbers (`assembly/format-float.ts`,
 * `nearest-float.ts`): 16 bytes each, low half first, normalised to 128 bits and rounded up.
 */
export function powersOfTenTable(shared: SharedMemory): number {
  if (Atomics.load(shared.i32, POWERS_OF_TEN_FLAG / 4) === 1) return POWERS_OF_TEN;
  let magnitude = 1n;
  for (let power = 0; power <= -SMALLEST_POWER; power++) {
    const bits = BigInt(((power * 1_741_647) >> 19) + 1);
    const excess = bits - 128n;
    if (power <= LARGEST_POWER) {
      writePower(shared, power, excess <= 0n ? magnitude << -excess : -(-magnitude >> excess));
    }
    if (power > 0) writePower(shared, -power, ((1n << (127n + bits)) + magnitude - 1n) / magnitude);
    magnitude *= 10n;
  }
  Atomics.store(shared.i32, POWERS_OF_TEN_FLAG / 4, 1);
  return POWERS_OF_TEN;
}

function writePower(shared: SharedMemory, power: number, value: bigint): void {
  const pointer = POWERS_OF_TEN + (power - SMALLEST_POWER) * 16;
  shared.view.setBigUint64(pointer, value & 0xffff_ffff_ffff_ffffn, true);
  shared.view.setBigUint64(pointer + 8, value >> 64n, true);
}

/**
 * Pointer to the cases of letters (`assembly/letter-case.ts`), as JavaScript has them; what has no single counterpart, as
 * ß, stays.
 */
export function letterCaseTables(shared: SharedMemory): number {
  if (Atomics.load(shared.u8, LETTER_CASES_FLAG) === 1) return LETTER_CASES;
  let pages = 0;
  for (const [first, last] of CASED_PAGES) {
    for (let page = first; page <= last; page++) {
      const codes = Array.from({ length: PAGE_CHARACTERS }, (_, i) => page * PAGE_CHARACTERS + i);
      for (const [index, changed] of [toLower, toUpper].entries()) {
        shared.u8[LETTER_CASES + index * PAGES + page] = ++pages;
        const start = LETTER_CASES + 2 * PAGES + pages * PAGE_CHARACTERS * 2;
        for (const [i, code] of codes.entries()) shared.view.setUint16(start + i * 2, changed(code) - code, true);
      }
    }
  }
  Atomics.store(shared.u8, LETTER_CASES_FLAG, 1);
  return LETTER_CASES;
}

const toLower = (code: number): number => singleCode(String.fromCodePoint(code).toLowerCase(), code);
const toUpper = (code: number): number => singleCode(String.fromCodePoint(code).toUpperCase(), code);

function singleCode(text: string, otherwise: number): number {
  const code = text.codePointAt(0)!;
  return text.length === (code > 0xffff ? 2 : 1) ? code : otherwise;
}

/** Pointer to the letters and digits of Unicode; the cases of letters are filled as well. */
export function wordTables(shared: SharedMemory): number {
  letterCaseTables(shared);
  if (Atomics.load(shared.u8, WORD_CHARACTERS_FLAG) === 1) return WORD_CHARACTERS;
  const bits = wordCharacters();
  const numbers = new Map<string, number>();
  for (let page = 0; page < PAGES; page++) {
    const bytes = bits.subarray(page * WORD_PAGE_BYTES, (page + 1) * WORD_PAGE_BYTES);
    const key = bytes.join();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    shared.u8[WORD_CHARACTERS + page] = number;
    shared.u8.set(bytes, WORD_CHARACTERS + PAGES + number * WORD_PAGE_BYTES);
  }
  Atomics.store(shared.u8, WORD_CHARACTERS_FLAG, 1);
  return WORD_CHARACTERS;
}

/** A bit a code point. */
function wordCharacters(): Uint8Array {
  const bits = new Uint8Array(WORD_CODES / 8);
  for (let first = 0; first < WORD_CODES; first += WORD_BLOCK) {
    if (first === SURROGATES) continue;
    const block = String.fromCodePoint(...Array.from({ length: WORD_BLOCK }, (_, index) => first + index));
    const units = first > 0xffff ? 2 : 1;
    for (const { index, 0: run } of block.matchAll(/[\p{Alphabetic}\p{Nd}]+/gu)) {
      const start = first + index / units;
      for (let code = start; code < start + run.length / units; code++) bits[code >> 3]! |= 1 << (code & 7);
    }
  }
  return bits;
}
