import { op, type WasmType } from '../../functions/opcodes.js';
import type { AggregateOrder } from '../../planner/expression.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { Accumulator } from './aggregate-layout.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { GraphNode } from './expression-graph.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';

/** Makes the item of a row, unless the value is NULL; returns the local of its address, which is 0 then. */
export function emitListItem(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  { separator, key }: Accumulator,
  value: Memo,
): number {
  const item = writer.local('i32');
  const separatorMemo = generator.valueInLocal(separator!);
  const keyMemo = key && generator.valueInLocal(key);
  writer.i32(0);
  writer.set(item);
  if (value.nulls === undefined) writer.i32(1);
  else {
    writer.get(value.nulls);
    writer.op(op.i32Eqz);
  }
  writer.if();
  writer.block();
  writer.get(value.local);
  // A NULL separates as an empty text does.
  if (separatorMemo.nulls !== undefined) writer.zero('v128');
  writer.get(separatorMemo.local);
  if (separatorMemo.nulls !== undefined) {
    writer.get(separatorMemo.nulls);
    writer.select('v128');
  }
  if (key && physicalTypeOf(key.type) === 'string') {
    // Keys of bytes are never NULL.
    writer.get(keyMemo!.local);
    writer.kernel('textListItemOfBytes', ['i32', 'v128', 'v128', 'v128'], 'i32');
    writer.set(item);
    writer.checkStatus();
    writer.end();
    return item;
  }
  pushKey(generator, writer, key, keyMemo);
  if (keyMemo?.nulls === undefined) writer.i32(0);
  else writer.get(keyMemo.nulls);
  writer.kernel('textListItem', ['i32', 'v128', 'v128', 'i64', 'i32'], 'i32');
  writer.set(item);
  writer.checkStatus();
  writer.end();
  return item;
}

/** Pushes an i64 that is ordered as the key is. */
function pushKey(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  node: GraphNode | undefined,
  key: Memo | undefined,
): void {
  if (!node || !key) {
    writer.i64(0);
    return;
  }
  pushImage(writer, generator.wasmOf(node), key.local);
}

/** Pushes an i64 that is ordered as the number in a local is. */
export function pushImage(writer: FunctionWriter, wasm: WasmType, local: number): void {
  writer.get(local);
  if (wasm === 'i32') writer.op(op.i64ExtendI32S);
  if (wasm !== 'f32' && wasm !== 'f64') return;
  // The bits of a float are ordered as integers are, but for those of negative ones. Adding 0 makes one zero of two.
  const [number, bits] = [writer.local('f64'), writer.local('i64')];
  if (wasm === 'f32') writer.op(op.f64PromoteF32);
  writer.f64(0);
  writer.op(op.f64Add);
  writer.set(number);
  // There is one NaN, above all numbers.
  writer.get(number);
  writer.f64(Number.NaN);
  writer.get(number);
  writer.get(number);
  writer.op(op.f64Eq, op.select, op.i64ReinterpretF64);
  writer.tee(bits);
  writer.get(bits);
  writer.i64(63);
  writer.op(op.i64ShrS);
  writer.i64(1);
  writer.op(op.i64ShrU, op.i64Xor);
}

export function appendItem(writer: FunctionWriter, cells: StateCells, offset: number, item: number): void {
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    writer.get(item);
    writer.kernel('textListAppend', ['i64', 'i32'], 'i64');
  });
}

export function combineLists(writer: FunctionWriter, target: StateCells, source: StateCells, offset: number): void {
  target.store('i64', offset, () => {
    target.load('i64', offset);
    source.load('i64', offset);
    writer.kernel('textListConcat', ['i64', 'i64'], 'i64');
  });
}

/** Pushes the text, or the array, that a list becomes which is not empty. */
export function pushJoinedList(
  writer: FunctionWriter,
  cells: StateCells,
  offset: number,
  order: AggregateOrder | undefined,
  asArray: boolean,
): void {
  const result = writer.local('v128');
  writer.block();
  cells.load('i64', offset);
  writer.i32(orderBits(order));
  writer.kernel(asArray ? 'textListArray' : 'textListJoin', ['i32', 'i64', 'i32'], 'v128');
  writer.set(result);
  writer.checkStatus();
  writer.get(result);
}

/** As `assembly/text-list.ts` has them. */
export function orderBits(order: AggregateOrder | undefined): number {
  if (!order) return 0;
  if (order.by === 'bytes') return 1 | 16;
  return 1 | (order.by === 'key' ? 2 : 0) | (order.descending ? 4 : 0) | (order.nullsFirst ? 8 : 0);
}
