// The changes of a time zone, as src/functions/zones/zone-layout.ts lays them out, and the offsets that follow from them.
//
//    0  u32 count            4  i32 offset before the first change
//    8  count × i64          instants of the changes, µs since 1970, ascending
//   ..  count × i32          the offset from each change on
//
// Offsets are seconds east of Greenwich. Tables reach to the year 2501; what lies behind is looked up a whole number of
// 400 years earlier, because the calendar repeats itself.
import { floorDivide } from './calendar';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const SECOND: i64 = 1000000;
// @ts-ignore: decorator
@inline const TABLE_END: i64 = 16756761600000000;
// @ts-ignore: decorator
@inline const CYCLE: i64 = 12622780800000000;

/** Moves a time behind the table into it. */
// @ts-ignore: decorator
@inline function intoTable(timestamp: i64): i64 {
  return timestamp < TABLE_END ? timestamp : timestamp - ((timestamp - TABLE_END) / CYCLE + 1) * CYCLE;
}

/** How many changes lie at or before an instant. */
function changesUntil(zone: usize, instant: i64): u32 {
  let low: u32 = 0;
  let high = load<u32>(zone);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<i64>(zone + 8 + (<usize>middle << 3)) <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

// @ts-ignore: decorator
@inline function offsetAfter(zone: usize, changes: u32): i64 {
  if (changes == 0) return load<i32>(zone, 4);
  return load<i32>(zone + 8 + (<usize>load<u32>(zone) << 3) + (<usize>(changes - 1) << 2));
}

/** Seconds east of Greenwich at an instant. */
export function zoneOffsetAt(instant: i64, zone: usize): i64 {
  return offsetAfter(zone, changesUntil(zone, intoTable(instant)));
}

/**
 * The offset of a local time. Times that clocks skip have the offset before the change, times that they show twice the one
 * after it (DetermineTimeZoneOffset of PostgreSQL).
 */
export function zoneOffsetOf(local: i64, zone: usize): i64 {
  const at = intoTable(local);
  const changes = changesUntil(zone, floorDivide(at, SECOND) * SECOND - DAY);
  const before = offsetAfter(zone, changes);
  if (changes == load<u32>(zone)) return before;
  const boundary = load<i64>(zone + 8 + (<usize>changes << 3));
  const after = offsetAfter(zone, changes + 1);
  const isBefore = at - before * SECOND < boundary;
  if (isBefore == (at - after * SECOND < boundary)) return isBefore ? before : after;
  return after > before ? before : after;
}
