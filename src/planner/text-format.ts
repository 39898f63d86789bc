/** How a text file is to be read; plain data. Delimiter, quote and escapeCharacter are single bytes; '' for none. */
export interface CsvFormat {
  readonly kind: 'csv';
  readonly delimiter: string;
  readonly quote: string;
  /** Within quotes; equal to `quote` where that is doubled. */
  readonly escapeCharacter: string;
  /** PostgreSQL's text format: no quotes, and a backslash before any byte. */
  readonly hasBackslashes: boolean;
  readonly hasHeader: boolean;
  /** Lines before the header. */
  readonly skipLines: number;
  readonly nullStrings: readonly string[];
  /** Are quoted empty fields of columns that are not text NULL, too? */
  readonly emptyIsNull: boolean;
  readonly skipsBlankLines: boolean;
  /** Are fields that are missing at the end of a record NULL? */
  readonly padsRecords: boolean;
  /** Leave out records that cannot be read. */
  readonly ignoresErrors: boolean;
}

export interface JsonFormat {
  readonly kind: 'json';
  /** One value a line, which can be cut anywhere; or values one after the other or in an array, which cannot. */
  readonly layout: 'lines' | 'values';
  readonly ignoresErrors: boolean;
}

export type TextFormat = CsvFormat | JsonFormat;

export type TextCompression = 'none' | 'gzip' | 'zstd';

/** What the planner hands on, untouched, of a file of text. */
export interface TextFile {
  readonly compression: TextCompression;
  /** The names in its header, which must be there; undefined where there is none, or where any will do. */
  readonly header: readonly string[] | undefined;
  /** For each column of the table the number of its field, or -1 where the file lacks it. */
  readonly fields: readonly number[];
  /** Fields that every record has. */
  readonly fieldCount: number;
}
