// Arrow's layouts where they differ from ours.

/** i64 to i128: decimals of up to 18 digits as Decimal128. */
export function widenDecimals(source: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = load<i64>(source + (i << 3));
    store<i64>(target + (i << 4), value);
    store<i64>(target + (i << 4), value >> 63, 8);
  }
}

const MAX_MICROSECONDS: i64 = 9223372036854775;

/**
 * Intervals {i32 months, i32 days, i64 µs} to MonthDayNano {i32, i32, i64 ns}; in place if target = source. The answer
 * is the first valid row whose time does not fit, or -1. `validity` is one byte a row.
 */
export function convertIntervals(source: usize, validity: usize, count: u32, target: usize): i32 {
  let failed: i32 = -1;
  for (let i: u32 = 0; i < count; i++) {
    const at = i << 4;
    const microseconds = load<i64>(source + at, 8);
    if (load<u8>(validity + i) != 0 && failed < 0) {
      if (microseconds > MAX_MICROSECONDS || microseconds < -MAX_MICROSECONDS) failed = <i32>i;
    }
    store<i64>(target + at, load<i64>(source + at));
    store<i64>(target + at, microseconds * 1000, 8);
  }
  return failed;
}
