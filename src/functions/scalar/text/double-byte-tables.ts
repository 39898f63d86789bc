/*
 * Characters of several bytes in encodings of East Asia, for kernels/assembly/encoding-casts.ts:
 *
 *      0 u16[256]    by the first of two bytes: its row; 0 where there is none
 *    512 u16[256]    by the second of three bytes, of which the first is 0x8f: the row
 *   1024 u32         where the characters of four bytes begin; 0 where there are none
 *   1028 u32         1 where four bytes from 0x90308130 on are the characters from 0x10000 on
 *   1032 u32[192]    a row, from row 1 on: the code points by the last byte, from 0x40 on; 0 where there is none
 *        u16[39420]  the code points of four bytes, from 0x81308130 on; 0 where there is none
 */
const TRIPLE_ROWS_AT = 512;
const QUADRUPLES_AT = 1024;
const ROWS_AT = 1032;
const FIRST_LAST_BYTE = 0x40;
const ROW_CODES = 256 - FIRST_LAST_BYTE;
/** As many as there are below 0x10000 in GB 18030. */
const QUADRUPLES = 39_420;
const TRIPLE = 0x8f;

const LINE_FEED = 10;

type Decode = (bytes: Uint8Array) => string;

/** What the host makes of sequences of bytes, of so many bytes each; 0 of those that are no single character. */
function codesOf(decode: Decode, sequences: Uint8Array, width: number): Uint32Array {
  const count = sequences.length / width;
  const codes = new Uint32Array(count);
  const lines = new Uint8Array(count * (width + 1)).fill(LINE_FEED);
  for (let index = 0; index < count; index++) {
    for (let byte = 0; byte < width; byte++) lines[index * (width + 1) + byte] = sequences[index * width + byte]!;
  }
  const characters = decode(lines).split('\n');
  if (characters.length !== count + 1) return codes;
  for (let index = 0; index < count; index++) {
    const character = characters[index]!;
    const code = character.codePointAt(0) ?? 0;
    if (character.length === (code > 0xffff ? 2 : 1) && code !== 0xfffd) codes[index] = code;
  }
  return codes;
}

const codeOf = (decode: Decode, ...bytes: number[]): number =>
  codesOf(decode, Uint8Array.from(bytes), bytes.length)[0]!;

/** The code points by the last byte. */
function rowOf(decode: Decode, ...start: number[]): Uint32Array {
  const width = start.length + 1;
  const sequences = new Uint8Array(ROW_CODES * width);
  for (let index = 0; index < ROW_CODES; index++) {
    sequences.set(start, index * width);
    sequences[(index + 1) * width - 1] = FIRST_LAST_BYTE + index;
  }
  return codesOf(decode, sequences, width);
}

function quadruplesOf(decode: Decode): Uint16Array {
  const sequences = new Uint8Array(QUADRUPLES * 4);
  for (let index = 0; index < QUADRUPLES; index++) {
    sequences[index * 4] = 0x81 + Math.floor(index / 12_600);
    sequences[index * 4 + 1] = 0x30 + (Math.floor(index / 1260) % 10);
    sequences[index * 4 + 2] = 0x81 + (Math.floor(index / 10) % 126);
    sequences[index * 4 + 3] = 0x30 + (index % 10);
  }
  return Uint16Array.from(codesOf(decode, sequences, 4), (code) => (code > 0xffff ? 0 : code));
}

/** Made of what `label`, a name of the Encoding Standard, is to the host. */
export function doubleByteTable(label: string): Uint8Array {
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  const decode: Decode = (bytes) => decoder.decode(bytes);
  const rows: Uint32Array[] = [];
  const numbers = new Uint16Array(ROWS_AT / 2);
  const addRow = (place: number, ...start: number[]): void => {
    if (codeOf(decode, ...start) !== 0) return;
    const row = rowOf(decode, ...start);
    if (row.some((code) => code !== 0)) numbers[place] = rows.push(row);
  };
  for (let byte = 0x80; byte < 0x100; byte++) {
    addRow(byte, byte);
    addRow(TRIPLE_ROWS_AT / 2 + byte, TRIPLE, byte);
  }
  const hasQuadruples = codeOf(decode, 0x81, 0x30, 0x81, 0x30) !== 0;
  const rowsEnd = ROWS_AT + rows.length * ROW_CODES * 4;
  const bytes = new Uint8Array(rowsEnd + (hasQuadruples ? QUADRUPLES * 2 : 0));
  const view = new DataView(bytes.buffer);
  for (const [index, number] of numbers.entries()) view.setUint16(index * 2, number, true);
  rows.forEach((row, number) => {
    const start = ROWS_AT + number * ROW_CODES * 4;
    for (const [index, code] of row.entries()) view.setUint32(start + index * 4, code, true);
  });
  if (!hasQuadruples) return bytes;
  view.setUint32(QUADRUPLES_AT, rowsEnd, true);
  view.setUint32(QUADRUPLES_AT + 4, codeOf(decode, 0x90, 0x30, 0x81, 0x30) === 0x10000 ? 1 : 0, true);
  for (const [index, code] of quadruplesOf(decode).entries()) view.setUint16(rowsEnd + index * 2, code, true);
  return bytes;
}
