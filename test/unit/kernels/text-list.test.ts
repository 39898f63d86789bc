import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP, STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { joinItems, type ListOrder } from '../../../src/kernels/reference/text-list.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings, i64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope } = memory;

const items = fc.array(
  fc.record({
    value: fc.oneof(byteStrings, fc.constantFrom(...['', 'a', 'b'].map((text) => new Uint8Array(Buffer.from(text))))),
    separator: fc.constantFrom(...['', ',', ' and '].map((text) => new Uint8Array(Buffer.from(text)))),
    key: fc.option(fc.oneof(fc.bigInt({ min: -2n, max: 2n }), i64s)),
  }),
  { maxLength: 40 },
);
const orders = fc.option(
  fc.record({ by: fc.constantFrom('key', 'value'), descending: fc.boolean(), nullsFirst: fc.boolean() }),
  { nil: undefined },
) as fc.Arbitrary<ListOrder | undefined>;

function orderBits(order: ListOrder | undefined): number {
  if (order === undefined) return 0;
  return 1 | (order.by === 'key' ? 2 : 0) | (order.descending ? 4 : 0) | (order.nullsFirst ? 8 : 0);
}

test('lists of texts, in parts, are joined in order', () => {
  fc.assert(
    fc.property(items, orders, fc.nat(40), (items, order, cut) => {
      const { pointer } = memory.block(4000, 6000);
      const listOf = (part: typeof items): bigint =>
        part.reduce((list, { value, separator, key }) => {
          const [text, before] = [memory.text(value), memory.text(separator)];
          const item = generated.textListItem(pointer, text, before, key ?? 77n, key === null ? 1 : 0);
          return generated.textListAppend(list, item);
        }, 0n);
      const [first, second] = [listOf(items.slice(0, cut)), listOf(items.slice(cut))];
      const list = generated.textListConcat(first, second);
      if (items.length === 0) assert.equal(list, 0n);
      else {
        const joined = memory.readText(generated.textListJoin(pointer, list, orderBits(order)));
        assert.deepEqual(joined, joinItems(items, order));
      }
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

test('heaps without room say what they need', () => {
  const text = memory.text(Buffer.alloc(100, 'x'));
  const block = memory.block(50, 300);
  const item = generated.textListItem(block.pointer, text, text, 0n, 0);
  assert.equal(block.takeStatus(), 0);
  assert.equal(generated.textListItem(block.pointer, text, text, 0n, 0), 0);
  assert.equal(block.takeStatus(), STATUS_KEEP);
  assert.equal(block.heapNeeded, 224);
  const list = generated.textListAppend(0n, item);
  assert.equal(generated.textListAppend(list, 0), list);
  generated.textListJoin(block.pointer, list, 0);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  const enough = memory.block(block.heapNeeded);
  assert.equal(memory.readText(generated.textListJoin(enough.pointer, list, 0)).length, 100);
  scope.reset();
});
