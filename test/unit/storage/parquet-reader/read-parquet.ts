import { open } from 'node:fs/promises';
import { type Kernels, loadKernels } from '../../../../src/kernels/kernels.js';
import type { RandomAccessFile } from '../../../../src/storage/object-store.js';
import type { FileDigest } from '../../../../src/storage/parquet-reader/chunk-keeper.js';
import type { ColumnSource } from '../../../../src/storage/parquet-reader/column-source.js';
import type { ParquetMetadata } from '../../../../src/storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../../../src/storage/parquet-reader/read-footer.js';
import { RowGroupReader } from '../../../../src/storage/parquet-reader/row-group-reader.js';
import { byteWidthOf, type PhysicalType, physicalTypeOf } from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { SharedMemory } from '../../../../src/vector/shared-memory.js';
import { BATCH_ROWS } from '../../../../src/vector/vector.js';

/** A value as tests compare it: strings as latin1 text, 64 and 128 bits as bigint, intervals as "m d µs". */
export type TestValue = null | boolean | number | bigint | string;

export interface ReadOptions {
  /** Rows of each window, cycled through. */
  readonly windows?: readonly number[];
  /** Which rows of a window to keep; default all, without a selection. */
  readonly select?: (row: number) => boolean;
  /** Windows (by number) to skip. */
  readonly skip?: (window: number) => boolean;
  readonly useCodes?: boolean;
  readonly columns?: readonly number[];
  /** Where it is given, decompressed chunks are kept under it. */
  readonly digest?: FileDigest | undefined;
  /** How many row groups to read; default all. */
  readonly rowGroups?: number;
}

export interface Engine {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
}

export function createEngine(byteLength: number = 512 * 2 ** 20): Engine {
  const shared = SharedMemory.create(byteLength, { checked: true });
  return { shared, kernels: loadKernels(shared.memory) };
}

export async function openTestFile(path: string): Promise<RandomAccessFile> {
  const handle = await open(path);
  const { size } = await handle.stat();
  return {
    path,
    byteLength: size,
    async read(offset, target) {
      let at = 0;
      while (at < target.length) {
        const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
        if (bytesRead === 0) throw new Error(`read past the end of ${path}`);
        at += bytesRead;
      }
    },
    async assertUnchanged() {},
    close: () => handle.close(),
  };
}

export function bytesFile(path: string, bytes: Uint8Array): RandomAccessFile {
  return {
    path,
    byteLength: bytes.length,
    async read(offset, target) {
      if (offset < 0 || offset + target.length > bytes.length) throw new RangeError('read outside the file');
      target.set(bytes.subarray(offset, offset + target.length));
    },
    async assertUnchanged() {},
    async close() {},
  };
}

/** Every column of a file as values; skipped and deselected rows are left out. */
export async function readParquet(
  file: RandomAccessFile,
  engine: Engine,
  options: ReadOptions = {},
): Promise<{ metadata: ParquetMetadata; columns: Map<string, TestValue[]> }> {
  const metadata = await readFooter(file);
  const columns = new Map<string, TestValue[]>();
  const numbers = options.columns ?? metadata.columns.map((_, index) => index);
  for (const number of numbers) columns.set(metadata.columns[number]!.name, []);
  for (let group = 0; group < (options.rowGroups ?? metadata.rowGroups.length); group++) {
    const scope = new Scope(engine.shared, engine.shared.createOwner());
    const reader = new RowGroupReader(engine.shared, engine.kernels, scope, file, metadata, group, options.digest);
    try {
      await reader.fetch(numbers);
      for (const number of numbers) {
        const { name, type } = metadata.columns[number]!;
        readChunk(
          engine,
          scope,
          reader.column(number),
          reader.rowCount,
          physicalTypeOf(type!),
          options,
          columns.get(name)!,
        );
      }
    } finally {
      await reader.settle();
      scope.free();
    }
  }
  return { metadata, columns };
}

function readChunk(
  { shared, kernels }: Engine,
  scope: Scope,
  reader: ColumnSource,
  rowCount: number,
  physical: PhysicalType,
  options: ReadOptions,
  into: TestValue[],
): void {
  const windows = options.windows ?? [BATCH_ROWS];
  const selection = scope.allocate(BATCH_ROWS * 4);
  const target = { data: scope.allocate(BATCH_ROWS * 16), validity: scope.allocate(BATCH_ROWS) };
  const gathered = scope.allocate(BATCH_ROWS * 16);
  for (let row = 0, window = 0; row < rowCount; window++) {
    let count = Math.min(windows[window % windows.length]!, rowCount - row);
    const dictionary = options.useCodes ? reader.dictionary : undefined;
    if (dictionary !== undefined) count = Math.min(count, reader.runRows());
    if (options.skip?.(window)) {
      reader.skip(count);
      row += count;
      continue;
    }
    let selected = count;
    if (options.select !== undefined) {
      selected = 0;
      for (let index = 0; index < count; index++) {
        if (options.select(row + index)) shared.u32[(selection >>> 2) + selected++] = index;
      }
    }
    const at = window % 3 === 0 && count < BATCH_ROWS - 5 ? 5 : 0;
    const pointer = options.select === undefined ? 0 : selection;
    let data = target.data;
    let hasNulls: boolean;
    if (dictionary === undefined) {
      hasNulls = reader.read(count, pointer, selected, target, at);
    } else {
      hasNulls = reader.readCodes(count, pointer, selected, target, at);
      const width = byteWidthOf(physical);
      for (let index = 0; index < selected; index++) {
        const code = shared.u32[(target.data >>> 2) + at + index]!;
        if (code >= dictionary.size) throw new Error('a code is out of range');
        kernels.copyBytes(dictionary.data + code * width, width, gathered + (at + index) * width);
      }
      data = gathered;
    }
    for (let index = at; index < at + selected; index++) {
      const isValid = shared.u8[target.validity + index] === 1;
      if (!isValid && !hasNulls) throw new Error('a NULL where none was announced');
      into.push(isValid ? valueAt(shared, physical, data, index) : null);
    }
    row += count;
  }
}

function valueAt({ view, u8 }: SharedMemory, physical: PhysicalType, data: number, index: number): TestValue {
  const at = data + index * byteWidthOf(physical);
  switch (physical) {
    case 'bool':
      if (u8[at]! > 1) throw new Error('a boolean is neither 0 nor 1');
      return u8[at] === 1;
    case 'i32':
      return view.getInt32(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    case 'i128':
      return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
    case 'interval':
      return `${view.getInt32(at, true)} ${view.getInt32(at + 4, true)} ${view.getBigInt64(at + 8, true)}`;
    case 'uuid':
      return Buffer.from(u8.slice(at, at + 16)).toString('hex');
    case 'string': {
      const length = view.getUint32(at, true);
      const pointer = view.getUint32(at + 4, true);
      for (let byte = 0; byte < 8; byte++) {
        const expected = byte < length ? u8[pointer + byte] : 0;
        if (u8[at + 8 + byte] !== expected) throw new Error('the prefix of a view is wrong');
      }
      return Buffer.from(u8.buffer, pointer, length).toString('latin1');
    }
  }
}
