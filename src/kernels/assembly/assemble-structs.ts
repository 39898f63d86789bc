// Slots (assemble.ts) of structs from those of their fields, and of maps from those of their keys and values.
import { MALFORMED, MAX_VALUE_BYTES, TOO_LONG } from './assemble';
import { copyBytes } from './copy-bytes';
import { countOf, HEADER_BYTES, putFixed } from './nested-access';
import { isVariable, MAP, STRUCT } from './value-tags';

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
