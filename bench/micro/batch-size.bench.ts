// How many rows a batch should have: the same million rows in batches of different sizes, through a small pipeline of bare
// loops, and through a filter and a sum as the engine compiles and calls them.
import { AggregateProgram } from '../../src/exec/expression/aggregate-program.js';
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { Filter } from '../../src/exec/expression/filter.js';
import { resolveAggregateFunction } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { Expression } from '../../src/planner/expression.js';
import { BIGINT, BOOLEAN } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { loadAssembly } from './load-assembly.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 1 << 20;
const SIZES = [BATCH_ROWS, 256, 512, 1024, 2048, 8192, 16_384, 65_536, 262_144];
const VALUE_RANGE = 1000;

interface Kernels {
  selectLess(values: number, bound: bigint, count: number, selection: number): number;
  compact(values: number, selection: number, count: number, target: number): void;
  multiply(left: number, right: number, count: number, target: number): void;
  sum(values: number, count: number): number;
}

const LEFT = 65_536;
const RIGHT = LEFT + ROW_COUNT * 8;
/** What passes from step to step; as large as a batch, and used again for each. */
const SELECTION = RIGHT + ROW_COUNT * 8;
const COMPACT_LEFT = SELECTION + ROW_COUNT * 4;
const COMPACT_RIGHT = COMPACT_LEFT + ROW_COUNT * 8;
const PRODUCT = COMPACT_RIGHT + ROW_COUNT * 8;
const PAGES = Math.ceil((PRODUCT + ROW_COUNT * 8) / 65_536) + 1;

function measureLoops(): readonly CandidateFigures[] {
  const { exports: kernels, memory } = loadAssembly<Kernels>('batch', PAGES);
  const random = createRandomStream('micro batch size');
  const values = new BigInt64Array(memory.buffer, LEFT, ROW_COUNT * 2);
  for (let row = 0; row < ROW_COUNT * 2; row++) values[row] = BigInt(drawInteger(random, row, 0, VALUE_RANGE - 1));

  const runInBatches = (batchRows: number): number => {
    let total = 0;
    for (let row = 0; row < ROW_COUNT; row += batchRows) {
      const selected = kernels.selectLess(LEFT + row * 8, BigInt(VALUE_RANGE / 2), batchRows, SELECTION);
      kernels.compact(LEFT + row * 8, SELECTION, selected, COMPACT_LEFT);
      kernels.compact(RIGHT + row * 8, SELECTION, selected, COMPACT_RIGHT);
      kernels.multiply(COMPACT_LEFT, COMPACT_RIGHT, selected, PRODUCT);
      total += kernels.sum(PRODUCT, selected);
    }
    return total;
  };
  const candidates = SIZES.map((size) => ({ name: `${size} rows`, run: () => runInBatches(size) }));
  return compareCandidates(candidates, { title: 'filter, compact two columns, multiply, sum', rowCount: ROW_COUNT });
}

/** `where a < 500` and `sum(b)` over all rows, with all that a batch costs in JavaScript. */
function measureEngine(): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 27);
  const scope = new Scope(shared, shared.createOwner());
  const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });
  const random = createRandomStream('micro batch size');
  const [left, right] = [scope.allocate(ROW_COUNT * 8), scope.allocate(ROW_COUNT * 8)];
  for (let row = 0; row < ROW_COUNT; row++) {
    shared.i64[left / 8 + row] = BigInt(drawInteger(random, row * 2, 0, VALUE_RANGE - 1));
    shared.i64[right / 8 + row] = BigInt(drawInteger(random, row * 2 + 1, 0, VALUE_RANGE - 1));
  }
  const predicate: Expression = {
    kind: 'comparison',
    type: BOOLEAN,
    operator: '<',
    left: { kind: 'column', type: BIGINT, column: 0 },
    right: { kind: 'constant', type: BIGINT, value: BigInt(VALUE_RANGE / 2) },
  };
  const filter = new Filter(context, predicate);
  const sum = resolveAggregateFunction('sum', [BIGINT]);
  const program = new AggregateProgram(context, [
    { overload: sum.overload, type: sum.returns, args: [{ kind: 'column', type: BIGINT, column: 1 }] },
  ]);
  const state = scope.allocateCleared(program.stateBytes);
  const selection = scope.allocate(ROW_COUNT * 4);
  const batch: Batch = { rowCount: 0, columns: [new Vector('i64'), new Vector('i64')] };
  const runInBatches = (batchRows: number): number => {
    let total = 0;
    batch.rowCount = batchRows;
    for (let row = 0; row < ROW_COUNT; row += batchRows) {
      batch.columns[0]!.setFlat(left + row * 8, 0);
      batch.columns[1]!.setFlat(right + row * 8, 0);
      total += filter.select(batch, selection);
      program.updateSingle(batch, state);
    }
    return total;
  };
  const candidates = SIZES.map((size) => ({ name: `${size} rows`, run: () => runInBatches(size) }));
  return compareCandidates(candidates, { title: "the engine's filter and sum", rowCount: ROW_COUNT });
}

export const benchmark: MicroBenchmark = async () => [...measureLoops(), ...measureEngine()];
