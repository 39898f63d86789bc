import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { corruptError, notSupportedError } from '../../common/errors.js';
import type { TextCompression } from '../../planner/text-format.js';
import type { RandomAccessFile } from '../../storage/object-store.js';

const READ_BYTES = 2 ** 20;

/** The bytes of a file from its start on, decompressed; a piece is valid until the next is asked for. */
export async function* textPieces(
  file: RandomAccessFile,
  compression: TextCompression,
): AsyncGenerator<Uint8Array, void, void> {
  if (compression === 'none') {
    yield* rawPieces(file);
    return;
  }
  const decompressor = compression === 'gzip' ? zlib.createGunzip() : createZstd(file.path);
  const source = Readable.from(rawPieces(file));
  source.on('error', (error) => decompressor.destroy(error));
  try {
    for await (const piece of source.pipe(decompressor)) yield piece as Uint8Array;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw corruptError(`"${file.path}" is no whole ${compression} file: ${cause.message}`, { cause });
  } finally {
    source.destroy();
    decompressor.destroy();
  }
}

async function* rawPieces(file: RandomAccessFile): AsyncGenerator<Uint8Array, void, void> {
  for (let offset = 0; offset < file.byteLength; offset += READ_BYTES) {
    // A new one each time: a decompressor reads it later.
    const piece = new Uint8Array(Math.min(READ_BYTES, file.byteLength - offset));
    await file.read(offset, piece);
    yield piece;
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof code === 'string' && /^Z(STD)?_/.test(code);
}

function createZstd(path: string): NodeJS.ReadWriteStream & { destroy(error?: Error): void } {
  const { createZstdDecompress } = zlib as unknown as {
    readonly createZstdDecompress?: () => NodeJS.ReadWriteStream & { destroy(error?: Error): void };
  };
  if (createZstdDecompress !== undefined) return createZstdDecompress();
  throw notSupportedError(`this version of Node.js cannot read "${path}": zstd streams came with 22.15`, {
    hint: 'Use a newer Node.js, or compress the file with gzip.',
  });
}
