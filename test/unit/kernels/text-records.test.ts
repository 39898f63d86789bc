import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutRecords, firstInvalidByte, type RecordRules } from '../../../src/kernels/reference/text-records.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

const COMMA = 0x2c;
const QUOTE = 0x22;
const NEWLINE = 10;
const MAX_FIELDS = 12;
const MAX_RECORDS = 40;
const ANY_COUNT = 8;
const FAILURES = [undefined, 'more', 'count', 'unterminated', 'after quote'];

const rulesOf = (escapeByte: number, skipsBlank: boolean): RecordRules => ({
  delimiter: COMMA,
  quote: QUOTE,
  escapeByte,
  skipsBlank,
});
const rules = fc.constantFrom(
  ...[rulesOf(QUOTE, true), rulesOf(QUOTE, false), rulesOf(0x5c, true)],
  ...[{ ...rulesOf(0, true), quote: 0 }],
);
/** Mostly what means something. */
const files = fc
  .array(fc.constantFrom(...[...',,,"""\n\nab\\\r'].map((character) => character.charCodeAt(0))), { maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes));

interface Cut {
  readonly start: number;
  readonly fields: readonly { bytes: number[]; isQuoted: boolean; isEscaped: boolean }[];
}

/** Records that begin between two places of bytes at `base`, read in steps of `maxRecords`. */
function split(
  base: number,
  from: number,
  to: number,
  end: number,
  rules: RecordRules,
  maxRecords: number,
): { records: Cut[]; failure: string | undefined } {
  const { delimiter, quote, escapeByte, skipsBlank } = rules;
  const stride = MAX_RECORDS * 8;
  const columns = memory.u32(Array.from({ length: MAX_FIELDS }, (_, index) => index));
  const fields = scope.allocateCleared(MAX_FIELDS * stride);
  const starts = scope.allocate(MAX_RECORDS * 4);
  const task = scope.allocateCleared(56);
  const flags = 1 | (skipsBlank ? 2 : 0) | ANY_COUNT;
  const words = task / 4;
  shared.u32.set([base + from, base + to, base + end, flags], words);
  shared.u8.set([delimiter, quote, escapeByte], task + 16);
  shared.u32.set([MAX_FIELDS, columns, fields, stride, maxRecords, starts], words + 5);
  const records: Cut[] = [];
  for (;;) {
    shared.u8.fill(0, fields, fields + MAX_FIELDS * stride);
    const before = shared.u32[words]!;
    const count = kernels.splitRecords(task);
    for (let row = 0; row < count; row++) {
      const cut: Cut['fields'][number][] = [];
      for (let column = 0; column < MAX_FIELDS; column++) {
        const at = (fields + column * stride) / 4 + row * 2;
        const [pointer, length] = [shared.u32[at]!, shared.u32[at + 1]!];
        if (pointer === 0) break;
        cut.push({
          bytes: [...shared.u8.slice(pointer, pointer + (length & 0x1fffffff))],
          isQuoted: (length & 0x80000000) !== 0,
          isEscaped: (length & 0x40000000) !== 0,
        });
      }
      records.push({ start: shared.u32[starts / 4 + row]! - base, fields: cut });
    }
    const failure = FAILURES[shared.u32[words + 11]!];
    if (failure !== undefined) return { records, failure };
    if (shared.u32[words]! >= base + to || shared.u32[words] === before) return { records, failure: undefined };
  }
}

test('records are cut as by the twin, whatever is in the file', () => {
  fc.assert(
    fc.property(files, rules, fc.integer({ min: 1, max: 5 }), (bytes, rules, maxRecords) => {
      const expected = cutRecords(bytes, rules);
      if (expected.records.some(({ fields }) => fields.length > MAX_FIELDS)) return;
      const base = memory.bytes(bytes);
      const actual = split(base, 0, bytes.length, bytes.length, rules, maxRecords);
      assert.deepEqual(actual, { records: expected.records, failure: expected.failure });
      scope.reset();
    }),
    { numRuns: 3000 },
  );
});

test('a file read in stretches has the same records', () => {
  fc.assert(
    fc.property(files, rules, fc.array(fc.nat(60), { maxLength: 3 }), (bytes, rules, places) => {
      const expected = cutRecords(bytes, rules);
      if (expected.failure !== undefined) return;
      if (expected.records.some(({ fields }) => fields.length > MAX_FIELDS)) return;
      const { delimiter, quote, escapeByte } = rules;
      // With something to read before and behind it.
      const base = memory.bytes([NEWLINE, ...bytes, 0, 0]) + 1;
      const isSpecial = (at: number): boolean => bytes[at] !== undefined && [quote, escapeByte].includes(bytes[at]!);
      const cuts = [0, ...places.map((place) => Math.min(place, bytes.length)), bytes.length]
        .map((place) => {
          let at = place;
          while (at > 0 && at < bytes.length && (isSpecial(at - 1) || isSpecial(at))) at++;
          return at;
        })
        .sort((a, b) => a - b);
      const records: Cut[] = [];
      let isOpen = 0;
      for (let index = 0; index + 1 < cuts.length; index++) {
        const [from, to] = [cuts[index]!, cuts[index + 1]!];
        let first = from;
        if (from > 0 && (isOpen === 1 || bytes[from - 1] !== NEWLINE)) {
          const found = kernels.nextRecord(base + from, base + to, isOpen, delimiter, quote, escapeByte) >>> 0;
          first = found === 0 ? to : found - base;
        }
        if (first < to) {
          const part = split(base, first, to, bytes.length, rules, MAX_RECORDS);
          assert.equal(part.failure, undefined);
          records.push(...part.records);
        }
        if (quote !== 0) {
          isOpen = kernels.quoteStateAfter(base + from, base + to, isOpen, delimiter, quote, escapeByte);
        }
      }
      assert.deepEqual(records, expected.records);
      scope.reset();
    }),
    { numRuns: 5000 },
  );
});

test('bytes are counted and found', () => {
  fc.assert(
    fc.property(files, (bytes) => {
      const base = memory.bytes(bytes);
      const end = base + bytes.length;
      assert.equal(kernels.countByte(base, end, NEWLINE), bytes.filter((byte) => byte === NEWLINE).length);
      const at = bytes.findIndex((byte) => byte === NEWLINE || byte === COMMA);
      assert.equal(kernels.findEither(base, end, NEWLINE, COMMA), at < 0 ? end : base + at);
      scope.reset();
    }),
  );
});

test('what is not UTF-8 is found', () => {
  const pieces = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('ed a0 80', 'c0 80', 'f4 90 80 80', 'e0 80 80', 'f0 80 80 80', '00')
      .map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex')),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
      const bytes = Buffer.concat(parts);
      const base = memory.bytes(bytes);
      const found = kernels.findInvalidText(base, base + bytes.length) >>> 0;
      assert.equal(found === 0 ? -1 : found - base, firstInvalidByte(bytes));
      scope.reset();
    }),
    { numRuns: 2000 },
  );
});
