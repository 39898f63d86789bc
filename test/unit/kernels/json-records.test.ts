import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { membersOf } from '../../../src/kernels/reference/json-records.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const QUOTED = 0x80000000;
const ESCAPED = 0x40000000;
const LENGTH = 0x1fffffff;
const NAMES = ['a', 'b', 'key', 'é"'];
const MAX_RECORDS = 8;

interface Split {
  readonly rows: readonly (readonly (Field | undefined)[])[];
  readonly status: number;
}
interface Field {
  readonly text: string;
  readonly isString: boolean;
}

const bytesAt = (pointer: number, length: number): Buffer => Buffer.from(shared.u8.slice(pointer, pointer + length));

/** All objects of a text, read in steps. */
function split(text: string | Uint8Array, flags: number, maxRecords: number): Split {
  const bytes = Buffer.from(text as string);
  const base = memory.bytes(bytes);
  const names = NAMES.map((name) => Buffer.from(JSON.stringify(name).slice(1, -1)));
  const keys = memory.u32(names.flatMap((name) => [memory.bytes(name), name.length]));
  const stride = MAX_RECORDS * 8;
  const fields = scope.allocate(NAMES.length * stride);
  const starts = scope.allocate(MAX_RECORDS * 4);
  const task = scope.allocateCleared(56);
  const words = task / 4;
  shared.u32.set([base, base + bytes.length, base + bytes.length, flags, NAMES.length, keys], words);
  shared.u32.set([fields, stride, maxRecords, starts], words + 7);
  const rows: (Field | undefined)[][] = [];
  for (;;) {
    const count = kernels.splitObjects(task);
    for (let row = 0; row < count; row++) {
      rows.push(
        NAMES.map((_, column) => {
          const at = (fields + column * stride) / 4 + row * 2;
          const [pointer, length] = [shared.u32[at]!, shared.u32[at + 1]!];
          if (pointer === 0) return undefined;
          return { text: bytesAt(pointer, length & LENGTH).toString('utf8'), isString: (length & QUOTED) !== 0 };
        }),
      );
    }
    const status = shared.u32[words + 11]!;
    if (status !== 0 || count < maxRecords) return { rows, status };
  }
}

const objects = fc.dictionary(
  fc.constantFrom(...NAMES, 'other'),
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('"', 'a\\n', null, 1.5, true, '{', '[1]')),
);

test('members of objects are found as by the twin, in lines and in lists', () => {
  const written = fc.tuple(fc.array(objects, { maxLength: 6 }), fc.constantFrom(0, 1, 2), fc.boolean());
  fc.assert(
    fc.property(written, fc.integer({ min: 1, max: MAX_RECORDS }), ([values, space, isList], maxRecords) => {
      const texts = values.map((value) => JSON.stringify(value, undefined, isList ? space : 0));
      const text = isList ? `[${texts.join(',\n')}]` : texts.join('\n');
      const { rows, status } = split(text, isList ? 3 : 1, maxRecords);
      assert.equal(status, 0);
      const expected = texts.map((text) => {
        const members = membersOf(text);
        return NAMES.map((name) => members.get(JSON.stringify(name).slice(1, -1)));
      });
      assert.deepEqual(rows, expected);
      scope.reset();
    }),
    { numRuns: 2000 },
  );
});

test('whatever is in a file, its bytes are not left', () => {
  const hostile = fc.array(fc.constantFrom(...'{}[]":,\\ \nanul1'), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(hostile, fc.constantFrom(0, 1, 2, 3), (text, flags) => {
      const { rows, status } = split(text, flags, MAX_RECORDS);
      assert.ok([0, 1, 5, 6].includes(status));
      for (const field of rows.flat()) assert.ok(field === undefined || text.includes(field.text));
      scope.reset();
    }),
    { numRuns: 3000 },
  );
});

test('escapes are replaced as JSON.parse replaces them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (texts) => {
      const written = texts.map((text) =>
        [...JSON.stringify(text).slice(1, -1)]
          .map((character) => (character > '~' ? [...character].flatMap((one) => escapeAll(one)).join('') : character))
          .join(''),
      );
      const fields = scope.allocate(texts.length * 8);
      for (const [row, text] of written.entries()) {
        const bytes = Buffer.from(text);
        shared.u32.set([memory.bytes(bytes), (bytes.length | QUOTED | ESCAPED) >>> 0], fields / 4 + row * 2);
      }
      const room = kernels.escapedBytes(fields, texts.length);
      kernels.unescapeJson(fields, texts.length, scope.allocate(room));
      for (const [row, text] of texts.entries()) {
        const [pointer, length] = [shared.u32[fields / 4 + row * 2]!, shared.u32[fields / 4 + row * 2 + 1]!];
        assert.equal(bytesAt(pointer, length & LENGTH).toString('utf8'), Buffer.from(text).toString('utf8'));
      }
      scope.reset();
    }),
  );
});

function escapeAll(character: string): string[] {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  });
}

test('values as JSON keep the quotes of strings', () => {
  const text = memory.bytes(Buffer.from('"ab"12'));
  const fields = memory.u32([text + 1, (2 | QUOTED) >>> 0, text + 4, 2, 0, 0]);
  const views = scope.allocate(48);
  kernels.fieldsToJson(fields, 3, views, memory.bytes([1, 1, 0]));
  const texts = [0, 1].map((row) =>
    bytesAt(shared.u32[views / 4 + row * 4 + 1]!, shared.u32[views / 4 + row * 4]!).toString('utf8'),
  );
  assert.deepEqual(texts, ['"ab"', '12']);
  scope.reset();
});
