import * as zlib from 'node:zlib';
import { corruptError } from '../../common/errors.js';

/** Zstandard over whole buffers. Input may lie in shared memory; output never does. */
export interface Zstd {
  /** One frame that states its content size. `level` is 1 to 19. */
  compress(bytes: Uint8Array, level?: number): Uint8Array;
  /** Exactly `byteLength` bytes, or an XX001 error. */
  decompress(bytes: Uint8Array, byteLength: number): Uint8Array;
}

const DEFAULT_LEVEL = 3;
/** What a frame says when it does not state its size. */
const UNKNOWN_SIZE = -1;

let loadingWebAssembly: Promise<Zstd> | undefined;

/** Node's own zstd where it has one (22.15 and later), otherwise WebAssembly, loaded on first use. */
export function loadZstd(): Promise<Zstd> {
  return 'zstdDecompressSync' in zlib ? Promise.resolve(nodeZstd()) : loadWebAssemblyZstd();
}

/** Exported for tests. Once only: the package's `init` may not run a second time. */
export function loadWebAssemblyZstd(): Promise<Zstd> {
  loadingWebAssembly ??= instantiateWebAssemblyZstd();
  return loadingWebAssembly;
}

interface ZlibWithZstd {
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
  zstdCompressSync(bytes: Uint8Array, options: { params: Record<number, number> }): Uint8Array;
  zstdDecompressSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

function nodeZstd(): Zstd {
  const node = zlib as unknown as ZlibWithZstd;
  return {
    compress(bytes, level = DEFAULT_LEVEL) {
      return node.zstdCompressSync(copyOutOfSharedMemory(bytes), {
        params: { [node.constants.ZSTD_c_compressionLevel]: level },
      });
    },
    decompress(bytes, byteLength) {
      return decompressExactly(bytes, byteLength, (input) =>
        // A limit of 0 is refused.
        node.zstdDecompressSync(copyOutOfSharedMemory(input), { maxOutputLength: Math.max(1, byteLength) }),
      );
    },
  };
}

async function instantiateWebAssemblyZstd(): Promise<Zstd> {
  const { init, compress, decompress } = await import('@bokuweb/zstd-wasm');
  await init();
  return {
    compress: (bytes, level = DEFAULT_LEVEL) => compress(bytes as Uint8Array<ArrayBuffer>, level),
    decompress: (bytes, byteLength) =>
      decompressExactly(bytes, byteLength, (input) =>
        decompress(input as Uint8Array<ArrayBuffer>, { defaultHeapSize: Math.max(1, byteLength) }),
      ),
  };
}

function decompressExactly(
  bytes: Uint8Array,
  byteLength: number,
  decompress: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  // The library allocates what the frame claims: a lying frame must not get that far.
  const claimed = frameContentSize(bytes);
  if (claimed !== UNKNOWN_SIZE && claimed !== byteLength) {
    throw corruptError(`zstd frame holds ${claimed} bytes instead of ${byteLength}`);
  }
  let output: Uint8Array;
  try {
    output = decompress(bytes);
  } catch (error) {
    throw corruptError('zstd data is corrupted', { cause: error });
  }
  if (output.length !== byteLength) {
    throw corruptError(`zstd data holds ${output.length} bytes instead of ${byteLength}`);
  }
  return output;
}

/** The size in the header of the first frame (RFC 8878, 3.1.1.1), or UNKNOWN_SIZE. */
function frameContentSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) throw corruptError('zstd data has no frame header');
  const descriptor = bytes[4]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const at = 5 + (singleSegment ? 0 : 1) + dictionaryIdBytes;
  if (at + sizeBytes > bytes.length) throw corruptError('zstd frame header is truncated');
  switch (sizeBytes) {
    case 1:
      return bytes[at]!;
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    default:
      return UNKNOWN_SIZE;
  }
}

function copyOutOfSharedMemory(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}
