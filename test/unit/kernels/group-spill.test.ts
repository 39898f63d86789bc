import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLOCK_HEADER_BYTES } from '../../../src/exec/rows/row-layout.js';
import { type GroupRow, joinRows } from '../../../src/kernels/reference/group-spill.js';
import { hashKeyReference } from '../../../src/kernels/reference/rows.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { KernelMemory } from './kernel-memory.js';
import { type Key, keyText, RowBlocks } from './row-blocks.js';
import { byteStrings, i64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, generated, scope, shared } = memory;
/** Fields of the descriptor. */
const NEEDED = 8;

interface Shape {
  readonly strings: number;
  readonly texts: number;
  readonly lists: number;
  readonly hashBits: number;
}

/** A state: a number, then a view and a mark a text, then an i64 a list. */
const stateBytes = ({ texts, lists }: Shape): number => 8 + texts * 24 + lists * 8;
const textOffset = (index: number): number => 8 + index * 24;
const listOffset = ({ texts }: Shape, index: number): number => 8 + texts * 24 + index * 8;

function writeDescriptor(shape: Shape, from: RowBlocks, target: RowBlocks): number {
  const offsets = [
    ...Array.from({ length: shape.texts }, (_, index) => from.stateOffset + textOffset(index)),
    ...Array.from({ length: shape.lists }, (_, index) => from.stateOffset + listOffset(shape, index)),
  ];
  const { stride, stateOffset, keyOffset, fixedBytes } = from;
  const fields = [target.table, shape.hashBits, stride, stateOffset, keyOffset + fixedBytes, shape.strings];
  return memory.u32([...fields, shape.texts, shape.lists, 0, 0, ...offsets]);
}

/** Writes the states of rows; their texts and items lie outside the blocks. */
function writeStates(blocks: RowBlocks, shape: Shape, groups: readonly GroupRow[], rows: readonly number[]): void {
  const { pointer } = memory.block(0, 8 * 2 ** 20);
  for (const [index, { number, texts, lists }] of groups.entries()) {
    const state = rows[index]! + blocks.stateOffset;
    shared.u8.fill(0, state, state + stateBytes(shape));
    shared.i64[state / 8] = number;
    for (const [text, bytes] of texts.entries()) {
      if (bytes === undefined) continue;
      const at = state + textOffset(text);
      const view = memory.strings([bytes]);
      shared.u8.copyWithin(at, view, view + 16);
      shared.i64[at / 8 + 2] = 1n;
    }
    for (const [list, items] of lists.entries()) {
      shared.i64[(state + listOffset(shape, list)) / 8] = items.reduce((all, bytes) => {
        const item = generated.textListItem(pointer, memory.text(bytes), memory.text(new Uint8Array([44])), 1n, 0);
        return generated.textListAppend(all, item);
      }, 0n);
    }
  }
}

function readList(list: bigint): Uint8Array[] {
  const items: Uint8Array[] = [];
  let item = Number(list & 0xffff_ffffn);
  const last = Number((list >> 32n) & 0xffff_ffffn);
  for (; item !== 0; item = shared.view.getUint32(item, true)) {
    const [separator, value] = [shared.view.getUint32(item + 4, true), shared.view.getUint32(item + 8, true)];
    items.push(memory.readBytes(item + 24 + separator, value));
    if (item === last) assert.equal(shared.view.getUint32(item, true), 0);
  }
  return items;
}

function readGroups(blocks: RowBlocks, shape: Shape, rows: readonly number[]): GroupRow[] {
  const keys = blocks.read(memory.u32(rows), rows.length);
  return rows.map((row, index) => {
    const state = row + blocks.stateOffset;
    return {
      key: keyText(keys[index]!),
      number: shared.i64[state / 8]!,
      texts: Array.from({ length: shape.texts }, (_, text) => {
        const at = state + textOffset(text);
        return shared.i64[at / 8 + 2] === 0n ? undefined : memory.readText(memory.readI128(at));
      }),
      lists: Array.from({ length: shape.lists }, (_, list) =>
        readList(shared.i64[(state + listOffset(shape, list)) / 8]!),
      ),
    };
  });
}

/** Copies blocks elsewhere, overwrites where they were, and thaws them; the addresses of their rows. */
function moveAndThaw(blocks: RowBlocks, descriptor: number, owner: number): number[] {
  return blocks.blocks.flatMap((block) => {
    const chunks = shared.u32[block / 4 + 4]!;
    const moved = shared.allocateChunks(chunks, owner);
    shared.u8.copyWithin(moved, block, block + chunks * CHUNK_BYTES);
    shared.u8.fill(0xcb, block, block + chunks * CHUNK_BYTES);
    kernels.thawRows(descriptor, moved, BLOCK_HEADER_BYTES);
    const rowCount = shared.u32[moved / 4 + 1]!;
    return Array.from({ length: rowCount }, (_, row) => moved + BLOCK_HEADER_BYTES + row * blocks.stride);
  });
}

const longBytes = fc.integer({ min: 9, max: 150_000 }).map((byteLength) => new Uint8Array(byteLength).fill(97));
const texts = fc.oneof({ weight: 20, arbitrary: byteStrings }, { weight: 1, arbitrary: longBytes });
const cases = fc
  .record({ strings: fc.nat(2), texts: fc.nat(2), lists: fc.nat(2), hashBits: fc.constantFrom(0, 5, 25) })
  .chain((shape) => {
    const several = <T>(arbitrary: fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> =>
      fc.array(arbitrary, { minLength: count, maxLength: count });
    const group = fc.record({
      strings: several(byteStrings, shape.strings),
      number: i64s,
      texts: several(fc.option(texts, { nil: undefined }), shape.texts),
      lists: several(fc.array(texts, { maxLength: 12 }), shape.lists),
    });
    return fc.record({ shape: fc.constant(shape), groups: fc.array(group, { maxLength: 25 }) });
  });

test('rows are frozen, moved and thawed, with all that their states keep', () => {
  fc.assert(
    fc
      .property(cases, ({ shape, groups }) => {
        const keys = groups.map(({ strings }, index): Key => ({ words: [BigInt(index)], strings }));
        const expected = groups.map((group, index): GroupRow => ({ ...group, key: keyText(keys[index]!) }));
        const [from, target] = [0, 1].map(() => new RowBlocks(memory, 1, shape.strings, stateBytes(shape), 32)) as [
          RowBlocks,
          RowBlocks,
        ];
        const { rows, pointer } = from.append(
          keys,
          keys.map(({ words, strings }) => hashKeyReference(words, strings)),
        );
        writeStates(from, shape, expected, rows);
        const descriptor = writeDescriptor(shape, from, target);
        for (let done = 0; done < rows.length; ) {
          done = kernels.freezeRows(descriptor, pointer, done, rows.length);
          if (done === rows.length) break;
          target.addBlock(shared.u32[rows[done]! / 4]! << shape.hashBits, shared.u32[descriptor / 4 + NEEDED]!);
        }
        const owner = shared.createOwner();
        from.free();
        const thawed = readGroups(target, shape, moveAndThaw(target, descriptor, owner));
        const byKey = (left: GroupRow, right: GroupRow): number => (left.key < right.key ? -1 : 1);
        const wanted = expected.map(({ key, number, texts, lists }) => ({ key, number, texts, lists }));
        assert.deepEqual(joinRows(thawed).sort(byKey), wanted.sort(byKey));
        target.free();
        shared.freeOwner(owner);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 150 },
  );
});
