import type { Kernels } from '../../kernels/kernels.js';
import type { PhysicalColumn } from '../../planner/physical/physical-plan.js';
import type { SqlType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { LineFormat } from './line-format.js';

const STYLES: Readonly<Record<LineFormat['style'], number>> = { csv: 0, text: 1, json: 2 };
const TASK_BYTES = 20;
const COLUMN_BYTES = 16;
/** The most bytes that one byte of a value becomes: `\u0000`. */
const GROWTH = 6;
/** Frame, braces, line end; and of a value its delimiter, its quotes, and NULL in JSON. */
const LINE_BYTES = 8;
const VALUE_BYTES = 5;

/** Turns DataRow messages into lines of text: see `assembly/text-lines.ts`. */
export class LineEncoder {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly scope: Scope;
  private readonly output: Scope;
  private readonly task: number;
  /** What a row may need besides its values. */
  private readonly bytesPerRow: number;

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    owner: number,
    columns: readonly PhysicalColumn[],
    format: LineFormat,
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.scope = new Scope(shared, owner);
    this.output = new Scope(shared, owner);
    const { style, delimiter, quote, escapeCharacter, nullText, forceQuote, isFramed } = format;
    const nulls = this.write(nullText);
    const entries = this.scope.allocateCleared(columns.length * COLUMN_BYTES);
    let keyBytes = 0;
    for (const [index, { name, type }] of columns.entries()) {
      const words = (entries + index * COLUMN_BYTES) / 4;
      if (style !== 'json') shared.u32[words] = forceQuote.includes(name) ? 1 : 0;
      else {
        const key = this.write(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
        shared.u32.set([jsonKindOf(type), key.pointer, key.byteLength], words);
        keyBytes += key.byteLength;
      }
    }
    this.task = this.scope.allocateCleared(TASK_BYTES);
    const byte = (text: string): number => (text === '' ? 0 : text.charCodeAt(0));
    shared.u8.set([STYLES[style], byte(delimiter), byte(quote), byte(escapeCharacter)], this.task);
    shared.u32.set([Number(isFramed), entries, nulls.pointer, nulls.byteLength], this.task / 4 + 1);
    this.bytesPerRow = LINE_BYTES + keyBytes + columns.length * (VALUE_BYTES + nulls.byteLength);
  }

  /** The rows at `pointer` as lines, in a buffer of their own. */
  encode(pointer: number, byteLength: number, rowCount: number): Uint8Array<ArrayBuffer> {
    const { shared, kernels, output } = this;
    const target = output.allocate(byteLength * GROWTH + rowCount * this.bytesPerRow);
    const written = kernels.encodeLines(pointer, pointer + byteLength, this.task, target) >>> 0;
    const bytes = new Uint8Array(written);
    bytes.set(shared.u8.subarray(target, target + written));
    output.reset();
    return bytes;
  }

  free(): void {
    this.scope.free();
    this.output.free();
  }

  private write(text: string): { readonly pointer: number; readonly byteLength: number } {
    const bytes = new TextEncoder().encode(text);
    const pointer = this.scope.allocate(bytes.length);
    this.shared.u8.set(bytes, pointer);
    return { pointer, byteLength: bytes.length };
  }
}

function jsonKindOf(type: SqlType): number {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
      return 1;
    case 'boolean':
      return 2;
    case 'json':
    case 'jsonb':
      return 3;
    default:
      return 0;
  }
}
