import type { PinnedFile } from '../../storage/object-store.js';
import { objectStoreFor } from '../../storage/open-object-store.js';
import type { ColumnSketch } from './column-sketch.js';
import { encodeStatistics, statisticsPath } from './statistics-file.js';

/** Adds columns to the statistics of a file; they appear whole or not at all. Answers the bytes that were written. */
export async function writeStatistics(
  folder: string,
  file: PinnedFile,
  columns: ReadonlyMap<string, ColumnSketch>,
): Promise<number> {
  const location = statisticsPath(folder, file);
  const store = objectStoreFor(location);
  const bytes = encodeStatistics(file, columns, await store.readSmallObject(location));
  const writer = await store.createWriter(location);
  try {
    await writer.write(bytes);
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return bytes.byteLength;
}
