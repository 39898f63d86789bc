/** Where the DataRow messages that begin at `offset` have been skipped `count` times: each is 1 + its length long. */
export function skipDataRows(bytes: Uint8Array, offset: number, count: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = offset;
  for (let row = 0; row < count; row++) position += 1 + view.getInt32(position + 1);
  return position;
}
