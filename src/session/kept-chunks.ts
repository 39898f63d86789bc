import { userError } from '../common/errors.js';
import { skipDataRows } from '../exec/result/data-rows.js';
import type { ResultChunk } from '../exec/result/result-format.js';
import type { SpillDirectory } from '../storage/spill/spill-directory.js';
import { readSpillFile, SpillFile } from '../storage/spill/spill-file.js';

/** What is kept in memory, the heap of JavaScript; what comes then goes to disk, where the limit of spilling counts it. */
const MAX_BYTES_IN_MEMORY = 4 * 2 ** 20;

interface KeptChunk {
  /** Counted from 1. */
  readonly firstRow: number;
  readonly rowCount: number;
  readonly byteLength: number;
  /** Undefined where they are in the file, from `offset` on. */
  readonly bytes: Uint8Array | undefined;
  readonly offset: number;
}

/** Encoded rows, in their order, any stretch of which can be had again. */
export class KeptChunks {
  rowCount = 0;
  private readonly directory: SpillDirectory;
  private readonly chunks: KeptChunk[] = [];
  private bytesInMemory = 0;
  private file: SpillFile | undefined;
  /** The chunk of the file that was read last: FETCH comes row by row. */
  private last: { readonly chunk: KeptChunk; readonly bytes: Uint8Array } | undefined;

  constructor(directory: SpillDirectory) {
    this.directory = directory;
  }

  push({ bytes, rowCount }: ResultChunk): void {
    const isKept = this.bytesInMemory + bytes.byteLength <= MAX_BYTES_IN_MEMORY;
    if (isKept) this.bytesInMemory += bytes.byteLength;
    else this.file ??= SpillFile.create(this.directory);
    this.chunks.push({
      firstRow: this.rowCount + 1,
      rowCount,
      byteLength: bytes.byteLength,
      bytes: isKept ? bytes : undefined,
      offset: isKept ? 0 : this.file!.append(bytes),
    });
    this.rowCount += rowCount;
  }

  /** Rows `first` … `last`, counted from 1; the last one first where it goes backward. */
  *rows(first: number, last: number, backward: boolean): Generator<ResultChunk, void, void> {
    if (last < first) return;
    const step = backward ? -1 : 1;
    const [begin, end] = [this.indexOf(first), this.indexOf(last)];
    for (let index = backward ? end : begin; index >= begin && index <= end; index += step) {
      const chunk = this.chunks[index];
      if (chunk === undefined) {
        throw userError('34000', 'the cursor was closed before all of its rows were taken', {
          hint: 'Take the rows of FETCH before CLOSE and the end of the block.',
        });
      }
      const bytes = this.bytesOf(chunk);
      const from = Math.max(first, chunk.firstRow);
      const rowCount = Math.min(last, chunk.firstRow + chunk.rowCount - 1) - from + 1;
      const start = skipDataRows(bytes, 0, from - chunk.firstRow);
      const part = bytes.subarray(start, skipDataRows(bytes, start, rowCount));
      yield { bytes: backward ? reversed(part, rowCount) : part, rowCount };
    }
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
    this.last = undefined;
    this.chunks.length = 0;
  }

  /** The place of the chunk that has a row. */
  private indexOf(row: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.chunks[middle]!.firstRow <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private bytesOf(chunk: KeptChunk): Uint8Array {
    if (chunk.bytes !== undefined) return chunk.bytes;
    if (this.last?.chunk !== chunk) {
      const bytes = new Uint8Array(chunk.byteLength);
      readSpillFile(this.file!.descriptor, chunk.offset, bytes);
      this.last = { chunk, bytes };
    }
    return this.last.bytes;
  }
}

/** The same rows, the last one first. */
function reversed(bytes: Uint8Array, rowCount: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  let start = 0;
  let end = bytes.length;
  for (let row = 0; row < rowCount; row++) {
    const next = skipDataRows(bytes, start, 1);
    end -= next - start;
    result.set(bytes.subarray(start, next), end);
    start = next;
  }
  return result;
}
