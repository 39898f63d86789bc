// What may be the name of a time zone within a date. Which zone it is only TypeScript knows, but most words are surely none,
// and those that say their offset are read: the twin of fixed zones in src/functions/zones/posix-zone.ts.
//
// TypeScript is asked once for each name (src/exec/expression/zone-names.ts). The argument block has
//
//   64  table: what is known of names, as memo-constants.ts draws it; 0 before the first
//   68  answer: what was asked for last, not yet in the table
import { isDecimalDigit } from './datetime-fields';
import { NO_OFFSET, smallNumberOf } from './datetime-numbers';
import { lettersOf } from './datetime-words';
import { memoFind, memoPut } from './memo-constants';
import { askForZone, reject } from './status';
import { makeView } from './text-view';

/** No offset has so many seconds, either. */
// @ts-ignore: decorator
@inline export const NAMED_ZONE: i32 = i32.MAX_VALUE;

/** By the first eight letters: may names of the tz database begin so, before a slash? */
function isArea(letters: u64): bool {
  switch (letters) {
    case 0x616369726661: // africa
    case 0x61636972656d61: // america
    case 0x6974637261746e61: // antarctica
    case 0x636974637261: // arctic
    case 0x61697361: // asia
    case 0x6369746e616c7461: // atlantic
    case 0x696c617274737561: // australia
    case 0x6c697a617262: // brazil
    case 0x6164616e6163: // canada
    case 0x656c696863: // chile
    case 0x637465: // etc
    case 0x65706f727565: // europe
    case 0x6e6169646e69: // indian
    case 0x6f636978656d: // mexico
    case 0x63696669636170: // pacific
    case 0x7375: // us
      return true;
  }
  return false;
}

/** By the first eight letters: names without a slash that are neither abbreviations nor rules after POSIX. */
function isPlainName(letters: u64): bool {
  switch (letters) {
    case 0x61627563: // cuba
    case 0x7470796765: // egypt
    case 0x65726965: // eire
    case 0x6267: // gb
    case 0x657269652d6267: // gb-eire
    case 0x6369776e65657267: // greenwich
    case 0x676e6f6b676e6f68: // hongkong
    case 0x646e616c656369: // iceland
    case 0x6e617269: // iran
    case 0x6c6561727369: // israel
    case 0x616369616d616a: // jamaica
    case 0x6e6170616a: // japan
    case 0x69656c616a61776b: // kwajalein
    case 0x617962696c: // libya
    case 0x6f6a6176616e: // navajo
    case 0x7a6e: // nz
    case 0x746168632d7a6e: // nz-chat
    case 0x646e616c6f70: // poland
    case 0x6c61677574726f70: // portugal
    case 0x637270: // prc
    case 0x636f72: // roc
    case 0x6b6f72: // rok
    case 0x726f7061676e6973: // singapore
    case 0x79656b727574: // turkey
    case 0x6173726576696e75: // universal
    case 0x75732d77: // w-su
      return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline function isSign(byte: u32): bool {
  return byte == 0x2b || byte == 0x2d;
}

/** Up to `most` digits; their end. */
function digitsEnd(from: usize, most: usize): usize {
  let at = from;
  while (at - from < most && isDecimalDigit(load<u8>(at))) at++;
  return at;
}

/**
 * The offset of a word in small letters as a zone, in seconds east of Greenwich; NAMED_ZONE where the tz database, or the
 * rules of two offsets, have to be asked; NO_OFFSET of what is no zone.
 */
export function zoneOfWord(from: usize, end: usize): i32 {
  let nameEnd = from;
  let slash: usize = 0;
  while (nameEnd < end) {
    const byte = <u32>load<u8>(nameEnd);
    if (isDecimalDigit(byte) || isSign(byte)) break;
    if (byte == 0x2f && slash == 0) slash = nameEnd;
    nameEnd++;
  }
  if (slash != 0 ? isArea(lettersOf(from, slash)) : isPlainName(lettersOf(from, end))) return NAMED_ZONE;
  // `<name><offset>`, where + is west.
  const signed = nameEnd < end && isSign(load<u8>(nameEnd));
  const isEast = signed && load<u8>(nameEnd) == 0x2d;
  let start = nameEnd + usize(signed);
  let at = digitsEnd(start, 3);
  if (at == start || at > end) return NO_OFFSET;
  const hours = smallNumberOf(start, at);
  let minutes: i32 = 0;
  let seconds: i32 = 0;
  if (load<u8>(at) == 0x3a && isDecimalDigit(load<u8>(at, 1))) {
    start = at + 1;
    at = digitsEnd(start, 2);
    minutes = smallNumberOf(start, at);
    if (load<u8>(at) == 0x3a && isDecimalDigit(load<u8>(at, 1))) {
      start = at + 1;
      at = digitsEnd(start, 2);
      seconds = smallNumberOf(start, at);
    }
  }
  if (at == end) {
    if (hours > 167 || minutes > 59 || seconds > 59) return NO_OFFSET;
    const west = (hours * 60 + minutes) * 60 + seconds;
    return isEast ? west : -west;
  }
  // A second name, of summer time, has something else in it than digits and signs.
  for (at = nameEnd; at < end; at++) {
    const byte = <u32>load<u8>(at);
    if (!isDecimalDigit(byte) && !isSign(byte)) return NAMED_ZONE;
  }
  return NO_OFFSET;
}

/** The changes of the zone of a name; 0, with the status set, where there is no such zone, or none is known yet. */
export function zoneOfName(block: usize, from: usize, end: usize): usize {
  const table: usize = load<u32>(block, 64);
  const name = makeView(from, <u32>(end - from));
  const known: usize = table == 0 ? 0 : memoFind(table, name);
  if (known == 0) {
    askForZone(block, name);
    return 0;
  }
  const zone: usize = load<u32>(known, 4);
  if (zone == 0) reject(block);
  return zone;
}

/** Puts the answer to the last question into the table. */
export function putZone(block: usize): void {
  memoPut(load<u32>(block, 64), v128.load(block, 32), load<u32>(block, 68));
}
