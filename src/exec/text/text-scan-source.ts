import { userError } from '../../common/errors.js';
import type { ConstantValue } from '../../planner/expression.js';
import type { TextScanNode } from '../../planner/physical/physical-plan.js';
import type { RandomAccessFile } from '../../storage/object-store.js';
import { openPinnedFile } from '../../storage/open-pinned-file.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { Vector } from '../../vector/vector.js';
import { createCounters, type LaneContext, type Operator, type Source } from '../operators/operator.js';
import type { OperatorCounters } from '../query-block.js';
import { ZEROS } from '../rows/vector-source.js';
import { writeConstant } from '../rows/write-constant.js';
import { CsvSplitter } from './csv-splitter.js';
import { FileChunk, type RecordSyntax, syntaxOf } from './file-chunk.js';
import { JsonSplitter } from './json-splitter.js';
import { QuoteStates } from './quote-states.js';
import type { RecordSplitter, SplitRecords } from './record-splitter.js';
import { StreamedChunk } from './streamed-chunk.js';
import type { TextChunk } from './text-chunk.js';
import { type FieldSyntax, TextColumn } from './text-column.js';
import { encodingError, recordError, valueError } from './text-errors.js';
import { listTextMorsels, type TextMorsel } from './text-morsels.js';

interface OpenChunk {
  readonly morsel: TextMorsel;
  readonly file: RandomAccessFile;
  readonly chunk: TextChunk;
  readonly scope: Scope;
}

/** One JSON value a line: a line end within a string is written as an escape. */
const LINES: RecordSyntax = { delimiter: 0, quote: 0, escapeByte: 0 };
const QUOTED = 0x80000000;
const ESCAPED = 0x40000000;
const LENGTH = 0x1fffffff;
const NEWLINE = 10;

/**
 * Reads text files chunk by chunk: cuts records into the fields of the columns that are wanted, reads these as values, and
 * pushes them. The next chunk is fetched while the present one is computed.
 */
export class TextScanSource implements Source {
  private readonly context: LaneContext;
  private readonly node: TextScanNode;
  private readonly next: Operator;
  private readonly morsels: readonly TextMorsel[];
  private readonly columns: readonly (TextColumn | undefined)[];
  private readonly splitter: RecordSplitter;
  private readonly syntax: FieldSyntax;
  private readonly recordSyntax: RecordSyntax;
  private readonly counters: OperatorCounters;
  private readonly heap: Scope;
  private readonly states: QuoteStates | undefined;
  private readonly scopes: [Scope, Scope];
  private readonly constants = new Map<string, Vector>();
  private current: OpenChunk | undefined;
  private upcoming: Promise<OpenChunk | undefined> | undefined;
  private parity = 0;
  private needsMore = false;

  constructor(context: LaneContext, node: TextScanNode, next: Operator) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    this.morsels = listTextMorsels(node);
    this.columns = node.scanColumns.map((column) =>
      column.kind === 'field' ? new TextColumn(shared, kernels, scope, column.type, node.zone) : undefined,
    );
    const { format } = node;
    this.splitter = createSplitter(context, node);
    this.recordSyntax = format.kind === 'csv' ? syntaxOf(format) : LINES;
    const nullStrings = format.kind === 'csv' ? format.nullStrings : [];
    this.syntax = {
      nulls: this.writeNulls(nullStrings),
      nullCount: nullStrings.length,
      emptyIsNull: format.kind === 'csv' && format.emptyIsNull,
      escapeByte: this.recordSyntax.escapeByte,
    };
    this.counters = createCounters(context, node.id);
    this.heap = new Scope(shared, owner);
    const canQuote = this.recordSyntax.quote !== 0;
    this.states = canQuote ? new QuoteStates(context, node.id, this.morsels.length) : undefined;
    this.scopes = [new Scope(shared, owner), new Scope(shared, owner)];
  }

  step(): boolean | Promise<boolean> {
    const { current } = this;
    if (current === undefined) return this.advance();
    if (this.needsMore) {
      this.needsMore = false;
      return current.chunk.more().then(() => true);
    }
    const { chunk } = current;
    if (chunk.position >= chunk.limit) {
      if (chunk.limit === chunk.end && !chunk.isLast && current.morsel.chunk === undefined) {
        this.needsMore = true;
        return true;
      }
      return this.leaveChunk(current);
    }
    this.heap.reset();
    const split = this.splitter.split(chunk);
    this.needsMore = split.needsMore;
    return this.handOn(current, split);
  }

  private handOn(current: OpenChunk, split: SplitRecords): boolean | Promise<boolean> {
    const { format } = this.node;
    const { failure } = split;
    const bad = this.findInvalidText(current.chunk, split);
    if (bad !== 0) return this.failEncoding(current, bad);
    const outcome = this.readColumns(current, split.count);
    if (typeof outcome !== 'number') return outcome;
    if (outcome > 0) this.push(current, outcome);
    // Behind a broken object of a list nobody knows where the next begins.
    const canGoOn = format.ignoresErrors && !(format.kind === 'json' && format.layout === 'values');
    if (failure === undefined || canGoOn) return true;
    return this.failRecord(current, failure);
  }

  private findInvalidText(chunk: TextChunk, { from }: SplitRecords): number {
    if (!this.columns.some((column) => column?.type.kind === 'text' || column?.type.kind === 'json')) return 0;
    return this.context.kernels.findInvalidText(from, chunk.position) >>> 0;
  }

  /** The number of rows that are left, which is smaller where some are left out. */
  private readColumns(current: OpenChunk, count: number): number | Promise<boolean> {
    const { splitter, syntax, heap } = this;
    const { fields: numbers } = current.morsel.file.text;
    let rows = count;
    for (let column = 0; column < this.columns.length; column++) {
      const target = this.columns[column];
      const scanned = this.node.scanColumns[column]!;
      if (target === undefined || scanned.kind !== 'field') continue;
      if (numbers[scanned.field]! < 0) {
        target.setMissing(rows);
        continue;
      }
      const fields = splitter.fields + column * splitter.stride;
      this.unescape(fields, rows, target.type);
      const declined = target.read(fields, rows, syntax, heap);
      if (declined === 0) continue;
      const outcome = this.readDeclined(current, column, declined, rows);
      if (typeof outcome !== 'number') return outcome;
      if (outcome === rows) continue;
      rows = outcome;
      column = -1; // rows have moved: all columns are read again
    }
    return rows;
  }

  /** Replaces escapes that all types have; doubled quotes are left to texts. */
  private unescape(fields: number, count: number, type: SqlType): void {
    const { kernels } = this.context;
    const { format } = this.node;
    if (format.kind === 'csv' ? !format.hasBackslashes : type.kind === 'json') return;
    const room = kernels.escapedBytes(fields, count);
    if (room === 0) return;
    if (format.kind === 'csv') kernels.unescapeBackslashes(fields, count, this.heap.allocate(room));
    else kernels.unescapeJson(fields, count, this.heap.allocate(room));
  }

  /** What kernels leave: rare forms of values, and what is no value. Answers how many rows there are then. */
  private readDeclined(current: OpenChunk, column: number, declined: number, count: number): number | Promise<boolean> {
    const { shared } = this.context;
    const target = this.columns[column]!;
    const rows = shared.u32.slice(target.declined / 4, target.declined / 4 + declined);
    const dropped: number[] = [];
    for (const row of rows) {
      const text = this.textOf(column, row);
      try {
        const value = target.parse(text) as Exclude<ConstantValue, null>;
        writeConstant(shared, this.heap, target.vector.physical, value, target.valueAt(row));
      } catch (thrown) {
        if (!this.node.format.ignoresErrors) return this.failValue(current, column, row, text, thrown);
        dropped.push(row);
      }
    }
    return dropped.length === 0 ? count : this.dropRecords(dropped, count);
  }

  /** Closes the gaps that records leave which cannot be read. */
  private dropRecords(dropped: readonly number[], count: number): number {
    const { fields, stride, starts } = this.splitter;
    const { u32 } = this.context.shared;
    const gone = new Set(dropped);
    let to = 0;
    for (let from = 0; from < count; from++) {
      if (gone.has(from)) continue;
      u32[starts / 4 + to] = u32[starts / 4 + from]!;
      for (let column = 0; column < this.columns.length; column++) {
        const at = (fields + column * stride) / 4;
        u32[at + to * 2] = u32[at + from * 2]!;
        u32[at + to * 2 + 1] = u32[at + from * 2 + 1]!;
      }
      to++;
    }
    return to;
  }

  private textOf(column: number, row: number): string {
    const { u8, u32 } = this.context.shared;
    const at = (this.splitter.fields + column * this.splitter.stride) / 4 + row * 2;
    const [pointer, length] = [u32[at]!, u32[at + 1]!];
    const text = Buffer.from(u8.slice(pointer, pointer + (length & LENGTH))).toString('utf8');
    if ((length & ESCAPED) === 0 || (length & QUOTED) === 0) return text;
    const escapeByte = String.fromCharCode(this.syntax.escapeByte);
    return text.replaceAll(new RegExp(`[${escapeByte === '\\' ? '\\\\' : escapeByte}](.)`, 'gs'), '$1');
  }

  private push(current: OpenChunk, rowCount: number): void {
    const { scanColumns } = this.node;
    const columns = this.columns.map((column, index) => {
      const scanned = scanColumns[index]!;
      return column?.vector ?? this.constantOf(current.morsel, scanned.kind === 'partition' ? scanned.partition : 0);
    });
    this.counters.addBatch(rowCount);
    this.next.push({ rowCount, columns });
  }

  private constantOf({ file, fileIndex }: TextMorsel, partition: number): Vector {
    const key = `${fileIndex} ${partition}`;
    let vector = this.constants.get(key);
    if (vector !== undefined) return vector;
    const { shared, scope } = this.context;
    const { type, value } = file.partitionValues[partition]!;
    vector = new Vector(physicalTypeOf(type));
    if (value === null) vector.setConstant(ZEROS, ZEROS);
    else {
      const data = scope.allocate(byteWidthOf(vector.physical));
      writeConstant(shared, scope, vector.physical, value, data);
      vector.setConstant(data, 0);
    }
    this.constants.set(key, vector);
    return vector;
  }

  private async failRecord(
    { chunk, file, morsel }: OpenChunk,
    failure: NonNullable<SplitRecords['failure']>,
  ): Promise<never> {
    const line = await chunk.lineOf(failure.start);
    const end = this.context.kernels.findEither(failure.start, chunk.end, NEWLINE, NEWLINE) >>> 0;
    const text = Buffer.from(this.context.shared.u8.slice(failure.start, Math.min(end, failure.start + 1000)));
    throw recordError(failure, morsel.file.text.fieldCount, file.path, line, text.toString('utf8').trimEnd());
  }

  private async failValue(
    { chunk, file }: OpenChunk,
    column: number,
    row: number,
    text: string,
    thrown: unknown,
  ): Promise<never> {
    const { u32 } = this.context.shared;
    const scanned = this.node.scanColumns[column]!;
    // Its field, not its record: a record may have several lines. Unescaped bytes lie elsewhere.
    const field = u32[(this.splitter.fields + column * this.splitter.stride) / 4 + row * 2]!;
    const start = u32[this.splitter.starts / 4 + row]!;
    const line = await chunk.lineOf(field >= start && field < chunk.end ? field : start);
    throw valueError(thrown, text, scanned.kind === 'field' ? scanned.name : '', file.path, line);
  }

  private async failEncoding({ chunk, file }: OpenChunk, pointer: number): Promise<never> {
    const bytes = this.context.shared.u8.slice(pointer, Math.min(chunk.end, pointer + 3));
    throw encodingError(bytes, file.path, await chunk.lineOf(pointer));
  }

  private async advance(): Promise<boolean> {
    const present = await (this.upcoming ?? this.openNext());
    this.upcoming = undefined;
    if (present === undefined) return false;
    this.current = present;
    const { text } = present.morsel.file;
    await this.passHeader(present);
    const columns = this.node.scanColumns.map((column) => (column.kind === 'field' ? text.fields[column.field]! : -1));
    this.splitter.openFile(text.fieldCount, columns);
    const upcoming = this.openNext();
    upcoming.catch(() => undefined); // reported when it is its turn
    this.upcoming = upcoming;
    return true;
  }

  /** Byte order mark, lines to skip, and the header, which must be the one that was planned with. */
  private async passHeader({ chunk, file, morsel }: OpenChunk): Promise<void> {
    const { format } = this.node;
    if (!chunk.isFileStart) return;
    const { shared, kernels } = this.context;
    const { u8 } = shared;
    const at = chunk.position;
    if (chunk.end - at >= 3 && u8[at] === 0xef && u8[at + 1] === 0xbb && u8[at + 2] === 0xbf) chunk.position += 3;
    if (format.kind !== 'csv') return;
    for (let line = 0; line < format.skipLines; line++) {
      const next = kernels.nextRecord(chunk.position, chunk.end, 0, 0, 0, 0) >>> 0;
      chunk.position = next === 0 ? chunk.end : next;
    }
    if (!format.hasHeader) return;
    const { header, fieldCount } = morsel.file.text;
    const names = (this.splitter as CsvSplitter).readHeader(chunk, Math.max(fieldCount, header?.length ?? 0));
    if (names === undefined) throw userError('22P04', `the header of "${file.path}" is too long`);
    if (header === undefined || names.length === 0) return;
    const differs = header.findIndex((name, index) => name !== names[index]);
    if (differs < 0 && names.length === header.length) return;
    throw userError('42804', `the files have different columns: "${file.path}" has (${names.join(', ')})`, {
      detail: `The first file has (${header.join(', ')}).`,
      hint: 'Put columns together by their names with union_by_name => true.',
    });
  }

  private openNext(): Promise<OpenChunk | undefined> {
    const { block, pipeline } = this.context;
    if (block.cancelled || block.isStopped(pipeline)) return Promise.resolve(undefined);
    const morselIndex = block.takeMorsel(pipeline);
    const morsel = this.morsels[morselIndex];
    return morsel === undefined ? Promise.resolve(undefined) : this.openChunk(morsel, morselIndex);
  }

  private async openChunk(morsel: TextMorsel, morselIndex: number): Promise<OpenChunk> {
    const { shared, kernels } = this.context;
    const scope = this.scopes[this.parity]!;
    this.parity = 1 - this.parity;
    scope.reset();
    const { path, byteLength, version, text } = morsel.file;
    const file = await openPinnedFile({ path, byteLength, version });
    try {
      if (morsel.chunk === undefined) {
        const { compression } = text;
        const chunk = await StreamedChunk.open({ shared, kernels, scope, file, compression });
        return { morsel, file, chunk, scope };
      }
      const syntax = this.recordSyntax;
      const options = { shared, kernels, scope, file, morsel, morselIndex, syntax, states: this.states };
      return { morsel, file, chunk: await FileChunk.open(options), scope };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private async leaveChunk({ chunk, file, morsel }: OpenChunk): Promise<boolean> {
    this.current = undefined;
    this.counters.add('bytesRead', morsel.chunk === undefined ? file.byteLength : chunk.limit - chunk.position || 0);
    await chunk.close();
    await closeUnchanged(file, this.context.block.cancelled);
    return true;
  }

  async close(): Promise<void> {
    const upcoming = await this.upcoming?.catch(() => undefined);
    for (const opened of [upcoming, this.current]) {
      await opened?.chunk.close();
      if (opened !== undefined) await closeUnchanged(opened.file, true);
    }
    for (const scope of [...this.scopes, this.heap]) scope.free();
  }

  private writeNulls(texts: readonly string[]): number {
    const { shared, scope } = this.context;
    const nulls = scope.allocate(texts.length * 8);
    for (const [index, text] of texts.entries()) {
      const bytes = Buffer.from(text);
      const at = scope.allocate(bytes.length);
      shared.u8.set(bytes, at);
      shared.u32.set([at, bytes.length], nulls / 4 + index * 2);
    }
    return nulls;
  }
}

function createSplitter({ shared, kernels, scope }: LaneContext, node: TextScanNode): RecordSplitter {
  const { format, scanColumns, files } = node;
  if (format.kind === 'json') {
    const names = scanColumns.map((column) => (column.kind === 'field' ? column.name : undefined));
    return new JsonSplitter(shared, kernels, scope, format, names);
  }
  const maxFields = Math.max(1, ...files.map(({ text }) => Math.max(text.fieldCount, text.header?.length ?? 0)));
  return new CsvSplitter(shared, kernels, scope, format, scanColumns.length, maxFields);
}

/** What was read is only right if the file is still the one that was planned with. */
async function closeUnchanged(file: RandomAccessFile, isCancelled: boolean): Promise<void> {
  try {
    if (!isCancelled) await file.assertUnchanged();
  } finally {
    await file.close();
  }
}
