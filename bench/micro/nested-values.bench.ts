// Lists of Parquet, from values to entries and back: kernels, and their twins in TypeScript with the codec of values.
import { loadKernels } from '../../src/kernels/kernels.js';
import { assembleArrays } from '../../src/kernels/reference/assemble.js';
import { shredArrays, shredRows } from '../../src/kernels/reference/shred.js';
import { decodeNested, encodeNested, type NestedValue } from '../../src/types/nested-codec.js';
import { arrayOf, type SqlType } from '../../src/types/sql-type.js';
import { valueTagOf } from '../../src/types/value-tags.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROWS = 4096;
const shared = SharedMemory.create(2 ** 28);
const kernels = loadKernels(shared.memory);
const scope = new Scope(shared, shared.createOwner());

interface Entries {
  readonly pointers: number;
  readonly lengths: number;
  readonly repetitions: number;
  readonly definitions: number;
}

function room(count: number): Entries {
  const [pointers, lengths] = [scope.allocate(count * 4), scope.allocate(count * 4)];
  return { pointers, lengths, repetitions: scope.allocate(count), definitions: scope.allocate(count) };
}

/** A batch of lists of up to seven elements, some of them NULL. */
function measure(title: string, element: SqlType, value: (i: number) => NestedValue): readonly CandidateFigures[] {
  const type = arrayOf(element);
  const values = Array.from({ length: ROWS }, (_, row) =>
    encodeNested(
      Array.from({ length: row % 8 }, (__, i) => (i === 5 ? null : value(row + i))),
      type,
    ),
  );
  const views = scope.allocate(ROWS * 16);
  values.forEach((bytes, row) => {
    const pointer = scope.allocate(bytes.length);
    shared.u8.set(bytes, pointer);
    shared.u32.set([bytes.length, pointer], views / 4 + row * 4);
    shared.u8.set(bytes.subarray(0, 8), views + row * 16 + 8);
  });
  const rows = room(ROWS);
  const shred = (): number => {
    const { pointers, lengths, repetitions, definitions } = rows;
    kernels.shredRows(views, 0, -1, 0, 0, 0, ROWS, 1, pointers, lengths, repetitions, definitions);
    const count = kernels.countElementEntries(pointers, ROWS);
    const to = leaves;
    kernels.shredArrays(
      ...([pointers, repetitions, definitions, ROWS, 3, 1] as const),
      ...([to.pointers, to.lengths, to.repetitions, to.definitions] as const),
    );
    return count;
  };
  const leaves = room(ROWS * 8);
  const count = shred();
  const heap = scope.allocate(values.reduce((sum, bytes) => sum + bytes.length, 0));
  const arrays = room(count);
  const [tag, result] = [valueTagOf(element), scope.allocate(4)];
  const assemble = (): number => {
    const { pointers, lengths, repetitions, definitions } = leaves;
    const byteLength = kernels.measureArrays(
      ...([lengths, repetitions, definitions, count, 1, 1, 2, tag] as const),
      ...([arrays.lengths, arrays.repetitions, arrays.definitions, result] as const),
    );
    kernels.assembleArrays(
      ...([pointers, lengths, repetitions, definitions, count, 1, 2, tag, 0] as const),
      ...([arrays.lengths, heap, arrays.pointers] as const),
    );
    return byteLength;
  };
  const twin = shredArrays(
    shredRows(
      values.map((bytes) => decodeNested(bytes, type)),
      1,
    ),
    3,
    1,
  );
  return compareCandidates(
    [
      { name: 'taken apart by kernels', run: shred },
      {
        name: 'taken apart in TypeScript',
        run: () => {
          const decoded = values.map((bytes) => decodeNested(bytes, type));
          return shredArrays(shredRows(decoded, 1), 3, 1).length;
        },
      },
      { name: 'put together by kernels', run: assemble },
      {
        name: 'put together in TypeScript',
        run: () => {
          let bytes = 0;
          for (const slot of assembleArrays(twin, 1, 1, 2)) {
            if (slot.value !== undefined) bytes += encodeNested(slot.value as NestedValue[], type).length;
          }
          return bytes;
        },
      },
    ],
    { title, rowCount: count },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...measure('lists of integers, an element', { kind: 'integer' }, (i) => i),
  ...measure('lists of texts, an element', { kind: 'text' }, (i) => `text ${i % 100}`),
];
