import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { Accumulator, AggregateLayout } from './aggregate-layout.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import { combineKept, copyIfWanted, type KeptText, keepValue } from './kept-value-code.js';
import type { StateCells } from './state-cells.js';
import { addExact, addFloat, combineExact } from './sum-code.js';
import { appendItem, combineLists, emitListItem } from './text-list-code.js';

/** The argument of an accumulator, evaluated for this row. */
interface Evaluated {
  readonly memo: Memo | undefined;
  readonly kept: KeptText | undefined;
  /** Of lists: the local of the new item. */
  readonly item?: number;
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
  if (kind === 'list') return { memo, kept: undefined, item: emitListItem(generator, writer, accumulator, memo) };
  const keeps = kind === 'min' || kind === 'max' || kind === 'first';
  if (!keeps || physicalTypeOf(argument.type) !== 'string') return { memo, kept: undefined };
  return { memo, kept: copyIfWanted(generator, writer, cells, accumulator, memo) };
}

function updateOne(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  cells: StateCells,
  accumulator: Accumulator,
  { memo, kept, item }: Evaluated,
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
    case 'list':
      appendItem(writer, cells, offset, item!);
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
      case 'list':
        combineLists(writer, target, source, offset);
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
