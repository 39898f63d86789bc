import { op } from '../../functions/opcodes.js';
import { type DecimalType, physicalTypeOf } from '../../types/sql-type.js';
import { type AggregateLayout, type AggregateResult, keptWasmType } from './aggregate-layout.js';
import type { FunctionWriter } from './function-writer.js';
import { emitStore } from './output-code.js';
import type { StateCells } from './state-cells.js';
import { pushJoinedList } from './text-list-code.js';

/** Emits the results of the state at an address into the outputs of the block. */
export function emitResults(
  writer: FunctionWriter,
  layout: AggregateLayout,
  cells: StateCells,
  outputOffset: number,
): void {
  layout.results.forEach((result, index) => {
    emitResult(writer, cells, result, outputOffset, index);
  });
}

function emitResult(
  writer: FunctionWriter,
  cells: StateCells,
  result: AggregateResult,
  outputOffset: number,
  index: number,
): void {
  const physical = physicalTypeOf(result.type);
  const wasm = keptWasmType(result.type);
  const value = writer.local(wasm);
  const count = writer.local('i64');
  cells.load('i64', result.rows.offset);
  if (result.nulls) {
    cells.load('i64', result.nulls.offset);
    writer.op(op.i64Sub);
  }
  writer.set(count);
  if (result.finish === 'count') {
    writer.get(count);
    writer.set(value);
    emitStore(writer, physical, outputOffset, index, value, undefined);
    return;
  }
  const nulls = writer.local('i32');
  const sample = result.finish === 'varianceSample' || result.finish === 'deviationSample';
  writer.get(count);
  writer.i64(sample ? 2 : 1);
  writer.op(op.i64LtS);
  writer.tee(nulls);
  writer.op(op.i32Eqz);
  writer.if();
  pushResult(writer, cells, result, count);
  writer.set(value);
  writer.end();
  emitStore(writer, physical, outputOffset, index, value, nulls);
}

/** Pushes the value of a group that has one. */
function pushResult(writer: FunctionWriter, cells: StateCells, result: AggregateResult, count: number): void {
  const { offset, kind } = result.value!;
  const { finish } = result;
  switch (kind) {
    case 'exactSum':
      if (finish === 'average') {
        pushExactAverage(writer, cells, result, count);
        return;
      }
      pushExactSum(writer, cells, result);
      return;
    case 'floatSum':
      cells.load('f64', offset);
      if (finish === 'average') {
        writer.get(count);
        writer.op(op.f64ConvertI64S, op.f64Div);
      } else if (result.type.kind === 'real') writer.op(op.f32DemoteF64);
      return;
    case 'and':
    case 'or':
      cells.load('i64', offset);
      writer.i64(0);
      writer.op(kind === 'and' ? op.i64Eq : op.i64Ne);
      return;
    case 'moments':
      cells.load('f64', offset + 16);
      writer.get(count);
      if (finish === 'varianceSample' || finish === 'deviationSample') {
        writer.i64(1);
        writer.op(op.i64Sub);
      }
      writer.op(op.f64ConvertI64S, op.f64Div);
      if (finish === 'deviationSample' || finish === 'deviationPopulation') writer.op(op.f64Sqrt);
      return;
    case 'list':
      pushJoinedList(writer, cells, offset, result.order);
      return;
    default:
      cells.load(keptWasmType(result.type), offset);
  }
}

function pushTotal(writer: FunctionWriter, cells: StateCells, offset: number): void {
  const total = writer.local('v128');
  writer.block();
  cells.load('v128', offset + 8);
  writer.i32(0);
  cells.load('i64', offset);
  writer.widen();
  writer.i32(0);
  writer.kernel('decimalAdd', ['i32', 'v128', 'i32', 'v128', 'i32'], 'v128');
  writer.set(total);
  writer.checkStatus();
  writer.get(total);
}

function pushExactSum(writer: FunctionWriter, cells: StateCells, result: AggregateResult): void {
  pushTotal(writer, cells, result.value!.offset);
  if (result.type.kind === 'decimal') return;
  // sum(integer) is a bigint.
  const total = writer.local('v128');
  writer.tee(total);
  writer.lane64(0);
  writer.i64(63);
  writer.op(op.i64ShrS);
  writer.get(total);
  writer.lane64(1);
  writer.op(op.i64Ne);
  writer.failIf('bigintOverflow');
  writer.get(total);
  writer.lane64(0);
}

function pushExactAverage(writer: FunctionWriter, cells: StateCells, result: AggregateResult, count: number): void {
  const argument = result.argument!.type;
  const scale = (result.type as DecimalType).scale - (argument.kind === 'decimal' ? argument.scale : 0);
  const total = writer.local('v128');
  pushTotal(writer, cells, result.value!.offset);
  writer.set(total);
  writer.block();
  writer.get(total);
  writer.get(count);
  writer.widen();
  writer.i32(scale);
  writer.kernel('decimalDivide', ['i32', 'v128', 'v128', 'i32'], 'v128');
  writer.checkStatus();
}
