// Rows as lines of text: CSV, PostgreSQL's text format and JSON objects, made of DataRow messages whose columns are texts.
//
// How lines are written (the task of `encodeLines`):
//
//   0   u8 style         0 CSV, 1 text, 2 JSON
//   1   u8 delimiter, quote, escape
//   4   u32 isFramed     each line is a CopyData message
//   8   u32 columns      16 bytes each: u32 kind, and for JSON u32 pointer and u32 length of what stands before the value
//   12  u32 nullPointer  how NULL is written
//   16  u32 nullLength
//
// Kinds of CSV: 1 always in quotes. Of JSON: 0 text, 1 number, 2 boolean, 3 JSON itself.

// @ts-ignore: decorator
@inline const CSV: u8 = 0;
// @ts-ignore: decorator
@inline const JSON: u8 = 2;

/** Writes the rows between `rows` and `end`; returns how many bytes. `target` has room for what `lineRoom` tells. */
export function encodeLines(rows: usize, end: usize, task: usize, target: usize): u32 {
  const style = load<u8>(task);
  const delimiter = load<u8>(task, 1);
  const quote = load<u8>(task, 2);
  const escape = load<u8>(task, 3);
  const isFramed = load<u32>(task, 4) != 0;
  const columns: usize = load<u32>(task, 8);
  const nullPointer: usize = load<u32>(task, 12);
  const nullLength = load<u32>(task, 16);
  let at = rows;
  let out = target;
  while (at < end) {
    const next = at + 1 + bswap<u32>(load<u32>(at, 1));
    const count = <u32>bswap<u16>(load<u16>(at, 5));
    const start = out;
    if (isFramed) out += 5;
    let value = at + 7;
    for (let column: u32 = 0; column < count; column++) {
      const length = <i32>bswap<u32>(load<u32>(value));
      const pointer = value + 4;
      const entry = columns + (column << 4);
      const kind = load<u32>(entry);
      value = pointer + max(length, 0);
      if (style == JSON) {
        const keyLength = load<u32>(entry, 8);
        memory.copy(out, load<u32>(entry, 4), keyLength);
        out = writeJson(kind, pointer, length, out + keyLength);
        continue;
      }
      if (column > 0) store<u8>(out++, delimiter);
      if (length < 0) {
        memory.copy(out, nullPointer, nullLength);
        out += nullLength;
      } else if (style == CSV) {
        const isNull =
          <u32>length == nullLength && (length == 0 || memory.compare(pointer, nullPointer, length) == 0);
        // A line of `\.` alone would end the data.
        const isEnd = count == 1 && length == 2 && load<u16>(pointer) == 0x2e5c;
        const quoted = kind == 1 || isNull || isEnd || needsQuotes(pointer, length, delimiter, quote);
        out = writeCsv(pointer, length, quoted, quote, escape, out);
      } else out = writeEscaped(pointer, length, delimiter, out);
    }
    if (style == JSON) {
      // An object without members is opened here.
      if (count == 0) store<u8>(out++, 0x7b);
      store<u8>(out++, 0x7d);
    }
    store<u8>(out++, 10);
    if (isFramed) {
      store<u8>(start, 0x64);
      store<u32>(start, bswap<u32>(<u32>(out - start - 1)), 1);
    }
    at = next;
  }
  return <u32>(out - target);
}

function needsQuotes(pointer: usize, length: u32, delimiter: u8, quote: u8): bool {
  const delimiters = i8x16.splat(delimiter);
  const quotes = i8x16.splat(quote);
  const newlines = i8x16.splat(10);
  const returns = i8x16.splat(13);
  for (let i: u32 = 0; i < length; i += 16) {
    const bytes = v128.load(pointer + i);
    let mask: u32 = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes)),
        v128.or(i8x16.eq(bytes, newlines), i8x16.eq(bytes, returns)),
      ),
    );
    if (length - i < 16) mask &= (1 << (length - i)) - 1;
    if (mask != 0) return true;
  }
  return false;
}

function writeCsv(pointer: usize, length: u32, quoted: bool, quote: u8, escape: u8, target: usize): usize {
  let out = target;
  if (!quoted) {
    memory.copy(out, pointer, length);
    return out + length;
  }
  store<u8>(out++, quote);
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte == quote || byte == escape) store<u8>(out++, escape);
    store<u8>(out++, byte);
  }
  store<u8>(out++, quote);
  return out;
}

/** The letter after the backslash that stands for a control character, or 0. */
function controlLetter(byte: u8): u8 {
  if (byte == 8) return 0x62;
  if (byte == 9) return 0x74;
  if (byte == 10) return 0x6e;
  if (byte == 12) return 0x66;
  return byte == 13 ? 0x72 : 0;
}

function writeEscaped(pointer: usize, length: u32, delimiter: u8, target: usize): usize {
  let out = target;
  for (let i: u32 = 0; i < length; i++) {
    let byte = load<u8>(pointer + i);
    const letter = byte == 11 ? <u8>0x76 : controlLetter(byte);
    if (letter != 0 || byte == 92 || byte == delimiter) {
      store<u8>(out++, 92);
      if (letter != 0) byte = letter;
    }
    store<u8>(out++, byte);
  }
  return out;
}

function hexDigit(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

function writeJson(kind: u32, pointer: usize, length: i32, target: usize): usize {
  let out = target;
  if (length < 0) {
    store<u32>(out, 0x6c6c756e);
    return out + 4;
  }
  if (kind == 2) {
    const isTrue = load<u8>(pointer) == 0x74;
    store<u32>(out, isTrue ? 0x65757274 : 0x736c6166);
    if (!isTrue) store<u8>(out, 0x65, 4);
    return out + (isTrue ? 4 : 5);
  }
  // NaN and infinity are no numbers of JSON.
  const last: u8 = length > 0 ? load<u8>(pointer + length - 1) : 0;
  if (kind == 3 || (kind == 1 && last <= 0x39)) {
    memory.copy(out, pointer, length);
    return out + length;
  }
  store<u8>(out++, 0x22);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte >= 0x20 && byte != 0x22 && byte != 92) {
      store<u8>(out++, byte);
      continue;
    }
    store<u8>(out++, 92);
    const letter = controlLetter(byte);
    if (byte >= 0x20 || letter != 0) {
      store<u8>(out++, letter != 0 ? letter : byte);
      continue;
    }
    store<u32>(out, 0x30303075);
    store<u8>(out, hexDigit(byte >> 4), 3);
    store<u8>(out, hexDigit(byte & 15), 4);
    out += 5;
  }
  store<u8>(out++, 0x22);
  return out;
}
