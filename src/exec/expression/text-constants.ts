import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';

const HEADER_BYTES = 8;
/** The length of no text. */
const NO_TEXT = 0xffff_ffff;
/** Of what is made of texts, for each function and lane; with more, all is forgotten. */
const MOST_KEPT_BYTES = 4 * 2 ** 20;

const encoder = new TextEncoder();

/** Keeps what was made of texts, with the text before it: see kernels/assembly/memo-constants.ts. */
export class TextConstants {
  /** An entry of no text, with nothing made of it. */
  readonly unknown: number;
  private readonly shared: SharedMemory;
  private readonly kept: Scope;
  private readonly forget: () => void;
  private keptBytes = 0;

  /** `forget` empties the table that has the addresses of the entries. */
  constructor(shared: SharedMemory, scope: Scope, forget: () => void) {
    this.shared = shared;
    this.kept = scope.createChild();
    this.forget = forget;
    this.unknown = scope.allocate(HEADER_BYTES);
    shared.u32[this.unknown >>> 2] = NO_TEXT;
    shared.u32[(this.unknown >>> 2) + 1] = 0;
  }

  /** The address of a new entry. */
  keep(text: string, constant: Uint8Array | undefined): number {
    const { shared, kept } = this;
    const bytes = encoder.encode(text);
    const constantAt = (HEADER_BYTES + bytes.length + 15) & ~15;
    const byteLength = constantAt + (constant?.length ?? 0);
    if (this.keptBytes + byteLength > MOST_KEPT_BYTES) {
      this.forget();
      kept.free();
      this.keptBytes = 0;
    }
    this.keptBytes += byteLength;
    const pointer = kept.allocate(byteLength);
    shared.u32[pointer >>> 2] = bytes.length;
    shared.u32[(pointer >>> 2) + 1] = constant === undefined ? 0 : pointer + constantAt;
    shared.u8.set(bytes, pointer + HEADER_BYTES);
    if (constant !== undefined) shared.u8.set(constant, pointer + constantAt);
    return pointer;
  }
}
