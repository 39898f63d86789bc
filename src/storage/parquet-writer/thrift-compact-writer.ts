const STOP = 0;
const BOOLEAN_TRUE = 1;
const BOOLEAN_FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const utf8 = new TextEncoder();

/**
 * Thrift's compact protocol, as far as Parquet's metadata needs it
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
 *
 * Fields must be written in ascending order of their ids. `undefined` values are left out.
 */
export class ThriftCompactWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private lastFieldId = 0;

  /** The bytes so far, copied. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  boolean(id: number, value: boolean | undefined): void {
    if (value !== undefined) this.fieldHeader(id, value ? BOOLEAN_TRUE : BOOLEAN_FALSE);
  }

  i8(id: number, value: number | undefined): void {
    if (value === undefined) return;
    this.fieldHeader(id, BYTE);
    this.byte(value & 0xff);
  }

  i16(id: number, value: number | undefined): void {
    this.integer(id, I16, value);
  }

  i32(id: number, value: number | undefined): void {
    this.integer(id, I32, value);
  }

  /** Integers up to 2^52. */
  i64(id: number, value: number | undefined): void {
    this.integer(id, I64, value);
  }

  text(id: number, value: string | undefined): void {
    if (value !== undefined) this.binary(id, utf8.encode(value));
  }

  binary(id: number, value: Uint8Array | undefined): void {
    if (value === undefined) return;
    this.fieldHeader(id, BINARY);
    this.rawBinary(value);
  }

  struct(id: number, write: (() => void) | undefined): void {
    if (write === undefined) return;
    this.fieldHeader(id, STRUCT);
    this.rawStruct(write);
  }

  structList<Item>(id: number, items: readonly Item[], write: (item: Item) => void): void {
    this.list(id, STRUCT, items, (item) => this.rawStruct(() => write(item)));
  }

  i32List(id: number, items: readonly number[]): void {
    this.list(id, I32, items, (item) => this.zigzag(item));
  }

  textList(id: number, items: readonly string[]): void {
    this.list(id, BINARY, items, (item) => this.rawBinary(utf8.encode(item)));
  }

  /** A struct that is no field: the outermost one, or an element of a list. */
  rawStruct(write: () => void): void {
    const outer = this.lastFieldId;
    this.lastFieldId = 0;
    write();
    this.byte(STOP);
    this.lastFieldId = outer;
  }

  private integer(id: number, type: number, value: number | undefined): void {
    if (value === undefined) return;
    this.fieldHeader(id, type);
    this.zigzag(value);
  }

  private list<Item>(id: number, type: number, items: readonly Item[], write: (item: Item) => void): void {
    this.fieldHeader(id, LIST);
    if (items.length < 15) {
      this.byte((items.length << 4) | type);
    } else {
      this.byte(0xf0 | type);
      this.varint(items.length);
    }
    for (const item of items) write(item);
  }

  private fieldHeader(id: number, type: number): void {
    const delta = id - this.lastFieldId;
    if (delta > 0 && delta <= 15) {
      this.byte((delta << 4) | type);
    } else {
      this.byte(type);
      this.zigzag(id);
    }
    this.lastFieldId = id;
  }

  private rawBinary(value: Uint8Array): void {
    this.varint(value.length);
    this.room(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private zigzag(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  private byte(value: number): void {
    this.room(1);
    this.bytes[this.length++] = value;
  }

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
