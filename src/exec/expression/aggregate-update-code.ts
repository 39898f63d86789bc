import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { type Accumulator, type AggregateLayout, isArgKind } from './aggregate-layout.js';
import { type ArgCandidate, evaluateArg, keepArg } from './arg-extremum-code.js';
import { unlessNull } from './checked-call-code.js';
import { appendElement, emitElementRoom } from './element-list-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import { appendText, emitTextRoom } from './joined-text-code.js';
import { compareWithKept, copyIfWanted, type KeptValue, keepValue } from './kept-value-code.js';
import { emitSketch } from './sketch-code.js';
import type { StateCells } from './state-cells.js';
import { addExact, addFloat, addInterval, addSquare, increment, multiply, pushOrElse, pushOrZero } from './sum-code.js';
import { appendItem, emitListItem } from './text-list-code.js';
import { appendValue, emitRoom } from './value-list-code.js';

/** The argument of an accumulator, evaluated for this row. */
interface Evaluated {
  readonly memo: Memo | undefined;
  readonly kept: KeptValue | undefined;
  /** Of lists: the local of the new item; of values, elements and joined texts, of the chunk that has room; of sketches, of the registers. */
  readonly item?: number;
  /** Of comoments, x; of joined texts, the separator. */
  readonly key?: Memo;
  readonly arg?: ArgCandidate;
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
  const { argument, kind, key } = accumulator;
  if (!argument) return { memo: undefined, kept: undefined };
  if (isArgKind(kind)) {
    const arg = evaluateArg(generator, writer, cells, accumulator);
    return { memo: arg.value, kept: undefined, arg };
  }
  const memo = generator.valueInLocal(argument);
  if (kind === 'list') return { memo, kept: undefined, item: emitListItem(generator, writer, accumulator, memo) };
  if (kind === 'elements') return { memo, kept: undefined, item: emitElementRoom(writer, cells, accumulator) };
  if (kind === 'joined') {
    const before = generator.valueInLocal(accumulator.separator!);
    const item = emitTextRoom(writer, cells, accumulator.offset, memo, before);
    return { memo, kept: undefined, item, key: before };
  }
  if (kind === 'values') return { memo, kept: undefined, item: emitRoom(writer, cells, accumulator, memo) };
  if (kind === 'sketch')
    return { memo, kept: undefined, item: emitSketch(generator, writer, cells, accumulator, memo) };
  if (kind === 'comoments') return { memo, kept: undefined, key: generator.valueInLocal(key!) };
  const keeps = kind === 'min' || kind === 'max' || kind === 'first';
  if (!keeps) return { memo, kept: undefined };
  switch (physicalTypeOf(argument.type)) {
    case 'string':
      return { memo, kept: copyIfWanted(generator, writer, cells, accumulator, memo) };
    case 'i128':
      return { memo, kept: compareWithKept(generator, writer, cells, accumulator, memo) };
    default:
      return { memo, kept: undefined };
  }
}

function updateOne(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  { memo, kept, item, key, arg }: Evaluated,
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
    case 'product':
      multiply(writer, cells, offset, () => pushOrElse(writer, 'f64', memo!, () => writer.f64(1)));
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
    case 'trues':
      increment(writer, cells, offset, () => pushTrue(writer, memo!));
      return;
    case 'bitAnd':
    case 'bitOr':
    case 'bitXor':
      updateBits(generator, writer, cells, accumulator, memo!);
      return;
    case 'moments':
      updateMoments(writer, cells, accumulator, memo!);
      return;
    case 'centralMoments':
      unlessNull(writer, memo!.nulls, () => {
        cells.address(offset);
        writer.get(memo!.local);
        writer.kernel('centralMomentsAdd', ['i32', 'f64']);
      });
      return;
    case 'comoments':
      updateComoments(generator, writer, cells, offset, memo!, key!);
      return;
    case 'squares':
      addSquare(generator, writer, cells, accumulator, memo!);
      return;
    case 'intervalSum':
      addInterval(writer, cells, offset, () => pushOrZero(generator, writer, accumulator, memo!));
      return;
    case 'argMin':
    case 'argMax':
    case 'minBy':
    case 'maxBy':
      keepArg(generator, writer, cells, accumulator, arg!);
      return;
    case 'elements':
      appendElement(generator, writer, cells, accumulator, memo!, item!);
      return;
    case 'joined':
      appendText(writer, cells, offset, memo!, key!, item!);
      return;
    case 'values':
      appendValue(generator, writer, cells, accumulator, memo!, item!);
      return;
    case 'sketch':
      cells.store('v128', offset, () => writer.get(item!));
      return;
    case 'list':
      appendItem(writer, cells, offset, item!);
      return;
  }
}

function pushTrue(writer: FunctionWriter, memo: Memo): void {
  writer.get(memo.local);
  if (memo.nulls !== undefined) {
    writer.get(memo.nulls);
    writer.op(op.i32Eqz, op.i32And);
  }
  writer.op(op.i64ExtendI32U);
}

/** The empty state is zero: `bitAnd` keeps the bits that were not set. */
function updateBits(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  { argument, kind, offset }: Accumulator,
  memo: Memo,
): void {
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    writer.get(memo.local);
    if (generator.wasmOf(argument!) === 'i32') writer.op(op.i64ExtendI32S);
    if (kind === 'bitAnd') {
      writer.i64(-1);
      writer.op(op.i64Xor);
    }
    if (memo.nulls !== undefined) {
      writer.i64(0);
      writer.get(memo.nulls);
      writer.op(op.i32Eqz);
      writer.select('i64');
    }
    writer.op(kind === 'bitXor' ? op.i64Xor : op.i64Or);
  });
}

function updateComoments(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  offset: number,
  y: Memo,
  x: Memo,
): void {
  const nulls = generator.mergeNulls(y.nulls, x.nulls);
  unlessNull(writer, nulls, () => {
    cells.address(offset);
    writer.get(y.local);
    writer.get(x.local);
    writer.kernel('comomentsAdd', ['i32', 'f64', 'f64']);
  });
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

/** Youngs and Cramer, "Some results relevant to choice of sum and sum-of-product algorithms" (1971), as PostgreSQL. */
function updateMoments(writer: FunctionWriter, cells: StateCells, accumulator: Accumulator, memo: Memo): void {
  const { offset } = accumulator;
  const [count, sum, distance] = [writer.local('f64'), writer.local('f64'), writer.local('f64')];
  unlessNull(writer, memo.nulls, () => {
    cells.load('f64', offset);
    writer.f64(1);
    writer.op(op.f64Add);
    writer.set(count);
    cells.load('f64', offset + 8);
    writer.get(memo.local);
    writer.op(op.f64Add);
    writer.set(sum);
    writer.get(memo.local);
    writer.get(count);
    writer.op(op.f64Mul);
    writer.get(sum);
    writer.op(op.f64Sub);
    writer.set(distance);
    cells.store('f64', offset, () => writer.get(count));
    cells.store('f64', offset + 8, () => writer.get(sum));
    cells.store('f64', offset + 16, () => {
      cells.load('f64', offset + 16);
      writer.get(distance);
      writer.get(distance);
      writer.op(op.f64Mul);
      writer.get(count);
      writer.get(count);
      writer.f64(1);
      writer.op(op.f64Sub, op.f64Mul);
      // Of the first value, whose distance is 0.
      writer.f64(1);
      writer.op(op.f64Max, op.f64Div, op.f64Add);
    });
  });
}
