/*
 * A raw batch: rows as they leave the engine for Arrow, in one buffer. u32 header:
 *   0  rows   1  columns   then a column: 2+6c  type code of layout (0 fixed, 1 bits, 2 utf8)
 *   3+6c validity offset (0 = no NULLs)   4+6c offsets offset (utf8)   5+6c data offset   6+6c data bytes   7+6c unused
 * All offsets are multiples of 64 from the start of the buffer. Validity and `bits` are Arrow bitmaps.
 */
export const RAW_FIXED = 0;
export const RAW_BITS = 1;
export const RAW_UTF8 = 2;

export interface RawColumn {
  readonly layout: number;
  readonly validity: Uint8Array | undefined;
  /** utf8: rowCount + 1 offsets. */
  readonly offsets: Int32Array | undefined;
  readonly data: Uint8Array;
}

export interface RawBatch {
  readonly rowCount: number;
  readonly columns: readonly RawColumn[];
}

const COLUMN_WORDS = 6;

const align = (offset: number): number => (offset + 63) & ~63;

/** Lays columns out in one buffer. */
export function packRawBatch(batch: RawBatch): Uint8Array<ArrayBuffer> {
  const { rowCount, columns } = batch;
  let byteLength = align((2 + columns.length * COLUMN_WORDS) * 4);
  const header = [rowCount, columns.length];
  const parts: { at: number; bytes: Uint8Array }[] = [];
  const place = (bytes: Uint8Array | undefined): number => {
    if (bytes === undefined) return 0;
    const at = byteLength;
    parts.push({ at, bytes });
    byteLength = align(byteLength + bytes.byteLength);
    return at;
  };
  for (const column of columns) {
    const { offsets } = column;
    const offsetBytes = offsets && new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength);
    header.push(
      column.layout,
      place(column.validity),
      place(offsetBytes),
      place(column.data),
      column.data.byteLength,
      0,
    );
  }
  const bytes = new Uint8Array(byteLength);
  new Uint32Array(bytes.buffer).set(header);
  for (const part of parts) bytes.set(part.bytes, part.at);
  return bytes;
}

/** Views into the buffer; nothing is copied. */
export function unpackRawBatch(bytes: Uint8Array): RawBatch {
  const { buffer, byteOffset } = bytes;
  const header = new Uint32Array(buffer, byteOffset, bytes.byteLength >> 2);
  const rowCount = header[0]!;
  const columns: RawColumn[] = [];
  for (let column = 0; column < header[1]!; column++) {
    const at = 2 + column * COLUMN_WORDS;
    const validity = header[at + 1]!;
    const offsets = header[at + 2]!;
    columns.push({
      layout: header[at]!,
      validity: validity === 0 ? undefined : new Uint8Array(buffer, byteOffset + validity, (rowCount + 7) >> 3),
      offsets: offsets === 0 ? undefined : new Int32Array(buffer, byteOffset + offsets, rowCount + 1),
      data: new Uint8Array(buffer, byteOffset + header[at + 3]!, header[at + 4]!),
    });
  }
  return { rowCount, columns };
}
