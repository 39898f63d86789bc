// Texts of build rows as codes: every row keeps the number of its text among those that differ.

import { textRestEquals } from './compare';
import { viewInRow } from './row-access';
import { hashText } from './text-key-hash';
import { lengthOf } from './text-view';

// @ts-ignore: decorator
@inline
function sameText(a: v128, b: v128): bool {
  return (
    lengthOf(a) == lengthOf(b) && i64x2.extract_lane(a, 1) == i64x2.extract_lane(b, 1) && textRestEquals(a, b) != 0
  );
}

/**
 * Writes to each row, at `codeOffset`, the number of its text, which is at `textOffset`, among the `entryCount` views at
 * `entries`, and adds those that are new; 0 where the byte at `validityOffset` says NULL. `slots`: mask + 1 words, at
 * least twice as many as there may be entries, cleared before the first rows. Returns the number of entries.
 */
export function codeRowTexts(
  rows: usize,
  textOffset: u32,
  validityOffset: u32,
  codeOffset: u32,
  count: u32,
  slots: usize,
  mask: u32,
  entries: usize,
  entryCount: u32,
): u32 {
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2));
    let code: u32 = 0;
    if (load<u8>(row + validityOffset)) {
      const view = viewInRow(row + textOffset);
      let slot = hashText(view) & mask;
      for (;;) {
        const place = slots + (<usize>slot << 2);
        code = load<u32>(place);
        if (code == 0) {
          store<u32>(place, entryCount + 1);
          v128.store(entries + (<usize>entryCount << 4), view);
          code = entryCount++;
          break;
        }
        if (sameText(v128.load(entries + (<usize>--code << 4)), view)) break;
        slot = (slot + 1) & mask;
      }
    }
    store<u32>(row + codeOffset, code);
  }
  return entryCount;
}
