import { op } from '../../functions/opcodes.js';
import { byteWidthOf, type PhysicalType, physicalTypeOf } from '../../types/sql-type.js';
import { BLOCK_ENTRY_BYTES, BLOCK_INPUTS } from './argument-block.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import { type FunctionWriter, ROW_PARAMETER } from './function-writer.js';
import type { Emitted } from './generated-values.js';

/**
 * How an input lies in memory, which is what code is specialised for. Bit 0: rows can be NULL (there is a validity).
 * A *hoisted* input is the result of an expression over a dictionary's entries: the column's codes, the values and
 * the validity of each entry, and one more entry, with what the expression gives for NULL.
 */
export const SHAPE_FLAT = 0;
export const SHAPE_DICTIONARY = 2;
export const SHAPE_CONSTANT = 4;
export const SHAPE_HOISTED = 6;
/** Without NULL among its entries. Bit 0 of both: rows can be NULL, and refer to the last entry. */
export const SHAPE_HOISTED_VALID = 8;
export const SHAPE_NULLS = 1;
/** An expression that is not hoisted for this batch. */
export const SHAPE_NONE = 10;

/** An input of the loop: a column, or a subexpression that was evaluated beforehand. */
export interface InputSlot {
  readonly key: string;
  readonly shape: number;
  /** The ordinal of the column that it is, or is computed from. */
  readonly column: number;
}

/** Emits the loads of inputs. The pointers of an input are read from the argument block once, before the loop. */
export class InputCode {
  private readonly writer: FunctionWriter;
  private readonly slots = new Map<string, { index: number; shape: number; column: number }>();
  private readonly codes = new Map<string, number>();
  private readonly pointers = new Map<string, number>();
  private readonly constants = new Map<string, Emitted>();

  constructor(writer: FunctionWriter, slots: readonly InputSlot[]) {
    this.writer = writer;
    slots.forEach(({ key, shape, column }, index) => {
      this.slots.set(key, { index, shape, column });
    });
  }

  covers(node: GraphNode): boolean {
    return this.slots.has(node.key);
  }

  /** Pushes the value of an input; undefined when the node is not one. */
  value(generator: ExpressionGenerator, node: GraphNode): Emitted | undefined {
    const slot = this.slots.get(node.key);
    if (!slot) return undefined;
    const kind = slot.shape & ~SHAPE_NULLS;
    const hasNulls = (slot.shape & SHAPE_NULLS) !== 0;
    if (kind === SHAPE_CONSTANT) return this.constant(generator, node, slot.index, hasNulls);
    if (kind === SHAPE_FLAT) {
      const nulls = hasNulls ? this.nullFlag(slot.index) : undefined;
      this.pushAddress(slot.index, physicalTypeOf(node.type), () => this.writer.get(ROW_PARAMETER));
      this.loadValue(generator, physicalTypeOf(node.type));
      return { nulls, bits: typeBits(node.type) };
    }
    const nulls = hasNulls ? this.sharedNullFlag(slot) : undefined;
    const code = this.sharedCode(slot, kind === SHAPE_DICTIONARY ? undefined : nulls);
    const entryNulls = kind === SHAPE_HOISTED ? this.entryNullFlag(slot.index, code) : undefined;
    this.pushAddress(slot.index, physicalTypeOf(node.type), () => this.writer.get(code));
    this.loadValue(generator, physicalTypeOf(node.type));
    return { nulls: kind === SHAPE_DICTIONARY ? nulls : entryNulls, bits: typeBits(node.type) };
  }

  /** Pushes the local that holds a word of the input's entry in the argument block. */
  private pushPointer(index: number, word: number): void {
    const { writer } = this;
    const key = `${index}.${word}`;
    let local = this.pointers.get(key);
    if (local === undefined) {
      local = writer.local('i32');
      const pointer = local;
      writer.prologue(() => {
        writer.block();
        writer.load('i32', BLOCK_INPUTS + index * BLOCK_ENTRY_BYTES + word * 4);
        writer.set(pointer);
      });
      this.pointers.set(key, local);
    }
    writer.get(local);
  }

  private pushAddress(index: number, physical: PhysicalType, pushRow: () => void): void {
    const { writer } = this;
    this.pushPointer(index, 0);
    pushRow();
    const width = byteWidthOf(physical);
    if (width > 1) {
      writer.i32(Math.log2(width));
      writer.op(op.i32Shl);
    }
    writer.op(op.i32Add);
  }

  /** Loads the value whose address is on the stack. */
  private loadValue(generator: ExpressionGenerator, physical: PhysicalType): void {
    const { writer } = this;
    switch (physical) {
      case 'bool':
        writer.loadByte();
        return;
      case 'i32':
      case 'i64':
      case 'f32':
      case 'f64':
        writer.load(physical);
        return;
      case 'i128':
        if (generator.mode === 'narrow') {
          writer.loadNarrow();
          return;
        }
        writer.load('v128');
        return;
      default:
        writer.load('v128');
        return;
    }
  }

  private nullFlag(index: number): number {
    const { writer } = this;
    const nulls = writer.local('i32');
    this.pushPointer(index, 1);
    writer.get(ROW_PARAMETER);
    writer.op(op.i32Add);
    writer.loadByte();
    writer.op(op.i32Eqz);
    writer.set(nulls);
    return nulls;
  }

  /** Codes and NULL flags of a dictionary column are loaded once a row, whatever is computed from it. */
  private sharedNullFlag({ index, column }: { index: number; column: number }): number {
    const key = `null${column}`;
    let nulls = this.codes.get(key);
    if (nulls === undefined) {
      this.writer.rowStart(() => {
        nulls = this.nullFlag(index);
      });
      this.codes.set(key, nulls!);
    }
    return nulls!;
  }

  private sharedCode({ index, column }: { index: number; column: number }, nulls: number | undefined): number {
    const key = `code${column}${nulls === undefined ? '' : 'n'}`;
    let code = this.codes.get(key);
    if (code === undefined) {
      this.writer.rowStart(() => {
        code = this.code(index, nulls);
      });
      this.codes.set(key, code!);
    }
    return code!;
  }

  /** The row's code; where the row is NULL and `nulls` is given, that of the last entry. */
  private code(index: number, nulls: number | undefined): number {
    const { writer } = this;
    const code = writer.local('i32');
    if (nulls !== undefined) this.pushPointer(index, 3);
    this.pushPointer(index, 2);
    writer.get(ROW_PARAMETER);
    writer.i32(2);
    writer.op(op.i32Shl, op.i32Add);
    writer.load('i32');
    if (nulls !== undefined) {
      writer.get(nulls);
      writer.select('i32');
    }
    writer.set(code);
    return code;
  }

  /** Of hoisted inputs: the validity of entries follows the input's own block entry, in the next one. */
  private entryNullFlag(index: number, code: number): number {
    const { writer } = this;
    const nulls = writer.local('i32');
    this.pushPointer(index + 1, 1);
    writer.get(code);
    writer.op(op.i32Add);
    writer.loadByte();
    writer.op(op.i32Eqz);
    writer.set(nulls);
    return nulls;
  }

  private constant(generator: ExpressionGenerator, node: GraphNode, index: number, hasNulls: boolean): Emitted {
    const { writer } = this;
    let known = this.constants.get(node.key);
    if (!known) {
      const nulls = hasNulls ? writer.local('i32') : undefined;
      writer.prologue(() => {
        if (nulls !== undefined) {
          writer.block();
          writer.load('i32', BLOCK_INPUTS + index * BLOCK_ENTRY_BYTES + 4);
          writer.loadByte();
          writer.op(op.i32Eqz);
          writer.set(nulls);
        }
      });
      known = { nulls, bits: typeBits(node.type) };
      this.constants.set(node.key, known);
    }
    // The value is loaded in the loop: loading a 128-bit decimal into 64 bits may leave it.
    writer.block();
    writer.load('i32', BLOCK_INPUTS + index * BLOCK_ENTRY_BYTES);
    this.loadValue(generator, physicalTypeOf(node.type));
    return known;
  }
}
