// The rows of frames as parts (frame-part.ts), each with the state of an aggregate that they are added to.
import { addFrame, addPart } from './frame-part';
import { at } from './window-rows';

/**
 * The parts of the frames of rows `from` on, each with the state of its row: state k lies at states + k * stride, but rows
 * with the frame of the row before share its state. rowStates[k] = the state of row `from + k`.
 */
export function frameParts(from: u32, count: u32, lows: usize, highs: usize, exclude: u32, groups: usize, groupStarts: usize, states: u32, stride: u32, parts: usize, rowStates: usize): u32 {
  let end = parts;
  for (let k: u32 = 0; k < count; k++) {
    if (!exclude && k > 0 && at(lows, k) == at(lows, k - 1) && at(highs, k) == at(highs, k - 1)) {
      store<u32>(rowStates + (<usize>k << 2), at(rowStates, k - 1));
      continue;
    }
    store<u32>(rowStates + (<usize>k << 2), states + k * stride);
    end = addFrame(end, from + k, at(lows, k), at(highs, k), exclude, groups, groupStarts, states + k * stride);
  }
  return <u32>(end - parts) / 12;
}

/**
 * Rows of parts with the states they belong to, `limit` at most; returns how many. `cursor` is { u32 part, u32 rows of it
 * that are done }, from which the next call goes on.
 */
export function expandParts(parts: usize, partCount: u32, cursor: usize, rows: usize, limit: u32, pointers: usize, targets: usize): u32 {
  let part = load<u32>(cursor);
  let done = load<u32>(cursor + 4);
  let filled: u32 = 0;
  while (part < partCount && filled < limit) {
    const entry = parts + <usize>part * 12;
    const length = load<u32>(entry + 4) - load<u32>(entry);
    const target = load<u32>(entry + 8);
    const taken = min(length - done, limit - filled);
    const first = load<u32>(entry) + done;
    for (let k: u32 = 0; k < taken; k++) {
      const slot = <usize>(filled + k) << 2;
      store<u32>(pointers + slot, at(rows, first + k));
      store<u32>(targets + slot, target);
    }
    filled += taken;
    done += taken;
    if (done == length) {
      part++;
      done = 0;
    }
  }
  store<u32>(cursor, part);
  store<u32>(cursor + 4, done);
  return filled;
}

/*
 * State of a running aggregate, u32 each:
 *   0 rows that are in the current state   4 first row of its partition   8 the current state
 *   12 parts that were written             16 links that were written
 */
/**
 * For frames that begin with their partition and end at highs[k]: a state for each end, to which the rows of a part are
 * to be added, and then (`targets`, `sources`) the state before it. rowStates[k] = the state of row `from + k`; `empty` is
 * the one of an empty frame. New states are those from `states` on, `stride` apart.
 */
export function runningParts(from: u32, count: u32, highs: usize, ordinals: usize, starts: usize, carry: usize, empty: u32, states: u32, stride: u32, parts: usize, targets: usize, sources: usize, rowStates: usize): void {
  let consumed = load<u32>(carry);
  let known = load<u32>(carry + 4);
  let current = load<u32>(carry + 8);
  let end = parts;
  let links: u32 = 0;
  let fresh = states;
  for (let k: u32 = 0; k < count; k++) {
    const first = at(starts, at(ordinals, from + k));
    if (first != known || current == 0) {
      known = first;
      consumed = first;
      current = empty;
    }
    const high = at(highs, k);
    if (high > consumed) {
      end = addPart(end, consumed, high, fresh);
      if (current != empty) {
        store<u32>(targets + (<usize>links << 2), fresh);
        store<u32>(sources + (<usize>links << 2), current);
        links++;
      }
      consumed = high;
      current = fresh;
      fresh += stride;
    }
    store<u32>(rowStates + (<usize>k << 2), current);
  }
  store<u32>(carry, consumed);
  store<u32>(carry + 4, known);
  store<u32>(carry + 8, current);
  store<u32>(carry + 12, <u32>(end - parts) / 12);
  store<u32>(carry + 16, links);
}
