// Images of values: numbers that are ordered as the values are; for sort kernels, not exported from the module.

import {
  intervalDays,
  intervalRest,
  KIND_F32,
  KIND_F64,
  KIND_I128,
  KIND_I32,
  KIND_I64,
  KIND_INTERVAL,
  KIND_NESTED,
  KIND_STRING,
  KIND_U8,
  KIND_UUID,
  orderF64,
  SIGN,
} from './row-compare';
import { BLOCK_MASK, INLINE_BYTES } from './row-access';

/** The high bits of a value's image. */
// @ts-ignore: decorator
@inline
export function imageOf(kind: u32, at: usize): u64 {
  switch (kind) {
    case KIND_U8:
      return load<u8>(at);
    case KIND_I32:
      return <u64>(<i64>load<i32>(at)) ^ SIGN;
    case KIND_I64:
      return load<u64>(at) ^ SIGN;
    case KIND_F32:
      return orderF64(<f64>load<f32>(at));
    case KIND_F64:
      return orderF64(load<f64>(at));
    case KIND_I128: {
      // 96 bits are enough for what occurs; beyond them all values have the same image.
      const high = load<i64>(at + 8);
      if (high != <i64>(<i32>high)) return high < 0 ? 0 : u64.MAX_VALUE;
      return ((<u64>high << 32) | (load<u64>(at) >> 32)) ^ SIGN;
    }
    case KIND_STRING:
      return bswap<u64>(load<u64>(at + 8));
    case KIND_UUID:
      return bswap<u64>(load<u64>(at));
    case KIND_NESTED:
      return SIGN; // rows decide
    default:
      return <u64>intervalDays(at) ^ SIGN;
  }
}

/** The bits that follow; 0 for kinds of which the word says all. */
export function furtherBits(kind: u32, at: usize): u32 {
  switch (kind) {
    case KIND_I128: {
      const high = load<i64>(at + 8);
      if (high != <i64>(<i32>high)) return high < 0 ? 0 : u32.MAX_VALUE;
      return load<u32>(at);
    }
    case KIND_STRING: {
      const length = load<u32>(at);
      if (length <= INLINE_BYTES) return 0;
      const bytes = bswap<u32>(load<u32>((at & BLOCK_MASK) + load<u32>(at + 4) + 8));
      return length >= 12 ? bytes : bytes & (u32.MAX_VALUE << ((12 - length) << 3));
    }
    case KIND_UUID:
      return bswap<u32>(load<u32>(at + 8));
    case KIND_INTERVAL:
      return <u32>(intervalRest(at) >> 5); // a day has 36.3 bits of microseconds
    default:
      return 0;
  }
}

/** A monotone image of 32 bits: of whole numbers those near 0 are told apart. */
export function shortImage(kind: u32, at: usize): u32 {
  let value: i64;
  switch (kind) {
    case KIND_I32:
      value = <i64>load<i32>(at);
      break;
    case KIND_I64:
      value = load<i64>(at);
      break;
    case KIND_I128: {
      const high = load<i64>(at + 8);
      value = load<i64>(at);
      if (high != value >> 63) value = high < 0 ? i64.MIN_VALUE : i64.MAX_VALUE;
      break;
    }
    case KIND_U8:
      return load<u8>(at);
    case KIND_INTERVAL:
      value = intervalDays(at);
      break;
    default:
      return <u32>(imageOf(kind, at) >> 32);
  }
  return <u32>(max(min(value, <i64>i32.MAX_VALUE), <i64>i32.MIN_VALUE) ^ <i64>i32.MIN_VALUE);
}
