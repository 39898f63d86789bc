import { op, type WasmType } from '../../functions/opcodes.js';
import type { Accumulator } from './aggregate-layout.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';

/** The bits of 1 as a double. */
const ONE = 0x3ff0000000000000n;

/** Pushes the value, or 0 where it is NULL. */
export function pushOrZero(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  accumulator: Accumulator,
  memo: Memo,
): void {
  const wasm = generator.wasmOf(accumulator.argument!);
  pushOrElse(writer, wasm, memo, () => writer.zero(wasm));
}

/** Pushes the value, or what changes nothing where it is NULL. */
export function pushOrElse(writer: FunctionWriter, wasm: WasmType, memo: Memo, pushNeutral: () => void): void {
  if (memo.nulls !== undefined) pushNeutral();
  writer.get(memo.local);
  if (memo.nulls === undefined) return;
  writer.get(memo.nulls);
  writer.select(wasm);
}

export function multiply(writer: FunctionWriter, cells: StateCells, offset: number, push: () => void): void {
  cells.store('i64', offset, () => {
    pushProduct(writer, cells, offset);
    push();
    writer.op(op.f64Mul, op.i64ReinterpretF64);
    writer.i64(ONE);
    writer.op(op.i64Xor);
  });
}

export function pushProduct(writer: FunctionWriter, cells: StateCells, offset: number): void {
  cells.load('i64', offset);
  writer.i64(ONE);
  writer.op(op.i64Xor, op.f64ReinterpretI64);
}

export function addExact(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
): void {
  const wasm = generator.wasmOf(accumulator.argument!);
  const { offset } = accumulator;
  pushOrZero(generator, writer, accumulator, memo);
  if (wasm === 'v128') {
    const value = writer.local('v128');
    writer.set(value);
    addWide(writer, cells, offset, () => writer.get(value));
    return;
  }
  if (wasm === 'i32') writer.op(op.i64ExtendI32S);
  addWord(writer, cells, offset);
}

/** The i64 on the stack is added to 128 bits, of which the upper half hardly ever changes. 2^63 of them do not overflow. */
function addWord(writer: FunctionWriter, cells: StateCells, offset: number): void {
  const value = writer.local('i64');
  const low = writer.local('i64');
  const upper = writer.local('i64');
  writer.tee(value);
  cells.load('i64', offset);
  writer.op(op.i64Add);
  writer.set(low);
  // The upper half of the value, and what is carried.
  writer.get(value);
  writer.i64(63);
  writer.op(op.i64ShrS);
  writer.get(low);
  writer.get(value);
  writer.op(op.i64LtU, op.i64ExtendI32U, op.i64Add);
  writer.tee(upper);
  writer.i64(0);
  writer.op(op.i64Ne);
  writer.if();
  increment(writer, cells, offset + 8, () => writer.get(upper));
  writer.end();
  cells.store('i64', offset, () => writer.get(low));
}

/** 128-bit addition; more than 38 digits are found when the sum is read, and 2^127 is beyond any sum of a table. */
function addWide(writer: FunctionWriter, cells: StateCells, offset: number, push: () => void): void {
  const value = writer.local('v128');
  const low = writer.local('i64');
  const oldHigh = writer.local('i64');
  const newHigh = writer.local('i64');
  push();
  writer.set(value);
  cells.load('i64', offset);
  writer.get(value);
  writer.lane64(0);
  writer.op(op.i64Add);
  writer.set(low);
  cells.load('i64', offset + 8);
  writer.tee(oldHigh);
  writer.get(value);
  writer.lane64(1);
  writer.op(op.i64Add);
  writer.get(low);
  writer.get(value);
  writer.lane64(0);
  writer.op(op.i64LtU, op.i64ExtendI32U, op.i64Add);
  writer.set(newHigh);
  // Both summands have one sign and the sum the other.
  writer.get(oldHigh);
  writer.get(newHigh);
  writer.op(op.i64Xor);
  writer.get(value);
  writer.lane64(1);
  writer.get(newHigh);
  writer.op(op.i64Xor, op.i64And);
  writer.overflowIfNegative64('decimalOverflow');
  cells.store('i64', offset, () => writer.get(low));
  cells.store('i64', offset + 8, () => writer.get(newHigh));
}

export function addSquare(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
): void {
  const wasm = generator.wasmOf(accumulator.argument!);
  if (wasm === 'v128') {
    cells.address(accumulator.offset);
    pushOrZero(generator, writer, accumulator, memo);
    writer.kernel('squaresAddWide', ['i32', 'v128']);
    return;
  }
  const value = writer.local('i64');
  const lowest = writer.local('i32');
  const square = writer.local('i64');
  const sum = writer.local('i64');
  cells.address(accumulator.offset);
  writer.set(lowest);
  pushOrZero(generator, writer, accumulator, memo);
  if (wasm === 'i32') writer.op(op.i64ExtendI32S);
  writer.tee(value);
  writer.get(value);
  writer.op(op.i64Mul);
  writer.tee(square);
  writer.get(lowest);
  writer.load('i64', 0);
  writer.op(op.i64Add);
  writer.set(sum);
  // The square of 32 bits that carries nothing into the next word.
  writer.get(value);
  writer.get(value);
  writer.op(op.i32WrapI64, op.i64ExtendI32S, op.i64Eq);
  writer.get(sum);
  writer.get(square);
  writer.op(op.i64GeU, op.i32And);
  writer.if();
  writer.get(lowest);
  writer.get(sum);
  writer.store('i64', 0);
  writer.else();
  writer.get(lowest);
  writer.get(value);
  writer.kernel('squaresAdd', ['i32', 'i64']);
  writer.end();
}

export function addFloat(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
): void {
  cells.store('f64', accumulator.offset, () => {
    cells.load('f64', accumulator.offset);
    pushOrZero(generator, writer, accumulator, memo);
    if (generator.wasmOf(accumulator.argument!) === 'f32') writer.op(op.f64PromoteF32);
    writer.op(op.f64Add);
  });
}

export function combineExact(writer: FunctionWriter, target: StateCells, source: StateCells, offset: number): void {
  addWide(writer, target, offset, () => source.load('v128', offset));
}

export function increment(writer: FunctionWriter, cells: StateCells, offset: number, push: () => void): void {
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    push();
    writer.op(op.i64Add);
  });
}

/** The interval on the stack is pushed by `push`; overflow ends the query. */
export function addInterval(writer: FunctionWriter, cells: StateCells, offset: number, push: () => void): void {
  cells.store('v128', offset, () => {
    writer.block();
    cells.load('v128', offset);
    push();
    writer.kernel('intervalAdd', ['i32', 'v128', 'v128'], 'v128');
  });
  writer.checkStatus();
}
