import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dictionaryEncode } from '../../../src/kernels/reference/dictionary-build.js';
import { DictionaryBuilder } from '../../../src/storage/parquet-writer/dictionary-builder.js';
import { WriterWorkspace } from '../../../src/storage/parquet-writer/writer-workspace.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Values of a width, many of them twice; the upper bytes often differ alone. */
const valuesOf = (width: number): fc.Arbitrary<Uint8Array[]> =>
  fc
    .tuple(
      fc.array(fc.uint8Array({ minLength: width, maxLength: width }), { minLength: 1, maxLength: 200 }),
      fc.array(fc.nat(), { maxLength: 600 }),
    )
    .map(([pool, picks]) =>
      picks.map((pick) => {
        const bytes = pool[pick % pool.length]!.slice();
        if (pick % 3 === 0) bytes.fill(0, 0, width - 1);
        return bytes;
      }),
    );

for (const [width, physical] of [
  [4, 'i32'],
  [8, 'i64'],
  [16, 'i128'],
] as const) {
  test(`values of ${width} bytes get the codes of the twin`, () => {
    const workspace = new WriterWorkspace(shared, kernels, shared.createOwner());
    fc.assert(
      fc.property(valuesOf(width), fc.boolean(), (values, withPositions) => {
        const builder = new DictionaryBuilder(workspace, physical, 2 ** 20);
        const wanted = withPositions ? values.map((_, index) => values.length - 1 - index) : undefined;
        const positions = wanted === undefined ? 0 : memory.u32(wanted);
        const data = memory.bytes(Buffer.concat(values));
        const codes = memory.output(values.length * 4);
        assert.ok(builder.encode(data, positions, values.length, codes));
        const expected = dictionaryEncode(wanted?.map((index) => values[index]!) ?? values, hex);
        assert.deepEqual(memory.readU32(codes, values.length), expected.codes);
        assert.equal(builder.entryCount, expected.entries.length);
        const entries = memory.readBytes(builder.entriesPointer, builder.entryBytes);
        assert.equal(hex(entries), expected.entries.map(hex).join(''));
        builder.release();
        scope.reset();
      }),
      { numRuns: 60 },
    );
    workspace.free();
  });
}

test('strings get the codes of the twin, across calls', () => {
  const workspace = new WriterWorkspace(shared, kernels, shared.createOwner());
  const strings = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 2, max: 1 })), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(strings, (values) => {
      const builder = new DictionaryBuilder(workspace, 'string', 2 ** 20);
      const views = memory.strings(values);
      const codes = memory.output(values.length * 4);
      const half = values.length >> 1;
      assert.ok(builder.encode(views, 0, half, codes));
      assert.ok(builder.encode(views + half * 16, 0, values.length - half, codes + half * 4));
      const expected = dictionaryEncode(values, hex);
      assert.deepEqual(memory.readU32(codes, values.length), expected.codes);
      for (const [index, entry] of expected.entries.entries()) {
        const pointer = builder.entriesPointer + shared.u32[builder.offsetsPointer / 4 + index]!;
        assert.equal(shared.view.getUint32(pointer, true), entry.length);
        assert.equal(hex(memory.readBytes(pointer + 4, entry.length)), hex(entry));
      }
      builder.release();
      scope.reset();
    }),
    { numRuns: 60 },
  );
  workspace.free();
});

test('a dictionary at its limit refuses, exactly', () => {
  const workspace = new WriterWorkspace(shared, kernels, shared.createOwner());
  const builder = new DictionaryBuilder(workspace, 'i64', 800);
  const data = memory.i64(Array.from({ length: 101 }, (_, index) => BigInt(index)));
  const codes = memory.output(404);
  assert.ok(builder.encode(data, 0, 100, codes));
  assert.ok(!builder.encode(data, 0, 101, codes));
  assert.equal(builder.entryCount, 100);
  workspace.free();
  scope.reset();
});

test('codes are translated once per entry', () => {
  const translation = memory.u32([0xffffffff, 7, 0xffffffff, 0xffffffff]);
  const target = memory.output(16);
  const found = kernels.collectUntranslated(translation, memory.u32([2, 1, 2, 0, 1]), 5, target);
  assert.deepEqual(memory.readU32(target, found), [2, 0]);
  kernels.scatter(memory.u32([50, 60]), 4, target, 2, translation);
  assert.deepEqual(memory.readU32(translation, 4), [60, 7, 50, 0xffffffff]);
  scope.reset();
});
