// What precedes the search of a text, and follows it: what looks of a regular expression find in it lies in the heap.
import { beginText, lookBytes } from './regex-automaton';
import { heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';

/** Before a text is searched; false, with the status set, where the heap is exhausted. */
export function openText(block: usize, program: usize, text: v128): bool {
  const byteLength = lookBytes(program, lengthOf(text));
  let places: usize = 0;
  if (byteLength != 0) {
    places = heapAllocate(block, byteLength);
    if (places == 0) return false;
  }
  beginText(program, pointerOf(text), lengthOf(text), places);
  return true;
}

/** Gives back what `openText` has taken, last in the heap. */
export function closeText(block: usize, program: usize, text: v128): void {
  heapReturn(block, lookBytes(program, lengthOf(text)));
}
