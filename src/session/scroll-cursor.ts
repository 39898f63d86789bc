import { notSupportedError } from '../common/errors.js';
import { skipDataRows } from '../exec/result/data-rows.js';
import type { ResultChunk, ResultFormat } from '../exec/result/result-format.js';
import type { FetchCursorStatement } from '../parser/index.js';
import { Cursor } from './cursors.js';

/** What a cursor may keep of the rows that it has fetched. */
const MAX_KEPT_BYTES = 512 * 2 ** 20;

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
  private readonly kept: (ResultChunk & { readonly firstRow: number })[] = [];
  private keptRows = 0;
  private keptBytes = 0;
  /** The row it stands on; 0 before the first, one more than there are behind the last. */
  private at = 0;

  /** Moves, and gives the rows that it comes over: for FORWARD and BACKWARD all of them, else the one it stops at. */
  async *scroll(motion: Motion, format: ResultFormat): AsyncGenerator<ResultChunk, void, void> {
    this.begin(format);
    yield* this.rowsOf(await this.move(motion));
  }

  /** Only moves; answers how many rows there were. */
  async count(motion: Motion, format: ResultFormat): Promise<number> {
    this.beginAsText(format);
    const { first, last } = await this.move(motion);
    return Math.max(0, last - first + 1);
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
        return await this.goTo(this.keptRows + 1 + rows);
      case 'relative':
        return rows === 0 ? this.current() : await this.goTo(this.at + rows);
    }
  }

  private async forward(count: number): Promise<Stretch> {
    if (count === 0) return this.current();
    await this.readTo(this.at + count);
    const first = this.at + 1;
    const last = Math.min(this.keptRows, this.at + count);
    this.at = Math.min(this.at + count, this.keptRows + 1);
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
    this.at = Math.max(0, Math.min(row, this.keptRows + 1));
    return this.current();
  }

  private current(): Stretch {
    if (this.at < 1 || this.at > this.keptRows) return NOTHING;
    return { first: this.at, last: this.at, backward: false };
  }

  private async readTo(row: number): Promise<void> {
    while (this.keptRows < row) {
      const chunk = await this.take(Number.POSITIVE_INFINITY);
      if (chunk === undefined) return;
      this.kept.push({ ...chunk, firstRow: this.keptRows + 1 });
      this.keptRows += chunk.rowCount;
      this.keptBytes += chunk.bytes.length;
      if (this.keptBytes > MAX_KEPT_BYTES) {
        throw notSupportedError(`cursor "${this.options.name}" would keep more than 512 MiB of rows to go back over`, {
          hint: 'Declare it NO SCROLL, or put the rows into a temporary table.',
        });
      }
    }
  }

  private *rowsOf({ first, last, backward }: Stretch): Generator<ResultChunk, void, void> {
    const chunks = this.kept.filter(({ firstRow, rowCount }) => firstRow <= last && firstRow + rowCount > first);
    for (const { bytes, firstRow, rowCount } of backward ? chunks.toReversed() : chunks) {
      const from = Math.max(first, firstRow);
      const to = Math.min(last, firstRow + rowCount - 1);
      const start = skipDataRows(bytes, 0, from - firstRow);
      const part = bytes.subarray(start, skipDataRows(bytes, start, to - from + 1));
      yield { bytes: backward ? reversed(part, to - from + 1) : part, rowCount: to - from + 1 };
    }
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
