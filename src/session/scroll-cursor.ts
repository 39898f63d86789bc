import type { Executor } from '../exec/executor.js';
import type { ResultChunk, ResultFormat } from '../exec/result/result-format.js';
import type { FetchCursorStatement } from '../parser/index.js';
import { Cursor, type CursorOptions } from './cursors.js';
import { KeptChunks } from './kept-chunks.js';

export type Motion = Pick<FetchCursorStatement, 'direction' | 'count'>;

/** Rows `first` … `last`, counted from 1, the last one first where it goes backward; none where `last` is less. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly backward: boolean;
}

const NOTHING: Stretch = { first: 1, last: 0, backward: false };

/** DECLARE … SCROLL CURSOR: keeps the rows that it has fetched, and goes back over them. */
export class ScrollCursor extends Cursor {
  private readonly kept: KeptChunks;
  /** The row it stands on; 0 before the first, one more than there are behind the last. */
  private at = 0;

  constructor(executor: Executor, options: CursorOptions) {
    super(executor, options);
    this.kept = new KeptChunks(executor.spillDirectory);
  }

  /** Moves, and gives the rows that it comes over: for FORWARD and BACKWARD all of them, else the one it stops at. */
  async *scroll(motion: Motion, format: ResultFormat): AsyncGenerator<ResultChunk, void, void> {
    this.begin(format);
    const { first, last, backward } = await this.move(motion);
    yield* this.kept.rows(first, last, backward);
  }

  /** Only moves; answers how many rows there were. */
  async count(motion: Motion, format: ResultFormat): Promise<number> {
    this.beginAsText(format);
    const { first, last } = await this.move(motion);
    return Math.max(0, last - first + 1);
  }

  override async close(): Promise<void> {
    await super.close();
    this.kept.close();
  }

  private async move({ direction, count }: Motion): Promise<Stretch> {
    const rows = count === 'all' ? Number.POSITIVE_INFINITY : count;
    switch (direction) {
      case 'forward':
        return rows < 0 ? this.backward(-rows) : await this.forward(rows);
      case 'backward':
        return rows < 0 ? await this.forward(-rows) : this.backward(rows);
      case 'absolute':
        if (rows >= 0) return await this.goTo(rows);
        await this.readTo(Number.POSITIVE_INFINITY);
        return await this.goTo(this.kept.rowCount + 1 + rows);
      case 'relative':
        return rows === 0 ? this.current() : await this.goTo(this.at + rows);
    }
  }

  private async forward(count: number): Promise<Stretch> {
    if (count === 0) return this.current();
    await this.readTo(this.at + count);
    const first = this.at + 1;
    const last = Math.min(this.kept.rowCount, this.at + count);
    this.at = Math.min(this.at + count, this.kept.rowCount + 1);
    return { first, last, backward: false };
  }

  private backward(count: number): Stretch {
    if (count === 0) return this.current();
    const last = this.at - 1;
    const first = Math.max(1, this.at - count);
    this.at = Math.max(0, this.at - count);
    return { first, last, backward: true };
  }

  private async goTo(row: number): Promise<Stretch> {
    await this.readTo(row);
    this.at = Math.max(0, Math.min(row, this.kept.rowCount + 1));
    return this.current();
  }

  private current(): Stretch {
    if (this.at < 1 || this.at > this.kept.rowCount) return NOTHING;
    return { first: this.at, last: this.at, backward: false };
  }

  private async readTo(row: number): Promise<void> {
    while (this.kept.rowCount < row) {
      const chunk = await this.take(Number.POSITIVE_INFINITY);
      if (chunk === undefined) return;
      this.kept.push(chunk);
    }
  }
}
