import { decodeTextRows } from '../../exec/result/decode-text-rows.js';
import type { ResultChunk, ResultColumn } from '../../session/session.js';
import type { Output } from '../output.js';
import { type ResultWriter, textFormat } from './result-writer.js';

/** CSV as PostgreSQL's COPY writes it, with a header: NULL is empty, an empty string is `""`. */
export class CsvWriter implements ResultWriter {
  readonly chunkFormat: typeof textFormat = textFormat;
  private readonly output: Output;

  constructor(output: Output) {
    this.output = output;
  }

  async begin(columns: readonly ResultColumn[]): Promise<void> {
    await this.output.write(formatCsvRow(columns.map(({ name }) => name)));
  }

  async writeChunk(chunk: ResultChunk): Promise<void> {
    let text = '';
    for (const row of decodeTextRows(chunk.bytes)) text += formatCsvRow(row);
    await this.output.write(text);
  }

  async end(): Promise<void> {}
}

export function formatCsvRow(values: readonly (string | undefined)[]): string {
  let line = '';
  for (let index = 0; index < values.length; index++) {
    if (index > 0) line += ',';
    const value = values[index];
    if (value !== undefined) line += quoteCsv(value);
  }
  return `${line}\n`;
}

function quoteCsv(value: string): string {
  // `\.` alone on a line would end the data for psql's \copy.
  if (value !== '' && value !== '\\.' && !/[",\r\n]/.test(value)) return value;
  return `"${value.replaceAll('"', '""')}"`;
}
