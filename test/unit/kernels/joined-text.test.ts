import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP, STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { joinItems } from '../../../src/kernels/reference/text-list.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const long = fc.nat(40_000).map((length) => Uint8Array.from({ length }, (_, at) => at % 251));
const items = fc.array(
  fc.record({
    value: fc.oneof({ weight: 30, arbitrary: byteStrings }, { weight: 1, arbitrary: long }),
    separator: fc.oneof(byteStrings, fc.constantFrom(...['', ',', ' and '].map(bytesOf))),
    key: fc.constant(null),
  }),
  { minLength: 1, maxLength: 60 },
);

test('texts are joined, of any lengths, in chunks, and of two lists', () => {
  fc.assert(
    fc
      .property(items, fc.nat(60), (items, cut) => {
        const { pointer } = memory.block(3 * 2 ** 20, 6 * 2 ** 20);
        const listOf = (part: typeof items): bigint =>
          part.reduce((list, { value, separator }) => {
            const [text, before] = [memory.text(value), memory.text(separator)];
            const chunk = generated.joinedTextRoom(pointer, list, text, before);
            assert.notEqual(chunk, 0);
            return generated.joinedTextAppend(list, chunk, text, before);
          }, 0n);
        const list = generated.textListConcat(listOf(items.slice(0, cut)), listOf(items.slice(cut)));
        assert.deepEqual(memory.readText(generated.joinedText(pointer, list)), joinItems(items, undefined));
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});

test('lists that grow by turns leave each other alone', () => {
  fc.assert(
    fc
      .property(fc.array(fc.tuple(fc.nat(3), byteStrings, byteStrings), { maxLength: 80 }), (texts) => {
        const { pointer } = memory.block(2 ** 16, 2 ** 18);
        const lists = [0n, 0n, 0n, 0n];
        for (const [which, value, separator] of texts) {
          const [text, before] = [memory.text(value), memory.text(separator)];
          const chunk = generated.joinedTextRoom(pointer, lists[which]!, text, before);
          lists[which] = generated.joinedTextAppend(lists[which]!, chunk, text, before);
        }
        for (const [which, list] of lists.entries()) {
          const items = texts.filter(([of]) => of === which);
          if (items.length === 0) continue;
          const expected = joinItems(
            items.map(([, value, separator]) => ({ value, separator, key: null })),
            undefined,
          );
          assert.deepEqual(memory.readText(generated.joinedText(pointer, list)), expected);
        }
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});

test('asks for memory that is not there, and takes a NULL for nothing', () => {
  const text = memory.text(new Uint8Array(100).fill(97));
  const block = memory.block(50, 300);
  assert.equal(generated.joinedTextAppend(7n, 0, text, text), 7n);
  const first = generated.joinedTextRoom(block.pointer, 0n, text, 0n);
  const list = generated.joinedTextAppend(0n, first, text, 0n);
  assert.equal(generated.joinedTextRoom(block.pointer, list, text, text), 0);
  assert.equal(block.takeStatus(), STATUS_KEEP);
  assert.equal(block.heapNeeded, 24 + 208);
  const other = memory.block(50, 300);
  const second = generated.joinedTextRoom(other.pointer, 0n, text, text);
  const both = generated.textListConcat(list, generated.joinedTextAppend(0n, second, text, text));
  generated.joinedText(block.pointer, both);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  const enough = memory.block(block.heapNeeded);
  assert.equal(memory.readText(generated.joinedText(enough.pointer, both)).length, 300);
  scope.reset();
});
