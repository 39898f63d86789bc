import type { Data, DataType } from 'apache-arrow';
import { byteWidthOf, isNestedType, type NestedType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { ArrowLibrary } from './arrow-library.js';
import { viewOf } from './value-views.js';

/** Values in a buffer: where the bytes of each lie; NULLs have none. */
interface Places {
  readonly count: number;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly valid: Uint8Array;
}

function createPlaces(count: number): Places {
  return { count, starts: new Int32Array(count), lengths: new Int32Array(count), valid: new Uint8Array(count) };
}

const HEADER_BYTES = 8;
const padded = (byteLength: number): number => (byteLength + 7) & ~7;

/**
 * A column of nested values, whose bytes `types/nested-codec.ts` draws, as Arrow's lists, structs and maps: level by
 * level, each in one loop over its values.
 */
export function nestedArrowData(
  arrow: ArrowLibrary,
  type: DataType,
  sqlType: NestedType,
  bytes: Uint8Array,
  offsets: Int32Array,
  validity: Uint8Array | undefined,
  rowCount: number,
): Data {
  const places = createPlaces(rowCount);
  for (let row = 0; row < rowCount; row++) {
    places.starts[row] = offsets[row]!;
    places.lengths[row] = offsets[row + 1]! - offsets[row]!;
    places.valid[row] = validity === undefined ? 1 : (validity[row >> 3]! >> (row & 7)) & 1;
  }
  return new NestedConverter(arrow, bytes).data(type, sqlType, places);
}

class NestedConverter {
  private readonly arrow: ArrowLibrary;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(arrow: ArrowLibrary, bytes: Uint8Array) {
    this.arrow = arrow;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  data(type: DataType, sqlType: SqlType, places: Places): Data {
    if (!isNestedType(sqlType)) return this.scalars(type, sqlType, places);
    const { count, valid } = places;
    const common = { type, length: count, ...nullsOf(valid) };
    switch (sqlType.kind) {
      case 'array': {
        const { offsets, elements } = this.elementsOf(places, sqlType.element);
        const child = this.data(type.children[0]!.type, sqlType.element, elements);
        return this.arrow.makeData({ ...common, valueOffsets: offsets, child } as never);
      }
      case 'struct': {
        const children = sqlType.fields.map((field, i) =>
          this.data(type.children[i]!.type, field.type, this.fieldOf(places, i)),
        );
        return this.arrow.makeData({ ...common, children } as never);
      }
      case 'map': {
        const [keyPlaces, valuePlaces] = this.sidesOf(places);
        const keys = this.elementsOf(keyPlaces, sqlType.key);
        const values = this.elementsOf(valuePlaces, sqlType.value);
        const entries = type.children[0]!.type;
        const children = [
          this.data(entries.children[0]!.type, sqlType.key, keys.elements),
          this.data(entries.children[1]!.type, sqlType.value, values.elements),
        ];
        const length = keys.elements.count;
        const child = this.arrow.makeData({ type: entries, length, nullCount: 0, children } as never);
        return this.arrow.makeData({ ...common, valueOffsets: keys.offsets, child } as never);
      }
    }
  }

  /** The elements of all arrays, and where those of each begin. */
  private elementsOf({ count, starts, valid }: Places, element: SqlType): { offsets: Int32Array; elements: Places } {
    const { view, bytes } = this;
    const offsets = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) {
      offsets[i + 1] = offsets[i]! + (valid[i] ? view.getUint32(starts[i]!, true) : 0);
    }
    const elements = createPlaces(offsets[count]!);
    const physical = physicalTypeOf(element);
    const isVariable = physical === 'string';
    const width = isVariable ? 4 : byteWidthOf(physical);
    for (let i = 0; i < count; i++) {
      if (!valid[i]) continue;
      const size = offsets[i + 1]! - offsets[i]!;
      const validAt = starts[i]! + HEADER_BYTES;
      const slots = validAt + padded(size);
      const base = slots + padded(size * width);
      let start = 0;
      for (let e = 0; e < size; e++) {
        const at = offsets[i]! + e;
        elements.valid[at] = bytes[validAt + e]!;
        if (isVariable) {
          const end = view.getUint32(slots + e * 4, true);
          elements.starts[at] = base + start;
          elements.lengths[at] = end - start;
          start = end;
        } else {
          elements.starts[at] = slots + e * width;
          elements.lengths[at] = width;
        }
      }
    }
    return { offsets, elements };
  }

  private fieldOf({ count, starts, valid }: Places, index: number): Places {
    const { view, bytes } = this;
    const field = createPlaces(count);
    for (let i = 0; i < count; i++) {
      if (!valid[i]) continue;
      const start = starts[i]!;
      const base = start + HEADER_BYTES + 8 * view.getUint32(start, true);
      const entry = start + HEADER_BYTES + 8 * index;
      const from = index === 0 ? 0 : view.getUint32(entry - 4, true);
      field.valid[i] = bytes[entry + 2]!;
      field.starts[i] = base + from;
      field.lengths[i] = view.getUint32(entry + 4, true) - from;
    }
    return field;
  }

  private sidesOf({ count, starts, lengths, valid }: Places): [keys: Places, values: Places] {
    const keys = createPlaces(count);
    const values = createPlaces(count);
    keys.valid.set(valid);
    values.valid.set(valid);
    for (let i = 0; i < count; i++) {
      if (!valid[i]) continue;
      const keysLength = this.view.getUint32(starts[i]! + 8, true);
      keys.starts[i] = starts[i]! + 16;
      keys.lengths[i] = keysLength;
      values.starts[i] = starts[i]! + 16 + keysLength;
      values.lengths[i] = lengths[i]! - 16 - keysLength;
    }
    return [keys, values];
  }

  private scalars(type: DataType, sqlType: SqlType, places: Places): Data {
    const { count, starts, lengths, valid } = places;
    const physical = physicalTypeOf(sqlType);
    const common = { type, length: count, ...nullsOf(valid) };
    if (physical === 'string') {
      const valueOffsets = new Int32Array(count + 1);
      for (let i = 0; i < count; i++) valueOffsets[i + 1] = valueOffsets[i]! + (valid[i] ? lengths[i]! : 0);
      const data = new Uint8Array(valueOffsets[count]!);
      for (let i = 0; i < count; i++) {
        if (valid[i]) data.set(this.bytes.subarray(starts[i]!, starts[i]! + lengths[i]!), valueOffsets[i]);
      }
      return this.arrow.makeData({ ...common, valueOffsets, data } as never);
    }
    if (physical === 'bool') {
      const bits = new Uint8Array(count);
      for (let i = 0; i < count; i++) bits[i] = valid[i] ? this.bytes[starts[i]!]! : 0;
      return this.arrow.makeData({ ...common, data: packBits(bits) } as never);
    }
    const isDecimal = sqlType.kind === 'decimal';
    const width = isDecimal ? 16 : byteWidthOf(physical);
    const data = new Uint8Array(count * width);
    for (let i = 0; i < count; i++) {
      if (!valid[i]) continue;
      const start = starts[i]!;
      data.set(this.bytes.subarray(start, start + lengths[i]!), i * width);
      // Arrow's decimals have 128 bits.
      if (isDecimal && physical === 'i64' && this.bytes[start + 7]! >= 128) data.fill(255, i * 16 + 8, i * 16 + 16);
      if (physical === 'interval') scaleInterval(data, i * 16);
    }
    return this.arrow.makeData({
      ...common,
      data: viewOf(isDecimal ? { ...sqlType, precision: 38 } : sqlType, data),
    } as never);
  }
}

/** MonthDayNano keeps nanoseconds. */
function scaleInterval(data: Uint8Array, at: number): void {
  const view = new DataView(data.buffer);
  view.setBigInt64(at + 8, view.getBigInt64(at + 8, true) * 1000n, true);
}

function packBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array((bytes.length + 7) >> 3);
  for (let i = 0; i < bytes.length; i++) if (bytes[i]) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

function nullsOf(valid: Uint8Array): { nullCount: number; nullBitmap: Uint8Array | undefined } {
  if (!valid.includes(0)) return { nullCount: 0, nullBitmap: undefined };
  return { nullCount: -1, nullBitmap: packBits(valid) };
}
