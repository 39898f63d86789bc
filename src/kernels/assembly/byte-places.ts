// Bytes and bits of bytea by their place, and what a UUID tells. Places outside are declined: TypeScript knows what to say.
// So are UUIDs of other kinds, which tell NULL.
import { decline, heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

export function bytesGetByte(block: usize, bytes: v128, index: i32): i32 {
  if (<u32>index < lengthOf(bytes)) return load<u8>(pointerOf(bytes) + index);
  decline(block);
  return 0;
}

export function bytesGetBit(block: usize, bytes: v128, index: i64): i32 {
  if (<u64>index < <u64>lengthOf(bytes) << 3) {
    return (<i32>load<u8>(pointerOf(bytes) + <usize>(index >> 3)) >> <i32>(index & 7)) & 1;
  }
  decline(block);
  return 0;
}

/** The bytes with one replaced, which is there. */
function withByte(block: usize, bytes: v128, index: u32, value: u8): v128 {
  const length = lengthOf(bytes);
  const target = heapAllocate(block, length + 16);
  if (target == 0) return bytes;
  memory.copy(target, pointerOf(bytes), length);
  store<u8>(target + index, value);
  return makeView(target, length);
}

export function bytesSetByte(block: usize, bytes: v128, index: i32, value: i32): v128 {
  if (<u32>index < lengthOf(bytes)) return withByte(block, bytes, index, <u8>value);
  decline(block);
  return bytes;
}

export function bytesSetBit(block: usize, bytes: v128, index: i64, bit: i32): v128 {
  if (<u64>index >= <u64>lengthOf(bytes) << 3 || <u32>bit > 1) {
    decline(block);
    return bytes;
  }
  const place = <u32>(index >> 3);
  const mask: u8 = 1 << <u8>(index & 7);
  const old = load<u8>(pointerOf(bytes) + place);
  return withByte(block, bytes, place, bit == 1 ? old | mask : old & ~mask);
}

export function bytesCountBits(block: usize, bytes: v128): i64 {
  const start = pointerOf(bytes);
  const length = lengthOf(bytes);
  let count: i64 = 0;
  for (let i: u32 = 0; i < length; i++) count += popcnt<u32>(load<u8>(start + i));
  return count;
}

export function bytesReverse(block: usize, bytes: v128): v128 {
  const length = lengthOf(bytes);
  const target = heapAllocate(block, length + 16);
  if (target == 0) return bytes;
  const last = pointerOf(bytes) + length - 1;
  for (let i: u32 = 0; i < length; i++) store<u8>(target + i, load<u8>(last - i));
  return makeView(target, length);
}

/** Of RFC 9562 are those whose second half begins with the bits 10. */
// @ts-ignore: decorator
@inline
function isStandard(uuid: v128): bool {
  return (i64x2.extract_lane(uuid, 1) & 0xc0) == 0x80;
}

export function uuidVersion(block: usize, uuid: v128): i32 {
  if (isStandard(uuid)) return <i32>((bswap<u64>(i64x2.extract_lane(uuid, 0)) >> 12) & 15);
  decline(block);
  return 0;
}

/** From 15 October 1582, where the clock of version 1 begins in units of 100 ns, to 1970, in microseconds. */
// @ts-ignore: decorator
@inline const GREGORIAN_OFFSET: i64 = 12219292800000000;

/** Microseconds since 1970, of versions 1 and 7. */
export function uuidTimestamp(block: usize, uuid: v128): i64 {
  const head = bswap<u64>(i64x2.extract_lane(uuid, 0));
  const version = (head >> 12) & 15;
  if (isStandard(uuid)) {
    if (version == 7) return <i64>(head >> 16) * 1000;
    if (version == 1) {
      const ticks = ((head & 0xfff) << 48) | (((head >> 16) & 0xffff) << 32) | (head >> 32);
      // Before the distance is taken, so that parts of microseconds are cut in one direction.
      return <i64>(ticks / 10) - GREGORIAN_OFFSET;
    }
  }
  decline(block);
  return 0;
}
