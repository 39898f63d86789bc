// ns per row of generated code: `node build/bench/micro/expressions.js`.
import { AggregateProgram } from '../../src/exec/expression/aggregate-program.js';
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { Filter } from '../../src/exec/expression/filter.js';
import { resolveAggregateFunction, resolveOperator } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { AggregateCall, ComparisonOperator, ConstantValue, Expression } from '../../src/planner/expression.js';
import { BOOLEAN, DATE, decimal, physicalTypeOf, type SqlType } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { type Batch, Vector } from '../../src/vector/vector.js';

const ROWS = 2048;
const shared = SharedMemory.create(256 * 2 ** 20);
const scope = new Scope(shared, shared.createOwner());
const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });
const money = decimal(15, 2);

function column(type: SqlType, makeValue: (row: number) => number): Vector {
  const vector = new Vector(physicalTypeOf(type));
  const width = vector.physical === 'i32' ? 4 : 8;
  const data = scope.allocate(ROWS * width);
  for (let row = 0; row < ROWS; row++) {
    if (width === 4) shared.view.setInt32(data + row * 4, makeValue(row), true);
    else shared.view.setBigInt64(data + row * 8, BigInt(makeValue(row)), true);
  }
  vector.setFlat(data, 0);
  return vector;
}

/** The same values as a dictionary. */
function asDictionary(type: SqlType, source: Vector): Vector {
  const vector = new Vector(source.physical);
  const width = vector.physical === 'i32' ? 4 : 8;
  const codes = scope.allocate(ROWS * 4);
  const entries: bigint[] = [];
  for (let row = 0; row < ROWS; row++) {
    const at = source.data + row * width;
    const value = width === 4 ? BigInt(shared.view.getInt32(at, true)) : shared.view.getBigInt64(at, true);
    let code = entries.indexOf(value);
    if (code < 0) code = entries.push(value) - 1;
    shared.u32[(codes >>> 2) + row] = code;
  }
  const data = scope.allocate(entries.length * width);
  entries.forEach((value, code) => {
    if (width === 4) shared.view.setInt32(data + code * 4, Number(value), true);
    else shared.view.setBigInt64(data + code * 8, value, true);
  });
  vector.setDictionary(data, entries.length, 1 + types.indexOf(type) + codes, codes, 0);
  return vector;
}

let seed = 12345;
const random = (limit: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x7fffffff) * limit);
};

const types = [money, money, money, money, DATE];
const batch: Batch = {
  rowCount: ROWS,
  columns: [
    column(money, () => 100 * (1 + random(50))),
    column(money, () => 90000 + random(10_400_000)),
    column(money, () => random(11)),
    column(money, () => random(9)),
    column(DATE, () => 8036 + random(2526)),
  ],
};

const dictionaryBatch: Batch = {
  rowCount: ROWS,
  columns: batch.columns.map((vector, index) => (index === 1 ? vector : asDictionary(types[index]!, vector))),
};

const ref = (index: number): Expression => ({ kind: 'column', type: types[index]!, column: index });
const literal = (type: SqlType, value: ConstantValue): Expression => ({ kind: 'constant', type, value });
const compare = (operator: ComparisonOperator, left: Expression, right: Expression): Expression => ({
  kind: 'comparison',
  type: BOOLEAN,
  operator,
  left,
  right,
});
const call = (symbol: string, left: Expression, right: Expression): Expression => {
  const { overload, returns } = resolveOperator(symbol, left.type, right.type);
  return { kind: 'call', type: returns, overload, args: [left, right] };
};
const aggregate = (name: string, ...args: Expression[]): AggregateCall => {
  const resolved = resolveAggregateFunction(
    name,
    args.map((arg) => arg.type),
  );
  return { overload: resolved.overload, type: resolved.returns, args };
};

function measure(name: string, run: () => void): void {
  for (let index = 0; index < 3000; index++) run();
  let best = Infinity;
  for (let round = 0; round < 60; round++) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < 60; index++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / (60 * ROWS));
  }
  console.log(`${name.padEnd(44)} ${best.toFixed(2)} ns/row`);
}

const dates = [compare('>=', ref(4), literal(DATE, 8766)), compare('<', ref(4), literal(DATE, 9131))];
const discounts = [compare('>=', ref(2), literal(money, 5n)), compare('<=', ref(2), literal(money, 7n))];
const quantity = compare('<', ref(0), literal(money, 2400n));
const selection = scope.allocate(ROWS * 4);
const q6 = new Filter(context, { kind: 'and', type: BOOLEAN, operands: [...dates, ...discounts, quantity] });
measure('Q6 filter: 5 comparisons over 3 columns', () => q6.select(batch, selection));
const q6b = new Filter(context, { kind: 'and', type: BOOLEAN, operands: [...dates, ...discounts, quantity] });
measure('the same over dictionaries', () => q6b.select(dictionaryBatch, selection));
const three = new Filter(context, { kind: 'and', type: BOOLEAN, operands: [...dates, quantity] });
measure('filter: 3 comparisons over 2 columns', () => three.select(batch, selection));

const one = literal(decimal(10, 0), 1n);
const discounted = call('*', ref(1), call('-', one, ref(2)));
const charge = call('*', discounted, call('+', one, ref(3)));
const q1 = new AggregateProgram(context, [
  aggregate('sum', ref(0)),
  aggregate('sum', ref(1)),
  aggregate('sum', discounted),
  aggregate('sum', charge),
  aggregate('avg', ref(0)),
  aggregate('avg', ref(1)),
  aggregate('avg', ref(2)),
  aggregate('count'),
]);
const states = scope.allocateCleared(q1.stateBytes * 4);
const groups = scope.allocate(ROWS * 4);
for (let row = 0; row < ROWS; row++) shared.u32[(groups >>> 2) + row] = states + q1.stateBytes * random(4);
measure('Q1 updateGrouped: 8 aggregates, 4 groups', () => q1.updateGrouped(batch, groups));
measure('the same over dictionaries, but for one column', () => q1.updateGrouped(dictionaryBatch, groups));
measure('Q1 updateSingle', () => q1.updateSingle(batch, states));
const q6sum = new AggregateProgram(context, [aggregate('sum', call('*', ref(1), ref(2)))]);
measure('Q6 updateSingle: sum of a product', () => q6sum.updateSingle(batch, states));
