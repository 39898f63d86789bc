import type { Kernels } from '../../kernels/kernels.js';
import type { CsvFormat } from '../../planner/text-format.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import { syntaxOf } from './file-chunk.js';
import type { RecordFailure, RecordSplitter, SplitRecords } from './record-splitter.js';
import type { TextChunk } from './text-chunk.js';

/** See `assembly/text-records.ts`. */
const TASK_BYTES = 56;
const LAST = 1;
const SKIP_BLANK = 2;
const BACKSLASH = 4;
const ANY_COUNT = 8;
const PAD = 16;
const MORE = 1;
const FAILURES: readonly (RecordFailure['kind'] | undefined)[] = [
  undefined,
  undefined,
  'count',
  'unterminated',
  'after quote',
];

/** Cuts the records of CSV and of PostgreSQL's text format. */
export class CsvSplitter implements RecordSplitter {
  readonly fields: number;
  readonly starts: number;
  readonly stride: number = BATCH_ROWS * 8;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly task: number;
  private readonly columns: number;
  private readonly flags: number;
  private fieldCount = 0;

  /** `maxFields`: the most fields that a record of any of the files has. */
  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    scope: Scope,
    format: CsvFormat,
    columnCount: number,
    maxFields: number,
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.fields = scope.allocate(Math.max(1, columnCount) * this.stride);
    this.starts = scope.allocate(BATCH_ROWS * 4);
    this.columns = scope.allocate(maxFields * 4);
    this.task = scope.allocateCleared(TASK_BYTES);
    const { hasBackslashes, skipsBlankLines, padsRecords } = format;
    this.flags = (hasBackslashes ? BACKSLASH : 0) | (skipsBlankLines ? SKIP_BLANK : 0) | (padsRecords ? PAD : 0);
    const { delimiter, quote, escapeByte } = syntaxOf(format);
    shared.u8.set([delimiter, quote, escapeByte, 0], this.task + 16);
    shared.u32.set([this.columns, this.fields, this.stride, 0, this.starts], this.task / 4 + 6);
  }

  openFile(fieldCount: number, columns: readonly number[]): void {
    this.fieldCount = fieldCount;
    this.shared.i32.fill(-1, this.columns / 4, this.columns / 4 + fieldCount);
    for (const [column, field] of columns.entries()) {
      if (field >= 0) this.shared.i32[this.columns / 4 + field] = column;
    }
  }

  split(chunk: TextChunk, maxRecords: number = BATCH_ROWS): SplitRecords {
    return this.run(chunk, maxRecords, this.fieldCount, this.flags);
  }

  /** Passes over the header, and tells its fields as text; undefined when the chunk does not hold all of it. */
  readHeader(chunk: TextChunk, columns: number): readonly string[] | undefined {
    const { shared } = this;
    const start = chunk.position;
    this.shared.i32.fill(-1, this.columns / 4, this.columns / 4 + columns);
    const { count, needsMore } = this.run(chunk, 1, columns, this.flags | ANY_COUNT);
    if (needsMore && !chunk.isLast) return undefined;
    if (count === 0) return [];
    const names: string[] = [];
    const end = chunk.position;
    const bytes = Buffer.from(shared.u8.slice(start, end)).toString('utf8');
    const u8 = shared.u8;
    const [delimiter, quote] = [u8[this.task + 16]!, u8[this.task + 17]!];
    let field = '';
    let isQuoted = false;
    for (let at = 0; at < bytes.length; at++) {
      const character = bytes[at]!;
      if (isQuoted) {
        if (character.charCodeAt(0) !== quote) field += character;
        else if (bytes[at + 1]?.charCodeAt(0) === quote) field += bytes[++at];
        else isQuoted = false;
      } else if (quote !== 0 && field === '' && character.charCodeAt(0) === quote) isQuoted = true;
      else if (character.charCodeAt(0) === delimiter) {
        names.push(field);
        field = '';
      } else if (character !== '\n' && character !== '\r') field += character;
    }
    names.push(field);
    return names;
  }

  private run(chunk: TextChunk, maxRecords: number, fieldCount: number, flags: number): SplitRecords {
    const { shared, kernels, task } = this;
    const words = task / 4;
    const from = chunk.position;
    shared.u32.set([from, chunk.limit, chunk.end, flags | (chunk.isLast ? LAST : 0)], words);
    shared.u32[words + 5] = fieldCount;
    shared.u32[words + 9] = maxRecords;
    const count = kernels.splitRecords(task);
    chunk.position = shared.u32[words]!;
    const status = shared.u32[words + 11]!;
    const kind = FAILURES[status];
    const failure =
      kind === undefined ? undefined : { kind, found: shared.u32[words + 12]!, start: shared.u32[words + 13]! };
    return { count, from, needsMore: status === MORE, failure };
  }
}
