import type { ResultChunk, ResultColumn, ResultFormat } from '../../session/session.js';

/** Writes the rows of one statement in some format. */
export interface ResultWriter {
  readonly chunkFormat: (columns: readonly ResultColumn[]) => ResultFormat;
  begin(columns: readonly ResultColumn[]): void | Promise<void>;
  writeChunk(chunk: ResultChunk): Promise<void>;
  end(result: { readonly rowCount: number; readonly elapsedMs: number }): Promise<void>;
}

/** Every column in PostgreSQL's text form. */
export function textFormat(columns: readonly ResultColumn[]): ResultFormat {
  return { kind: 'postgres', formatCodes: columns.map(() => 0) };
}

/** Numbers are aligned to the right, and are numbers in JSON. */
export function isNumeric({ type }: ResultColumn): boolean {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
      return true;
    default:
      return false;
  }
}
