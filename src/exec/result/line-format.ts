/** How COPY TO writes rows as text. */
export interface LineFormat {
  readonly style: 'csv' | 'text' | 'json';
  /** Single bytes. */
  readonly delimiter: string;
  readonly quote: string;
  readonly escapeCharacter: string;
  readonly nullText: string;
  /** Names of the columns whose values are always quoted. */
  readonly forceQuote: readonly string[];
  /** Each line is a CopyData message of the wire protocol. */
  readonly isFramed: boolean;
}
