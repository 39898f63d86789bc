import { createHash } from 'node:crypto';
import { corruptError } from '../../common/errors.js';
import { decodeStateFile, encodeStateFile } from '../../storage/commit/state-file.js';
import { joinLocation } from '../../storage/location.js';
import type { PinnedFile } from '../../storage/object-store.js';
import { formatType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { ColumnSketch, CommonValue, SketchValue } from './column-sketch.js';
import { decodeRegisters, encodeRegisters } from './hyper-log-log.js';

/*
 * The statistics of one file, for as many of its columns as were analysed:
 *
 *   { format: 'millrace column statistics', version: 1, path, byteLength, fileVersion, columns: [{ name, type, … }] }
 *
 * The version also stands for the hash function behind the registers: a change of one is a change of the other.
 */
const FORMAT = 'column statistics';
const VERSION = 1;

interface StoredColumn {
  readonly name: string;
  /** As PostgreSQL writes it; statistics of a column whose type has changed are of no use. */
  readonly type: string;
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  readonly low?: unknown;
  readonly high?: unknown;
  readonly registers: string;
  readonly common: readonly (readonly [unknown, number])[];
  readonly bounds: readonly unknown[];
}

interface StoredStatistics {
  readonly path: string;
  readonly byteLength: number;
  readonly fileVersion: string;
  readonly columns: readonly StoredColumn[];
}

/** Where the statistics of a file are: its name stands for path, size and version, so that a changed file has none. */
export function statisticsPath(folder: string, { path, byteLength, version }: PinnedFile): string {
  const key = createHash('sha256').update(`${path}\n${byteLength}\n${version}`).digest('hex');
  return joinLocation(folder, `${key.slice(0, 32)}.json`);
}

/**
 * The statistics of a file, with those of other columns that `before` has, if it is not damaged. `file.path` is relative
 * to the lake, so that a lake can be moved.
 */
export function encodeStatistics(
  file: PinnedFile,
  columns: ReadonlyMap<string, ColumnSketch>,
  before: Uint8Array | undefined,
): Uint8Array {
  const kept = otherColumns(file, columns, before);
  const content: StoredStatistics = {
    path: file.path,
    byteLength: file.byteLength,
    fileVersion: file.version,
    columns: [...kept, ...[...columns].map(([name, sketch]) => storedColumn(name, sketch))],
  };
  return encodeStateFile(FORMAT, VERSION, content);
}

function otherColumns(
  file: PinnedFile,
  columns: ReadonlyMap<string, ColumnSketch>,
  before: Uint8Array | undefined,
): readonly StoredColumn[] {
  if (before === undefined) return [];
  try {
    return contentOf(before, file.path, file).columns.filter((column) => !columns.has(column.name));
  } catch {
    return [];
  }
}

function contentOf(bytes: Uint8Array, location: string, file: PinnedFile): StoredStatistics {
  const content = decodeStateFile(bytes, FORMAT, VERSION, location) as StoredStatistics;
  if (content.path !== file.path || content.byteLength !== file.byteLength || content.fileVersion !== file.version) {
    throw corruptError(`"${location}" is about another file`, { hint: ANALYZE_HINT });
  }
  if (!Array.isArray(content.columns)) {
    throw corruptError(`"${location}" is damaged: it has no columns`, { hint: ANALYZE_HINT });
  }
  return content;
}

const ANALYZE_HINT = 'ANALYZE the table again.';

/**
 * The sketches of the columns that are wanted, by name, as far as the file has them in these types. Fails when the bytes
 * are damaged, of a newer version, or about another file.
 */
export function decodeStatistics(
  bytes: Uint8Array,
  location: string,
  file: PinnedFile,
  wanted: ReadonlyMap<string, SqlType>,
): Map<string, ColumnSketch> {
  const content = contentOf(bytes, location, file);
  const sketches = new Map<string, ColumnSketch>();
  try {
    for (const column of content.columns) {
      const type = wanted.get(column.name);
      if (type === undefined || formatType(type) !== column.type) continue;
      sketches.set(column.name, sketchOf(column, type));
    }
  } catch (cause) {
    throw corruptError(`"${location}" is damaged: ${(cause as Error).message}`, {
      hint: ANALYZE_HINT,
      cause,
    });
  }
  return sketches;
}

function storedColumn(name: string, sketch: ColumnSketch): StoredColumn {
  return {
    name,
    type: formatType(sketch.type),
    rows: sketch.rowCount,
    nulls: sketch.nullCount,
    distinct: sketch.distinctCount,
    low: storedValue(sketch.low),
    high: storedValue(sketch.high),
    registers: encodeRegisters(sketch.registers),
    common: sketch.common.map(({ value, rowCount }) => [storedValue(value), rowCount]),
    bounds: sketch.bounds.map(storedValue),
  };
}

/** JSON has neither bigints nor infinite numbers. */
function storedValue(value: SketchValue | undefined): unknown {
  const isPlain = typeof value !== 'bigint' && !(typeof value === 'number' && !Number.isFinite(value));
  return isPlain ? value : String(value);
}

function sketchOf(column: StoredColumn, type: SqlType): ColumnSketch {
  const registers = decodeRegisters(column.registers);
  if (registers === undefined) throw new Error(`column "${column.name}" has no registers`);
  const counts = [column.rows, column.nulls, column.distinct, ...column.common.map(([, rows]) => rows)];
  if (!counts.every((count) => Number.isFinite(count) && count >= 0)) {
    throw new Error(`column "${column.name}" has no counts`);
  }
  const decode = (stored: unknown): SketchValue => valueOfType(stored, type);
  return {
    type,
    rowCount: column.rows,
    nullCount: column.nulls,
    distinctCount: column.distinct,
    low: column.low === undefined ? undefined : decode(column.low),
    high: column.high === undefined ? undefined : decode(column.high),
    registers,
    common: column.common.map(([value, rowCount]): CommonValue => ({ value: decode(value), rowCount })),
    bounds: column.bounds.map(decode),
  };
}

function valueOfType(stored: unknown, type: SqlType): SketchValue {
  switch (physicalTypeOf(type)) {
    case 'bool':
      return stored === true;
    case 'i32':
    case 'f32':
    case 'f64':
      return Number(stored);
    case 'i64':
    case 'i128':
      return BigInt(stored as string);
    default:
      if (typeof stored !== 'string') throw new Error('a value is no text');
      return stored;
  }
}
