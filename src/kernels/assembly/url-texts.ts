// URLs, as Spark has them: what java.net's URLEncoder, URLDecoder and URI do.
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';
import { isUtf8 } from './utf8';

/** The length by which a kernel gives NULL: see `nullsByLength`. */
// @ts-ignore: decorator
@inline const NULL_LENGTH: i64 = 0xffffffff;

// @ts-ignore: decorator
@inline
function isAlphanumeric(byte: u8): bool {
  return u8(byte - 0x30) < 10 || u8((byte | 0x20) - 0x61) < 26;
}

// @ts-ignore: decorator
@inline
function capitalHex(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x37 + value);
}

/** More than 15 of what is no digit. */
// @ts-ignore: decorator
@inline
function hexValue(byte: u8): u32 {
  if (u8(byte - 0x30) < 10) return byte - 0x30;
  const letter = u8((byte | 0x20) - 0x61);
  return letter < 6 ? 10 + letter : 255;
}

/** Letters, digits and .-*_ stay, a space becomes +, all other bytes % and two digits. */
export function textUrlEncode(block: usize, text: v128): v128 {
  const length = lengthOf(text);
  const source = pointerOf(text);
  if (length > 0x10000000) {
    decline(block);
    return text;
  }
  const room = length * 3;
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  let at = target;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    if (isAlphanumeric(byte) || byte == 0x2d || byte == 0x2e || byte == 0x2a || byte == 0x5f) store<u8>(at++, byte);
    else if (byte == 0x20) store<u8>(at++, 0x2b);
    else {
      store<u8>(at, 0x25);
      store<u8>(at, capitalHex(byte >> 4), 1);
      store<u8>(at, capitalHex(byte & 15), 2);
      at += 3;
    }
  }
  heapReturn(block, room - <u32>(at - target));
  return makeView(target, <u32>(at - target));
}

/** Declines what is no encoded text. */
export function textUrlDecode(block: usize, text: v128): v128 {
  const length = lengthOf(text);
  const source = pointerOf(text);
  const target = heapAllocate(block, length);
  if (target == 0) return text;
  let at = target;
  let bad = false;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    if (byte == 0x25) {
      if (i + 2 >= length) {
        bad = true;
        break;
      }
      const high = hexValue(load<u8>(source + i, 1));
      const low = hexValue(load<u8>(source + i, 2));
      if ((high | low) > 15) bad = true;
      store<u8>(at++, <u8>((high << 4) | low));
      i += 2;
    } else store<u8>(at++, byte == 0x2b ? 0x20 : byte);
  }
  const written = <u32>(at - target);
  heapReturn(block, length - written);
  if (bad || !isUtf8(target, written)) decline(block);
  return makeView(target, written);
}

// Names of parts as the first bytes of a number.
// @ts-ignore: decorator
@inline const HOST: u64 = 0x54534f48;
// @ts-ignore: decorator
@inline const PATH: u64 = 0x48544150;
// @ts-ignore: decorator
@inline const QUERY: u64 = 0x5952455551;
// @ts-ignore: decorator
@inline const REF: u64 = 0x464552;
// @ts-ignore: decorator
@inline const FILE: u64 = 0x454c4946;
// @ts-ignore: decorator
@inline const PROTOCOL: u64 = 0x4c4f434f544f5250;
// @ts-ignore: decorator
@inline const USERINFO: u64 = 0x4f464e4952455355;
// @ts-ignore: decorator
@inline const AUTHORIT: u64 = 0x5449524f48545541;

// @ts-ignore: decorator
@inline
function nullText(): v128 {
  return i64x2.splat(NULL_LENGTH);
}

/** Bytes that no URL has: controls, space, quotes, brackets and the like. Beyond ASCII all are allowed. */
// @ts-ignore: decorator
@inline
function isForbidden(byte: u8): bool {
  if (byte <= 0x20 || byte == 0x7f) return true;
  return (
    byte == 0x22 || byte == 0x3c || byte == 0x3e || byte == 0x5c || byte == 0x5e || byte == 0x60 || u8(byte - 0x7b) < 3
  );
}

function isUrl(pointer: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (isForbidden(byte)) return false;
    if (byte != 0x25) continue;
    if (i + 2 >= length || (hexValue(load<u8>(pointer + i, 1)) | hexValue(load<u8>(pointer + i, 2))) > 15) return false;
  }
  return true;
}

/** Where a byte first is, from one place up to another; the other where it is not. */
function placeOf(byte: u8, from: usize, to: usize): usize {
  for (let at = from; at < to; at++) {
    if (load<u8>(at) == byte) return at;
  }
  return to;
}

/**
 * parse_url(url, part): PROTOCOL, AUTHORITY, USERINFO, HOST, PATH, QUERY, REF or FILE, as bytes of the URL. NULL where there
 * is no such part, or no URL.
 */
export function textUrlPart(block: usize, text: v128, part: v128): v128 {
  const start = pointerOf(text);
  const nameLength = lengthOf(part);
  if (!isUrl(start, lengthOf(text)) || nameLength > 9 || nameLength < 3) return nullText();
  const end = start + lengthOf(text);
  const name = <u64>i64x2.extract_lane(part, 1);
  const reference = placeOf(0x23, start, end);
  if (name == REF) return reference < end ? makeView(reference + 1, <u32>(end - reference - 1)) : nullText();
  // What stands before a colon is the protocol, unless it comes behind a slash or a question mark.
  let rest = start;
  for (let at = start; at < reference; at++) {
    const byte = load<u8>(at);
    if (byte == 0x3a) {
      if (at > start) rest = at + 1;
      break;
    }
    if (byte == 0x2f || byte == 0x3f) break;
  }
  const hasProtocol = rest > start;
  if (isNamed(part, PROTOCOL, 0)) return hasProtocol ? makeView(start, <u32>(rest - 1 - start)) : nullText();
  // What is behind a protocol and begins with no slash has no parts.
  const isOpaque = hasProtocol && (rest == reference || load<u8>(rest) != 0x2f);
  if (isOpaque) return nullText();
  const query = placeOf(0x3f, rest, reference);
  if (name == QUERY) return query < reference ? makeView(query + 1, <u32>(reference - query - 1)) : nullText();
  const hasAuthority = rest + 2 <= query && load<u16>(rest) == 0x2f2f;
  const authority = hasAuthority ? rest + 2 : rest;
  const path = hasAuthority ? placeOf(0x2f, authority, query) : rest;
  if (name == PATH) return makeView(path, <u32>(query - path));
  if (name == FILE) return makeView(path, <u32>(reference - path));
  if (path == authority) return nullText();
  if (isNamed(part, AUTHORIT, 0x59)) return makeView(authority, <u32>(path - authority));
  const at = placeOf(0x40, authority, path);
  const host = at < path ? at + 1 : authority;
  if (isNamed(part, USERINFO, 0)) return at < path ? makeView(authority, <u32>(at - authority)) : nullText();
  return name == HOST ? hostOf(host, path) : nullText();
}

/** A name of eight bytes, and perhaps a ninth. */
// @ts-ignore: decorator
@inline
function isNamed(part: v128, first: u64, ninth: u8): bool {
  if (lengthOf(part) != 8 + u32(ninth != 0) || load<u64>(pointerOf(part)) != first) return false;
  return ninth == 0 || load<u8>(pointerOf(part), 8) == ninth;
}

/** Letters, digits, dots and dashes, or what is in brackets, and perhaps a port; else it is none. */
function hostOf(from: usize, to: usize): v128 {
  if (from < to && load<u8>(from) == 0x5b) {
    const close = placeOf(0x5d, from, to);
    return close < to && isPort(close + 1, to) ? makeView(from, <u32>(close + 1 - from)) : nullText();
  }
  const end = placeOf(0x3a, from, to);
  if (end == from || !isPort(end, to)) return nullText();
  for (let at = from; at < end; at++) {
    const byte = load<u8>(at);
    if (!isAlphanumeric(byte) && byte != 0x2d && byte != 0x2e) return nullText();
  }
  return makeView(from, <u32>(end - from));
}

/** Nothing, or a colon and digits. */
function isPort(from: usize, to: usize): bool {
  if (from == to) return true;
  if (load<u8>(from) != 0x3a) return false;
  for (let at = from + 1; at < to; at++) {
    if (u8(load<u8>(at) - 0x30) > 9) return false;
  }
  return true;
}

/** parse_url(url, 'QUERY', key): the value of a key in the query; the first where it is given several times. */
export function textUrlValue(block: usize, query: v128, key: v128): v128 {
  const end = pointerOf(query) + lengthOf(query);
  const keyLength = lengthOf(key);
  let at = pointerOf(query);
  while (at < end) {
    const close = placeOf(0x26, at, end);
    if (<u32>(close - at) > keyLength && load<u8>(at + keyLength) == 0x3d) {
      let same = true;
      for (let i: u32 = 0; i < keyLength; i++) {
        if (load<u8>(at + i) != load<u8>(pointerOf(key) + i)) {
          same = false;
          break;
        }
      }
      if (same) return makeView(at + keyLength + 1, <u32>(close - at - keyLength - 1));
    }
    at = close + 1;
  }
  return nullText();
}
