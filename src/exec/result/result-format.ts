import type { LineFormat } from './line-format.js';

/** 0 = text, 1 = binary, as in the wire protocol. */
export type FormatCode = 0 | 1;

/**
 * How result rows leave the engine.
 *
 * - `postgres` complete DataRow ('D') messages; `formatCodes` has one entry a column: 0 text, 1 binary.
 * - `arrow`    one record batch a chunk, in the raw form of `raw-batch.ts`.
 * - `lines`    text as COPY TO writes it.
 */
export type ResultFormat =
  | {
      readonly kind: 'postgres';
      readonly formatCodes: readonly FormatCode[];
      /** Whose clocks show timestamptz values in text; the session fills it in. UTC if undefined. */
      readonly timeZone?: string | undefined;
      /** The receiver understands the streams of COPY, too. */
      readonly takesCopies?: boolean;
    }
  | { readonly kind: 'arrow' }
  | { readonly kind: 'lines'; readonly lines: LineFormat; readonly timeZone?: string | undefined };

/** Some rows, encoded by a worker. `bytes` are the receiver's own: an ordinary buffer, never shared memory. */
export interface ResultChunk {
  readonly rowCount: number;
  /** `postgres`: that many DataRow messages, one after the other, none of them cut. `arrow`: one raw batch. */
  readonly bytes: Uint8Array;
}
