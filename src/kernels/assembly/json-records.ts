// JSON objects cut into the values of the members that are wanted. Values stay where they lie; see text-field.ts.
//
// What is to be cut, and how far it got (the task of `splitObjects`):
//
//   0   u32 position     in: before an object; out: behind the last
//   4   u32 limit        objects that begin here or later are left alone
//   8   u32 end          of the bytes
//   12  u32 flags        1: no bytes follow `end`; 2: objects lie in an array, or one after the other
//   16  u32 keyCount
//   20  u32 keys         8 bytes a column: u32 pointer and u32 length of the member's name, as it is written
//   24  u32 unused
//   28  u32 fields       8 bytes a value, column by column
//   32  u32 stride       bytes from one column to the next
//   36  u32 maxRecords
//   40  u32 starts       one u32 an object: where it begins
//   44  u32 status       out: 0 done, 1 more bytes are needed, 5 no JSON, 6 no object
//   48  u32 unused
//   52  u32 failed       out: where the object that failed begins
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isClosing,
  isOpening,
  isSpace,
  LETTER_U,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters';
import { closingQuote, skipNested, skipSpaces, stringEnd } from './json-scan';
import { escapedByte } from './json-escapes';
import { putCode } from './letter-case';
import { FIELD_ESCAPED, FIELD_LENGTH, FIELD_QUOTED } from './text-field';
import { findEither } from './text-records';
import { makeView } from './text-view';

/** Cuts objects from `position` on; returns how many. */
export function splitObjects(task: usize): u32 {
  const limit: usize = load<u32>(task, 4);
  const end: usize = load<u32>(task, 8);
  const flags = load<u32>(task, 12);
  const keyCount = load<u32>(task, 16);
  const keys: usize = load<u32>(task, 20);
  const fields: usize = load<u32>(task, 28);
  const stride: usize = load<u32>(task, 32);
  const maxRecords = load<u32>(task, 36);
  const starts: usize = load<u32>(task, 40);
  const isLast = (flags & 1) != 0;
  const isList = (flags & 2) != 0;
  let position: usize = load<u32>(task, 0);
  let count: u32 = 0;
  let status: u32 = 0;
  while (count < maxRecords) {
    while (position < limit && position < end) {
      const byte = load<u8>(position);
      if (!isSpace(byte) && !(isList && (byte == COMMA || byte == OPEN_BRACKET || byte == CLOSE_BRACKET))) break;
      position++;
    }
    if (position >= limit || position >= end) break;
    let at = position;
    status = 6;
    if (load<u8>(at) == OPEN_BRACE) {
      status = 5;
      for (let column: u32 = 0; column < keyCount; column++) {
        store<u64>(fields + <usize>column * stride + (count << 3), 0);
      }
      at = skipSpaces(at + 1, end);
      let guess: u32 = 0;
      if (at < end && load<u8>(at) == CLOSE_BRACE) {
        status = 0;
        at++;
      } else
        while (at < end && load<u8>(at) == QUOTE) {
          const key = at + 1;
          const keyEnd = stringEnd(key, end);
          if (keyEnd >= end) {
            at = end;
            break;
          }
          at = skipSpaces(keyEnd + 1, end);
          if (at >= end || load<u8>(at) != COLON) break;
          at = skipSpaces(at + 1, end);
          if (at >= end) break;
          let start = at;
          let length: u32 = 0;
          const first = load<u8>(at);
          if (first == QUOTE) {
            start = at + 1;
            const close = closingQuote(start, end);
            at = <usize>(close & 0xffffffff);
            if (at >= end) break;
            length = <u32>(at - start) | FIELD_QUOTED | (close >> 63 != 0 ? FIELD_ESCAPED : 0);
            at++;
          } else if (isOpening(first)) {
            const after = skipNested(at, end);
            if (after == 0) {
              at = end;
              break;
            }
            length = <u32>(after - start);
            at = after;
          } else {
            while (at < end) {
              const byte = load<u8>(at);
              if (byte == COMMA || isClosing(byte) || isSpace(byte)) break;
              at++;
            }
            length = <u32>(at - start);
            if (length == 0) break;
            if (length == 4 && load<u32>(start) == 0x6c6c756e) start = 0;
          }
          const keyLength = <u32>(keyEnd - key);
          // Members mostly come in the order of the columns.
          for (let tried: u32 = 0; tried < keyCount; tried++) {
            const column = guess;
            guess = guess + 1 == keyCount ? 0 : guess + 1;
            const entry = keys + (column << 3);
            if (load<u32>(entry, 4) != keyLength || memory.compare(load<u32>(entry), key, keyLength) != 0) continue;
            const target = fields + <usize>column * stride + (count << 3);
            store<u32>(target, start);
            store<u32>(target, start == 0 ? 0 : length, 4);
            break;
          }
          at = skipSpaces(at, end);
          if (at >= end) break;
          if (load<u8>(at) == CLOSE_BRACE) {
            status = 0;
            at++;
            break;
          }
          if (load<u8>(at) != COMMA) break;
          at = skipSpaces(at + 1, end);
        }
      if (status != 0 && at >= end && !isLast) status = 1;
    }
    if (status == 1) break;
    if (status != 0) {
      store<u32>(task, position, 52);
      // The next line is another object; in a list nobody knows where the next begins.
      position = isList ? end : min(findEither(position, end, 10, 10) + 1, end);
      break;
    }
    store<u32>(starts + (count << 2), position);
    position = at;
    count++;
  }
  store<u32>(task, position, 0);
  store<u32>(task, status, 44);
  return count;
}

/** Values as JSON: strings with their quotes, all others as they are. */
export function fieldsToJson(fields: usize, count: u32, target: usize, validity: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    let view = i64x2.splat(0);
    if (load<u8>(validity + row) != 0) {
      const pointer: usize = load<u32>(fields + (row << 3));
      const length = load<u32>(fields + (row << 3), 4);
      const quote = u32((length & FIELD_QUOTED) != 0);
      view = makeView(pointer - quote, (length & FIELD_LENGTH) + quote * 2);
    }
    v128.store(target + (row << 4), view);
  }
}

function hexValue(pointer: usize): u32 {
  let value: u32 = 0;
  for (let i = 0; i < 4; i++) {
    const byte: u32 = load<u8>(pointer + i);
    const digit = byte - 0x30 <= 9 ? byte - 0x30 : ((byte | 0x20) - 0x57) & 15;
    value = (value << 4) | digit;
  }
  return value;
}

/** Replaces the escapes of strings by what they stand for; `heap` has as many bytes as they have. */
export function unescapeJson(fields: usize, count: u32, heap: usize): void {
  let free = heap;
  for (let row: u32 = 0; row < count; row++) {
    const length = load<u32>(fields + (row << 3), 4);
    if ((length & FIELD_ESCAPED) == 0) continue;
    const pointer: usize = load<u32>(fields + (row << 3));
    const size = length & FIELD_LENGTH;
    const start = free;
    let i: u32 = 0;
    while (i < size) {
      let byte = load<u8>(pointer + i++);
      if (byte != BACKSLASH || i >= size) {
        store<u8>(free++, byte);
        continue;
      }
      byte = load<u8>(pointer + i++);
      if (byte != LETTER_U || i + 4 > size) {
        store<u8>(free++, escapedByte(byte));
        continue;
      }
      let character = hexValue(pointer + i);
      i += 4;
      if ((character & 0xfc00) == 0xd800 && i + 6 <= size && load<u16>(pointer + i) == 0x755c) {
        const low = hexValue(pointer + i + 2);
        if ((low & 0xfc00) == 0xdc00) {
          character = 0x10000 + ((character & 0x3ff) << 10) + (low & 0x3ff);
          i += 6;
        }
      }
      // Half a pair is no character.
      if ((character & 0xfffff800) == 0xd800) character = 0xfffd;
      free = putCode(free, character);
    }
    store<u32>(fields + (row << 3), start);
    store<u32>(fields + (row << 3), <u32>(free - start) | FIELD_QUOTED, 4);
  }
}
