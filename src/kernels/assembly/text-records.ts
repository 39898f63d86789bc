// Lines of text files cut into records and fields: CSV, and PostgreSQL's text format. Fields stay where they lie.
//
// What is to be cut, and how far it got (the task of `splitRecords`):
//
//   0   u32 position     in: the first byte of a record; out: that of the next
//   4   u32 limit        records that begin here or later are left alone
//   8   u32 end          of the bytes
//   12  u32 flags        TASK_…
//   16  u8 delimiter, quote (0: none), escape, unused
//   20  u32 fieldCount   that every record must have
//   24  u32 columns      one i32 a field: the column it goes to, or -1
//   28  u32 fields       8 bytes a field, column by column
//   32  u32 stride       bytes from one column to the next
//   36  u32 maxRecords
//   40  u32 starts       one u32 a record: where it begins
//   44  u32 status       out: SPLIT_…
//   48  u32 found        out: fields of the record that failed
//   52  u32 failed       out: where that record begins
import { FIELD_ESCAPED, FIELD_QUOTED } from './text-field';

/** No bytes follow `end`: a record need not have a line end. */
// @ts-ignore: decorator
@inline const TASK_LAST: u32 = 1;
/** Empty lines are no records. */
// @ts-ignore: decorator
@inline const TASK_SKIP_BLANK: u32 = 2;
/** PostgreSQL's text format: no quotes, a backslash before any byte, and `\.` ends the data. */
// @ts-ignore: decorator
@inline const TASK_BACKSLASH: u32 = 4;
/** Records may have any number of fields. */
// @ts-ignore: decorator
@inline const TASK_ANY_COUNT: u32 = 8;
/** Fields that a record lacks at its end are missing. */
// @ts-ignore: decorator
@inline const TASK_PAD: u32 = 16;

// @ts-ignore: decorator
@inline const SPLIT_DONE: u32 = 0;
// @ts-ignore: decorator
@inline const SPLIT_MORE: u32 = 1;
// @ts-ignore: decorator
@inline const SPLIT_COUNT: u32 = 2;
// @ts-ignore: decorator
@inline const SPLIT_UNTERMINATED: u32 = 3;
// @ts-ignore: decorator
@inline const SPLIT_AFTER_QUOTE: u32 = 4;

// @ts-ignore: decorator
@inline const NEWLINE: u8 = 10;
// @ts-ignore: decorator
@inline const RETURN: u8 = 13;
// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 92;

/** Where one of two bytes is first found, else `end`. */
export function findEither(from: usize, end: usize, a: u8, b: u8): usize {
  const as = i8x16.splat(a);
  const bs = i8x16.splat(b);
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at);
    const mask: u32 = i8x16.bitmask(v128.or(i8x16.eq(bytes, as), i8x16.eq(bytes, bs)));
    if (mask != 0) return min(at + ctz(mask), end);
  }
  return end;
}

/** Cuts records from `position` on; returns how many. */
export function splitRecords(task: usize): u32 {
  const limit: usize = load<u32>(task, 4);
  const end: usize = load<u32>(task, 8);
  const flags = load<u32>(task, 12);
  const delimiter = load<u8>(task, 16);
  const quote = load<u8>(task, 17);
  const escape = load<u8>(task, 18);
  const fieldCount = load<u32>(task, 20);
  const columns: usize = load<u32>(task, 24);
  const fields: usize = load<u32>(task, 28);
  const stride: usize = load<u32>(task, 32);
  const maxRecords = load<u32>(task, 36);
  const starts: usize = load<u32>(task, 40);
  const isLast = (flags & TASK_LAST) != 0;
  const hasBackslashes = (flags & TASK_BACKSLASH) != 0;
  const delimiters = i8x16.splat(delimiter);
  const newlines = i8x16.splat(NEWLINE);
  const others = i8x16.splat(hasBackslashes ? BACKSLASH : quote != 0 ? quote : NEWLINE);
  let position: usize = load<u32>(task, 0);
  let count: u32 = 0;
  let status = SPLIT_DONE;
  while (count < maxRecords && position < limit && position < end) {
    let field: u32 = 0;
    let start = position;
    let fieldFlags: u32 = 0;
    let next: usize = 0;
    let base = position;
    let bytes = v128.load(base);
    let mask: u32 = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)), i8x16.eq(bytes, others)),
    );
    for (;;) {
      while (mask == 0 && base < end) {
        base += 16;
        bytes = v128.load(base);
        mask = i8x16.bitmask(
          v128.or(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)), i8x16.eq(bytes, others)),
        );
      }
      const at = mask == 0 ? end : min(base + ctz(mask), end);
      mask &= mask - 1;
      const byte: u8 = at < end ? load<u8>(at) : NEWLINE;
      if (byte == delimiter && at < end) {
        if (field < fieldCount) {
          const column = load<i32>(columns + (field << 2));
          if (column >= 0) {
            const target = fields + <usize>column * stride + (count << 3);
            store<u32>(target, start);
            store<u32>(target, <u32>(at - start) | fieldFlags, 4);
          }
        }
        field++;
        start = at + 1;
        fieldFlags = 0;
        continue;
      }
      if (byte == NEWLINE) {
        if (at >= end && !isLast) {
          status = SPLIT_MORE;
          break;
        }
        let stop = at;
        if (stop > start && load<u8>(stop - 1) == RETURN && (fieldFlags & FIELD_QUOTED) == 0) stop--;
        next = min(at + 1, end);
        if (field < fieldCount) {
          const column = load<i32>(columns + (field << 2));
          if (column >= 0) {
            const target = fields + <usize>column * stride + (count << 3);
            store<u32>(target, start);
            store<u32>(target, <u32>(stop - start) | fieldFlags, 4);
          }
        }
        if (field == 0 && stop == start && (flags & TASK_SKIP_BLANK) != 0) field = <u32>-2;
        field++;
        break;
      }
      if (hasBackslashes) {
        if (at + 1 >= end && !isLast) {
          status = SPLIT_MORE;
          break;
        }
        if (field == 0 && at == start && at + 1 < end && load<u8>(at + 1) == 0x2e) {
          // A line of its own: the end of the data.
          const after: u8 = at + 2 < end ? load<u8>(at + 2) : NEWLINE;
          if (at + 2 >= end && !isLast) {
            status = SPLIT_MORE;
            break;
          }
          if (after == NEWLINE || after == RETURN) {
            store<u32>(task, end, 0);
            store<u32>(task, SPLIT_DONE, 44);
            return count;
          }
        }
        fieldFlags |= FIELD_ESCAPED;
        base = at + 2;
        bytes = v128.load(base);
        mask = base >= end ? 0 : i8x16.bitmask(
          v128.or(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)), i8x16.eq(bytes, others)),
        );
        continue;
      }
      // A quote: within a field it is a byte like others.
      if (at != start) continue;
      let close = at + 1;
      fieldFlags = FIELD_QUOTED;
      for (;;) {
        close = findEither(close, end, quote, escape);
        if (close + 1 >= end && !isLast) {
          status = SPLIT_MORE;
          break;
        }
        if (close >= end) {
          status = SPLIT_UNTERMINATED;
          break;
        }
        const following: u8 = close + 1 < end ? load<u8>(close + 1) : 0;
        const isQuote = load<u8>(close) == quote;
        if (isQuote && (escape != quote || following != quote || close + 1 >= end)) break;
        if (!isQuote && following != quote && following != escape) {
          close++;
          continue;
        }
        fieldFlags |= FIELD_ESCAPED;
        close += 2;
      }
      if (status != SPLIT_DONE) break;
      if (field < fieldCount) {
        const column = load<i32>(columns + (field << 2));
        if (column >= 0) {
          const target = fields + <usize>column * stride + (count << 3);
          store<u32>(target, start + 1);
          store<u32>(target, <u32>(close - start - 1) | fieldFlags, 4);
        }
      }
      field++;
      let after = close + 1;
      if (after < end && load<u8>(after) == delimiter) {
        start = after + 1;
        fieldFlags = 0;
        base = start;
        bytes = v128.load(base);
        mask = base >= end ? 0 : i8x16.bitmask(
          v128.or(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)), i8x16.eq(bytes, others)),
        );
        continue;
      }
      if (after < end && load<u8>(after) == RETURN) {
        if (after + 1 >= end && !isLast) {
          status = SPLIT_MORE;
          break;
        }
        if (after + 1 >= end || load<u8>(after + 1) == NEWLINE) after++;
      }
      if (after < end && load<u8>(after) != NEWLINE) {
        status = SPLIT_AFTER_QUOTE;
        next = min(findEither(after, end, NEWLINE, NEWLINE) + 1, end);
        break;
      }
      next = min(after + 1, end);
      break;
    }
    if (status != SPLIT_DONE) {
      store<u32>(task, field + 1, 48);
      store<u32>(task, position, 52);
      if (status == SPLIT_AFTER_QUOTE) position = next;
      if (status == SPLIT_UNTERMINATED) position = end;
      break;
    }
    if (field == <u32>-1) {
      position = next;
      continue;
    }
    if (field < fieldCount && (flags & TASK_PAD) != 0) {
      for (; field < fieldCount; field++) {
        const column = load<i32>(columns + (field << 2));
        if (column >= 0) store<u64>(fields + <usize>column * stride + (count << 3), 0);
      }
    }
    if (field != fieldCount && (flags & TASK_ANY_COUNT) == 0) {
      status = SPLIT_COUNT;
      store<u32>(task, field, 48);
      store<u32>(task, position, 52);
      position = next;
      break;
    }
    store<u32>(starts + (count << 2), position);
    position = next;
    count++;
  }
  store<u32>(task, position, 0);
  store<u32>(task, status, 44);
  return count;
}

/**
 * Is a quoted field open at `end`, if one is (or is not) open at `start`? The byte before `start` can be read; neither it
 * nor that at `start` nor those at `end` is a quote or an escape.
 */
export function quoteStateAfter(start: usize, end: usize, isOpen: i32, delimiter: u8, quote: u8, escape: u8): i32 {
  let open = isOpen != 0;
  let at = start;
  while (at < end) {
    at = findEither(at, end, quote, open ? escape : quote);
    if (at >= end) break;
    if (!open) {
      const before = load<u8>(at - 1);
      open = before == delimiter || before == NEWLINE;
      at++;
      continue;
    }
    const following = load<u8>(at + 1);
    if (load<u8>(at) == quote) {
      if (escape == quote && following == quote) at += 2;
      else {
        open = false;
        at++;
      }
    } else at += following == quote || following == escape ? 2 : 1;
  }
  return i32(open);
}

/** Behind the first line end that no quotes enclose; 0 when there is none. `quote` 0: none; `escape` 0: none. */
export function nextRecord(start: usize, end: usize, isOpen: i32, delimiter: u8, quote: u8, escape: u8): usize {
  let open = isOpen != 0;
  let at = start;
  while (at < end) {
    if (open) {
      at = findEither(at, end, quote, escape);
      if (at + 1 >= end) return 0;
      const following = load<u8>(at + 1);
      if (load<u8>(at) == quote) {
        if (escape == quote && following == quote) at += 2;
        else {
          open = false;
          at++;
        }
      } else at += following == quote || following == escape ? 2 : 1;
      continue;
    }
    at = findEither(at, end, NEWLINE, quote != 0 ? quote : escape != 0 ? escape : NEWLINE);
    if (at >= end) return 0;
    if (load<u8>(at) == NEWLINE) return at + 1;
    if (quote == 0) {
      at += 2;
      continue;
    }
    const before = load<u8>(at - 1);
    open = before == delimiter || before == NEWLINE;
    at++;
  }
  return 0;
}

export function countByte(start: usize, end: usize, byte: u8): u32 {
  const bytes = i8x16.splat(byte);
  let count: u32 = 0;
  let at = start;
  for (; at + 16 <= end; at += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), bytes)));
  for (; at < end; at++) count += u32(load<u8>(at) == byte);
  return count;
}

/** The first byte that is not UTF-8, or is 0, which PostgreSQL's text cannot hold; 0 when there is none. */
export function findInvalidText(start: usize, end: usize): usize {
  const zero = i8x16.splat(0);
  let at = start;
  while (at < end) {
    if (at + 16 <= end && !v128.any_true(i8x16.le_s(v128.load(at), zero))) {
      at += 16;
      continue;
    }
    const byte: u32 = load<u8>(at);
    if (byte - 1 < 0x7f) {
      at++;
      continue;
    }
    const rest = end - at;
    const second: u32 = rest > 1 ? load<u8>(at + 1) : 0;
    if (byte >= 0xc2 && byte <= 0xdf && (second & 0xc0) == 0x80) {
      at += 2;
      continue;
    }
    const third: u32 = rest > 2 ? load<u8>(at + 2) : 0;
    if ((byte & 0xf0) == 0xe0 && (second & 0xc0) == 0x80 && (third & 0xc0) == 0x80) {
      // Neither overlong nor a surrogate.
      const character = ((byte & 15) << 12) | ((second & 63) << 6);
      if (character < 0x800 || (character & 0xf800) == 0xd800) return at;
      at += 3;
      continue;
    }
    const fourth: u32 = rest > 3 ? load<u8>(at + 3) : 0;
    if (byte < 0xf0 || byte > 0xf4 || ((second ^ 0x80) | (third ^ 0x80) | (fourth ^ 0x80)) > 63) return at;
    const character = ((byte & 7) << 18) | ((second & 63) << 12);
    if (character < 0x10000 || character > 0x10ffff) return at;
    at += 4;
  }
  return 0;
}
