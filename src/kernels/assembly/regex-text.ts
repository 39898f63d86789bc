// What precedes the search of a text, and follows it: what the search keeps of it lies in the heap.
import { beginSearch, searchBytes, wasTooMuch } from './regex-search';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const LARGEST_SEARCH: u64 = 1 << 28;

/** Before a text is searched; false, with the status set, where the heap is exhausted or the row is declined. */
export function openText(block: usize, program: usize, text: v128): bool {
  const byteLength = searchBytes(program, lengthOf(text));
  if (byteLength > LARGEST_SEARCH) {
    decline(block);
    return false;
  }
  let places: usize = 0;
  if (byteLength != 0) {
    places = heapAllocate(block, <u32>byteLength);
    if (places == 0) return false;
  }
  beginSearch(program, pointerOf(text), lengthOf(text), places);
  return true;
}

/** Declines the row where the search was given up. */
export function checkSearch(block: usize): void {
  if (wasTooMuch()) decline(block);
}

/** Gives back what `openText` has taken, last in the heap; the search is over. */
export function closeText(block: usize, program: usize, text: v128): void {
  checkSearch(block);
  heapReturn(block, <u32>searchBytes(program, lengthOf(text)));
}
