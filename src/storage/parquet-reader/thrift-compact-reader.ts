import { corruptError } from '../../common/errors.js';

/** Element types of the compact protocol. A field of type `true` or `false` is its own value. */
export const ThriftType = {
  stop: 0,
  true: 1,
  false: 2,
  i8: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

const MAX_DEPTH = 32;
const decoder = new TextDecoder();

/**
 * A cursor over Thrift's compact protocol, never past `end`; malformed input is an XX001 error.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 *
 *     const outer = reader.enterStruct();
 *     while (reader.nextField()) {
 *       switch (reader.fieldId) { case 1: x = reader.readI32(); break; default: reader.skip(); }
 *     }
 *     reader.leaveStruct(outer);
 */
export class ThriftCompactReader {
  position: number;
  fieldId = 0;
  fieldType = 0;
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly what: string;

  /** `what` names the structure in errors: `footer`, `page header`. */
  constructor(bytes: Uint8Array, position: number, end: number, what: string) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.what = what;
  }

  /** Returns what `leaveStruct` wants back. */
  enterStruct(): number {
    const outer = this.fieldId;
    this.fieldId = 0;
    return outer;
  }

  leaveStruct(outer: number): void {
    this.fieldId = outer;
  }

  /** Moves to the next field of the present struct; false at its end. */
  nextField(): boolean {
    // Footers are read once, by code that is still interpreted: calls are what costs.
    if (this.position >= this.end) throw this.malformed();
    const header = this.bytes[this.position++]!;
    if (header === ThriftType.stop) return false;
    const delta = header >> 4;
    this.fieldType = header & 15;
    this.fieldId = delta === 0 ? this.readI32() : this.fieldId + delta;
    return true;
  }

  readByte(): number {
    if (this.position >= this.end) throw this.malformed();
    return this.bytes[this.position++]!;
  }

  /** The value of a field of type `true` or `false`. */
  readBooleanField(): boolean {
    this.expect(this.fieldType === ThriftType.true || this.fieldType === ThriftType.false);
    return this.fieldType === ThriftType.true;
  }

  readI32Field(): number {
    this.expect(this.fieldType === ThriftType.i32 || this.fieldType === ThriftType.i16);
    return this.readI32();
  }

  readI32(): number {
    const value = this.readUnsigned();
    if (value > 0xffffffff) throw this.malformed();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A count or an offset: never negative, at most 2^53 − 1. */
  readSizeField(): number {
    this.expect(this.fieldType === ThriftType.i64 || this.fieldType === ThriftType.i32);
    return this.readSize();
  }

  /** As `readSizeField`, of an element of a list. */
  readSize(): number {
    const value = this.readUnsigned();
    if (value % 2 !== 0) throw this.malformed();
    return value / 2;
  }

  readBinaryField(): Uint8Array {
    this.expect(this.fieldType === ThriftType.binary);
    return this.readBinary();
  }

  readStringField(): string {
    return decoder.decode(this.readBinaryField());
  }

  readBinary(): Uint8Array {
    const byteLength = this.readUnsigned();
    if (byteLength > this.end - this.position) throw this.malformed();
    const start = this.position;
    this.position += byteLength;
    return this.bytes.slice(start, this.position);
  }

  /** The number of elements of the present list field, whose elements must be of the given type. */
  enterList(elementType: number): number {
    this.expect(this.fieldType === ThriftType.list);
    const header = this.readByte();
    const count = header >> 4 === 15 ? this.readUnsigned() : header >> 4;
    // Every element takes a byte at least: a lying count is found before anything is allocated for it.
    if (count > this.end - this.position) throw this.malformed();
    if (count > 0 && (header & 15) !== elementType) throw this.malformed();
    return count;
  }

  /** The elements of the present list field. */
  readList<Element>(elementType: number, readElement: () => Element): Element[] {
    return Array.from({ length: this.enterList(elementType) }, readElement);
  }

  /** A list of booleans has a byte for each, and either type as the type of its elements. */
  readBooleanList(): boolean[] {
    const header = this.bytes[this.position] ?? 0;
    const type = (header & 15) === ThriftType.false ? ThriftType.false : ThriftType.true;
    return this.readList(type, () => this.readByte() === ThriftType.true);
  }

  enterStructField(): number {
    this.expect(this.fieldType === ThriftType.struct);
    return this.enterStruct();
  }

  /** Passes over the value of the present field. */
  skip(): void {
    if (this.fieldType === ThriftType.true || this.fieldType === ThriftType.false) return;
    this.skipValue(this.fieldType, 0);
  }

  private skipValue(type: number, depth: number): void {
    if (depth > MAX_DEPTH) throw this.malformed();
    switch (type) {
      case ThriftType.true:
      case ThriftType.false:
      case ThriftType.i8:
        this.readByte();
        return;
      case ThriftType.i16:
      case ThriftType.i32:
      case ThriftType.i64:
        while (this.position < this.end && this.bytes[this.position]! >= 0x80) this.position++;
        this.readByte();
        return;
      case ThriftType.double:
        this.advance(8);
        return;
      case ThriftType.binary:
        this.advance(this.readUnsigned());
        return;
      case ThriftType.list:
      case ThriftType.set: {
        const header = this.readByte();
        const count = header >> 4 === 15 ? this.readUnsigned() : header >> 4;
        if (count > this.end - this.position) throw this.malformed();
        for (let index = 0; index < count; index++) this.skipValue(header & 15, depth + 1);
        return;
      }
      case ThriftType.map: {
        const count = this.readUnsigned();
        if (count > this.end - this.position) throw this.malformed();
        const types = count > 0 ? this.readByte() : 0;
        for (let index = 0; index < count; index++) {
          this.skipValue(types >> 4, depth + 1);
          this.skipValue(types & 15, depth + 1);
        }
        return;
      }
      case ThriftType.struct: {
        const outer = this.enterStruct();
        while (this.nextField()) {
          if (this.fieldType !== ThriftType.true && this.fieldType !== ThriftType.false) {
            this.skipValue(this.fieldType, depth + 1);
          }
        }
        this.leaveStruct(outer);
        return;
      }
      default:
        throw this.malformed();
    }
  }

  private advance(byteLength: number): void {
    if (byteLength > this.end - this.position) throw this.malformed();
    this.position += byteLength;
  }

  private readUnsigned(): number {
    if (this.position < this.end) {
      const byte = this.bytes[this.position]!;
      if (byte < 0x80) {
        this.position++;
        return byte;
      }
    }
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.readByte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 128;
      if (factor > 2 ** 56) throw this.malformed();
    }
    if (value > Number.MAX_SAFE_INTEGER) throw this.malformed();
    return value;
  }

  private expect(condition: boolean): void {
    if (!condition) throw this.malformed();
  }

  private malformed(): Error {
    return corruptError(`the ${this.what} is malformed`);
  }
}
