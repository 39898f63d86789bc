import { type Opcode, op } from '../../functions/opcodes.js';
import type { ComparisonOperator } from '../../planner/expression.js';
import { hasCanonicalBytes, isNestedType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { constantBits, type GraphNode } from './expression-graph.js';
import { type Emitted, wasmTypeOf } from './generated-values.js';

type Order = '=' | '<>' | '<' | '<=' | '>' | '>=';

const integerOpcodes: Readonly<Record<Order, readonly [i32: Opcode, i64: Opcode]>> = {
  '=': [op.i32Eq, op.i64Eq],
  '<>': [op.i32Ne, op.i64Ne],
  '<': [op.i32LtS, op.i64LtS],
  '<=': [op.i32LeS, op.i64LeS],
  '>': [op.i32GtS, op.i64GtS],
  '>=': [op.i32GeS, op.i64GeS],
};

/** Kernels that answer -1, 0 or 1 for two 16-byte values. */
const compareKernels: Readonly<Record<string, string>> = {
  i128: 'decimalCompare',
  string: 'textCompare',
  interval: 'intervalCompare',
  uuid: 'uuidCompare',
};

/** Pushes the comparison of two operands as 0 or 1, NULLs apart. */
export function emitComparison(generator: ExpressionGenerator, node: GraphNode, operator: ComparisonOperator): Emitted {
  const { writer } = generator;
  const [left, right] = node.children as [GraphNode, GraphNode];
  const isDistinct = operator === 'is distinct from';
  if (isDistinct || operator === 'is not distinct from') return emitDistinct(generator, left, right, isDistinct);
  const wasm = generator.wasmOf(left);
  if (wasm === 'i32' || wasm === 'i64') {
    const a = generator.value(left);
    const b = generator.value(right);
    writer.op(integerOpcodes[operator][wasm === 'i32' ? 0 : 1]);
    return { nulls: generator.mergeNulls(a.nulls, b.nulls), bits: 1 };
  }
  const a = generator.valueInLocal(left);
  const b = generator.valueInLocal(right);
  const nulls = generator.mergeNulls(a.nulls, b.nulls);
  const guarded = nulls !== undefined && physicalTypeOf(left.type) === 'string';
  if (guarded) {
    writer.get(nulls);
    writer.op(op.i32Eqz);
    writer.if('i32');
  }
  const pushA = (): void => writer.get(a.local);
  const pushB = (): void => writer.get(b.local);
  if (wasm === 'v128') emitOrder128(generator, left.type, operator, pushA, pushB);
  else emitFloatOrder(generator, wasm, operator, [pushA, isNumber(left)], [pushB, isNumber(right)]);
  if (guarded) {
    writer.else();
    writer.i32(0);
    writer.end();
  }
  return { nulls, bits: 1 };
}

function isNumber(node: GraphNode): boolean {
  return node.expression.kind === 'constant' && constantBits(node.expression) === 0;
}

function emitDistinct(generator: ExpressionGenerator, left: GraphNode, right: GraphNode, distinct: boolean): Emitted {
  const { writer } = generator;
  const a = generator.valueInLocal(left);
  const b = generator.valueInLocal(right);
  const pushFlag = (flag: number | undefined): void => {
    if (flag === undefined) writer.i32(0);
    else writer.get(flag);
  };
  if (a.nulls === undefined && b.nulls === undefined) {
    emitEquality(
      generator,
      left.type,
      () => writer.get(a.local),
      () => writer.get(b.local),
    );
  } else {
    // Equal when both are NULL, or neither is and the values are.
    pushFlag(a.nulls);
    pushFlag(b.nulls);
    writer.op(op.i32Or);
    writer.if('i32');
    pushFlag(a.nulls);
    pushFlag(b.nulls);
    writer.op(op.i32And);
    writer.else();
    emitEquality(
      generator,
      left.type,
      () => writer.get(a.local),
      () => writer.get(b.local),
    );
    writer.end();
  }
  if (distinct) writer.op(op.i32Eqz);
  return { nulls: undefined, bits: 1 };
}

/** Pushes left = right of two values that are not NULL. */
export function emitEquality(generator: ExpressionGenerator, type: SqlType, left: () => void, right: () => void): void {
  emitOrder(generator, type, '=', left, right);
}

/** Pushes left < right of two values that are not NULL. */
export function emitLess(generator: ExpressionGenerator, type: SqlType, left: () => void, right: () => void): void {
  emitOrder(generator, type, '<', left, right);
}

function emitOrder(
  generator: ExpressionGenerator,
  type: SqlType,
  order: Order,
  left: () => void,
  right: () => void,
): void {
  const wasm = wasmTypeOf(type, generator.mode);
  if (wasm === 'v128') {
    emitOrder128(generator, type, order, left, right);
    return;
  }
  if (wasm === 'f32' || wasm === 'f64') {
    emitFloatOrder(generator, wasm, order, [left, false], [right, false]);
    return;
  }
  left();
  right();
  generator.writer.op(integerOpcodes[order][wasm === 'i32' ? 0 : 1]);
}

function emitOrder128(
  generator: ExpressionGenerator,
  type: SqlType,
  order: Order,
  left: () => void,
  right: () => void,
): void {
  const { writer } = generator;
  const physical = physicalTypeOf(type);
  left();
  right();
  const special = comparerOf(type, order);
  if (special === undefined && physical === 'string' && (order === '=' || order === '<>')) {
    emitTextEquality(generator);
    if (order === '<>') writer.op(op.i32Eqz);
    return;
  }
  writer.kernel(special ?? compareKernels[physical]!, ['v128', 'v128'], 'i32');
  writer.i32(0);
  writer.op(integerOpcodes[order][0]);
}

/** What compares values whose bytes do not tell their order, or that they are equal. */
function comparerOf(type: SqlType, order: Order): string | undefined {
  if (isNestedType(type)) return isOrdered(order) || !hasCanonicalBytes(type) ? 'nestedCompare' : undefined;
  return type.kind === 'jsonb' && isOrdered(order) ? 'jsonbCompare' : undefined;
}

function isOrdered(order: Order): boolean {
  return order !== '=' && order !== '<>';
}

/** Length and first 8 bytes decide nearly always; the rest is left to a kernel. */
function emitTextEquality(generator: ExpressionGenerator): void {
  const { writer } = generator;
  const [a, b] = [writer.local('v128'), writer.local('v128')];
  writer.set(b);
  writer.set(a);
  writer.get(a);
  writer.lane64(1);
  writer.get(b);
  writer.lane64(1);
  writer.op(op.i64Eq);
  for (const local of [a, b]) {
    writer.get(local);
    writer.lane64(0);
    writer.op(op.i32WrapI64);
  }
  writer.op(op.i32Eq, op.i32And);
  writer.if('i32');
  writer.get(a);
  writer.get(b);
  writer.kernel('textRestEquals', ['v128', 'v128'], 'i32');
  writer.else();
  writer.i32(0);
  writer.end();
}

type Side = readonly [push: () => void, isNumber: boolean];

/** NaN equals NaN and sorts above everything. */
function emitFloatOrder(generator: ExpressionGenerator, wasm: 'f32' | 'f64', order: Order, a: Side, b: Side): void {
  const { writer } = generator;
  const single = wasm === 'f32';
  const pushIsNaN = ([push]: Side): void => {
    push();
    push();
    writer.op(single ? op.f32Ne : op.f64Ne);
  };
  if (order === '=' || order === '<>') {
    a[0]();
    b[0]();
    writer.op(single ? op.f32Eq : op.f64Eq);
    if (!a[1] && !b[1]) {
      pushIsNaN(a);
      pushIsNaN(b);
      writer.op(op.i32And, op.i32Or);
    }
    if (order === '<>') writer.op(op.i32Eqz);
    return;
  }
  // a > b is b < a; a <= b is not b < a.
  const swapped = order === '>' || order === '<=';
  const [low, high] = swapped ? [b, a] : [a, b];
  low[0]();
  high[0]();
  writer.op(single ? op.f32Lt : op.f64Lt);
  if (!high[1]) {
    pushIsNaN(high);
    if (!low[1]) {
      pushIsNaN(low);
      writer.op(op.i32Eqz, op.i32And);
    }
    writer.op(op.i32Or);
  }
  if (order === '<=' || order === '>=') writer.op(op.i32Eqz);
}
