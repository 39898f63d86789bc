import type { AggregateFinish } from '../../functions/function-types.js';
import { op } from '../../functions/opcodes.js';
import { type DecimalType, physicalTypeOf } from '../../types/sql-type.js';
import {
  type AggregateLayout,
  type AggregateResult,
  isArgKind,
  keptWasmType,
  partsOf,
  squaresWords,
  valueBytes,
} from './aggregate-layout.js';
import { pushElements } from './element-list-code.js';
import type { FunctionWriter } from './function-writer.js';
import { pushJoinedText } from './joined-text-code.js';
import { emitStore } from './output-code.js';
import { pushEstimate } from './sketch-code.js';
import type { StateCells } from './state-cells.js';
import { pushProduct } from './sum-code.js';
import { pushJoinedList } from './text-list-code.js';
import { pushRanked } from './value-list-code.js';

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
  if (pushCount(writer, cells, result, count)) {
    writer.set(value);
    emitStore(writer, physical, outputOffset, index, value, undefined);
    return;
  }
  const nulls = writer.local('i32');
  pushIsNull(writer, cells, result, count);
  writer.tee(nulls);
  writer.op(op.i32Eqz);
  writer.if();
  pushResult(writer, cells, result, count);
  writer.set(value);
  writer.end();
  emitStore(writer, physical, outputOffset, index, value, nulls);
}

/** Results that are never NULL; answers whether this is one. */
function pushCount(
  writer: FunctionWriter,
  cells: StateCells,
  { finish, value }: AggregateResult,
  count: number,
): boolean {
  if (finish !== 'count' && finish !== 'regressionCount' && finish !== 'estimate') return false;
  if (finish === 'estimate') pushEstimate(writer, cells, value!.offset);
  else if (finish === 'regressionCount') {
    cells.load('f64', value!.offset);
    writer.op(op.i64TruncF64S);
  } else if (value) cells.load('i64', value.offset);
  else writer.get(count);
  return true;
}

function pushIsNull(writer: FunctionWriter, cells: StateCells, result: AggregateResult, count: number): void {
  const { finish, value, parameter } = result;
  if (value?.kind === 'comoments') {
    cells.address(value.offset);
    writer.i32(COMOMENTS[finish]!);
    writer.kernel('comomentsIsNull', ['i32', 'i32'], 'i32');
    return;
  }
  if (value?.kind === 'centralMoments') {
    // All values are equal, or there are none.
    cells.load('f64', value.offset + 16);
    writer.f64(0);
    writer.op(op.f64Eq);
    return;
  }
  if (value && isArgKind(value.kind)) {
    const part = partsOf(value).value;
    cells.load('i64', part.offset + valueBytes(part.argument!.type));
    writer.op(op.i64Eqz);
    return;
  }
  if (parameter === null) {
    writer.i32(1);
    return;
  }
  const sample = finish === 'varianceSample' || finish === 'deviationSample';
  writer.get(count);
  writer.i64(sample ? 2 : 1);
  writer.op(op.i64LtS);
}

/** As `assembly/comoments.ts` has them. */
const COMOMENTS: Partial<Readonly<Record<AggregateFinish, number>>> = {
  covariancePopulation: 0,
  covarianceSample: 1,
  correlation: 2,
  regressionSlope: 3,
  regressionIntercept: 4,
  regressionR2: 5,
  regressionAverageX: 6,
  regressionAverageY: 7,
  regressionSxx: 8,
  regressionSyy: 9,
  regressionSxy: 10,
};

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
    case 'bitAnd':
    case 'bitOr':
    case 'bitXor':
      cells.load('i64', offset);
      if (kind === 'bitAnd') {
        writer.i64(-1);
        writer.op(op.i64Xor);
      }
      if (physicalTypeOf(result.type) === 'i32') writer.op(op.i32WrapI64);
      return;
    case 'comoments':
      cells.address(offset);
      writer.i32(COMOMENTS[finish]!);
      writer.kernel('comomentsResult', ['i32', 'i32'], 'f64');
      return;
    case 'squares':
      pushExactVariance(writer, cells, result, count);
      return;
    case 'product':
      pushProduct(writer, cells, offset);
      return;
    case 'centralMoments':
      cells.address(offset);
      writer.kernel(finish === 'skewness' ? 'skewnessOf' : 'kurtosisOf', ['i32'], 'f64');
      return;
    case 'intervalSum':
      cells.load('v128', offset);
      if (finish === 'average') pushIntervalAverage(writer, count);
      return;
    case 'argMin':
    case 'argMax':
    case 'minBy':
    case 'maxBy':
      cells.load(keptWasmType(result.type), partsOf(result.value!).value.offset);
      return;
    case 'elements':
      pushElements(writer, cells, result.value!);
      return;
    case 'joined':
      pushJoinedText(writer, cells, offset);
      return;
    case 'values':
      pushRanked(writer, cells, result);
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
      if (finish !== 'joined' && finish !== 'array') {
        pushRanked(writer, cells, result);
        return;
      }
      pushJoinedList(writer, cells, offset, result.order, finish === 'array');
      return;
    default:
      cells.load(keptWasmType(result.type), offset);
  }
}

/** Adding nothing finds sums of more than 38 digits. */
function pushTotal(writer: FunctionWriter, cells: StateCells, offset: number): void {
  const total = writer.local('v128');
  writer.block();
  cells.load('v128', offset);
  writer.i32(0);
  writer.i64(0);
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

function pushIntervalAverage(writer: FunctionWriter, count: number): void {
  const [total, average] = [writer.local('v128'), writer.local('v128')];
  writer.set(total);
  writer.block();
  writer.get(total);
  writer.get(count);
  writer.op(op.f64ConvertI64S);
  writer.kernel('intervalDivide', ['i32', 'v128', 'f64'], 'v128');
  writer.set(average);
  writer.checkStatus();
  writer.get(average);
}

/** Kinds as `assembly/exact-variance.ts` has them. */
function pushExactVariance(writer: FunctionWriter, cells: StateCells, result: AggregateResult, count: number): void {
  const { finish, argument, value, sum, type } = result;
  const [total, variance] = [writer.local('v128'), writer.local('v128')];
  const sample = finish === 'varianceSample' || finish === 'deviationSample';
  const deviation = finish === 'deviationSample' || finish === 'deviationPopulation';
  pushTotal(writer, cells, sum!.offset);
  writer.set(total);
  writer.block();
  cells.address(value!.offset);
  writer.get(total);
  writer.get(count);
  writer.i32(argument!.type.kind === 'decimal' ? argument!.type.scale : 0);
  writer.i32((type as DecimalType).scale);
  writer.i32((sample ? 1 : 0) | (deviation ? 2 : 0) | (squaresWords(argument!.type) << 2));
  writer.kernel('exactVariance', ['i32', 'i32', 'v128', 'i64', 'i32', 'i32', 'i32'], 'v128');
  writer.set(variance);
  writer.checkStatus();
  writer.get(variance);
}
