// Slots (assemble.ts) of arrays from those of their elements.
import { MALFORMED, MAX_VALUE_BYTES, TOO_LONG } from './assemble';
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, putFixed, slotsOf } from './nested-access';
import { FLOAT4, FLOAT8, isVariable, widthOf } from './value-tags';

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
