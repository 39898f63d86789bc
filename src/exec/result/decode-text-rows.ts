/** A row's values in PostgreSQL's text form; undefined is NULL. */
export type TextRow = readonly (string | undefined)[];

const HEADER_BYTES = 7;

/** The rows of a chunk in format `postgres` whose columns are all text. */
export function* decodeTextRows(bytes: Uint8Array): Generator<TextRow, void, void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let position = 0; position < buffer.length; ) {
    const fieldCount = buffer.readInt16BE(position + 5);
    const row: (string | undefined)[] = new Array(fieldCount);
    position += HEADER_BYTES;
    for (let field = 0; field < fieldCount; field++) {
      const byteLength = buffer.readInt32BE(position);
      position += 4;
      if (byteLength < 0) continue;
      row[field] = buffer.toString('utf8', position, position + byteLength);
      position += byteLength;
    }
    yield row;
  }
}
