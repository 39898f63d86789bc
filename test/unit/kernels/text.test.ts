import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_DECLINED, STATUS_HEAP } from '../../../src/exec/expression/argument-block.js';
import { statusOf } from '../../../src/exec/expression/expression-errors.js';
import * as js from '../../../src/functions/scalar/text/text-functions-js.js';
import { letterCaseTables, WORD_CHARACTERS, wordTables } from '../../../src/kernels/constant-tables.js';
import {
  checksum,
  textLeft,
  textLength,
  textLike,
  textLikeSegments,
  textPosition,
  textRight,
  textSubstring,
  trimSpaces,
} from '../../../src/kernels/reference/text.js';
import { TEXT } from '../../../src/types/sql-type.js';
import { KernelMemory } from './kernel-memory.js';
import { i32s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope, shared } = memory;

/** Few different characters of one to four bytes, so that texts have much in common; some longer than a vector. */
const letter = fc.constantFrom('a', 'b', 'A', ' ', ' ', 'é', '€', '𝄞', '%', '_', '\\', '\0');
const texts = fc.oneof(
  fc.string({ unit: letter, maxLength: 12 }),
  fc.string({ unit: letter, maxLength: 70 }),
  fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 50 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 60 });
const counts = fc.oneof(fc.integer({ min: -8, max: 12 }), fc.integer({ min: -80, max: 80 }), i32s);

const encode = (text: string): bigint => memory.text(new TextEncoder().encode(text));
const decode = (view: bigint): string => Buffer.from(memory.readText(view)).toString();

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 400): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

test('lengths and parts', () => {
  check(
    fc.property(texts, counts, counts, (text, from, count) => {
      const value = encode(text);
      const block = memory.block();
      assert.equal(generated.textLength(value), textLength(text));
      assert.equal(generated.textFirstCodePoint(value), text.codePointAt(0) ?? 0);
      assert.equal(decode(generated.textSubstringFrom(block.pointer, value, from)), textSubstring(text, from));
      const part = generated.textSubstring(block.pointer, value, from, count);
      const status = block.takeStatus();
      if (count < 0) assert.equal(status, statusOf('negativeSubstring'));
      else assert.equal(decode(part), textSubstring(text, from, count));
      assert.equal(decode(generated.textLeft(value, count)), textLeft(text, count));
      assert.equal(decode(generated.textRight(value, count)), textRight(text, count));
    }),
  );
});

test('spaces around texts', () => {
  check(
    fc.property(fc.oneof(texts, fc.string({ unit: fc.constantFrom(' ', 'a', '\t'), maxLength: 20 })), (text) => {
      const value = encode(text);
      assert.equal(decode(generated.textTrimSpaces(value)), trimSpaces(text, true, true));
      assert.equal(decode(generated.textTrimLeadingSpaces(value)), trimSpaces(text, true, false));
      assert.equal(decode(generated.textTrimTrailingSpaces(value)), trimSpaces(text, false, true));
    }),
  );
});

const cases = letterCaseTables(shared);
const [lower, upper] = [js.lower([], TEXT), js.upper([], TEXT)];

test('concatenation and letters in upper and lower case', () => {
  check(
    fc.property(texts, texts, ascii, (left, right, plain) => {
      const block = memory.block(4000);
      assert.equal(decode(generated.textConcat(block.pointer, encode(left), encode(right))), left + right);
      for (const text of [left, plain]) {
        assert.equal(decode(generated.textLower(block.pointer, encode(text), cases)), lower([text]));
        assert.equal(decode(generated.textUpper(block.pointer, encode(text), cases)), upper([text]));
        assert.equal(block.takeStatus(), 0);
      }
    }),
  );
});

test('every character in upper and lower case', () => {
  for (let first = 0; first < 0x110000; first += 256) {
    const codes = Array.from({ length: 256 }, (_, i) => first + i).filter((code) => code < 0xd800 || code > 0xdfff);
    const text = String.fromCodePoint(...codes);
    const block = memory.block(4000);
    const value = encode(text);
    assert.equal(decode(generated.textLower(block.pointer, value, cases)), lower([text]));
    assert.equal(decode(generated.textUpper(block.pointer, value, cases)), upper([text]));
    assert.equal(block.takeStatus(), 0);
    scope.reset();
  }
});

test('words of every character', () => {
  wordTables(shared);
  const initcap = js.initcap([], TEXT);
  for (let first = 0; first < 0x110000; first += 128) {
    const codes = Array.from({ length: 128 }, (_, i) => first + i).filter((code) => code < 0xd800 || code > 0xdfff);
    const text = codes.map((code) => ` ${String.fromCodePoint(code)}A${String.fromCodePoint(code)}`).join('');
    const block = memory.block(4000);
    assert.equal(decode(generated.textInitcap(block.pointer, encode(text), cases, WORD_CHARACTERS)), initcap([text]));
    assert.equal(block.takeStatus(), 0);
    scope.reset();
  }
  check(
    fc.property(texts, (text) => {
      const block = memory.block(4000);
      assert.equal(decode(generated.textInitcap(block.pointer, encode(text), cases, WORD_CHARACTERS)), initcap([text]));
    }),
  );
});

test('a heap without room asks for as much as is needed, and is not touched', () => {
  check(
    fc.property(ascii, ascii, fc.nat(120), (left, right, room) => {
      const block = memory.block(room, 64);
      generated.textConcat(block.pointer, encode(left), encode(right));
      const copied = left !== '' && right !== '';
      const fits = !copied || left.length + right.length <= room;
      assert.equal(block.takeStatus(), fits ? 0 : STATUS_HEAP);
      if (fits) return;
      assert.equal(block.heapNeeded, left.length + right.length);
      const again = memory.block(block.heapNeeded);
      assert.equal(decode(generated.textConcat(again.pointer, encode(left), encode(right))), left + right);
    }),
  );
});

test('the text that was made last grows where it is, and any other stays what it is', () => {
  check(
    fc.property(texts, texts, texts, (left, right, more) => {
      const block = memory.block(4000);
      const both = generated.textConcat(block.pointer, encode(`${left}+`), encode(`${right}.`));
      const longer = generated.textConcat(block.pointer, both, encode(`${more}!`));
      const other = generated.textConcat(block.pointer, both, encode('?'));
      assert.equal(block.takeStatus(), 0);
      assert.equal(longer & 0xffff_ffff_0000_0000n, both & 0xffff_ffff_0000_0000n);
      assert.equal(decode(both), `${left}+${right}.`);
      assert.equal(decode(longer), `${left}+${right}.${more}!`);
      assert.equal(decode(other), `${left}+${right}.?`);
    }),
  );
});

test('where a text occurs in another', () => {
  const needles = fc.oneof(
    fc.string({ unit: letter, maxLength: 4 }),
    fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 20 }),
  );
  check(
    fc.property(texts, needles, fc.nat(60), fc.nat(30), (text, other, from, length) => {
      for (const needle of [other, textSubstring(text, from, length)]) {
        const [value, wanted] = [encode(text), encode(needle)];
        assert.equal(generated.textPosition(value, wanted), textPosition(text, needle));
        assert.equal(generated.textStartsWith(value, wanted), text.startsWith(needle) ? 1 : 0);
        assert.equal(generated.textEndsWith(value, wanted), text.endsWith(needle) ? 1 : 0);
        assert.equal(generated.textContains(value, wanted), text.includes(needle) ? 1 : 0);
      }
    }),
  );
});

test('LIKE', () => {
  const unit = fc.constantFrom('a', 'b', '€', '%', '_', '\\');
  const escapes = fc.constantFrom('\\', 'a', '%', '_', '');
  check(
    fc.property(
      fc.string({ unit, maxLength: 10 }),
      fc.string({ unit, maxLength: 8 }),
      escapes,
      (content, pattern, escapeCharacter) => {
        const block = memory.block();
        const compare = (actual: number, character: string): void => {
          const expected = textLike(content, pattern, character);
          const status = block.takeStatus();
          if (status === 0) assert.equal(actual, expected === undefined ? expected : Number(expected));
          // Only patterns that end with the escape may be left to TypeScript.
          else assert.deepEqual([status, pattern.at(-1)], [STATUS_DECLINED, character]);
        };
        const [text, wanted] = [encode(content), encode(pattern)];
        compare(generated.textLikePatternEscape(block.pointer, text, wanted, encode(escapeCharacter)), escapeCharacter);
        compare(generated.textLikePattern(block.pointer, text, wanted), '\\');
      },
    ),
    1500,
  );
});

test('LIKE by segments', () => {
  const unit = fc.constantFrom('a', 'b', '€');
  const segments = fc.array(fc.string({ unit, minLength: 1, maxLength: 4 }), { maxLength: 4 });
  check(
    fc.property(fc.string({ unit, maxLength: 40 }), segments, fc.nat(3), (text, wanted, tied) => {
      // Tied on both sides, there are two segments at least: otherwise the pattern has no %.
      const anchors = wanted.length === 0 ? 0 : wanted.length === 1 && tied === 3 ? 1 : tied;
      const views = memory.strings(wanted.map((segment) => new TextEncoder().encode(segment)));
      assert.equal(
        generated.textLikeSegments(encode(text), views, wanted.length, anchors),
        textLikeSegments(text, wanted, (anchors & 1) !== 0, (anchors & 2) !== 0) ? 1 : 0,
      );
    }),
    800,
  );
});

test('checksums', () => {
  for (const polynomial of [0xedb88320, 0x82f63b78]) {
    check(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const expected = checksum(bytes, polynomial);
        assert.equal(generated.textChecksum(memory.text(bytes), polynomial | 0), BigInt(expected));
      }),
    );
  }
});
