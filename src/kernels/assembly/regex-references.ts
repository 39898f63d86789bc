// Back references of regular expressions: is a text what parentheses matched? src/functions/regex/match-regex.ts is the twin.
import { nextPlace, pointAt } from './regex-automaton';
import { bytesEqual } from './text-view';

/** How often `unit` bytes at `from` are repeated from `start` to `end`; 0 where there is something else. */
export function repeatsText(program: usize, text: usize, from: u32, unit: u32, start: u32, end: u32): u32 {
  if (load<u32>(program, 348) != 0) return repeatsInAnyCase(program, text, from, from + unit, start, end);
  const length = end - start;
  const count = length / unit;
  if (count * unit != length || !bytesEqual(text + from, text + start, unit)) return 0;
  return bytesEqual(text + start, text + start + unit, length - unit) ? count : 0;
}

function repeatsInAnyCase(program: usize, text: usize, from: u32, to: u32, start: u32, end: u32): u32 {
  let count: u32 = 0;
  let at = start;
  let one = from;
  while (at < end) {
    const other = pointAt(text + one);
    const point = pointAt(text + at);
    if (point != other && !isInOtherCase(program, other, point)) return 0;
    at = nextPlace(text, at, end);
    one = nextPlace(text, one, to);
    if (one >= to) {
      count++;
      one = from;
    }
  }
  return one == from ? count : 0;
}

/** Is `other` in another case the point? */
function isInOtherCase(program: usize, other: u32, point: u32): bool {
  if (other < 0x80) return (other ^ point) == 0x20 && (other | 0x20) - 0x61 < 26;
  const pairs = program + load<u32>(program, 344);
  const count = load<u32>(program, 348);
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(pairs + (<usize>middle << 3)) < other) low = middle + 1;
    else high = middle;
  }
  for (; low < count && load<u32>(pairs + (<usize>low << 3)) == other; low++) {
    if (load<u32>(pairs + (<usize>low << 3), 4) == point) return true;
  }
  return false;
}
