import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VectorCreate } from '../../../src/functions/function-types.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { BYTEA, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import { rowsLeft } from '../../support/rows-left.js';

const LABELS = { EUC_JP: 'euc-jp', EUC_KR: 'euc-kr', SJIS: 'shift_jis', BIG5: 'big5', GBK: 'gbk', GB18030: 'gb18030' };

/** Sequences that may be characters: all of two bytes, those of three after 0x8f, and some of four. */
function* sequences(): Generator<number[]> {
  for (let first = 0x80; first < 0x100; first++) {
    for (let second = 0x30; second < 0x100; second++) yield [first, second];
  }
  for (let index = 0; index < 96 * 96; index++) yield [0x8f, 0xa0 + Math.floor(index / 96), 0xa0 + (index % 96)];
  for (let index = 0; index < 126 * 10 * 126 * 10; index += index < 40_000 ? 1 : 97) {
    const [first, second] = [Math.floor(index / 12_600), Math.floor(index / 1260) % 10];
    yield [0x81 + first, 0x30 + second, 0x81 + (Math.floor(index / 10) % 126), 0x30 + (index % 10)];
  }
}

/** Texts of all characters of an encoding, 300 each. */
function textsIn(label: string): Uint8Array[] {
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  const characters = [...sequences()].filter((bytes) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    return text !== '\ufffd' && [...text].length === 1;
  });
  const texts: Uint8Array[] = [];
  for (let index = 0; index < characters.length; index += 300) {
    texts.push(Uint8Array.from(characters.slice(index, index + 300).flatMap((bytes) => [0x41, ...bytes])));
  }
  return texts;
}

/** Rows that the kernel leaves to TypeScript, and are no error; of one encoding, or of any. */
function left(name: string, bytes: fc.Arbitrary<ConstantValue>, rounds: number): string[] {
  const types: SqlType[] = [BYTEA, TEXT];
  return rowsLeft('convert_from', types, (overload, returns, fallback) => {
    const twin: VectorCreate = () => {
      const compute = fallback(types, returns);
      return ([value]) => compute([value!, name]);
    };
    const make = ([value]: readonly Expression[]): Expression => {
      const encoding: Expression = { kind: 'constant', type: TEXT, value: name };
      return { kind: 'call', type: returns, overload, args: [value!, encoding] };
    };
    for (let round = 0; round < rounds; round++)
      hold(`convert_from ${name}`, make, [BYTEA], returns, twin, fc.tuple(bytes));
  });
}

test('kernels read the encodings of East Asia', () => {
  for (const [name, label] of Object.entries(LABELS)) {
    const texts = textsIn(label);
    assert.ok(texts.length > 20, `${name}: ${texts.length}`);
    assert.deepEqual(left(name, fc.constantFrom(...texts), 4), []);
  }
});

/** Bytes that are often no text. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        [0x41],
        [0x93, 0xfa],
        [0xc6, 0xfc],
        [0x8f, 0xb0, 0xa1],
        [0x81, 0x30, 0x81, 0x30],
        [0xe3, 0x32, 0x9a, 0x35],
      ),
      fc.constantFrom(
        [0x81],
        [0x8f],
        [0x88, 0x62],
        [0x84, 0x31, 0xa4, 0x37],
        [0x90, 0x30, 0x81, 0x30],
        [0xe3, 0x32, 0x9a, 0x36],
      ),
    ),
    { maxLength: 3 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

test('what is no text in an encoding of East Asia is the same error', () => {
  for (const name of Object.keys(LABELS)) left(name, anyBytes, 4);
});

test('names of encodings may come out of columns', () => {
  const types: SqlType[] = [BYTEA, TEXT];
  const names = fc.constantFrom(
    'UTF8',
    'latin1',
    'ISO-8859-15',
    'Win1252',
    'KOI8R',
    'EUC_JP',
    'EUC_KR',
    'big5',
    'GBK',
    'shift-jis',
    'gb-18030',
    'none',
  );
  rowsLeft('convert_from', types, (overload, returns, fallback) => {
    const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
    hold('convert_from', make, types, returns, fallback, fc.tuple(anyBytes, names));
  });
});
