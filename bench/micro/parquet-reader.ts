// Decodes every column of a Parquet file and prints what a value costs, bytes already in memory:
//   node build/bench/micro/parquet-reader.js FILE [repetitions]
import { open } from 'node:fs/promises';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { RandomAccessFile } from '../../src/storage/object-store.js';
import type { FlatColumn, ParquetMetadata } from '../../src/storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../src/storage/parquet-reader/read-footer.js';
import { RowGroupReader } from '../../src/storage/parquet-reader/row-group-reader.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS } from '../../src/vector/vector.js';

type Mode = 'flat' | 'codes' | 'selected';

const shared = SharedMemory.create(2 ** 31);
const kernels = loadKernels(shared.memory);
const scope = new Scope(shared, shared.createOwner());

async function openFile(path: string): Promise<RandomAccessFile> {
  const handle = await open(path);
  const { size } = await handle.stat();
  return {
    path,
    byteLength: size,
    async read(offset, target) {
      await handle.read(target, 0, target.length, offset);
    },
    async assertUnchanged() {},
    close: () => handle.close(),
  };
}

/** Nanoseconds to fetch and to decode all rows of a column. */
async function decode(
  file: RandomAccessFile,
  metadata: ParquetMetadata,
  column: number,
  mode: Mode,
  target: { data: number; validity: number },
  selection: number,
  selectedCount: number,
): Promise<{ fetchNs: number; decodeNs: number }> {
  let fetchNs = 0;
  let decodeNs = 0;
  for (let group = 0; group < metadata.rowGroups.length; group++) {
    const reader = new RowGroupReader(shared, kernels, scope, file, metadata, group);
    const started = process.hrtime.bigint();
    await reader.fetch([column]);
    const fetched = process.hrtime.bigint();
    const chunk = reader.column(column);
    for (let left = reader.rowCount; left > 0; ) {
      let rows = Math.min(left, BATCH_ROWS);
      if (mode === 'codes' && chunk.dictionary !== undefined) {
        rows = Math.min(rows, chunk.runRows());
        chunk.readCodes(rows, 0, 0, target, 0);
      } else if (mode === 'selected' && rows === BATCH_ROWS) {
        chunk.read(rows, selection, selectedCount, target, 0);
      } else {
        chunk.read(rows, 0, 0, target, 0);
      }
      left -= rows;
    }
    fetchNs += Number(fetched - started);
    decodeNs += Number(process.hrtime.bigint() - fetched);
    scope.reset();
  }
  return { fetchNs, decodeNs };
}

const [path, repetitionsText] = process.argv.slice(2);
if (path === undefined) throw new Error('which file?');
const repetitions = Number(repetitionsText ?? 5);
const file = await openFile(path);
const started = process.hrtime.bigint();
const metadata = await readFooter(file);
const footerMs = Number(process.hrtime.bigint() - started) / 1e6;
console.log(`${metadata.rowCount} rows, ${metadata.rowGroups.length} row groups, footer ${footerMs.toFixed(1)} ms`);
const memory = new Scope(shared, shared.createOwner());
const target = { data: memory.allocate(BATCH_ROWS * 16), validity: memory.allocate(BATCH_ROWS) };
const selection = memory.allocate(BATCH_ROWS * 4);
let selectedCount = 0;
for (let row = 0; row < BATCH_ROWS; row++) if (row % 10 === 3) shared.u32[(selection >>> 2) + selectedCount++] = row;

console.log('ns a row                     fetch   flat  codes  selected (1 of 10)');
for (const [index, column] of metadata.columns.entries()) {
  if (column.type === undefined) continue;
  const best = new Map<Mode | 'fetch', number>();
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const mode of ['flat', 'codes', 'selected'] as const) {
      const { fetchNs, decodeNs } = await decode(file, metadata, index, mode, target, selection, selectedCount);
      best.set(mode, Math.min(best.get(mode) ?? Number.POSITIVE_INFINITY, decodeNs));
      best.set('fetch', Math.min(best.get('fetch') ?? Number.POSITIVE_INFINITY, fetchNs));
    }
  }
  const cell = (mode: Mode | 'fetch') => (best.get(mode)! / metadata.rowCount).toFixed(2).padStart(7);
  const chunk = metadata.rowGroups[0]!.chunks[index]!;
  console.log(
    `${(column as FlatColumn).name.padEnd(24)}${cell('fetch')}${cell('flat')}${cell('codes')}${cell('selected')}   ${chunk.codec} ${chunk.encodings.join(',')} ${chunk.byteLength} → ${chunk.uncompressedByteLength}`,
  );
}
