import { gzipSync } from 'node:zlib';
import { bugError } from '../../common/errors.js';
import { loadZstd } from '../compression/zstd.js';
import type { ParquetCompression } from './parquet-format.js';
import type { WriterWorkspace } from './writer-workspace.js';

/** Compresses bytes that lie in the shared memory; the result never does. */
export type PageCompressor = (pointer: number, byteLength: number) => Uint8Array;

export async function createPageCompressor(
  compression: ParquetCompression,
  workspace: WriterWorkspace,
): Promise<PageCompressor> {
  const { u8 } = workspace.shared;
  switch (compression) {
    case 'none':
      return (pointer, byteLength) => u8.slice(pointer, pointer + byteLength);
    case 'gzip':
      return (pointer, byteLength) => gzipSync(u8.slice(pointer, pointer + byteLength));
    case 'zstd': {
      const zstd = await loadZstd();
      return (pointer, byteLength) => zstd.compress(u8.subarray(pointer, pointer + byteLength));
    }
    case 'snappy':
      return (pointer, byteLength) => compressSnappy(workspace, pointer, byteLength);
  }
}

function compressSnappy(workspace: WriterWorkspace, pointer: number, byteLength: number): Uint8Array {
  const { kernels, pool, shared, compressedPage } = workspace;
  const capacity = kernels.snappyMaxCompressedLength(byteLength) >>> 0;
  pool.reserve(compressedPage, capacity);
  const length = kernels.snappyCompress(pointer, byteLength, compressedPage.pointer, capacity, workspace.snappyTable);
  if (length < 0) throw bugError('the buffer for a compressed page is too small');
  return shared.u8.slice(compressedPage.pointer, compressedPage.pointer + length);
}
