// How far texts are apart, for generated code.
import { characterBytes, codeOf } from './letter-case';
import { allocateNested } from './memory-call';
import { heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';

/** Writes the code points of a text, u32 each; returns their number, at most that of its bytes. */
function putCodes(target: usize, source: usize, length: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; ) {
    const bytes = min(characterBytes(load<u8>(source + i)), length - i);
    store<u32>(target + (<usize>count << 2), codeOf(source + i, bytes));
    count++;
    i += bytes;
  }
  return count;
}

/** levenshtein: row by row of the table of distances between beginnings (Wagner and Fischer), of which one row is kept. */
export function textEditDistance(block: usize, a: v128, b: v128): i32 {
  const bytesA = lengthOf(a);
  const bytesB = lengthOf(b);
  const room = (<u64>bytesA + 2 * <u64>bytesB + 1) << 2;
  const codesA = allocateNested(block, room);
  if (codesA == 0) return 0;
  const codesB = codesA + (<usize>bytesA << 2);
  const row = codesB + (<usize>bytesB << 2);
  const countA = putCodes(codesA, pointerOf(a), bytesA);
  const countB = putCodes(codesB, pointerOf(b), bytesB);
  for (let j: u32 = 0; j <= countB; j++) store<u32>(row + (<usize>j << 2), j);
  for (let i: u32 = 0; i < countA; i++) {
    const code = load<u32>(codesA + (<usize>i << 2));
    let diagonal = i;
    let left = i + 1;
    store<u32>(row, left);
    for (let j: usize = 0; j < <usize>countB << 2; j += 4) {
      const above = load<u32>(row + j, 4);
      left = min(min(left, above) + 1, diagonal + u32(code != load<u32>(codesB + j)));
      store<u32>(row + j, left, 4);
      diagonal = above;
    }
  }
  const distance = load<u32>(row + (<usize>countB << 2));
  heapReturn(block, <u32>room);
  return distance;
}
