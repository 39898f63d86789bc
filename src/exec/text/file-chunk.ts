import { resourceError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { CsvFormat } from '../../planner/text-format.js';
import type { RandomAccessFile } from '../../storage/object-store.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { QuoteStates } from './quote-states.js';
import type { TextChunk } from './text-chunk.js';
import { TEXT_CHUNK_BYTES, type TextMorsel } from './text-morsels.js';

/** Read beyond the end of a chunk for its last record; doubled until it suffices. */
const TAIL_BYTES = 64 * 1024;
const MAX_RECORD_BYTES = 2 ** 28;
const COUNT_BYTES = 2 ** 20;
const NEWLINE = 10;
const BACKSLASH = 92;

/** What decides where records begin. Numbers are bytes, 0 for none. */
export interface RecordSyntax {
  readonly delimiter: number;
  readonly quote: number;
  readonly escapeByte: number;
}

export function syntaxOf(format: CsvFormat): RecordSyntax {
  const byte = (text: string): number => (text === '' ? 0 : text.charCodeAt(0));
  const { delimiter, quote, escapeCharacter, hasBackslashes } = format;
  if (hasBackslashes) return { delimiter: byte(delimiter), quote: 0, escapeByte: BACKSLASH };
  return { delimiter: byte(delimiter), quote: byte(quote), escapeByte: byte(escapeCharacter) };
}

export interface FileChunkOptions {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  readonly scope: Scope;
  readonly file: RandomAccessFile;
  readonly morsel: TextMorsel;
  readonly morselIndex: number;
  readonly syntax: RecordSyntax;
  /** Undefined where nothing can be quoted. */
  readonly states: QuoteStates | undefined;
}

/**
 * A stretch of a file that can be read from anywhere. It begins at a *cut*: the first place at or behind its nominal start
 * where neither the byte before nor the one after is a quote or an escape, so that the state there is one of two.
 *
 *     … , a , " b \n c " , d \n e , f …
 *       ▲ nominal start  ▲ cut       ▲ first record: behind the first line end that no quotes enclose
 */
export class FileChunk implements TextChunk {
  position = 0;
  limit = 0;
  end = 0;
  readonly isFileStart: boolean;
  private readonly options: FileChunkOptions;
  /** Where the bytes at `base` lie in the file. */
  private offset = 0;
  private base = 0;
  private tailBytes = TAIL_BYTES;

  private constructor(options: FileChunkOptions) {
    this.options = options;
    this.isFileStart = options.morsel.chunk === 0;
  }

  static async open(options: FileChunkOptions): Promise<FileChunk> {
    const chunk = new FileChunk(options);
    const start = chunk.nominalStart;
    await chunk.load(Math.max(0, start - 1));
    const cut = chunk.cutAt(start);
    const next = chunk.cutAt(chunk.nominalEnd);
    chunk.limit = next;
    await chunk.findFirstRecord(cut, next);
    return chunk;
  }

  get isLast(): boolean {
    return this.offset + (this.end - this.base) === this.options.file.byteLength;
  }

  private get nominalStart(): number {
    return this.options.morsel.chunk! * TEXT_CHUNK_BYTES;
  }

  private get nominalEnd(): number {
    return Math.min(this.options.file.byteLength, this.nominalStart + TEXT_CHUNK_BYTES);
  }

  private async load(offset: number): Promise<void> {
    const { shared, scope, file } = this.options;
    const end = Math.min(file.byteLength, this.nominalEnd + this.tailBytes);
    const byteLength = end - offset;
    this.offset = offset;
    this.base = scope.allocate(byteLength + 64);
    this.end = this.base + byteLength;
    await file.read(offset, shared.u8.subarray(this.base, this.end));
  }

  private cutAt(nominal: number): number {
    const { shared, syntax } = this.options;
    const { quote, escapeByte } = syntax;
    let at = this.base + nominal - this.offset;
    if (nominal === 0) return at;
    const isSpecial = (byte: number): boolean => byte !== 0 && (byte === quote || byte === escapeByte);
    while (at < this.end && (isSpecial(shared.u8[at - 1]!) || isSpecial(shared.u8[at]!))) at++;
    return at;
  }

  private async findFirstRecord(cut: number, next: number): Promise<void> {
    const { kernels, shared, syntax, states, morselIndex, morsel } = this.options;
    const { delimiter, quote, escapeByte } = syntax;
    const isOpen = morsel.chunk === 0 ? false : states === undefined ? false : await states.wait(morselIndex);
    if (isOpen === undefined) {
      this.position = next;
      return;
    }
    if (states !== undefined && morsel.chunk! + 1 < morsel.chunkCount) {
      const isOpenAfter = kernels.quoteStateAfter(cut, next, Number(isOpen), delimiter, quote, escapeByte);
      states.tell(morselIndex + 1, isOpenAfter === 1);
    }
    if (morsel.chunk === 0 || (!isOpen && shared.u8[cut - 1] === NEWLINE)) this.position = cut;
    else {
      const first = kernels.nextRecord(cut, next, Number(isOpen), delimiter, quote, escapeByte) >>> 0;
      this.position = first === 0 ? next : first;
    }
  }

  async more(): Promise<void> {
    this.tailBytes *= 2;
    if (this.tailBytes > MAX_RECORD_BYTES) {
      throw resourceError('54000', `a record of "${this.options.file.path}" is longer than ${MAX_RECORD_BYTES} bytes`, {
        detail: `It begins in line ${await this.lineOf(this.position)}.`,
        hint: 'A quote that is never closed makes the rest of a file one field: name another quote.',
      });
    }
    const limit = this.offsetOf(this.limit);
    const position = this.offsetOf(this.position);
    await this.load(position);
    this.position = this.base;
    this.limit = this.base + limit - position;
  }

  private offsetOf(pointer: number): number {
    return this.offset + pointer - this.base;
  }

  /** Counts the line ends before it, from the start of the file: only for errors. */
  async lineOf(pointer: number): Promise<number> {
    const { file } = this.options;
    const offset = this.offsetOf(pointer);
    const buffer = Buffer.alloc(Math.min(COUNT_BYTES, Math.max(1, offset)));
    let line = 1;
    for (let at = 0; at < offset; at += buffer.length) {
      const piece = buffer.subarray(0, Math.min(buffer.length, offset - at));
      await file.read(at, piece);
      for (let found = piece.indexOf(NEWLINE); found >= 0; found = piece.indexOf(NEWLINE, found + 1)) line++;
    }
    return line;
  }

  async close(): Promise<void> {}
}
