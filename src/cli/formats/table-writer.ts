import { decodeTextRows, type TextRow } from '../../exec/result/decode-text-rows.js';
import type { ResultChunk, ResultColumn } from '../../session/session.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { formatDuration } from '../format-duration.js';
import type { Output } from '../output.js';
import { isNumeric, type ResultWriter, textFormat } from './result-writer.js';
import {
  fitColumns,
  formatHeader,
  formatRecord,
  formatTableRow,
  measureColumns,
  type TableColumn,
  type TableStyle,
} from './table-layout.js';

/** Columns are as wide as the values in so many rows; those behind them are written as they come. */
const MEASURED_ROWS = 2000;

/** A table for people. */
export class TableWriter implements ResultWriter {
  readonly chunkFormat: typeof textFormat = textFormat;
  private readonly output: Output;
  private readonly style: TableStyle;
  private columns: readonly TableColumn[] = [];
  private waiting: TextRow[] = [];
  /** Undefined for records; nothing has been written while `waiting` is in use. */
  private widths: readonly number[] | undefined;
  private hasBegun = false;
  private rowNumber = 0;

  constructor(output: Output) {
    this.output = output;
    this.style = { width: output.width, useColor: output.isTerminal && process.env.NO_COLOR === undefined };
  }

  begin(columns: readonly ResultColumn[]): void {
    this.columns = columns.map((column) => ({
      name: column.name,
      alignRight: isNumeric(column),
      mayBeCut: physicalTypeOf(column.type) === 'string',
    }));
    this.waiting = [];
    this.hasBegun = false;
    this.rowNumber = 0;
  }

  async writeChunk(chunk: ResultChunk): Promise<void> {
    const rows = decodeTextRows(chunk.bytes);
    if (this.hasBegun) return await this.writeRows(rows);
    for (const row of rows) {
      this.waiting.push(row);
      if (this.waiting.length < MEASURED_ROWS) continue;
      await this.writeWaiting();
      return await this.writeRows(rows);
    }
  }

  async end(result: { readonly rowCount: number; readonly elapsedMs: number }): Promise<void> {
    if (!this.hasBegun) await this.writeWaiting();
    const rows = result.rowCount === 1 ? '1 row' : `${result.rowCount} rows`;
    const time = this.output.isTerminal ? `, ${formatDuration(result.elapsedMs)}` : '';
    await this.output.write(`(${rows}${time})\n`);
    await this.output.flush();
  }

  private async writeWaiting(): Promise<void> {
    this.hasBegun = true;
    const { columns, waiting, style } = this;
    this.widths = fitColumns(columns, measureColumns(columns, waiting), style);
    if (this.widths !== undefined) await this.output.write(formatHeader(columns, this.widths, style));
    this.waiting = [];
    await this.writeRows(waiting);
  }

  private async writeRows(rows: Iterable<TextRow>): Promise<void> {
    const { columns, widths, style } = this;
    let text = '';
    for (const row of rows) {
      this.rowNumber++;
      text +=
        widths === undefined
          ? formatRecord(row, this.rowNumber, columns, style)
          : formatTableRow(row, columns, widths, style);
    }
    await this.output.write(text);
  }
}
