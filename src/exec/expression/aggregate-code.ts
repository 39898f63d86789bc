import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { type Accumulator, type AggregateLayout, keptWasmType, valueBytes } from './aggregate-layout.js';
import { emitLess } from './comparison-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';

/** The argument of an accumulator, evaluated for this row. */
interface Evaluated {
  readonly memo: Memo | undefined;
  /** For text that min, max or first would keep: a local that says so, and the copied view. */
  readonly kept: { readonly wanted: number; readonly copy: number } | undefined;
}

/**
 * Emits the update of a state by a row. First everything is evaluated, then everything is updated: code can stop and be
 * resumed at a row only before it changed anything.
 */
export function emitUpdate(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  layout: AggregateLayout,
  cells: StateCells,
): void {
  const conditions = layout.filters.map((filter) => {
    const passes = writer.local('i32');
    generator.truth(filter, true);
    writer.set(passes);
    return passes;
  });
  const groups = [-1, ...conditions.keys()];
  const evaluated = new Map<Accumulator, Evaluated>();
  for (const group of groups) {
    const members = layout.accumulators.filter((accumulator) => accumulator.filter === group);
    const evaluate = (): void => {
      for (const member of members) evaluated.set(member, evaluateArgument(generator, writer, cells, member));
    };
    guarded(generator, writer, conditions[group], evaluate);
  }
  for (const group of groups) {
    const members = layout.accumulators.filter((accumulator) => accumulator.filter === group);
    if (members.length === 0) continue;
    guarded(generator, writer, conditions[group], () => {
      for (const member of members) updateOne(generator, writer, cells, member, evaluated.get(member)!);
    });
  }
}

function guarded(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  condition: number | undefined,
  write: () => void,
): void {
  if (condition === undefined) {
    write();
    return;
  }
  writer.get(condition);
  writer.if();
  generator.conditionally(write);
  writer.end();
}

function evaluateArgument(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
): Evaluated {
  const { argument, kind } = accumulator;
  if (!argument) return { memo: undefined, kept: undefined };
  const memo = generator.valueInLocal(argument);
  const keeps = kind === 'min' || kind === 'max' || kind === 'first';
  if (!keeps || physicalTypeOf(argument.type) !== 'string') return { memo, kept: undefined };
  const wanted = writer.local('i32');
  const copy = writer.local('v128');
  pushWanted(generator, writer, cells, accumulator, memo);
  writer.tee(wanted);
  writer.if();
  writer.block();
  writer.get(memo.local);
  writer.kernel('textKeep', ['i32', 'v128'], 'v128');
  writer.set(copy);
  writer.checkStatus();
  writer.end();
  return { memo, kept: { wanted, copy } };
}

/** Pushes: is the value to replace the kept one? */
function pushWanted(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  { local, nulls }: Memo,
): void {
  const { type } = accumulator.argument!;
  const flagOffset = accumulator.offset + valueBytes(type);
  const pushBetter = (): void => {
    cells.load('i64', flagOffset);
    writer.op(op.i64Eqz);
    if (accumulator.kind === 'first') return;
    writer.if('i32');
    writer.i32(1);
    writer.else();
    const pushNew = (): void => writer.get(local);
    const pushOld = (): void => loadKept(generator, writer, cells, accumulator);
    if (accumulator.kind === 'min') emitLess(generator, type, pushNew, pushOld);
    else emitLess(generator, type, pushOld, pushNew);
    writer.end();
  };
  if (nulls === undefined) {
    pushBetter();
    return;
  }
  writer.get(nulls);
  writer.if('i32');
  writer.i32(0);
  writer.else();
  pushBetter();
  writer.end();
}

function loadKept(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
): void {
  const { type } = accumulator.argument!;
  const wasm = keptWasmType(type);
  cells.load(wasm, accumulator.offset);
  if (wasm === 'v128' && generator.mode === 'narrow' && physicalTypeOf(type) === 'i128') {
    // A kept value that needs 128 bits is compared by the exact variant.
    const value = writer.local('v128');
    writer.tee(value);
    writer.lane64(0);
    writer.i64(63);
    writer.op(op.i64ShrS);
    writer.get(value);
    writer.lane64(1);
    writer.op(op.i64Ne);
    writer.widenIf();
    writer.get(value);
    writer.lane64(0);
  }
}

function updateOne(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  { memo, kept }: Evaluated,
): void {
  const { kind, offset } = accumulator;
  switch (kind) {
    case 'rows':
    case 'count':
      increment(writer, cells, offset, () => writer.i64(1));
      return;
    case 'nulls':
      if (memo!.nulls === undefined) return;
      increment(writer, cells, offset, () => {
        writer.get(memo!.nulls!);
        writer.op(op.i64ExtendI32U);
      });
      return;
    case 'exactSum':
      addExact(generator, writer, cells, accumulator, memo!);
      return;
    case 'floatSum':
      addFloat(generator, writer, cells, accumulator, memo!);
      return;
    case 'min':
    case 'max':
    case 'first':
      keepValue(generator, writer, cells, accumulator, memo!, kept);
      return;
    case 'and':
    case 'or':
      updateBoolean(writer, cells, accumulator, memo!);
      return;
    case 'moments':
      updateMoments(writer, cells, accumulator, memo!);
      return;
  }
}

function increment(writer: FunctionWriter, cells: StateCells, offset: number, push: () => void): void {
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    push();
    writer.op(op.i64Add);
  });
}

/** Pushes the value, or 0 where it is NULL. */
function pushOrZero(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  accumulator: Accumulator,
  memo: Memo,
): void {
  const wasm = generator.wasmOf(accumulator.argument!);
  if (memo.nulls !== undefined) writer.zero(wasm);
  writer.get(memo.local);
  if (memo.nulls === undefined) return;
  writer.get(memo.nulls);
  writer.select(wasm);
}

function addExact(
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
    addToLarge(writer, cells, offset + 8, () => writer.get(value));
    return;
  }
  if (wasm === 'i32') writer.op(op.i64ExtendI32S);
  if (memo.bits > 62) {
    writer.widen();
    const value = writer.local('v128');
    writer.set(value);
    addToLarge(writer, cells, offset + 8, () => writer.get(value));
    return;
  }
  addToSmall(writer, cells, offset);
}

/** The value on the stack is added to `small`, which moves to `large` when its two top bits come to differ. */
function addToSmall(writer: FunctionWriter, cells: StateCells, offset: number): void {
  const small = writer.local('i64');
  cells.load('i64', offset);
  writer.op(op.i64Add);
  writer.tee(small);
  writer.get(small);
  writer.i64(1);
  writer.op(op.i64Shl, op.i64Xor);
  writer.i64(0);
  writer.op(op.i64LtS);
  writer.if();
  addToLarge(writer, cells, offset + 8, () => {
    writer.get(small);
    writer.widen();
  });
  writer.i64(0);
  writer.set(small);
  writer.end();
  cells.store('i64', offset, () => writer.get(small));
}

/** 128-bit addition; more than 38 digits are found when the sum is read, and 2^127 is beyond any sum of a table. */
function addToLarge(writer: FunctionWriter, cells: StateCells, offset: number, push: () => void): void {
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

function addFloat(
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

function keepValue(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  memo: Memo,
  kept: Evaluated['kept'],
): void {
  const { type } = accumulator.argument!;
  const wasm = keptWasmType(type);
  if (kept) writer.get(kept.wanted);
  else pushWanted(generator, writer, cells, accumulator, memo);
  writer.if();
  cells.store(wasm, accumulator.offset, () => {
    writer.get(kept ? kept.copy : memo.local);
    if (wasm === 'v128' && generator.wasmOf(accumulator.argument!) === 'i64') writer.widen();
  });
  cells.store('i64', accumulator.offset + valueBytes(type), () => writer.i64(1));
  writer.end();
}

/** Remembers whether the value that decides was seen: false for `and`, true for `or`. */
function updateBoolean(writer: FunctionWriter, cells: StateCells, accumulator: Accumulator, memo: Memo): void {
  cells.store('i64', accumulator.offset, () => {
    cells.load('i64', accumulator.offset);
    writer.get(memo.local);
    if (accumulator.kind === 'and') writer.op(op.i32Eqz);
    if (memo.nulls !== undefined) {
      writer.get(memo.nulls);
      writer.op(op.i32Eqz, op.i32And);
    }
    writer.op(op.i64ExtendI32U, op.i64Or);
  });
}

/** Welford: mean += d / n; m2 += d * (x - mean), with d = x - mean before. */
function updateMoments(writer: FunctionWriter, cells: StateCells, accumulator: Accumulator, memo: Memo): void {
  const { offset } = accumulator;
  const [count, delta, mean] = [writer.local('f64'), writer.local('f64'), writer.local('f64')];
  if (memo.nulls !== undefined) {
    writer.get(memo.nulls);
    writer.op(op.i32Eqz);
    writer.if();
  }
  cells.load('f64', offset);
  writer.f64(1);
  writer.op(op.f64Add);
  writer.set(count);
  writer.get(memo.local);
  cells.load('f64', offset + 8);
  writer.tee(mean);
  writer.op(op.f64Sub);
  writer.set(delta);
  writer.get(mean);
  writer.get(delta);
  writer.get(count);
  writer.op(op.f64Div, op.f64Add);
  writer.set(mean);
  cells.store('f64', offset, () => writer.get(count));
  cells.store('f64', offset + 8, () => writer.get(mean));
  cells.store('f64', offset + 16, () => {
    cells.load('f64', offset + 16);
    writer.get(delta);
    writer.get(memo.local);
    writer.get(mean);
    writer.op(op.f64Sub, op.f64Mul, op.f64Add);
  });
  if (memo.nulls !== undefined) writer.end();
}

/** Emits target += source for the states at two addresses. */
export function emitCombine(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  layout: AggregateLayout,
  target: StateCells,
  source: StateCells,
): void {
  for (const accumulator of layout.accumulators) {
    const { kind, offset } = accumulator;
    switch (kind) {
      case 'rows':
      case 'count':
      case 'nulls':
        increment(writer, target, offset, () => source.load('i64', offset));
        break;
      case 'exactSum':
        combineExact(writer, target, source, offset);
        break;
      case 'floatSum':
        target.store('f64', offset, () => {
          target.load('f64', offset);
          source.load('f64', offset);
          writer.op(op.f64Add);
        });
        break;
      case 'min':
      case 'max':
      case 'first':
        combineKept(generator, writer, target, source, accumulator);
        break;
      case 'and':
      case 'or':
        target.store('i64', offset, () => {
          target.load('i64', offset);
          source.load('i64', offset);
          writer.op(op.i64Or);
        });
        break;
      case 'moments':
        for (const cells of [target, source]) {
          writer.get(cells.base!);
          writer.i32(offset);
          writer.op(op.i32Add);
        }
        writer.kernel('momentsCombine', ['i32', 'i32']);
    }
  }
}

function combineExact(writer: FunctionWriter, target: StateCells, source: StateCells, offset: number): void {
  for (const part of [offset, offset + 8]) {
    addToLarge(writer, target, offset + 8, () => {
      if (part === offset) {
        source.load('i64', part);
        writer.widen();
      } else source.load('v128', part);
    });
  }
}

function combineKept(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  target: StateCells,
  source: StateCells,
  accumulator: Accumulator,
): void {
  const { offset, argument } = accumulator;
  const wasm = keptWasmType(argument!.type);
  const flagOffset = offset + valueBytes(argument!.type);
  const local = writer.local(wasm);
  const nulls = writer.local('i32');
  source.load(wasm, offset);
  writer.set(local);
  source.load('i64', flagOffset);
  writer.op(op.i64Eqz);
  writer.set(nulls);
  pushWanted(generator, writer, target, accumulator, { local, nulls, bits: 64 });
  writer.if();
  target.store(wasm, offset, () => writer.get(local));
  target.store('i64', flagOffset, () => writer.i64(1));
  writer.end();
}
