import { decodeTextRows, type TextRow } from '../../exec/result/decode-text-rows.js';
import type { ResultChunk, ResultColumn } from '../../session/session.js';
import type { Output } from '../output.js';
import { isNumeric, type ResultWriter, textFormat } from './result-writer.js';

/**
 * One object a row: in an array (`json`) or a line each (`jsonl`). Numbers keep all their digits, also those that a
 * reader with 64-bit floats would round; NaN and the infinities are strings; json columns are embedded.
 */
export class JsonWriter implements ResultWriter {
  readonly chunkFormat: typeof textFormat = textFormat;
  private readonly output: Output;
  private readonly isArray: boolean;
  private formatters: readonly ValueFormatter[] = [];
  private isFirst = true;

  constructor(output: Output, layout: 'array' | 'lines') {
    this.output = output;
    this.isArray = layout === 'array';
  }

  begin(columns: readonly ResultColumn[]): void {
    this.formatters = columns.map(createValueFormatter);
  }

  async writeChunk(chunk: ResultChunk): Promise<void> {
    let text = '';
    for (const row of decodeTextRows(chunk.bytes)) {
      if (this.isArray) text += this.isFirst ? '[' : ',\n ';
      this.isFirst = false;
      text += formatJsonRow(this.formatters, row);
      if (!this.isArray) text += '\n';
    }
    await this.output.write(text);
  }

  async end(): Promise<void> {
    if (this.isArray) await this.output.write(this.isFirst ? '[]\n' : ']\n');
  }
}

interface ValueFormatter {
  readonly key: string;
  readonly format: (text: string) => string;
}

/** How the values of a column are written, and its name as a key. */
export function createValueFormatter(column: ResultColumn): ValueFormatter {
  const key = JSON.stringify(column.name);
  if (isNumeric(column)) return { key, format: formatNumber };
  switch (column.type.kind) {
    case 'boolean':
      return { key, format: (text) => (text === 't' ? 'true' : 'false') };
    case 'json':
    case 'jsonb':
      return { key, format: (text) => text };
    default:
      return { key, format: JSON.stringify };
  }
}

export function formatJsonRow(formatters: readonly ValueFormatter[], row: TextRow): string {
  let text = '{';
  for (let index = 0; index < formatters.length; index++) {
    const { key, format } = formatters[index]!;
    const value = row[index];
    text += `${index === 0 ? '' : ','}${key}:${value === undefined ? 'null' : format(value)}`;
  }
  return `${text}}`;
}

const formatNumber = (text: string): string => (/^-?\d/.test(text) ? text : JSON.stringify(text));
