/** The values of DataRow messages in text format; NULL is null. */
export function decodeDataRows(bytes: Uint8Array): (string | null)[][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  const rows: (string | null)[][] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + view.getInt32(at + 1);
    const columnCount = view.getInt16(at + 5);
    const row: (string | null)[] = [];
    let position = at + 7;
    for (let column = 0; column < columnCount; column++) {
      const length = view.getInt32(position);
      position += 4;
      if (length < 0) {
        row.push(null);
      } else {
        row.push(decoder.decode(bytes.subarray(position, position + length)));
        position += length;
      }
    }
    rows.push(row);
    at = end;
  }
  return rows;
}
