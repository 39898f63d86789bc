import { resourceError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { TextCompression } from '../../planner/text-format.js';
import type { RandomAccessFile } from '../../storage/object-store.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { TextChunk } from './text-chunk.js';
import { TEXT_CHUNK_BYTES } from './text-morsels.js';
import { textPieces } from './text-pieces.js';

const MAX_RECORD_BYTES = 2 ** 28;
const NEWLINE = 10;

export interface StreamedChunkOptions {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  readonly scope: Scope;
  readonly file: RandomAccessFile;
  readonly compression: TextCompression;
}

/** A file that can only be read from its start on, such as a compressed one: `more` goes on with it. */
export class StreamedChunk implements TextChunk {
  position: number;
  end: number;
  isLast = false;
  isFileStart = true;
  private readonly options: StreamedChunkOptions;
  private readonly pieces: AsyncIterator<Uint8Array>;
  /** What of the last piece found no room. */
  private rest: Uint8Array = new Uint8Array();
  private base: number;
  private capacity = TEXT_CHUNK_BYTES;
  /** Line ends before `base`. */
  private linesBefore = 0;

  private constructor(options: StreamedChunkOptions) {
    const { file, compression, scope } = options;
    this.options = options;
    this.pieces = textPieces(file, compression);
    this.base = scope.allocate(this.capacity + 64);
    this.position = this.base;
    this.end = this.base;
  }

  static async open(options: StreamedChunkOptions): Promise<StreamedChunk> {
    const chunk = new StreamedChunk(options);
    await chunk.fill();
    return chunk;
  }

  /** Whatever begins here is this chunk's. */
  get limit(): number {
    return this.end;
  }

  async more(): Promise<void> {
    const { shared, kernels, scope, file } = this.options;
    this.isFileStart = false;
    this.linesBefore += kernels.countByte(this.base, this.position, NEWLINE);
    const remaining = this.end - this.position;
    if (remaining * 2 > this.capacity) {
      if (remaining > MAX_RECORD_BYTES) {
        throw resourceError('54000', `a record of "${file.path}" is longer than ${MAX_RECORD_BYTES} bytes`, {
          detail: `It begins in line ${this.linesBefore + 1}.`,
          hint: 'A quote that is never closed makes the rest of a file one field: name another quote.',
        });
      }
      this.capacity *= 2;
      this.base = scope.allocate(this.capacity + 64);
    }
    shared.u8.copyWithin(this.base, this.position, this.end);
    this.position = this.base;
    this.end = this.base + remaining;
    await this.fill();
  }

  private async fill(): Promise<void> {
    const { u8 } = this.options.shared;
    const full = this.base + this.capacity;
    while (this.end < full) {
      if (this.rest.length === 0) {
        const next = await this.pieces.next();
        if (next.done) {
          this.isLast = true;
          return;
        }
        this.rest = next.value;
      }
      const part = this.rest.subarray(0, full - this.end);
      u8.set(part, this.end);
      this.end += part.length;
      this.rest = this.rest.subarray(part.length);
    }
  }

  async lineOf(pointer: number): Promise<number> {
    return this.linesBefore + this.options.kernels.countByte(this.base, pointer, NEWLINE) + 1;
  }

  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}
