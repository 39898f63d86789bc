const INITIAL_BYTES = 4096;

/**
 * Backend messages in a growing buffer: `begin(type)`, the fields, `end()`. A message is a type byte, an i32 length
 * that counts itself, and the body; integers are big-endian.
 */
export class MessageWriter {
  private buffer: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private position = 0;
  private messageStart = 0;

  get byteLength(): number {
    return this.position;
  }

  begin(type: string): this {
    this.reserve(5);
    this.messageStart = this.position;
    this.buffer[this.position] = type.charCodeAt(0);
    this.position += 5;
    return this;
  }

  end(): void {
    this.buffer.writeInt32BE(this.position - this.messageStart - 1, this.messageStart + 1);
  }

  int16(value: number): this {
    this.reserve(2);
    this.position = this.buffer.writeInt16BE(value, this.position);
    return this;
  }

  int32(value: number): this {
    this.reserve(4);
    this.position = this.buffer.writeInt32BE(value, this.position);
    return this;
  }

  /** OIDs are unsigned. */
  uint32(value: number): this {
    this.reserve(4);
    this.position = this.buffer.writeUInt32BE(value, this.position);
    return this;
  }

  ascii(text: string): this {
    return this.bytes(Buffer.from(text, 'latin1'));
  }

  /** A C string; a zero byte in `text` would end it early and is left out. */
  string(text: string): this {
    const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
    const byteLength = Buffer.byteLength(clean);
    this.reserve(byteLength + 1);
    this.buffer.write(clean, this.position);
    this.position += byteLength;
    this.buffer[this.position++] = 0;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
    return this;
  }

  /** What has been written so far; the writer starts anew and never touches these bytes again. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.position);
    this.buffer = Buffer.allocUnsafe(INITIAL_BYTES);
    this.position = 0;
    return taken;
  }

  private reserve(byteLength: number): void {
    const needed = this.position + byteLength;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }
}
