// Entries of Parquet leaves put together to nested values (record assembly of the Dremel paper, Melnik et al., VLDB 2010),
// a node of the type's tree at a time: the way back from shred.ts. src/types/nested-codec.ts draws the layouts of values.
//
// The slots of a node are parallel arrays; one for every entry of its first leaf that does not continue a list within it:
//   pointers     u32  where the value's bytes lie; 0 where it is NULL, or something above it is NULL or empty
//   lengths      u32  of the value in bytes; 0 with a pointer of 0
//   repetitions  u8   of that entry
//   definitions  u8   of that entry
// Lengths are measured first, so that the caller can make room for all values of a node at once.
import {
  arrayBytes,
  beginArray,
  bytesOf,
  countOf,
  HEADER_BYTES,
  putFixed,
  slotsOf,
} from './nested-access';
import { copyBytes } from './copy-bytes';
import { makeView } from './text-view';
import { FLOAT4, FLOAT8, isVariable, MAP, STRUCT, widthOf } from './value-tags';

/** 16 zero bytes in the null page: where texts without bytes lie. */
// @ts-ignore: decorator
@inline const ZEROS: usize = 512;

const MAX_VALUE_BYTES: u64 = 1 << 30;
const TOO_LONG: f64 = -1;
const MALFORMED: f64 = -2;

/**
 * Where the entries of the next `rows` rows end that begin at `from` of `count`; with 0 rows, those that go on with the
 * row before. Levels are u32, `repetitions` is 0 where every entry is a row. `result` gets u32: rows that were begun.
 */
export function entriesOfRows(repetitions: usize, from: u32, count: u32, rows: u32, result: usize): u32 {
  if (!repetitions) {
    const end = min<u64>(count, <u64>from + rows);
    store<u32>(result, <u32>end - from);
    return <u32>end;
  }
  let begun: u32 = 0;
  let entry = from;
  for (; entry < count; entry++) {
    if (load<u32>(repetitions + (<usize>entry << 2)) != 0) continue;
    if (begun == rows) break;
    begun++;
  }
  store<u32>(result, begun);
  return entry;
}

/**
 * The slots of a leaf's entries `from` … `to`, those of the rows of `selection` (0: all), which counts from the row that
 * state had at first. An entry with the level `definition` has a value, of `width` bytes from `data` on; texts are views.
 * Levels are u32, and all 0 where their pointer is 0. `state` is moved on: u32 rows begun, u32 rows of the selection
 * passed, u32 slots written, u32 the next value, u32 whether the row is wanted that is under way.
 */
export function leafSlots(
  entryRepetitions: usize,
  entryDefinitions: usize,
  from: u32,
  to: u32,
  definition: u32,
  data: usize,
  width: u32,
  isText: u32,
  selection: usize,
  selected: u32,
  state: usize,
  pointers: usize,
  lengths: usize,
  repetitions: usize,
  definitions: usize,
): void {
  let row = load<u32>(state);
  let passed = load<u32>(state, 4);
  let slot = load<u32>(state, 8);
  let value = load<u32>(state, 12);
  let wanted = load<u32>(state, 16);
  if (!selection && !isText && entryRepetitions && entryDefinitions) {
    // The common case, without a branch.
    for (let entry = from; entry < to; entry++, slot++) {
      const repetition = load<u32>(entryRepetitions + (<usize>entry << 2));
      const level = load<u32>(entryDefinitions + (<usize>entry << 2));
      const mask: u32 = level == definition ? u32.MAX_VALUE : 0;
      store<u32>(pointers + (<usize>slot << 2), (<u32>data + value * width) & mask);
      store<u32>(lengths + (<usize>slot << 2), width & mask);
      store<u8>(repetitions + slot, <u8>repetition);
      store<u8>(definitions + slot, <u8>level);
      row += u32(repetition == 0);
      value += mask & 1;
    }
    store<u32>(state, row);
    store<u32>(state, slot, 8);
    store<u32>(state, value, 12);
    return;
  }
  for (let entry = from; entry < to; entry++) {
    const repetition = entryRepetitions ? load<u32>(entryRepetitions + (<usize>entry << 2)) : 0;
    const level = entryDefinitions ? load<u32>(entryDefinitions + (<usize>entry << 2)) : 0;
    if (repetition == 0) {
      wanted = 1;
      if (selection) {
        wanted = u32(passed < selected && load<u32>(selection + (<usize>passed << 2)) == row);
        passed += wanted;
      }
      row++;
    }
    const present = level == definition;
    if (wanted) {
      let pointer: usize = 0;
      let length: u32 = 0;
      if (present) {
        pointer = data + <usize>value * <usize>width;
        length = width;
        if (isText) {
          length = load<u32>(pointer);
          pointer = length ? <usize>load<u32>(pointer, 4) : ZEROS;
        }
      }
      store<u32>(pointers + (<usize>slot << 2), <u32>pointer);
      store<u32>(lengths + (<usize>slot << 2), length);
      store<u8>(repetitions + slot, <u8>repetition);
      store<u8>(definitions + slot, <u8>level);
      slot++;
    }
    value += u32(present);
  }
  store<u32>(state, row);
  store<u32>(state, passed, 4);
  store<u32>(state, slot, 8);
  store<u32>(state, value, 12);
  store<u32>(state, wanted, 16);
}

/** How many of `count` u32 are `value`. */
export function countWords(words: usize, count: u32, value: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < count; i++) total += u32(load<u32>(words + (<usize>i << 2)) == value);
  return total;
}

/** Where the list ends that begins at a slot of its elements. */
// @ts-ignore: decorator
@inline
function endOfList(repetitions: usize, from: u32, count: u32, repetition: u32): u32 {
  let end = from + 1;
  while (end < count && <u32>load<u8>(repetitions + end) >= repetition) end++;
  return end;
}

/**
 * The slots of arrays, without their pointers, from `count` slots of their elements; `repetition` begins a further
 * element. Returns the bytes of all values, -1 where one is too long, -2 where levels do not fit together; `result` gets
 * u32: the number of slots.
 */
export function measureArrays(
  elementLengths: usize,
  elementRepetitions: usize,
  elementDefinitions: usize,
  count: u32,
  repetition: u32,
  definition: u32,
  elementDefinition: u32,
  tag: u32,
  lengths: usize,
  repetitions: usize,
  definitions: usize,
  result: usize,
): f64 {
  const variable = isVariable(tag);
  let total: u64 = 0;
  let slot: u32 = 0;
  for (let at: u32 = 0; at < count; ) {
    const end = endOfList(elementRepetitions, at, count, repetition);
    const level: u32 = load<u8>(elementDefinitions + at);
    let length: u64 = 0;
    if (level >= elementDefinition) {
      let bytes: u64 = 0;
      if (variable) for (let i = at; i < end; i++) bytes += load<u32>(elementLengths + (<usize>i << 2));
      length = arrayBytes(end - at, tag, bytes);
      if (length > MAX_VALUE_BYTES) return TOO_LONG;
    } else {
      if (end > at + 1) return MALFORMED;
      if (level >= definition) length = HEADER_BYTES;
    }
    store<u32>(lengths + (<usize>slot << 2), <u32>length);
    store<u8>(repetitions + slot, load<u8>(elementRepetitions + at));
    store<u8>(definitions + slot, <u8>level);
    total += length;
    slot++;
    at = end;
  }
  store<u32>(result, slot);
  return <f64>total;
}

/** Writes the arrays that were measured to `target`, one after the other. */
export function assembleArrays(
  elementPointers: usize,
  elementLengths: usize,
  elementRepetitions: usize,
  elementDefinitions: usize,
  count: u32,
  repetition: u32,
  elementDefinition: u32,
  tag: u32,
  scale: u32,
  lengths: usize,
  target: usize,
  pointers: usize,
): void {
  let slot: u32 = 0;
  for (let at: u32 = 0; at < count; slot++) {
    const end = endOfList(elementRepetitions, at, count, repetition);
    const length = load<u32>(lengths + (<usize>slot << 2));
    store<u32>(pointers + (<usize>slot << 2), length ? <u32>target : 0);
    if (length) {
      const hasElements = <u32>load<u8>(elementDefinitions + at) >= elementDefinition;
      const elements = hasElements ? end - at : 0;
      beginArray(target, elements, tag, scale, length);
      if (elements > 0) {
        const first = elementPointers + (<usize>at << 2);
        if (isVariable(tag)) putTexts(target, first, elementLengths + (<usize>at << 2), elements);
        else putValues(target, first, elements, tag);
      }
      target += length;
    }
    at = end;
  }
}

/** Not copyBytes, which would overshoot: zeros follow that stay. */
// @ts-ignore: decorator
@inline
function copyExactly(target: usize, source: usize, byteLength: u32): void {
  if (byteLength > 256) {
    memory.copy(target, source, byteLength);
    return;
  }
  let i: u32 = 0;
  for (; i + 16 <= byteLength; i += 16) v128.store(target + i, v128.load(source + i));
  if (byteLength & 8) {
    store<u64>(target + i, load<u64>(source + i));
    i += 8;
  }
  if (byteLength & 4) {
    store<u32>(target + i, load<u32>(source + i));
    i += 4;
  }
  for (; i < byteLength; i++) store<u8>(target + i, load<u8>(source + i));
}

function putTexts(array: usize, pointers: usize, lengths: usize, count: u32): void {
  const slots = slotsOf(array);
  const bytes = bytesOf(array);
  let end: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const source: usize = load<u32>(pointers + (<usize>i << 2));
    if (source) {
      const length = load<u32>(lengths + (<usize>i << 2));
      store<u8>(array + i, 1, HEADER_BYTES);
      copyExactly(bytes + end, source, length);
      end += length;
    }
    store<u32>(slots + (<usize>i << 2), end);
  }
}

function putValues(array: usize, pointers: usize, count: u32, tag: u32): void {
  const width = widthOf(tag);
  const slots = slotsOf(array);
  let all: u32 = 1;
  for (let i: u32 = 0; i < count; i++) {
    const valid = u32(load<u32>(pointers + (<usize>i << 2)) != 0);
    store<u8>(array + i, <u8>valid, HEADER_BYTES);
    all &= valid;
  }
  const first: usize = load<u32>(pointers);
  const last: usize = load<u32>(pointers + (<usize>(count - 1) << 2));
  if (all && tag != FLOAT4 && tag != FLOAT8 && last - first == <usize>(count - 1) * <usize>width) {
    const bytes = count * width;
    copyExactly(slots, first, bytes);
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    const source: usize = load<u32>(pointers + (<usize>i << 2));
    if (source) putFixed(slots + <usize>i * <usize>width, source, tag, width);
  }
}

/**
 * Lengths of structs of `count` slots; those whose level is below `definition` are NULL. `fields` has 12 bytes a field: u32
 * its pointers, u32 its lengths, u8 tag, u8 scale, u8 0, u8 0. Returns the bytes of all values, -1 where one is too long.
 */
export function measureStructs(
  fields: usize,
  fieldCount: u32,
  definitions: usize,
  count: u32,
  definition: u32,
  lengths: usize,
): f64 {
  let total: u64 = 0;
  for (let slot: u32 = 0; slot < count; slot++) {
    let length: u64 = 0;
    if (<u32>load<u8>(definitions + slot) >= definition) {
      length = HEADER_BYTES + (fieldCount << 3);
      for (let field: u32 = 0; field < fieldCount; field++) {
        length += load<u32>(<usize>load<u32>(fields + field * 12, 4) + (<usize>slot << 2));
      }
      length = (length + 7) & ~7;
      if (length > MAX_VALUE_BYTES) return TOO_LONG;
    }
    store<u32>(lengths + (<usize>slot << 2), <u32>length);
    total += length;
  }
  return <f64>total;
}

/** Writes the structs that were measured to `target`, one after the other. */
export function assembleStructs(
  fields: usize,
  fieldCount: u32,
  count: u32,
  lengths: usize,
  target: usize,
  pointers: usize,
): void {
  for (let slot: u32 = 0; slot < count; slot++) {
    const length = load<u32>(lengths + (<usize>slot << 2));
    store<u32>(pointers + (<usize>slot << 2), length ? <u32>target : 0);
    if (!length) continue;
    store<u64>(target, <u64>fieldCount | (<u64>STRUCT << 32));
    const bytes = target + HEADER_BYTES + (fieldCount << 3);
    let end: u32 = 0;
    for (let field: u32 = 0; field < fieldCount; field++) {
      const at = fields + field * 12;
      const source: usize = load<u32>(<usize>load<u32>(at) + (<usize>slot << 2));
      const tag: u32 = load<u8>(at, 8);
      const header = target + HEADER_BYTES + (field << 3);
      store<u32>(header, tag | (<u32>load<u8>(at, 9) << 8) | (u32(source != 0) << 16));
      if (source) {
        const byteLength = load<u32>(<usize>load<u32>(at, 4) + (<usize>slot << 2));
        if (isVariable(tag)) copyBytes(bytes + end, source, byteLength);
        else putFixed(bytes + end, source, tag, byteLength);
        end += byteLength;
      }
      store<u32>(header, end, 4);
    }
    // Zeros up to a multiple of 8, over what was copied beyond the end.
    for (let at = bytes + end; at < target + length; at++) store<u8>(at, 0);
    target += length;
  }
}

/**
 * Lengths of maps from the slots of their arrays of keys and of values. Returns the bytes of all, -1 where one is too
 * long, -2 where a map has a key without a value or a key that is NULL.
 */
export function measureMaps(
  keyPointers: usize,
  keyLengths: usize,
  valuePointers: usize,
  valueLengths: usize,
  count: u32,
  lengths: usize,
): f64 {
  let total: u64 = 0;
  for (let slot: u32 = 0; slot < count; slot++) {
    const keys: usize = load<u32>(keyPointers + (<usize>slot << 2));
    const values: usize = load<u32>(valuePointers + (<usize>slot << 2));
    if ((keys == 0) != (values == 0)) return MALFORMED;
    let length: u64 = 0;
    if (keys) {
      const size = countOf(keys);
      if (size != countOf(values)) return MALFORMED;
      for (let i: u32 = 0; i < size; i++) if (load<u8>(keys + i, HEADER_BYTES) == 0) return MALFORMED;
      const keyBytes = load<u32>(keyLengths + (<usize>slot << 2));
      length = 16 + <u64>keyBytes + load<u32>(valueLengths + (<usize>slot << 2));
      if (length > MAX_VALUE_BYTES) return TOO_LONG;
    }
    store<u32>(lengths + (<usize>slot << 2), <u32>length);
    total += length;
  }
  return <f64>total;
}

/** Writes the maps that were measured to `target`, one after the other. */
export function assembleMaps(
  keyPointers: usize,
  keyLengths: usize,
  valuePointers: usize,
  count: u32,
  lengths: usize,
  target: usize,
  pointers: usize,
): void {
  for (let slot: u32 = 0; slot < count; slot++) {
    const length = load<u32>(lengths + (<usize>slot << 2));
    store<u32>(pointers + (<usize>slot << 2), length ? <u32>target : 0);
    if (!length) continue;
    const keys: usize = load<u32>(keyPointers + (<usize>slot << 2));
    const keyBytes = load<u32>(keyLengths + (<usize>slot << 2));
    store<u64>(target, <u64>countOf(keys) | (<u64>MAP << 32));
    store<u64>(target, keyBytes, 8);
    memory.copy(target + 16, keys, keyBytes);
    const values: usize = load<u32>(valuePointers + (<usize>slot << 2));
    memory.copy(target + 16 + keyBytes, values, length - 16 - keyBytes);
    target += length;
  }
}

/** Views of the values of slots, and their validity unless `validity` is 0. Returns how many are NULL. */
export function viewsOfSlots(pointers: usize, lengths: usize, count: u32, views: usize, validity: usize): u32 {
  let nulls: u32 = 0;
  for (let slot: u32 = 0; slot < count; slot++) {
    const pointer: usize = load<u32>(pointers + (<usize>slot << 2));
    const view = pointer ? makeView(pointer, load<u32>(lengths + (<usize>slot << 2))) : i64x2.splat(0);
    v128.store(views + (<usize>slot << 4), view);
    if (validity) store<u8>(validity + slot, u8(pointer != 0));
    nulls += u32(pointer == 0);
  }
  return nulls;
}
