// What was made of texts that are no literals: of names of zones, and of regular expressions. A table has a word for each
// of some hashes: 0, or the address of
//
//    u32    byteLength of the text
//    u32    address of what was made of it; 0 where there is nothing
//    bytes of the text
//
// Where the word of a text's hash has another text, one of those behind it has it.
import { returnView } from './memory-call';
import { decline, heapAllocate } from './status';
import { hashText } from './text-key-hash';
import { bytesEqual, lengthOf, pointerOf } from './text-view';

/** As `MEMO_WORDS` in src/exec/expression/memo-constants.ts. */
// @ts-ignore: decorator
@inline const WORDS: u32 = 256;

/** How many words may be looked at. */
// @ts-ignore: decorator
@inline const PROBES: u32 = 8;

// @ts-ignore: decorator
@inline
function wordAt(table: usize, index: u32): usize {
  return table + (<usize>(index & (WORDS - 1)) << 2);
}

function isOf(known: usize, text: v128): bool {
  const length = lengthOf(text);
  return load<u32>(known) == length && bytesEqual(known + 8, pointerOf(text), length);
}

/** What is known of a text; 0 if nothing is. */
export function memoFind(table: usize, text: v128): usize {
  const first = <u32>hashText(text);
  for (let probe: u32 = 0; probe < PROBES; probe++) {
    const known: usize = load<u32>(wordAt(table, first + probe));
    if (known == 0) return 0;
    if (isOf(known, text)) return known;
  }
  return 0;
}

/** Puts it where nothing is known, or else in the place of something; returns it. */
export function memoPut(table: usize, text: v128, known: usize): usize {
  const first = <u32>hashText(text);
  for (let probe: u32 = 0; probe < PROBES; probe++) {
    const word = wordAt(table, first + probe);
    const other: usize = load<u32>(word);
    if (other != 0 && !isOf(other, text)) continue;
    store<u32>(word, <u32>known);
    return known;
  }
  store<u32>(wordAt(table, first), <u32>known);
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
