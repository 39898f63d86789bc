import { userError } from '../../common/errors.js';
import { layOutArray } from '../../types/nested-codec.js';
import type { StructType } from '../../types/sql-type.js';

const FIRST_BLOCK_BYTES = 16 * 1024;
const LARGEST_BLOCK_BYTES = 4 * 1024 * 1024;
/** PostgreSQL's limit of a value. */
const MAX_BYTES = 2 ** 30 - 1;

/** The rows that one call of a table function gives, encoded, outside of the heap. */
export class RowList {
  private readonly rows: ByteList;
  private readonly ends: ByteList;
  private count = 0;
  private readonly name: string;
  private readonly allocate: (byteLength: number) => Uint8Array;

  /** `name` of the function; `allocate` gives bytes of the query's memory. */
  constructor(name: string, allocate: (byteLength: number) => Uint8Array) {
    this.name = name;
    this.allocate = allocate;
    this.rows = new ByteList(allocate);
    this.ends = new ByteList(allocate);
  }

  /** Adds the bytes of a row. Fails (54000) when all together are larger than a value may be, or (53200) than memory. */
  add(row: Uint8Array): void {
    this.rows.append(row);
    this.ends.append(new Uint8Array(Uint32Array.of(this.rows.byteLength).buffer));
    this.count++;
    if (this.rows.byteLength + this.ends.byteLength + this.count < MAX_BYTES) return;
    throw userError('54000', `the rows that function ${this.name} gave in one call are larger than 1 GB`, {
      hint: 'Write that many rows to a file, and read it with read_csv, read_json or read_parquet.',
    });
  }

  /** The array of the rows. */
  finish(element: StructType): Uint8Array {
    const array = layOutArray(this.count, element, this.rows.byteLength, this.allocate);
    array.valid.fill(1);
    this.ends.copyTo(array.values);
    this.rows.copyTo(array.bytes);
    return array.whole;
  }
}

/** Bytes in blocks that are never moved. */
class ByteList {
  private readonly blocks: Uint8Array[] = [];
  private used = 0;
  private total = 0;
  private readonly allocate: (byteLength: number) => Uint8Array;

  constructor(allocate: (byteLength: number) => Uint8Array) {
    this.allocate = allocate;
  }

  get byteLength(): number {
    return this.total;
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      let block = this.blocks.at(-1);
      if (block === undefined || this.used === block.length) {
        block = this.allocate(Math.min(FIRST_BLOCK_BYTES * 2 ** this.blocks.length, LARGEST_BLOCK_BYTES));
        this.blocks.push(block);
        this.used = 0;
      }
      const part = bytes.subarray(at, at + block.length - this.used);
      block.set(part, this.used);
      this.used += part.length;
      at += part.length;
    }
    this.total += bytes.length;
  }

  copyTo(target: Uint8Array): void {
    let at = 0;
    for (const block of this.blocks) {
      const part = block.subarray(0, this.total - at);
      target.set(part, at);
      at += part.length;
    }
  }
}
