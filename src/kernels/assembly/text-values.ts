// Fields of text files (text-records.ts): which have a value, and texts and booleans among them, a column of a batch at a
// time.
import { decline, isDigit } from './field-bytes';
import { FIELD_ESCAPED, FIELD_LENGTH, FIELD_QUOTED } from './text-field';
import { makeView } from './text-view';
import { NO_BOOLEAN, readBoolean } from './word-readers';

/**
 * Which fields have a value. NULL are those that are missing, those without quotes whose bytes are one of the `nulls` (8
 * bytes each, as fields), and with `emptyIsNull` the empty ones. Returns how many are NULL.
 */
export function fieldValidity(
  fields: usize,
  count: u32,
  validity: usize,
  nulls: usize,
  nullCount: u32,
  emptyIsNull: i32,
): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const pointer: usize = load<u32>(fields + (row << 3));
    const length = load<u32>(fields + (row << 3), 4);
    let isNull = pointer == 0 || (emptyIsNull != 0 && (length & FIELD_LENGTH) == 0);
    if (!isNull && (length & FIELD_QUOTED) == 0) {
      const size = length & FIELD_LENGTH;
      for (let i: u32 = 0; i < nullCount && !isNull; i++) {
        if (load<u32>(nulls + (i << 3), 4) != size) continue;
        isNull = size == 0 || memory.compare(pointer, load<u32>(nulls + (i << 3)), size) == 0;
      }
    }
    store<u8>(validity + row, u8(!isNull));
    found += u32(isNull);
  }
  return found;
}

/** true, false and what PostgreSQL takes for them, in small or capital letters. */
export function fieldsToBooleans(fields: usize, count: u32, target: usize, validity: usize, declined: usize): u32 {
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    let value: u8 = 0;
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4) & FIELD_LENGTH;
      const read = readBoolean(pointer, length);
      if (read == NO_BOOLEAN) found = decline(declined, found, row);
      else value = <u8>read;
    }
    store<u8>(target + row, value);
  }
  return found;
}

/** Bytes that the fields with escapes among them may take when these are replaced. */
export function escapedBytes(fields: usize, count: u32): u32 {
  let bytes: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const length = load<u32>(fields + (row << 3), 4);
    if ((length & FIELD_ESCAPED) != 0) bytes += length & FIELD_LENGTH;
  }
  return bytes;
}

/**
 * Texts as views: of the file's bytes, or, where escapes were to be replaced, of bytes at `heap`, for which
 * `escapedBytes` tells the room. `escape` stands before a byte that means itself.
 */
export function fieldsToTexts(
  fields: usize,
  count: u32,
  escape: u8,
  target: usize,
  validity: usize,
  heap: usize,
): void {
  let free = heap;
  for (let row: u32 = 0; row < count; row++) {
    let view = i64x2.splat(0);
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4);
      const size = length & FIELD_LENGTH;
      if ((length & FIELD_ESCAPED) == 0) view = makeView(pointer, size);
      else {
        const start = free;
        for (let i: u32 = 0; i < size; i++) {
          let byte = load<u8>(pointer + i);
          if (byte == escape && i + 1 < size) byte = load<u8>(pointer + ++i);
          store<u8>(free++, byte);
        }
        view = makeView(start, <u32>(free - start));
      }
    }
    v128.store(target + (row << 4), view);
  }
}

/** PostgreSQL's text format: `\n`, `\t` and their like, octal and hexadecimal bytes, and any other byte for itself. */
export function unescapeBackslashes(fields: usize, count: u32, heap: usize): void {
  let free = heap;
  for (let row: u32 = 0; row < count; row++) {
    const length = load<u32>(fields + (row << 3), 4);
    if ((length & FIELD_ESCAPED) == 0) continue;
    const pointer: usize = load<u32>(fields + (row << 3));
    const size = length & FIELD_LENGTH;
    // `\N` stands for NULL, as it is written.
    if (size == 2 && load<u16>(pointer) == 0x4e5c) continue;
    const start = free;
    let i: u32 = 0;
    while (i < size) {
      let byte = load<u8>(pointer + i++);
      if (byte == 92 && i < size) {
        byte = load<u8>(pointer + i++);
        if (byte == 0x6e) byte = 10;
        else if (byte == 0x74) byte = 9;
        else if (byte == 0x72) byte = 13;
        else if (byte == 0x62) byte = 8;
        else if (byte == 0x66) byte = 12;
        else if (byte == 0x76) byte = 11;
        else if (byte >= 0x30 && byte <= 0x37) {
          byte -= 0x30;
          for (let more = 0; more < 2 && i < size && load<u8>(pointer + i) - 0x30 <= 7; more++) {
            byte = (byte << 3) | (load<u8>(pointer + i++) - 0x30);
          }
        } else if (byte == 0x78 && i < size && hexDigit(load<u8>(pointer + i)) >= 0) {
          byte = <u8>hexDigit(load<u8>(pointer + i++));
          if (i < size && hexDigit(load<u8>(pointer + i)) >= 0) {
            byte = (byte << 4) | <u8>hexDigit(load<u8>(pointer + i++));
          }
        }
      }
      store<u8>(free++, byte);
    }
    store<u32>(fields + (row << 3), start);
    // Quoted, so that what only now looks like a NULL is none.
    store<u32>(fields + (row << 3), <u32>(free - start) | FIELD_QUOTED, 4);
  }
}

function hexDigit(byte: u8): i32 {
  if (isDigit(byte)) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter <= 5 ? <i32>letter + 10 : -1;
}
