import { op, type WasmType } from '../../functions/opcodes.js';
import type { AggregateOrder } from '../../planner/expression.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { Accumulator } from './aggregate-layout.js';
import { emitRoomUnlessNull, pushChecked } from './checked-call-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { GraphNode } from './expression-graph.js';
import type { FunctionWriter } from './function-writer.js';
import { pushTexts } from './joined-text-code.js';
import type { StateCells } from './state-cells.js';

/** Makes the item of a row, unless the value is NULL; returns the local of its address, which is 0 then. */
export function emitListItem(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  { separator, key }: Accumulator,
  value: Memo,
): number {
  const before = generator.valueInLocal(separator!);
  const keyMemo = key && generator.valueInLocal(key);
  if (key && physicalTypeOf(key.type) === 'string') {
    // Keys of bytes are never NULL.
    const kernel = { name: 'textListItemOfBytes', parameters: ['v128', 'v128', 'v128'], result: 'i32' } as const;
    return emitRoomUnlessNull(writer, value.nulls, kernel, () => {
      pushTexts(writer, value, before);
      writer.get(keyMemo!.local);
    });
  }
  const kernel = { name: 'textListItem', parameters: ['v128', 'v128', 'i64', 'i32'], result: 'i32' } as const;
  return emitRoomUnlessNull(writer, value.nulls, kernel, () => {
    pushTexts(writer, value, before);
    pushKey(generator, writer, key, keyMemo);
    if (keyMemo?.nulls === undefined) writer.i32(0);
    else writer.get(keyMemo.nulls);
  });
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
  const name = asArray ? 'textListArray' : 'textListJoin';
  pushChecked(writer, { name, parameters: ['i64', 'i32'], result: 'v128' }, () => {
    cells.load('i64', offset);
    writer.i32(orderBits(order));
  });
}

/** As `assembly/text-list.ts` has them. */
export function orderBits(order: AggregateOrder | undefined): number {
  if (!order) return 0;
  if (order.by === 'bytes') return 1 | 16;
  return 1 | (order.by === 'key' ? 2 : 0) | (order.descending ? 4 : 0) | (order.nullsFirst ? 8 : 0);
}
