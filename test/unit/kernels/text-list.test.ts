import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP, STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { joinItems, type ListOrder } from '../../../src/kernels/reference/text-list.js';
import { discretePercentile, modeOf } from '../../../src/kernels/reference/value-list.js';
import { encodeNested } from '../../../src/types/nested-codec.js';
import { arrayOf, TEXT } from '../../../src/types/sql-type.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings, i64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, kernels, scope, shared } = memory;

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

test('the ends of lists are loaded, also of empty ones', () => {
  const { pointer } = memory.block(4000, 6000);
  const text = memory.text(new Uint8Array(Buffer.from('a')));
  const item = generated.textListItem(pointer, text, 0n, 7n, 0);
  const lists = [0n, generated.textListAppend(0n, item), 0n];
  const states = lists.map((list) => {
    const state = scope.allocateCleared(24);
    shared.view.setBigInt64(state + 8, list, true);
    return state;
  });
  const pointers = scope.allocate(states.length * 4);
  shared.u32.set(states, pointers / 4);
  // The sum of the ends, and of a word of each.
  const word = shared.u32[((item >>> 0) + 16) / 4]!;
  assert.equal(kernels.touchListEnds(pointers, 8, lists.length) >>> 0, ((item >>> 0) + word) >>> 0);
  assert.equal(kernels.touchListEnds(pointers, 8, 0), 0);
  scope.reset();
});

test('lists are ordered by keys of bytes', () => {
  const keyed = fc.array(fc.tuple(byteStrings, fc.oneof(byteStrings, fc.uint8Array({ max: 1, maxLength: 10 }))), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(keyed, (pairs) => {
      const { pointer } = memory.block(4000, 10_000);
      const list = pairs.reduce((list, [value, key]) => {
        const item = generated.textListItemOfBytes(pointer, memory.text(value), 0n, memory.text(key));
        return generated.textListAppend(list, item);
      }, 0n);
      const joined = memory.readText(generated.textListJoin(pointer, list, 1 | 16));
      const ordered = [...pairs].sort((left, right) => Buffer.compare(left[1], right[1]));
      assert.deepEqual(joined, Uint8Array.from(ordered.flatMap(([value]) => [...value])));
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

test('the text of a rank, and the most frequent', () => {
  const texts = fc.array(
    fc.oneof(byteStrings, fc.constantFrom(...['', 'a', 'b'].map((text) => Uint8Array.from(Buffer.from(text))))),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(texts, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (texts, fraction, descending) => {
      const { pointer } = memory.block(4000, 10_000);
      const list = texts.reduce((list, text) => {
        const item = generated.textListItem(pointer, memory.text(text), 0n, 0n, 0);
        return generated.textListAppend(list, item);
      }, 0n);
      const order = orderBits({ by: 'value', descending, nullsFirst: false });
      const ordered = [...texts].sort((left, right) => Buffer.compare(left, right) * (descending ? -1 : 1));
      const found = memory.readText(generated.textListDiscrete(pointer, list, fraction, order));
      assert.deepEqual([...found], [...discretePercentile(ordered, fraction)]);
      const mode = memory.readText(generated.textListMode(pointer, list, order));
      assert.deepEqual([...mode], [...modeOf(ordered, (left, right) => Buffer.compare(left, right) === 0)]);
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

test('arrays of one element become one array', () => {
  const elements = fc.array(fc.tuple(fc.option(fc.string({ maxLength: 12 })), i64s), { minLength: 1, maxLength: 30 });
  const type = arrayOf(TEXT);
  fc.assert(
    fc.property(elements, fc.boolean(), (elements, ordered) => {
      const { pointer } = memory.block(4000, 10_000);
      const list = elements.reduce((list, [element, key]) => {
        const array = memory.text(encodeNested([element], type));
        return generated.textListAppend(list, generated.textListItem(pointer, array, 0n, key, 0));
      }, 0n);
      const order = ordered ? orderBits({ by: 'key', descending: false, nullsFirst: false }) : 0;
      const array = memory.readText(generated.textListArray(pointer, list, order));
      const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);
      const expected = ordered ? [...elements].sort((left, right) => compare(left[1], right[1])) : elements;
      assert.deepEqual(
        array,
        encodeNested(
          expected.map(([element]) => element),
          type,
        ),
      );
      scope.reset();
    }),
    { numRuns: 200 },
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
