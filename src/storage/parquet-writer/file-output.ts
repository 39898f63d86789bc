/** Where a file's bytes go, in order. An ObjectWriter is one. */
export interface ByteSink {
  /** The bytes may be reused as soon as the promise resolves. One write at a time. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Small writes are collected up to this many bytes. */
const COLLECT_BYTES = 2 ** 20;
/** Parts are joined up to this many bytes. */
const JOIN_BYTES = 2 ** 17;

/** Counts and collects what is written to a sink. */
export class FileOutput {
  private readonly sink: ByteSink;
  private readonly pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private written = 0;

  constructor(sink: ByteSink) {
    this.sink = sink;
  }

  /** The offset of the next byte. */
  get offset(): number {
    return this.written;
  }

  get isFull(): boolean {
    return this.pendingBytes >= COLLECT_BYTES;
  }

  /** The output keeps the bytes. Drain when it is full. */
  push(bytes: Uint8Array): void {
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    this.written += bytes.length;
  }

  async drain(): Promise<void> {
    const parts = this.pending.splice(0);
    this.pendingBytes = 0;
    for (let start = 0; start < parts.length; ) {
      let end = start;
      let byteLength = 0;
      while (end < parts.length && (end === start || byteLength + parts[end]!.length <= JOIN_BYTES)) {
        byteLength += parts[end++]!.length;
      }
      // Small parts are worth copying together; large ones are not worth copying.
      await this.sink.write(end - start === 1 ? parts[start]! : join(parts.slice(start, end), byteLength));
      start = end;
    }
  }
}

function join(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const joined = new Uint8Array(byteLength);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
