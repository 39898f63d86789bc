// Encoding a million rows as Parquet: append, row groups, footer; the sink throws the bytes away.
import { loadKernels } from '../../src/kernels/kernels.js';
import { ParquetFileWriter, type ParquetWriterOptions } from '../../src/storage/parquet-writer/parquet-file-writer.js';
import { BIGINT, byteWidthOf, decimal, INTEGER, physicalTypeOf, type SqlType, TEXT } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../src/vector/vector.js';
import { printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { CandidateFigures, MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 2 ** 20;
const ROUNDS = 5;
const TEXT_BLOCK_BYTES = 2 ** 20;
const TITLE = 'Parquet writer, 1 Mi rows';

const shared = SharedMemory.create(2 ** 30);
const kernels = loadKernels(shared.memory);
const scope = new Scope(shared, shared.createOwner());

type WriteValue = (pointer: number, row: number) => void;

interface Candidate {
  readonly name: string;
  readonly type: SqlType;
  /** Bytes of the values as PLAIN, on average. */
  readonly plainBytes: number;
  readonly write: WriteValue;
}

/** A pseudo-random number of 31 bits that depends on the row alone. */
function scramble(row: number): number {
  const mixed = Math.imul(row ^ (row >>> 15), 0x2c1b3c6d);
  return Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 1;
}

function writeText(text: (row: number) => string): WriteValue {
  const encoder = new TextEncoder();
  let next = 0;
  let end = 0;
  return (pointer, row) => {
    const bytes = encoder.encode(text(row));
    if (next + bytes.length > end) {
      next = scope.allocate(TEXT_BLOCK_BYTES);
      end = next + TEXT_BLOCK_BYTES;
    }
    const at = next;
    next += bytes.length;
    shared.u8.set(bytes, at);
    shared.u32.set([bytes.length, at], pointer / 4);
    shared.u8.set(bytes.subarray(0, 8), pointer + 8);
  };
}

const WORDS = [
  'deposits',
  'carefully',
  'final',
  'requests',
  'sleep',
  'furiously',
  'ironic',
  'packages',
  'above',
  'the',
];
const word = (seed: number): string => WORDS[seed % WORDS.length]!;

const candidates: readonly Candidate[] = [
  {
    name: 'integer, distinct',
    type: INTEGER,
    plainBytes: 4,
    write: (pointer, row) => shared.view.setInt32(pointer, scramble(row), true),
  },
  {
    name: 'integer, 50 values',
    type: INTEGER,
    plainBytes: 4,
    write: (pointer, row) => shared.view.setInt32(pointer, scramble(row) % 50, true),
  },
  {
    name: 'bigint, ascending',
    type: BIGINT,
    plainBytes: 8,
    write: (pointer, row) => shared.view.setBigInt64(pointer, BigInt(row), true),
  },
  {
    name: 'decimal(15,2)',
    type: decimal(15, 2),
    plainBytes: 8,
    write: (pointer, row) => shared.view.setBigInt64(pointer, BigInt(scramble(row) % 10_000_000), true),
  },
  { name: 'text, 7 values', type: TEXT, plainBytes: 12, write: writeText((row) => word(scramble(row) % 7)) },
  {
    name: 'text, distinct',
    type: TEXT,
    plainBytes: 40,
    write: writeText((row) => {
      const seed = scramble(row);
      return `${word(seed)} ${word(seed >> 4)} ${word(seed >> 8)} ${row}`;
    }),
  },
];

function makeBatch({ type, write }: Candidate, start: number): Batch {
  const width = byteWidthOf(physicalTypeOf(type));
  const data = scope.allocateCleared(BATCH_ROWS * width);
  for (let row = 0; row < BATCH_ROWS; row++) write(data + row * width, start + row);
  const vector = new Vector(physicalTypeOf(type));
  vector.setFlat(data, 0);
  return { rowCount: BATCH_ROWS, columns: [vector] };
}

async function writeAll(batches: readonly Batch[], type: SqlType, options: ParquetWriterOptions): Promise<number> {
  const writer = new ParquetFileWriter({
    shared,
    kernels,
    owner: shared.createOwner(),
    sink: { write: async () => {} },
    columns: [{ name: 'value', type, nullable: true }],
    options,
  });
  for (const batch of batches) if (writer.append(batch)) await writer.flushRowGroup();
  const { byteLength } = await writer.close();
  writer.dispose();
  return byteLength;
}

const variants: Readonly<Record<string, ParquetWriterOptions>> = {
  none: { compression: 'none' },
  snappy: { compression: 'snappy' },
  'snappy, no dictionary': { compression: 'snappy', dictionaryLimit: 0 },
  zstd: { compression: 'zstd' },
};

/** ns per value and MB/s of PLAIN bytes, by compression, and without a dictionary; medians of five rounds. */
export const benchmark: MicroBenchmark = async () => {
  const figures: CandidateFigures[] = [];
  const rows: string[][] = [];
  for (const candidate of candidates) {
    const batches = Array.from({ length: ROW_COUNT / BATCH_ROWS }, (_, index) =>
      makeBatch(candidate, index * BATCH_ROWS),
    );
    for (const [variant, options] of Object.entries(variants)) {
      const times: number[] = [];
      let byteLength = 0;
      for (let round = 0; round <= ROUNDS; round++) {
        const started = performance.now();
        byteLength = await writeAll(batches, candidate.type, options);
        if (round > 0) times.push(performance.now() - started);
      }
      const nsPerRow = (median(times) * 1e6) / ROW_COUNT;
      const name = `${candidate.name}, ${variant}`;
      figures.push({ title: TITLE, name, nsPerRow });
      const megabytesPerSecond = (candidate.plainBytes * 1000) / nsPerRow;
      rows.push([name, nsPerRow.toFixed(2), megabytesPerSecond.toFixed(0), (byteLength / ROW_COUNT).toFixed(2)]);
    }
    scope.reset();
  }
  scope.free();
  printTable([TITLE, 'ns/value', 'MB/s', 'bytes/value'], rows);
  return figures;
};
