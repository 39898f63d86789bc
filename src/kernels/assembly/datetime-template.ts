// Templates of to_char, to_date and to_timestamp, read piece by piece for each value: they are short. The twin of
// src/functions/formatting/datetime-template.ts.

/** The text of a template is at its end. */
// @ts-ignore: decorator
@inline export const END: u32 = 0;
// @ts-ignore: decorator
@inline export const SPACE: u32 = 1;
/** Anything of ASCII that is neither letter, digit nor blank. */
// @ts-ignore: decorator
@inline export const SEPARATOR: u32 = 2;
/** A character that stands for itself, quoted ones of any kind included. */
// @ts-ignore: decorator
@inline export const LITERAL: u32 = 3;
// Fields, from here on. Those that differ only in how they are written share a number.
// @ts-ignore: decorator
@inline export const AD_POINTS: u32 = 4;
// @ts-ignore: decorator
@inline export const AM_POINTS: u32 = 5;
// @ts-ignore: decorator
@inline export const AD: u32 = 6;
// @ts-ignore: decorator
@inline export const AM: u32 = 7;
// @ts-ignore: decorator
@inline export const CC: u32 = 8;
// @ts-ignore: decorator
@inline export const DAY: u32 = 9;
// @ts-ignore: decorator
@inline export const DDD: u32 = 10;
// @ts-ignore: decorator
@inline export const DD: u32 = 11;
// @ts-ignore: decorator
@inline export const DY: u32 = 12;
// @ts-ignore: decorator
@inline export const D: u32 = 13;
/** FF1 to FF6: `digitsOf` tells which. */
// @ts-ignore: decorator
@inline export const FF: u32 = 14;
// @ts-ignore: decorator
@inline export const FX: u32 = 15;
// @ts-ignore: decorator
@inline export const HH24: u32 = 16;
// @ts-ignore: decorator
@inline export const HH: u32 = 17;
// @ts-ignore: decorator
@inline export const IDDD: u32 = 18;
// @ts-ignore: decorator
@inline export const ID: u32 = 19;
// @ts-ignore: decorator
@inline export const IW: u32 = 20;
// @ts-ignore: decorator
@inline export const IYYY: u32 = 21;
// @ts-ignore: decorator
@inline export const IYY: u32 = 22;
// @ts-ignore: decorator
@inline export const IY: u32 = 23;
// @ts-ignore: decorator
@inline export const I: u32 = 24;
// @ts-ignore: decorator
@inline export const J: u32 = 25;
// @ts-ignore: decorator
@inline export const MI: u32 = 26;
// @ts-ignore: decorator
@inline export const MM: u32 = 27;
// @ts-ignore: decorator
@inline export const MONTH: u32 = 28;
// @ts-ignore: decorator
@inline export const MON: u32 = 29;
// @ts-ignore: decorator
@inline export const MS: u32 = 30;
// @ts-ignore: decorator
@inline export const OF: u32 = 31;
// @ts-ignore: decorator
@inline export const Q: u32 = 32;
// @ts-ignore: decorator
@inline export const RM: u32 = 33;
// @ts-ignore: decorator
@inline export const SSSS: u32 = 34;
// @ts-ignore: decorator
@inline export const SS: u32 = 35;
// @ts-ignore: decorator
@inline export const TZH: u32 = 36;
// @ts-ignore: decorator
@inline export const TZM: u32 = 37;
// @ts-ignore: decorator
@inline export const TZ: u32 = 38;
// @ts-ignore: decorator
@inline export const US: u32 = 39;
// @ts-ignore: decorator
@inline export const WW: u32 = 40;
// @ts-ignore: decorator
@inline export const W: u32 = 41;
// @ts-ignore: decorator
@inline export const Y_COMMA: u32 = 42;
// @ts-ignore: decorator
@inline export const YYYY: u32 = 43;
// @ts-ignore: decorator
@inline export const YYY: u32 = 44;
// @ts-ignore: decorator
@inline export const YY: u32 = 45;
// @ts-ignore: decorator
@inline export const Y: u32 = 46;

/**
 * A piece of a template:
 *
 *   bits  0 to  7  its kind
 *         8 to 11  digits of FF1 to FF6 and of SSSSS; bytes of a character, which lie before its end
 *        12 to 13  how a field is written: 0 in capitals, 1 with one of them, 2 in small letters
 *             14  FM: no padding
 *        15 to 16  behind it 1 `th` or 2 `TH`
 *             17  what follows stands in quotes
 *        32 to 63  where it ends
 */
export type Piece = u64;

// @ts-ignore: decorator
@inline const ONE_CAPITAL: u64 = 1 << 12;
// @ts-ignore: decorator
@inline const SMALL: u64 = 2 << 12;
// @ts-ignore: decorator
@inline const FILL: u64 = 1 << 14;
// @ts-ignore: decorator
@inline const QUOTED: u64 = 1 << 17;

// @ts-ignore: decorator
@inline export function kindOf(piece: Piece): u32 {
  return <u32>piece & 0xff;
}

// @ts-ignore: decorator
@inline export function digitsOf(piece: Piece): u32 {
  return (<u32>piece >> 8) & 15;
}

/** 0 in capitals, 1 with one of them, 2 in small letters. */
// @ts-ignore: decorator
@inline export function casingOf(piece: Piece): u32 {
  return (<u32>piece >> 12) & 3;
}

// @ts-ignore: decorator
@inline export function fills(piece: Piece): bool {
  return (piece & FILL) != 0;
}

/** 1 of `th`, 2 of `TH`, 0 of neither. */
// @ts-ignore: decorator
@inline export function ordinalOf(piece: Piece): u32 {
  return (<u32>piece >> 15) & 3;
}

// @ts-ignore: decorator
@inline export function endOf(piece: Piece): u32 {
  return <u32>(piece >> 32);
}

/** Up to five bytes, of which `left` are there; zeros behind them. */
// @ts-ignore: decorator
@inline function wordAt(from: usize, left: u32): u64 {
  if (left >= 5) return <u64>load<u32>(from) | (<u64>load<u8>(from, 4) << 32);
  if (left == 4) return load<u32>(from);
  let word: u64 = load<u8>(from);
  if (left > 1) word |= <u64>load<u8>(from, 1) << 8;
  if (left > 2) word |= <u64>load<u8>(from, 2) << 16;
  return word;
}

/** Kind and length × 256 of the field that a word begins with, in capitals or, with `small` all 0x20, in small letters. */
function fieldOf(word: u64, small: u64): u32 {
  const one = word & 0xff;
  const two = word & 0xffff;
  const three = word & 0xffffff;
  const four = word & 0xffffffff;
  const five = word & 0xffffffffff;
  const small2 = small & 0xffff;
  const small3 = small & 0xffffff;
  const small4 = small & 0xffffffff;
  switch (<u32>(one & 0xdf)) {
    case 0x41: // A
      if (four == (0x2e442e41 | small4)) return AD_POINTS | 0x400; // A.D.
      if (four == (0x2e4d2e41 | small4)) return AM_POINTS | 0x400; // A.M.
      if (two == (0x4441 | small2)) return AD | 0x200; // AD
      if (two == (0x4d41 | small2)) return AM | 0x200; // AM
      break;
    case 0x42: // B
      if (four == (0x2e432e42 | small4)) return AD_POINTS | 0x400; // B.C.
      if (two == (0x4342 | small2)) return AD | 0x200; // BC
      break;
    case 0x43: // C
      if (two == (0x4343 | small2)) return CC | 0x200; // CC
      break;
    case 0x44: // D
      if (three == (0x594144 | small3)) return DAY | 0x300; // DAY
      if (three == (0x444444 | small3)) return DDD | 0x300; // DDD
      if (two == (0x4444 | small2)) return DD | 0x200; // DD
      if (two == (0x5944 | small2)) return DY | 0x200; // DY
      return D | 0x100;
    case 0x46: // F
      if (two == (0x5846 | small2)) return FX | 0x200;
      if (two == (0x4646 | small2) && <u32>(three >> 16) - 0x31 < 6) return FF | 0x300;
      break;
    case 0x48: // H
      if (four == (0x34324848 | small4)) return HH24 | 0x400; // HH24
      if (four == (0x32314848 | small4)) return HH | 0x400; // HH12
      if (two == (0x4848 | small2)) return HH | 0x200; // HH
      break;
    case 0x49: // I
      if (four == (0x44444449 | small4)) return IDDD | 0x400; // IDDD
      if (four == (0x59595949 | small4)) return IYYY | 0x400; // IYYY
      if (three == (0x595949 | small3)) return IYY | 0x300; // IYY
      if (two == (0x4449 | small2)) return ID | 0x200; // ID
      if (two == (0x5749 | small2)) return IW | 0x200; // IW
      if (two == (0x5949 | small2)) return IY | 0x200; // IY
      return I | 0x100;
    case 0x4a: // J
      return J | 0x100;
    case 0x4d: // M
      if (five == (0x48544e4f4d | small)) return MONTH | 0x500; // MONTH
      if (three == (0x4e4f4d | small3)) return MON | 0x300; // MON
      if (two == (0x494d | small2)) return MI | 0x200; // MI
      if (two == (0x4d4d | small2)) return MM | 0x200; // MM
      if (two == (0x534d | small2)) return MS | 0x200; // MS
      break;
    case 0x4f: // O
      if (two == (0x464f | small2)) return OF | 0x200; // OF
      break;
    case 0x50: // P
      if (four == (0x2e4d2e50 | small4)) return AM_POINTS | 0x400; // P.M.
      if (two == (0x4d50 | small2)) return AM | 0x200; // PM
      break;
    case 0x51: // Q
      return Q | 0x100;
    case 0x52: // R
      if (two == (0x4d52 | small2)) return RM | 0x200; // RM
      break;
    case 0x53: // S
      if (five == (0x5353535353 | small)) return SSSS | 0x500; // SSSSS
      if (four == (0x53535353 | small4)) return SSSS | 0x400; // SSSS
      if (two == (0x5353 | small2)) return SS | 0x200; // SS
      break;
    case 0x54: // T
      if (three == (0x485a54 | small3)) return TZH | 0x300; // TZH
      if (three == (0x4d5a54 | small3)) return TZM | 0x300; // TZM
      if (two == (0x5a54 | small2)) return TZ | 0x200; // TZ
      break;
    case 0x55: // U
      if (two == (0x5355 | small2)) return US | 0x200; // US
      break;
    case 0x57: // W
      if (two == (0x5757 | small2)) return WW | 0x200; // WW
      return W | 0x100;
    case 0x59: // Y
      if (five == (0x5959592c59 | small)) return Y_COMMA | 0x500; // Y,YYY
      if (four == (0x59595959 | small4)) return YYYY | 0x400; // YYYY
      if (three == (0x595959 | small3)) return YYY | 0x300; // YYY
      if (two == (0x5959 | small2)) return YY | 0x200; // YY
      return Y | 0x100;
  }
  return 0;
}

/** The same of Month, Mon, Day and Dy. */
function nameOf(word: u64): u32 {
  const three = word & 0xffffff;
  if (word == 0x68746e6f4d) return MONTH | 0x500;
  if (three == 0x6e6f4d) return MON | 0x300;
  if (three == 0x796144) return DAY | 0x300;
  return (word & 0xffff) == 0x7944 ? DY | 0x200 : 0;
}

/** Is it JavaScript's \s beyond ASCII? `bytes` are the first three of a character, the first in the lowest byte. */
function isWideSpace(bytes: u32): bool {
  if ((bytes & 0xffff) == 0xa0c2) return true;
  const code = ((bytes & 15) << 12) | ((bytes >> 2) & 0xfc0) | ((bytes >> 16) & 63);
  if ((bytes & 0xf0) != 0xe0) return false;
  if (code - 0x2000 < 11 || code - 0x2028 < 2) return true;
  return code == 0x1680 || code == 0x202f || code == 0x205f || code == 0x3000 || code == 0xfeff;
}

/** How many bytes a space has at a place before `end`; 0 where there is none. */
export function spaceWidth(at: usize, end: usize): u32 {
  if (at >= end) return 0;
  const byte = <u32>load<u8>(at);
  if (byte < 0x80) return u32(byte == 0x20 || byte - 9 < 5);
  if (byte < 0xc2) return 0;
  const width = characterWidth(byte);
  if (width > 3 || at + width > end) return 0;
  return isWideSpace(<u32>load<u16>(at) | (width == 3 ? <u32>load<u8>(at, 2) << 16 : 0)) ? width : 0;
}

/** How many bytes a character has that begins with this one. */
// @ts-ignore: decorator
@inline export function characterWidth(byte: u32): u32 {
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// @ts-ignore: decorator
@inline export function isSeparator(byte: u32): bool {
  return byte - 0x21 < 15 || byte - 0x3a < 7 || byte - 0x5b < 6 || byte - 0x7b < 4;
}

/** A character that ends at a place. */
// @ts-ignore: decorator
@inline function character(kind: u32, width: u32, end: u32): Piece {
  return <u64>(kind | (width << 8)) | (<u64>end << 32);
}

/** The piece of a template behind another; behind 0 it is the first. */
export function nextPiece(source: usize, length: u32, before: Piece): Piece {
  let at = endOf(before);
  let isQuoted = (before & QUOTED) != 0;
  while (true) {
    if (isQuoted) {
      if (at >= length) return END;
      let byte = <u32>load<u8>(source + at);
      if (byte != 0x22) {
        // A backslash takes what follows as it is.
        if (byte == 0x5c && at + 1 < length) byte = load<u8>(source + ++at);
        const width = characterWidth(byte);
        return character(LITERAL, width, at + width) | QUOTED;
      }
      isQuoted = false;
      at++;
    }
    let fill: u64 = 0;
    while (at + 2 <= length) {
      const two = load<u16>(source + at);
      // FM, fm, TM, tm
      if (two != 0x4d46 && two != 0x6d66 && two != 0x4d54 && two != 0x6d74) break;
      fill = FILL;
      at += 2;
    }
    if (at >= length) return END;
    const byte = <u32>load<u8>(source + at);
    if ((byte | 0x20) - 0x61 < 26) {
      const word = wordAt(source + at, length - at);
      const isSmall = byte >= 0x61;
      let field = isSmall ? 0 : nameOf(word);
      let casing: u64 = isSmall ? SMALL : field != 0 ? ONE_CAPITAL : 0;
      if (field == 0) field = fieldOf(word, isSmall ? 0x2020202020 : 0);
      if (field != 0) {
        at += field >> 8;
        const kind = field & 0xff;
        let digits: u64 = 0;
        if (kind == FF) digits = <u64>(load<u8>(source + at - 1) - 0x30) << 8;
        else if (kind == SSSS && field >> 8 == 5) digits = 5 << 8;
        let ordinal: u64 = 0;
        if (at + 2 <= length) {
          const two = load<u16>(source + at);
          ordinal = two == 0x6874 ? 1 << 15 : two == 0x4854 ? 2 << 15 : 0;
          if (ordinal != 0) at += 2;
        }
        // SP and sp say nothing.
        if (at + 2 <= length) {
          const two = load<u16>(source + at);
          if (two == 0x5053 || two == 0x7073) at += 2;
        }
        if (kind == FX) ordinal = 0;
        return <u64>kind | digits | casing | fill | ordinal | (<u64>at << 32);
      }
      return character(LITERAL, 1, at + 1);
    }
    if (byte == 0x22) {
      isQuoted = true;
      at++;
      continue;
    }
    // A backslash quotes a quote.
    if (byte == 0x5c && at + 1 < length && load<u8>(source + at + 1) == 0x22) return character(SEPARATOR, 1, at + 2);
    if (isSeparator(byte)) return character(SEPARATOR, 1, at + 1);
    const width = characterWidth(byte);
    return character(spaceWidth(source + at, source + length) > 0 ? SPACE : LITERAL, width, at + width);
  }
  return END;
}
