import { corruptError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SpillFile } from '../../storage/spill/spill-file.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { CHUNK_BYTES } from '../../vector/shared-memory.js';
import { BLOCK_HEADER_BYTES } from '../rows/row-layout.js';
import type { SpillContext } from './spill-context.js';

/*
 * A block on disk: its body and its heap, each compressed with Snappy, without what is unused between them. The body is
 * what grows up from behind the header: rows, or columns.
 *
 *    0  u32 bytes of the body        4  u32 rows              8  u32 bytes of heap      12  u32 chunks of the block
 *   16  u32 bytes of the body, compressed                    20  u32 bytes of heap, compressed
 *   24  f64 offset of the previous frame of the chain        32  u32 its bytes (0: this is the first)
 *   36  u32 the last word of the block's header             40  body, then heap
 */
export const FRAME_HEADER_BYTES = 40;

/** Where a frame lies in a file; `byteLength` 0 is no frame. */
export interface FramePlace {
  readonly offset: number;
  readonly byteLength: number;
}

export interface WrittenFrame extends FramePlace {
  readonly rowCount: number;
  readonly blockBytes: number;
}

/** Header words of a block in memory: see `rows/row-layout.ts` and `columns/column-layout.ts`. */
const ROWS = 1;
const BODY_END = 2;
const HEAP_START = 3;
const CHUNKS = 4;
const LAST = 5;

export function writeFrame(context: SpillContext, file: SpillFile, block: number, previous: FramePlace): WrittenFrame {
  const { kernels, shared } = context;
  const { u32, u8 } = shared;
  const header = block / 4;
  const rowCount = u32[header + ROWS]!;
  const bodyBytes = u32[header + BODY_END]! - BLOCK_HEADER_BYTES;
  const chunks = u32[header + CHUNKS]!;
  const heapStart = u32[header + HEAP_START]!;
  const heapBytes = chunks * CHUNK_BYTES - heapStart;
  const capacity = kernels.snappyMaxCompressedLength(bodyBytes) + kernels.snappyMaxCompressedLength(heapBytes);
  const frame = context.frameBuffer(FRAME_HEADER_BYTES + capacity);
  const compress = (source: number, byteLength: number, target: number): number =>
    byteLength === 0
      ? 0
      : kernels.snappyCompress(
          source,
          byteLength,
          target,
          kernels.snappyMaxCompressedLength(byteLength),
          context.compressionTable,
        );
  const body = compress(block + BLOCK_HEADER_BYTES, bodyBytes, frame + FRAME_HEADER_BYTES);
  const heap = compress(block + heapStart, heapBytes, frame + FRAME_HEADER_BYTES + body);
  u32.set([bodyBytes, rowCount, heapBytes, chunks, body, heap], frame / 4);
  shared.f64[frame / 8 + 3] = previous.offset;
  u32[frame / 4 + 8] = previous.byteLength;
  u32[frame / 4 + 9] = u32[header + LAST]!;
  const byteLength = FRAME_HEADER_BYTES + body + heap;
  const offset = file.append(u8.subarray(frame, frame + byteLength));
  return { offset, byteLength, rowCount, blockBytes: chunks * CHUNK_BYTES };
}

/** Chunks of the block that a frame read to `frame` unpacks to. */
export function chunksOfFrame(shared: SharedMemory, frame: number): number {
  return shared.u32[frame / 4 + 3]!;
}

export function previousOf(shared: SharedMemory, frame: number): FramePlace {
  return { offset: shared.f64[frame / 8 + 3]!, byteLength: shared.u32[frame / 4 + 8]! };
}

/** Room that unpacking a frame needs beside the block: the decompressor writes past the end of what it makes. */
export function scratchBytesOf(shared: SharedMemory, frame: number): number {
  const { u32 } = shared;
  return Math.max(u32[frame / 4]!, u32[frame / 4 + 2]!);
}

/**
 * Unpacks a frame into the chunks at `block`, which then are a block with no next; by way of `scratch`, which holds
 * `scratchBytesOf` the frame and is padded.
 */
export function unpackFrame(
  shared: SharedMemory,
  kernels: Kernels,
  frame: number,
  scratch: number,
  block: number,
): void {
  const { u32 } = shared;
  const [bodyBytes, rowCount, heapBytes, chunks, packedBody, packedHeap] = u32.subarray(
    frame / 4,
    frame / 4 + 6,
  ) as unknown as [number, number, number, number, number, number];
  const heapStart = chunks * CHUNK_BYTES - heapBytes;
  const body = frame + FRAME_HEADER_BYTES;
  const decompress = (source: number, sourceBytes: number, target: number, targetBytes: number): void => {
    if (targetBytes === 0) return;
    if (kernels.snappyDecompress(source, sourceBytes, scratch, targetBytes) !== targetBytes) {
      throw corruptError('a spill file was damaged while it was in use', {
        hint: 'Check the disk of the spill directory, and run the query again.',
      });
    }
    kernels.copyBytes(scratch, targetBytes, target);
  };
  decompress(body, packedBody, block + BLOCK_HEADER_BYTES, bodyBytes);
  decompress(body + packedBody, packedHeap, block + heapStart, heapBytes);
  const last = u32[frame / 4 + 9]!;
  u32.set([0, rowCount, BLOCK_HEADER_BYTES + bodyBytes, heapStart, chunks, last], block / 4);
}
