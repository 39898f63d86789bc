import { type MillraceError, notSupportedError, userError } from '../common/errors.js';
import type { Executor } from '../exec/executor.js';
import { skipDataRows } from '../exec/result/data-rows.js';
import type { ResultChunk, ResultFormat } from '../exec/result/result-format.js';
import type { RunningQuery } from '../exec/running-query.js';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';
import type { ResultColumn } from './session.js';

export interface CursorOptions {
  readonly name: string;
  readonly plan: PhysicalNode;
  readonly columns: readonly ResultColumn[];
  /** WITH HOLD: it outlives its transaction block. */
  readonly hold: boolean;
  /** Savepoints that were open when it was declared. */
  readonly savepoints: number;
}

/**
 * DECLARE … CURSOR: a query that makes progress as rows are fetched, and only forward. It reads the files that its tables
 * had when it was declared, and begins with the first FETCH, whose format is that of all.
 */
export class Cursor {
  readonly options: CursorOptions;
  isInBlock = true;
  private readonly executor: Executor;
  private query: RunningQuery | undefined;
  private format: string | undefined;
  private chunks: AsyncIterator<ResultChunk> | undefined;
  private pending: ResultChunk | undefined;
  private isAtEnd = false;
  /** Rows that have been fetched or skipped. */
  private position = 0;

  constructor(executor: Executor, options: CursorOptions) {
    this.executor = executor;
    this.options = options;
  }

  get rowsBefore(): number {
    return this.position;
  }

  /** Skips rows, then gives up to `count`. */
  async *fetch(skip: number, count: number, format: ResultFormat): AsyncGenerator<ResultChunk, void, void> {
    this.begin(format);
    await this.skip(skip);
    for (let left = count; left > 0; ) {
      const part = await this.take(left);
      if (part === undefined) return;
      left -= part.rowCount;
      yield part;
    }
  }

  /** Goes over rows; answers how many there were. */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count) {
      const part = await this.take(count - skipped);
      if (part === undefined) break;
      skipped += part.rowCount;
    }
    return skipped;
  }

  cancel(reason: MillraceError): void {
    this.query?.cancel(reason);
  }

  async close(): Promise<void> {
    await this.query?.close();
  }

  /** For MOVE, whose caller gets no rows; what it goes over is in the format that most clients will ask for. */
  beginAsText(format: ResultFormat): void {
    if (this.query !== undefined) return;
    const formatCodes = this.options.columns.map(() => 0 as const);
    const timeZone = format.kind === 'postgres' ? format.timeZone : undefined;
    this.begin({ kind: 'postgres', formatCodes, timeZone });
  }

  protected begin(format: ResultFormat): void {
    if (format.kind !== 'postgres') {
      throw notSupportedError('the rows of a cursor cannot be fetched in this format', {
        hint: 'Read the rows of the query itself: they come as a stream.',
      });
    }
    const key = JSON.stringify([format.formatCodes, format.timeZone ?? null]);
    if (this.query === undefined) {
      this.query = this.executor.start(this.options.plan, { format });
      this.chunks = this.query.chunks();
      this.format = key;
    } else if (this.format !== key) {
      throw notSupportedError(`cursor "${this.options.name}" gives its rows in the format of its first FETCH`, {
        hint: 'Ask for text or binary as before, and change TimeZone before the first FETCH only.',
      });
    }
  }

  protected async take(most: number): Promise<ResultChunk | undefined> {
    if (!(await this.pull())) return undefined;
    const { bytes, rowCount } = this.pending!;
    if (rowCount <= most) {
      this.position += rowCount;
      const whole = this.pending;
      this.pending = undefined;
      return whole;
    }
    const end = skipDataRows(bytes, 0, most);
    this.pending = { bytes: bytes.subarray(end), rowCount: rowCount - most };
    this.position += most;
    return { bytes: bytes.subarray(0, end), rowCount: most };
  }

  /** Makes `pending` hold rows; false at the end. */
  private async pull(): Promise<boolean> {
    while (this.pending === undefined && !this.isAtEnd) {
      const next = await this.chunks!.next();
      if (next.done) this.isAtEnd = true;
      else if (next.value.rowCount > 0) this.pending = next.value;
    }
    return this.pending !== undefined;
  }
}

/** The cursors of a session, by name. */
export class Cursors {
  private readonly byName = new Map<string, Cursor>();

  find(name: string): Cursor {
    const cursor = this.byName.get(name);
    if (cursor !== undefined) return cursor;
    throw userError('34000', `cursor "${name}" does not exist`, {
      hint: 'Cursors end with their transaction block, unless they are declared WITH HOLD.',
    });
  }

  assertFree(name: string): void {
    if (!this.byName.has(name)) return;
    throw userError('42P03', `cursor "${name}" already exists`, { hint: 'Close it first.' });
  }

  add(cursor: Cursor): void {
    this.byName.set(cursor.options.name, cursor);
  }

  async close(name: string): Promise<void> {
    const cursor = this.find(name);
    this.byName.delete(name);
    await cursor.close();
  }

  async closeAll(): Promise<void> {
    await this.closeWhere(() => true);
  }

  async endBlock(outcome: 'committed' | 'rolled back'): Promise<void> {
    await this.closeWhere(({ isInBlock, options }) => isInBlock && (outcome === 'rolled back' || !options.hold));
    for (const cursor of this.byName.values()) cursor.isInBlock = false;
  }

  /** Closes those that were declared behind a savepoint. */
  async rollBackTo(savepoints: number): Promise<void> {
    await this.closeWhere(({ isInBlock, options }) => isInBlock && options.savepoints >= savepoints);
  }

  private async closeWhere(matches: (cursor: Cursor) => boolean): Promise<void> {
    const closed = [...this.byName.values()].filter(matches);
    for (const { options } of closed) this.byName.delete(options.name);
    await Promise.all(closed.map((cursor) => cursor.close()));
  }
}
