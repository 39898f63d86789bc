import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinPrefixes, readPlainStrings, spread } from '../../../src/kernels/reference/parquet-values.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope } = memory;
const RUNS = { numRuns: 100 };

function readViews(views: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const [byteLength, pointer] = memory.readU32(views + index * 16, 2) as [number, number];
    const bytes = Buffer.from(memory.readBytes(pointer, byteLength));
    const prefix = Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(8)]).subarray(0, 8);
    assert.ok(prefix.equals(memory.readBytes(views + index * 16 + 8, 8)));
    return bytes.toString('hex');
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const strings = fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 100 });

test('length-prefixed strings become views, all or the selected ones', () => {
  fc.assert(
    fc.property(strings, fc.func(fc.boolean()), fc.nat({ max: 40 }), (values, isSelected, cut) => {
      const bytes = Buffer.concat(values.flatMap((value) => [Uint8Array.from([value.length, 0, 0, 0]), value]));
      const pointer = memory.bytes(bytes);
      const end = pointer + bytes.length;
      const views = memory.output(values.length * 16);
      assert.equal(kernels.plainStringViews(pointer, end, values.length, views), end);
      assert.deepEqual(readViews(views, values.length), readPlainStrings(bytes, values.length)!.map(hex));
      assert.equal(kernels.plainStringsSkip(pointer, end, values.length), end);

      const base = 7;
      const chosen = values.map((_, index) => index).filter((index) => isSelected(index));
      const selection = memory.u32(chosen.map((index) => index + base));
      assert.equal(
        kernels.plainStringViewsSelected(pointer, end, values.length, selection, chosen.length, base, views),
        end,
      );
      assert.deepEqual(
        readViews(views, chosen.length),
        chosen.map((index) => hex(values[index]!)),
      );

      const cutEnd = end - Math.min(cut, bytes.length);
      const isWhole = readPlainStrings(bytes.subarray(0, cutEnd - pointer), values.length) !== undefined;
      assert.equal(kernels.plainStringViews(pointer, cutEnd, values.length, views) !== 0, isWhole);
      assert.equal(kernels.plainStringsSkip(pointer, cutEnd, values.length) !== 0, isWhole);
      assert.equal(
        kernels.plainStringViewsSelected(pointer, cutEnd, values.length, selection, chosen.length, base, views) !== 0,
        isWhole,
      );
      scope.reset();
    }),
    RUNS,
  );
});

test('strings with shared prefixes are joined', () => {
  fc.assert(
    fc.property(strings, fc.array(fc.nat(), { minLength: 100, maxLength: 100 }), (suffixes, seeds) => {
      const prefixes: number[] = [];
      let previous = 0;
      for (const [index, suffix] of suffixes.entries()) {
        prefixes.push(seeds[index]! % (previous + 1));
        previous = prefixes[index]! + suffix.length;
      }
      const expected = joinPrefixes(prefixes, suffixes);
      const total = expected.reduce((sum, bytes) => sum + bytes.length, 0);
      const prefixPointer = memory.u32(prefixes);
      const suffixPointer = memory.u32(suffixes.map((suffix) => suffix.length));
      assert.equal(kernels.prefixedStringBytes(prefixPointer, suffixPointer, suffixes.length), total);
      const joined = Buffer.concat(suffixes);
      const source = memory.bytes(joined);
      const bytes = memory.output(total);
      const views = memory.output(suffixes.length * 16);
      const join = (end: number) =>
        kernels.prefixedStringViews(prefixPointer, suffixPointer, suffixes.length, source, end, bytes, views);
      assert.equal(join(source + joined.length), 0);
      assert.deepEqual(readViews(views, suffixes.length), expected.map(hex));
      if (joined.length > 0) assert.equal(join(source + joined.length - 1), -1);
      assert.equal(kernels.prefixedStringBytes(memory.u32([1, ...prefixes]), suffixPointer, 1), -1);
      scope.reset();
    }),
    RUNS,
  );
});

test('values are spread over the valid rows and looked up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 100 }),
      fc.nat(),
      (validity, seed) => {
        const present = validity.filter((valid) => valid === 1).length;
        const validityPointer = memory.bytes(validity);
        const codes = Array.from({ length: present }, (_, index) => (index * 7 + seed) % 50);
        for (const width of [1, 4, 8, 16] as const) {
          const dictionary = Array.from({ length: 50 }, (_, entry) =>
            Array.from({ length: width }, (_, byte) => (entry * 5 + byte) % 251),
          );
          const dictionaryPointer = memory.bytes(dictionary.flat());
          const values = codes.map((code) => dictionary[code]!);
          let source = memory.bytes(values.flat());
          if (width !== 1) {
            const codePointer = memory.u32(codes);
            const lookUp = { 4: kernels.lookUp4, 8: kernels.lookUp8, 16: kernels.lookUp16 }[width];
            source = memory.output(present * width);
            lookUp(dictionaryPointer, codePointer, present, source);
            assert.deepEqual([...memory.readBytes(source, present * width)], values.flat());
            const selected = codes.map((_, index) => index).filter((index) => index % 3 === seed % 3);
            const some = memory.output(selected.length * width);
            const lookUpSelected = {
              4: kernels.lookUpSelected4,
              8: kernels.lookUpSelected8,
              16: kernels.lookUpSelected16,
            }[width];
            lookUpSelected(dictionaryPointer, codePointer, memory.u32(selected), selected.length, some);
            assert.deepEqual(
              [...memory.readBytes(some, selected.length * width)],
              selected.flatMap((index) => values[index]!),
            );
          }
          const target = memory.output(validity.length * width);
          const spreadKernel = { 1: kernels.spread1, 4: kernels.spread4, 8: kernels.spread8, 16: kernels.spread16 }[
            width
          ];
          spreadKernel(source, validityPointer, validity.length, target);
          for (const [row, value] of spread(values, validity).entries()) {
            if (value !== undefined) assert.deepEqual([...memory.readBytes(target + row * width, width)], value);
          }
        }
        scope.reset();
      },
    ),
    { numRuns: 40 },
  );
});

test('selected rows are given their places among the values that are no NULLs', () => {
  const rows = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(
      rows.filter((all) => all.some(([isValid]) => isValid)),
      fc.nat(20),
      (all, base) => {
        const validity = memory.bytes(Uint8Array.from(all, ([isValid]) => Number(isValid)));
        const present = all.filter(([isValid]) => isValid).length;
        const chosen = all.map((_, index) => index).filter((index) => all[index]![1]);
        const selection = memory.u32(chosen.map((index) => index + base));
        const ranks = memory.output(chosen.length * 4 + 64);
        const target = memory.output(chosen.length + 64);
        const valid = kernels.rankSelected(validity, present, selection, chosen.length, base, ranks, target);
        assert.equal(valid, chosen.filter((index) => all[index]![0]).length);
        assert.deepEqual(
          [...memory.readBytes(target, chosen.length)],
          chosen.map((index) => Number(all[index]![0])),
        );
        for (const [k, rank] of memory.readU32(ranks, chosen.length).entries()) {
          const before = all.slice(0, chosen[k]).filter(([isValid]) => isValid).length;
          assert.equal(rank, Math.min(before, present - 1));
        }
        assert.ok(memory.readBytes(ranks + chosen.length * 4, 64).every((byte) => byte === 0xaa));
        assert.ok(memory.readBytes(target + chosen.length, 64).every((byte) => byte === 0xaa));
        scope.reset();
      },
    ),
    RUNS,
  );
});
