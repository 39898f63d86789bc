// DataRow messages by the kernel against plain JavaScript that writes the same bytes into one buffer.
import assert from 'node:assert/strict';
import { powersOfTenTable } from '../../src/kernels/constant-tables.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { COLUMN_DESCRIPTOR_BYTES, writeColumnDescriptor } from '../../src/kernels/postgres-text-kernels.js';
import { BIGINT, DATE, DOUBLE, decimal, physicalTypeOf, type SqlType, TEXT } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 2048;
const CAPACITY = 1 << 20;

const shared = SharedMemory.create(32 * 2 ** 20);
const kernels = loadKernels(shared.memory);
const powers = powersOfTenTable(shared);
const scope = new Scope(shared, shared.createOwner());
const random = createRandomStream('micro postgres-rows');
const result = scope.allocate(4);
const target = scope.allocate(CAPACITY);

type WriteText = (row: number, buffer: Buffer, position: number) => number;

interface Column {
  readonly type: SqlType;
  readonly vector: Vector;
  /** The JavaScript way: the value becomes a string, the string becomes bytes. */
  readonly write: WriteText;
}

function makeColumn(
  type: SqlType,
  fill: (data: number, row: number) => void,
  print: (data: number, row: number) => string,
): Column {
  const vector = new Vector(physicalTypeOf(type));
  const data = scope.allocate(ROW_COUNT * 16);
  for (let row = 0; row < ROW_COUNT; row++) fill(data, row);
  vector.setFlat(data, 0);
  return { type, vector, write: (row, buffer, position) => buffer.write(print(data, row), position, 'latin1') };
}

const draw = (row: number, limit: number): number => drawInteger(random, row, 0, limit);
const columns: Readonly<Record<string, Column>> = {
  bigint: makeColumn(
    BIGINT,
    (data, row) => shared.view.setBigInt64(data + row * 8, BigInt(draw(row, 6_000_000)), true),
    (data, row) => String(shared.i64[data / 8 + row]!),
  ),
  'decimal(15,2)': makeColumn(
    decimal(15, 2),
    (data, row) => shared.view.setBigInt64(data + row * 8, BigInt(draw(row, 10_000_000)), true),
    (data, row) => (Number(shared.i64[data / 8 + row]!) / 100).toFixed(2),
  ),
  date: makeColumn(
    DATE,
    (data, row) => shared.view.setInt32(data + row * 4, 8000 + draw(row, 2500), true),
    (data, row) => new Date(shared.i32[data / 4 + row]! * 86_400_000).toISOString().slice(0, 10),
  ),
  double: makeColumn(
    DOUBLE,
    (data, row) => shared.view.setFloat64(data + row * 8, draw(row, 1_000_000) / 997, true),
    (data, row) => String(shared.f64[data / 8 + row]!),
  ),
  text: makeColumn(
    TEXT,
    (data, row) => {
      const bytes = scope.allocate(12);
      shared.u8.fill(97 + (row % 26), bytes, bytes + 12);
      shared.view.setUint32(data + row * 16, 12, true);
      shared.view.setUint32(data + row * 16 + 4, bytes, true);
    },
    (data, row) => {
      const pointer = shared.u32[data / 4 + row * 4 + 1]!;
      return wasmBytes.toString('latin1', pointer, pointer + shared.u32[data / 4 + row * 4]!);
    },
  ),
};
const wasmBytes = Buffer.from(shared.memory.buffer as unknown as ArrayBuffer);
const buffer = Buffer.alloc(CAPACITY);

function encodeInJavaScript(chosen: readonly Column[]): number {
  let start = 0;
  for (let row = 0; row < ROW_COUNT; row++) {
    let position = start + 7;
    for (const { write } of chosen) {
      const byteLength = write(row, buffer, position + 4);
      buffer.writeInt32BE(byteLength, position);
      position += 4 + byteLength;
    }
    buffer[start] = 0x44;
    buffer.writeInt32BE(position - start - 1, start + 1);
    buffer.writeInt16BE(chosen.length, start + 5);
    start = position;
  }
  return start;
}

function measure(title: string, chosen: readonly Column[]): readonly CandidateFigures[] {
  const describe = (formatCode: 0 | 1): number => {
    const descriptors = scope.allocate(chosen.length * COLUMN_DESCRIPTOR_BYTES);
    for (const [index, { vector, type }] of chosen.entries()) {
      writeColumnDescriptor(shared, descriptors + index * COLUMN_DESCRIPTOR_BYTES, vector, type, formatCode);
    }
    return descriptors;
  };
  const encode = (descriptors: number): number => {
    kernels.encodePostgresRows(descriptors, chosen.length, 0, ROW_COUNT, powers, 0, target, CAPACITY, result);
    return shared.u32[result / 4]!;
  };
  const text = describe(0);
  const binary = describe(1);
  const byteLength = encode(text);
  assert.equal(encodeInJavaScript(chosen), byteLength);
  assert.ok(buffer.subarray(0, byteLength).equals(shared.u8.slice(target, target + byteLength)));
  return compareCandidates(
    [
      { name: 'kernel, text', run: () => encode(text) },
      { name: 'kernel, binary', run: () => encode(binary) },
      { name: 'JavaScript, text', run: () => encodeInJavaScript(chosen) },
    ],
    { title, rowCount: ROW_COUNT },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...Object.entries(columns).flatMap(([name, column]) => measure(`1 column: ${name}`, [column])),
  ...measure('all 5 columns', Object.values(columns)),
];
