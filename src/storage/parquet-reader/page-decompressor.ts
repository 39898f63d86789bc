import { gunzipSync } from 'node:zlib';
import { corruptError, notSupportedError, resourceError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { Zstd } from '../compression/zstd.js';

/** Snappy copies at most 64 bytes with a tag of two bytes. */
const MAX_SNAPPY_RATIO = 32;
/** Each further byte of a length stands for at most 255 bytes. */
const MAX_LZ4_RATIO = 256;
const MAX_ALLOCATION_BYTES = 0x7fff0000;

/** Decompresses pages of one codec from the shared memory into the shared memory. */
export class PageDecompressor {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly codec: string;
  private readonly zstd: Zstd | undefined;

  constructor(shared: SharedMemory, kernels: Kernels, codec: string, zstd: Zstd | undefined) {
    this.shared = shared;
    this.kernels = kernels;
    this.codec = codec;
    this.zstd = zstd;
  }

  /**
   * The address of exactly `uncompressedByteLength` bytes: in place if nothing is compressed, otherwise in what
   * `allocate` gives once the sizes have been found plausible.
   */
  decompress(
    pointer: number,
    byteLength: number,
    uncompressedByteLength: number,
    allocate: (byteLength: number) => number,
  ): number {
    switch (this.codec) {
      case 'UNCOMPRESSED':
        if (byteLength !== uncompressedByteLength) {
          throw corruptError(`it has ${byteLength} bytes instead of ${uncompressedByteLength}`);
        }
        return pointer;
      case 'SNAPPY': {
        if (uncompressedByteLength > byteLength * MAX_SNAPPY_RATIO) throw corruptError('its Snappy data is too short');
        const target = allocate(uncompressedByteLength);
        if (this.kernels.snappyDecompress(pointer, byteLength, target, uncompressedByteLength) < 0) {
          throw corruptError('its Snappy data is malformed');
        }
        return target;
      }
      case 'LZ4_RAW': {
        if (uncompressedByteLength > byteLength * MAX_LZ4_RATIO) throw corruptError('its LZ4 data is too short');
        const target = allocate(uncompressedByteLength);
        if (this.kernels.lz4Decompress(pointer, byteLength, target, uncompressedByteLength) < 0) {
          throw corruptError('its LZ4 data is malformed');
        }
        return target;
      }
      case 'GZIP':
        return this.copyIn(this.gunzip(pointer, byteLength, uncompressedByteLength), allocate);
      case 'ZSTD': {
        const bytes = this.shared.u8.subarray(pointer, pointer + byteLength);
        return this.copyIn(this.zstd!.decompress(bytes, uncompressedByteLength), allocate);
      }
      default:
        throw unsupportedCodecError(this.codec);
    }
  }

  private gunzip(pointer: number, byteLength: number, uncompressedByteLength: number): Uint8Array {
    let bytes: Uint8Array;
    try {
      bytes = gunzipSync(this.shared.u8.slice(pointer, pointer + byteLength), {
        maxOutputLength: Math.max(1, uncompressedByteLength),
      });
    } catch (error) {
      throw corruptError('its gzip data is malformed', { cause: error });
    }
    if (bytes.length !== uncompressedByteLength) {
      throw corruptError(`its gzip data holds ${bytes.length} bytes instead of ${uncompressedByteLength}`);
    }
    return bytes;
  }

  private copyIn(bytes: Uint8Array, allocate: (byteLength: number) => number): number {
    const target = allocate(bytes.length);
    this.shared.u8.set(bytes, target);
    return target;
  }
}

const SUPPORTED_CODECS: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'LZ4_RAW']);

export function isSupportedCodec(codec: string): boolean {
  return SUPPORTED_CODECS.has(codec);
}

export function unsupportedCodecError(codec: string): Error {
  return notSupportedError(`Parquet files compressed with ${codec} cannot be read`, {
    hint: 'Write the file with snappy, zstd, gzip, lz4_raw or no compression.',
  });
}

/** As `scope.allocate`, for sizes that a file claims. */
export function allocateClaimed(scope: Scope, byteLength: number): number {
  if (byteLength > MAX_ALLOCATION_BYTES) {
    throw resourceError('53200', `out of memory: a page of a Parquet file needs ${byteLength} bytes at once`);
  }
  return scope.allocate(byteLength);
}
