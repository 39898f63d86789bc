// What was made of texts that are no literals: of names of zones, and of regular expressions. A table has a word for each
// of some hashes: 0, or the address of
//
//    u32    byteLength of the text
//    u32    address of what was made of it; 0 where there is nothing
//    bytes of the text
import { returnView } from './memory-call';
import { decline, heapAllocate } from './status';
import { hashText } from './text-key-hash';
import { bytesEqual, lengthOf, pointerOf } from './text-view';

/** As `MEMO_WORDS` in src/exec/expression/memo-constants.ts. */
// @ts-ignore: decorator
@inline const WORDS: u32 = 256;

// @ts-ignore: decorator
@inline
function slotOf(table: usize, text: v128): usize {
  return table + ((<usize>hashText(text) & (WORDS - 1)) << 2);
}

/** What is known of a text; 0 if nothing is. */
export function memoFind(table: usize, text: v128): usize {
  const known: usize = load<u32>(slotOf(table, text));
  if (known == 0) return 0;
  const length = lengthOf(text);
  return load<u32>(known) == length && bytesEqual(known + 8, pointerOf(text), length) ? known : 0;
}

/** Puts it in the place of what was known of a text of the same hash; returns it. */
export function memoPut(table: usize, text: v128, known: usize): usize {
  store<u32>(slotOf(table, text), <u32>known);
  return known;
}

/** The text that was made of a text: a u32, its byte length, and its bytes. */
export function memoText(block: usize, args: usize, count: u32, made: usize): void {
  if (made == 0) return decline(block);
  const length = load<u32>(made);
  const target = heapAllocate(block, length);
  if (target == 0) return;
  memory.copy(target, made + 4, length);
  returnView(args, count, target, length);
}
