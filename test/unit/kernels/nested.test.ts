import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_DECLINED, STATUS_HEAP } from '../../../src/exec/expression/argument-block.js';
import { readValue, writeValue } from '../../../src/exec/expression/value-codec.js';
import { formatValue } from '../../../src/functions/format-value.js';
import type { FunctionValue } from '../../../src/functions/function-types.js';
import { joined } from '../../../src/functions/scalar/nested/array-functions-js.js';
import { members } from '../../../src/functions/scalar/nested/array-set-functions.js';
import { powersOfTenTable } from '../../../src/kernels/constant-tables.js';
import * as twin from '../../../src/kernels/reference/nested.js';
import { splitText } from '../../../src/kernels/reference/text-split.js';
import { decodeNested, encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DOUBLE,
  decimal,
  INTEGER,
  isNestedType,
  type NestedType,
  REAL,
  SMALLINT,
  type SqlType,
  type StructType,
  TEXT,
} from '../../../src/types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../../src/types/value-tags.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf, partTypes, valuesOf } from './nested-arbitraries.js';
import { f64s, i32s, i64s } from './value-arbitraries.js';

type MemoryKernel = (block: number, args: number, count: number) => void;

const memory = new KernelMemory();
const { generated, scope, shared } = memory;
const kernels = memory.kernels as unknown as Readonly<Record<string, MemoryKernel>>;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 300): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

type Argument = readonly [value: NestedValue, type: SqlType];

function write(pointer: number, value: Exclude<NestedValue, null>, type: SqlType): void {
  const whole = isNestedType(type) ? encodeNested(value as readonly NestedValue[], type) : (value as FunctionValue);
  writeValue(shared, pointer, type, whole!, (byteLength) => scope.allocate(byteLength));
}

/** Calls a kernel as generated code does: see src/exec/expression/memory-call-code.ts. */
function call(kernel: MemoryKernel, args: readonly Argument[], returns: SqlType, expectedStatus = 0): NestedValue {
  const area = scope.allocateCleared(20 * (args.length + 1));
  const words = area + 16 * (args.length + 1);
  [...args, [null, returns] as const].forEach(([value, type], i) => {
    const isNull = value === null && i < args.length;
    shared.u32[words / 4 + i] = (isNull ? 1 : 0) | (valueTagOf(type) << 8) | (valueScaleOf(type) << 16);
    if (value !== null) write(area + 16 * i, value, type);
  });
  const block = memory.block(1 << 16);
  kernel(block.pointer, area, args.length);
  assert.equal(block.takeStatus(), expectedStatus);
  if (expectedStatus !== 0 || shared.u8[words + 4 * args.length] === 1) return null;
  const result = readValue(shared, area + 16 * args.length, returns);
  if (!isNestedType(returns)) return result;
  const decoded = decodeNested(result as Uint8Array, returns);
  assert.deepEqual(encodeNested(decoded, returns), result, 'the bytes are canonical');
  return decoded;
}

const nestedTypes = fc.oneof(partTypes.map(arrayOf), partTypes.filter(isNestedType));
const typeAndValues = nestedTypes.chain((type) =>
  fc.tuple(fc.constant(type as NestedType), valuesOf(type), valuesOf(type)),
);

test('what is encoded is decoded', () => {
  check(
    fc.property(typeAndValues, ([type, value]) => {
      const bytes = encodeNested(value as readonly NestedValue[], type);
      assert.equal(bytes.length % 8, 0);
      assert.deepEqual(decodeNested(bytes, type), value);
    }),
  );
});

/** The v128 of the view of a nested value. */
function view(value: NestedValue, type: NestedType): bigint {
  const pointer = scope.allocateCleared(16);
  write(pointer, value!, type);
  return memory.readI128(pointer);
}

test('order and text', () => {
  const powers = powersOfTenTable(shared);
  check(
    fc.property(typeAndValues, ([type, a, b]) => {
      const [left, right] = [view(a, type), view(b, type)];
      assert.equal(generated.nestedCompare(left, right), Math.sign(twin.compareNested(a, b, type)));
      assert.equal(generated.nestedCompare(left, view(a, type)), 0);
      const block = memory.block(1 << 20);
      const text = generated.nestedToText(block.pointer, left, powers);
      assert.equal(block.takeStatus(), 0);
      const expected = formatValue(encodeNested(a as readonly NestedValue[], type), type);
      assert.equal(Buffer.from(memory.readText(text)).toString(), expected);
      generated.nestedToText(memory.block(8).pointer, left, powers);
    }),
    1000,
  );
});

/** An element type, two arrays of it and two values, the second often one of the first array. */
const arrays = partTypes.chain((element) => {
  const array = valuesOf(arrayOf(element)) as fc.Arbitrary<readonly NestedValue[]>;
  return fc
    .tuple(array, array, nullableOf(element), nullableOf(element), fc.nat(8))
    .map(([a, b, x, y, index]) => ({ element, type: arrayOf(element), a, b, x: a[index] ?? x, y }));
});

test('arrays are made and taken apart', () => {
  check(
    fc.property(arrays, fc.integer({ min: -2, max: 8 }), fc.integer({ min: -2, max: 8 }), (given, i, j) => {
      const { element, type, a, b, x, y } = given;
      const [whole, other]: Argument[] = [
        [a, type],
        [b, type],
      ];
      const value: Argument = [x, element];
      const at: Argument = [i, INTEGER];
      if (a.length > 0) {
        const elements = a.map((item): Argument => [item, element]);
        assert.deepEqual(call(kernels.arrayOfElements!, elements, type), a);
      }
      assert.deepEqual(call(kernels.arrayElement!, [whole!, at], element), twin.subscript(a, i));
      assert.deepEqual(call(kernels.arraySlice!, [whole!, at, [j, INTEGER]], type), twin.slice(a, i, j));
      assert.equal(call(kernels.arraySize!, [whole!], INTEGER), a.length);
      assert.equal(call(kernels.arrayElementCount!, [whole!], INTEGER), twin.elementCount(a, type));
      assert.equal(call(kernels.arrayLength!, [whole!, [1, INTEGER]], INTEGER), a.length || null);
      assert.deepEqual(call(kernels.arrayAppend!, [whole!, value], type), [...a, x]);
      assert.deepEqual(call(kernels.arrayPrepend!, [value, whole!], type), [x, ...a]);
      assert.deepEqual(call(kernels.arrayAppend!, [[null, type], value], type), [x]);
      assert.deepEqual(call(kernels.arrayConcatenate!, [whole!, other!], type), [...a, ...b]);
      assert.deepEqual(call(kernels.arrayConcatenate!, [whole!, [null, type]], type), a);
      assert.deepEqual(call(kernels.arrayReverse!, [whole!], type), [...a].reverse());
      assert.deepEqual(call(kernels.arrayRemove!, [whole!, value], type), twin.remove(a, x, element));
      const replaced = twin.replace(a, x, y, element);
      assert.deepEqual(call(kernels.arrayReplace!, [whole!, value, [y, element]], type), replaced);
      const declined = i < 0 || i > a.length;
      const trimmed = call(kernels.arrayTrim!, [whole!, at], type, declined ? STATUS_DECLINED : 0);
      if (!declined) assert.deepEqual(trimmed, a.slice(0, a.length - i));
    }),
  );
});

test('arrays are searched and ordered', () => {
  check(
    fc.property(arrays, fc.integer({ min: -1, max: 4 }), fc.boolean(), fc.boolean(), (given, from, first, second) => {
      const { element, type, a, b, x } = given;
      const whole: Argument = [a, type];
      const other: Argument = [b, type];
      const value: Argument = [x, element];
      const flags: Argument[] = [
        [first, BOOLEAN],
        [second, BOOLEAN],
      ];
      assert.equal(call(kernels.arrayPosition!, [whole, value], INTEGER), twin.position(a, x, element));
      const later = call(kernels.arrayPosition!, [whole, value, [from, INTEGER]], INTEGER);
      assert.equal(later, twin.position(a, x, element, from));
      const places = call(kernels.arrayPositions!, [whole, value], arrayOf(INTEGER));
      assert.deepEqual(places, twin.positions(a, x, element));
      if (x !== null) {
        const found = call(kernels.arrayContainsValue!, [whole, value], BOOLEAN);
        assert.equal(found, twin.containsValue(a, x, element));
      }
      assert.equal(call(kernels.arrayContains!, [whole, other], BOOLEAN), twin.contains(a, b, element));
      assert.equal(call(kernels.arrayIsContained!, [other, whole], BOOLEAN), twin.contains(a, b, element));
      for (const [kernel, twin] of [
        [kernels.arrayIntersect!, members(true)],
        [kernels.arrayExcept!, members(false)],
      ] as const) {
        const expected = twin([type, type], type)([a, b].map((array) => encodeNested(array, type)));
        assert.deepEqual(call(kernel, [whole, other], type), decodeNested(expected as Uint8Array, type));
      }
      assert.equal(call(kernels.arraysOverlap!, [whole, other], BOOLEAN), twin.overlap(a, b, element));
      assert.deepEqual(call(kernels.arraySort!, [whole], type), twin.sorted(a, element, false, false));
      const ordered = twin.sorted(a, element, first, second);
      assert.deepEqual(call(kernels.arraySort!, [whole, ...flags], type), ordered);
      assert.deepEqual(call(kernels.arrayDistinct!, [whole], type), twin.distinct(a, element));
      assert.deepEqual(call(kernels.arrayMinimum!, [whole], element), twin.extremum(a, element, 1));
      assert.deepEqual(call(kernels.arrayMaximum!, [whole], element), twin.extremum(a, element, -1));
    }),
  );
});

test('NULL arguments are counted', () => {
  check(
    fc.property(fc.array(fc.option(i32s), { minLength: 1, maxLength: 6 }), (values) => {
      const args = values.map((value): Argument => [value, INTEGER]);
      const nulls = values.filter((value) => value === null).length;
      assert.equal(call(kernels.countNulls!, args, INTEGER), nulls);
      assert.equal(call(kernels.countPresent!, args, INTEGER), values.length - nulls);
    }),
  );
});

test('ANY and ALL', () => {
  const both = {
    '=': [kernels.equalsAny!, kernels.equalsAll!],
    '<>': [kernels.differsFromAny!, kernels.differsFromAll!],
    '<': [kernels.lessThanAny!, kernels.lessThanAll!],
    '<=': [kernels.atMostAny!, kernels.atMostAll!],
    '>': [kernels.greaterThanAny!, kernels.greaterThanAll!],
    '>=': [kernels.atLeastAny!, kernels.atLeastAll!],
  } as const;
  check(
    fc.property(arrays, ({ element, type, a, x }) => {
      for (const [operator, [any, all]] of Object.entries(both)) {
        const args: Argument[] = [
          [x, element],
          [a, type],
        ];
        assert.equal(call(any, args, BOOLEAN), twin.quantified(x, operator, a, element, false));
        assert.equal(call(all, args, BOOLEAN), twin.quantified(x, operator, a, element, true));
      }
    }),
  );
});

test('sums and means', () => {
  const items = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 })));
  const mean = (numbers: number[]) => numbers.reduce((sum, item) => sum + item, 0) / numbers.length;
  check(
    fc.property(items, (a) => {
      const present = a.filter((item) => item !== null);
      const integers: Argument = [a, arrayOf(INTEGER)];
      const sum = present.reduce((total, item) => total + item, 0);
      assert.equal(call(kernels.arraySumIntegers!, [integers], BIGINT), present.length ? BigInt(sum) : null);
      assert.equal(call(kernels.arrayAverage!, [integers], DOUBLE), present.length ? mean(present) : null);
      assert.equal(call(kernels.arraySumDoubles!, [[a, arrayOf(DOUBLE)]], DOUBLE), present.length ? sum : null);
    }),
  );
  call(kernels.arraySumIntegers!, [[[2n ** 63n - 1n, 1n], arrayOf(BIGINT)]], BIGINT, 19);
});

test('arrays of numbers become wider', () => {
  check(
    fc.property(
      fc.array(fc.option(i32s)),
      fc.array(fc.option(i64s)),
      fc.array(fc.option(f64s)),
      (small, large, floats) => {
        const integers: Argument = [small, arrayOf(INTEGER)];
        const shorts: Argument = [small.map((value) => value && (value << 16) >> 16), arrayOf(SMALLINT)];
        const reals: Argument = [floats.map((value) => value && Math.fround(value)), arrayOf(REAL)];
        const expected = (values: Argument, convert: (value: never) => NestedValue) =>
          (values[0] as readonly NestedValue[]).map((value) => (value === null ? null : convert(value as never)));
        const number = (value: number | bigint): number => Number(value) + 0;
        assert.deepEqual(call(kernels.widenArrayToInteger!, [shorts], arrayOf(INTEGER)), shorts[0]);
        assert.deepEqual(call(kernels.widenArrayToBigint!, [integers], arrayOf(BIGINT)), expected(integers, BigInt));
        const singles = expected(integers, (value) => Math.fround(value));
        assert.deepEqual(call(kernels.widenArrayToReal!, [integers], arrayOf(REAL)), singles);
        for (const given of [integers, reals, [large, arrayOf(BIGINT)] as Argument]) {
          assert.deepEqual(call(kernels.widenArrayToDouble!, [given], arrayOf(DOUBLE)), expected(given, number));
        }
      },
    ),
  );
});

test('structs and maps', () => {
  const structs = fc
    .array(partTypes, { minLength: 1, maxLength: 4 })
    .map((types): StructType => ({ kind: 'struct', fields: types.map((type, i) => ({ name: `f${i}`, type })) }))
    .chain((type) => fc.tuple(fc.constant(type), valuesOf(type)));
  check(
    fc.property(structs, ([type, value]) => {
      const fields = value as readonly NestedValue[];
      const args = fields.map((field, i): Argument => [field, type.fields[i]!.type]);
      assert.deepEqual(call(kernels.structOfFields!, args, type), fields);
      fields.forEach((field, i) => {
        const place: Argument[] = [
          [fields, type],
          [i + 1, INTEGER],
        ];
        assert.deepEqual(call(kernels.structField!, place, type.fields[i]!.type), field);
      });
    }),
  );
  const maps = fc
    .tuple(fc.constantFrom<SqlType>(INTEGER, { kind: 'text' }), partTypes)
    .map(([key, value]) => ({ kind: 'map', key, value }) as const)
    .chain((type) => fc.tuple(fc.constant(type), valuesOf(type), valuesOf(type.key)));
  check(
    fc.property(maps, ([type, value, absent]) => {
      const pairs = value as readonly (readonly [NestedValue, NestedValue])[];
      const keys: Argument = [pairs.map(([key]) => key), arrayOf(type.key)];
      const values: Argument = [pairs.map(([, item]) => item), arrayOf(type.value)];
      assert.deepEqual(call(kernels.mapOfArrays!, [keys, values], type), value);
      assert.deepEqual(call(kernels.mapKeys!, [[value, type]], arrayOf(type.key)), keys[0]);
      assert.deepEqual(call(kernels.mapValues!, [[value, type]], arrayOf(type.value)), values[0]);
      const pair: StructType = {
        kind: 'struct',
        fields: [
          { name: 'key', type: type.key },
          { name: 'value', type: type.value },
        ],
      };
      const entries = call(kernels.mapEntries!, [[value, type]], arrayOf(pair)) as readonly NestedValue[];
      assert.deepEqual(entries, value);
      const back = (given: readonly NestedValue[], status = 0): NestedValue =>
        call(kernels.mapOfEntries!, [[given, arrayOf(pair)]], type, status);
      if (pairs.length === 0) back(entries, STATUS_DECLINED);
      else assert.deepEqual(back(entries), value);
      back([...entries, [absent, null], [absent, null]], STATUS_DECLINED);
      back([...entries, null], STATUS_DECLINED);
      for (const key of [absent, ...pairs.map(([key]) => key)]) {
        const found = pairs.find(([name]) => name === key)?.[1] ?? null;
        const args: Argument[] = [
          [value, type],
          [key, type.key],
        ];
        assert.deepEqual(call(kernels.mapElement!, args, type.value), found);
      }
      const twice: Argument[] = [
        [[...(keys[0] as NestedValue[]), absent, absent], keys[1]],
        [[...(values[0] as NestedValue[]), null, null], values[1]],
      ];
      call(kernels.mapOfArrays!, twice, type, STATUS_DECLINED);
    }),
  );
});

test('series, and arrays of arrays in one', () => {
  const steps = fc.integer({ min: -5, max: 5 });
  const ends = fc.integer({ min: -20, max: 20 });
  check(
    fc.property(ends, ends, steps, (start, stop, step) => {
      const args: Argument[] = [
        [start, INTEGER],
        [stop, INTEGER],
        [step, INTEGER],
      ];
      const expected: number[] = [];
      if (step !== 0) for (let x = start; step > 0 ? x <= stop : x >= stop; x += step) expected.push(x);
      const status = step === 0 ? STATUS_DECLINED : 0;
      const actual = call(kernels.seriesArray!, args, arrayOf(INTEGER), status);
      if (step !== 0) assert.deepEqual(actual, expected);
    }),
  );
  const max = 2n ** 63n - 1n;
  const far: Argument[] = [-max, max, max].map((value): Argument => [value, BIGINT]);
  assert.deepEqual(call(kernels.seriesArray!, far, arrayOf(BIGINT)), [-max, 0n, max]);
  const nested = partTypes.chain((element) =>
    fc.tuple(fc.constant(element), valuesOf(arrayOf(arrayOf(element))), nullableOf(element)),
  );
  check(
    fc.property(nested, ([element, value]) => {
      const args: Argument[] = [
        [value, arrayOf(arrayOf(element))],
        [null, element],
      ];
      const parts = value as readonly (readonly NestedValue[] | null)[];
      assert.deepEqual(
        call(kernels.arrayFlatten!, args, arrayOf(element)),
        parts.flatMap((part) => part ?? []),
      );
    }),
  );
});

test('texts are split', () => {
  const piece = fc.constantFrom('', ' ', ',', ', ', 'a', 'é', '😀', 'word', 'longer than sixteen bytes');
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const separator = fc.option(fc.oneof(piece, fc.constant('wor')));
  check(
    fc.property(fc.option(text), separator, fc.option(piece), (text, separator, forNull) => {
      const [two, three] = [
        [text, separator],
        [text, separator, forNull],
      ].map((values) => values.map((value): Argument => [value, TEXT]));
      assert.deepEqual(call(kernels.textSplit!, two!, arrayOf(TEXT)), splitText(text, separator, null));
      assert.deepEqual(call(kernels.textSplit!, three!, arrayOf(TEXT)), splitText(text, separator, forNull));
    }),
    1000,
  );
});

test('elements are joined', () => {
  const elements = fc.oneof(
    valuesOf(arrayOf(TEXT)).map((value) => [value, arrayOf(TEXT)] as const),
    ...([INTEGER, BIGINT, BOOLEAN] as const).map((type) =>
      valuesOf(arrayOf(type)).map((value) => [value, arrayOf(type)] as const),
    ),
  );
  const words = fc.option(fc.constantFrom('', ',', ', ', 'é', 'longer than sixteen bytes'), { freq: 10 });
  check(
    fc.property(elements, words, words, ([array, type], separator, forNull) => {
      const bytes = encodeNested(array as readonly NestedValue[], type);
      const three: Argument[] = [
        [array, type],
        [separator, TEXT],
        [forNull, TEXT],
      ];
      const join = joined([type, TEXT, TEXT], TEXT);
      assert.equal(call(kernels.arrayToText!, three, TEXT), join([bytes, separator, forNull]));
      assert.equal(call(kernels.arrayToText!, three.slice(0, 2), TEXT), join([bytes, separator]));
    }),
  );
  const decimals: SqlType = decimal(6, 2);
  const args: Argument[] = [
    [[150n], arrayOf(decimals)],
    [',', TEXT],
  ];
  assert.equal(call(kernels.arrayToText!, args, TEXT), '1.50');
});

test('a full heap says so', () => {
  const area = scope.allocateCleared(60);
  write(area, [1, 2, 3], arrayOf(INTEGER));
  const block = memory.block(16);
  kernels.arrayReverse!(block.pointer, area, 1);
  assert.equal(block.takeStatus(), STATUS_HEAP);
  assert.ok(block.heapNeeded >= 32);
});
