// Decimals whose types need 128 bits, computed in 64 bits as long as their values fit, against 128 bits throughout.
import { AggregateProgram } from '../../src/exec/expression/aggregate-program.js';
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { resolveAggregateFunction, resolveOperator } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { AggregateCall, Expression } from '../../src/planner/expression.js';
import { decimal, type SqlType } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const MONEY = decimal(15, 2);
const TYPES = [MONEY, MONEY, MONEY];
/** Batches with values beyond 64 bits after which a program tries no more (`MAX_WIDENED_BATCHES`), and a few over. */
const WIDE_BATCHES = 16;

const random = createRandomStream('micro decimals');
const shared = SharedMemory.create(2 ** 26);
const scope = new Scope(shared, shared.createOwner());
const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });

function makeBatch(highest: readonly [price: number, discount: number, tax: number]): Batch {
  const columns = highest.map((limit, column) => {
    const data = scope.allocate(BATCH_ROWS * 8);
    for (let row = 0; row < BATCH_ROWS; row++) {
      shared.i64[data / 8 + row] = BigInt(drawInteger(random, row * 3 + column, limit / 2, limit));
    }
    const vector = new Vector('i64');
    vector.setFlat(data, 0);
    return vector;
  });
  return { rowCount: BATCH_ROWS, columns };
}

const column = (index: number): Expression => ({ kind: 'column', type: TYPES[index]!, column: index });
const one: Expression = { kind: 'constant', type: decimal(1, 0), value: 1n };
const call = (symbol: string, left: Expression, right: Expression): Expression => {
  const { overload, returns } = resolveOperator(symbol, left.type, right.type);
  return { kind: 'call', type: returns, overload, args: [left, right] };
};
const sum = (argument: Expression): AggregateCall => {
  const { overload, returns } = resolveAggregateFunction('sum', [argument.type as SqlType]);
  return { overload, type: returns, args: [argument] };
};

/** TPC-H's `sum(price * (1 - discount))` and `sum(price * (1 - discount) * (1 + tax))`. */
const discounted = call('*', column(0), call('-', one, column(1)));
const sums = [sum(discounted), sum(call('*', discounted, call('+', one, column(2))))];

export const benchmark: MicroBenchmark = async () => {
  const usual = makeBatch([10_000_000, 10, 8]);
  const wide = makeBatch([4e14, 1e6, 8]);
  const speculating = new AggregateProgram(context, sums);
  const exact = new AggregateProgram(context, sums);
  const state = scope.allocateCleared(speculating.stateBytes);
  for (let batch = 0; batch < WIDE_BATCHES; batch++) exact.updateSingle(wide, state);
  const candidate = (name: string, program: AggregateProgram) => ({
    name,
    run: () => {
      program.updateSingle(usual, state);
      return shared.u32[state / 4]!;
    },
  });
  return compareCandidates([candidate('64 bits, checked', speculating), candidate('128 bits', exact)], {
    title: 'two sums of decimal products',
    rowCount: BATCH_ROWS,
  });
};
