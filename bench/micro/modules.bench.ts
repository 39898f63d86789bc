// What a generated module costs: writing the bytes, compiling, instantiating; and the first batch of a filter, with a module
// of its own and with one from the cache.
import {
  type CompiledModule,
  ExpressionContext,
  type GeneratedModule,
} from '../../src/exec/expression/expression-context.js';
import { Filter } from '../../src/exec/expression/filter.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { ComparisonOperator, Expression } from '../../src/planner/expression.js';
import { BIGINT, BOOLEAN } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { type Batch, Vector } from '../../src/vector/vector.js';
import { printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { CandidateFigures, MicroBenchmark } from './micro-benchmark.js';

const COLUMNS = 8;
const ROWS = 64;
const ROUNDS = 100;
const TITLE = 'module of a filter with 8 comparisons';

/** Keeps what programs ask for, so that it can be asked again. */
class RecordingContext extends ExpressionContext {
  generate: (() => GeneratedModule) | undefined;

  override module(key: string, generate: () => GeneratedModule): CompiledModule {
    this.generate = generate;
    return super.module(key, generate);
  }
}

const OPERATORS: readonly ComparisonOperator[] = ['<', '<=', '>', '>=', '=', '<>'];

/** Eight comparisons; every number gives code of another shape. */
function predicateOf(number: number): Expression {
  const operands = Array.from(
    { length: COLUMNS },
    (_, column): Expression => ({
      kind: 'comparison',
      type: BOOLEAN,
      operator: OPERATORS[Math.floor(number / OPERATORS.length ** column) % OPERATORS.length]!,
      left: { kind: 'column', type: BIGINT, column },
      right: { kind: 'constant', type: BIGINT, value: BigInt(100 + column) },
    }),
  );
  return { kind: 'and', type: BOOLEAN, operands };
}

/** The module with a custom section behind it: V8 knows modules by their bytes, and would not compile the same again. */
function withNumber(bytes: Uint8Array, number: number): Uint8Array {
  return new Uint8Array([...bytes, 0, 6, 1, 0x78, ...new Uint8Array(new Uint32Array([number]).buffer)]);
}

export const benchmark: MicroBenchmark = async () => {
  const shared = SharedMemory.create(2 ** 28);
  const scope = new Scope(shared, shared.createOwner());
  const context = new RecordingContext({ shared, kernels: loadKernels(shared.memory), scope });
  const batch: Batch = {
    rowCount: ROWS,
    columns: Array.from({ length: COLUMNS }, () => {
      const vector = new Vector('i64');
      vector.setFlat(scope.allocateCleared(ROWS * 8), 0);
      return vector;
    }),
  };
  const selection = scope.allocate(ROWS * 4);
  const filterOnce = (number: number): void => {
    new Filter(context, predicateOf(number)).select(batch, selection);
  };
  filterOnce(ROUNDS);
  const generate = context.generate!;
  const { bytes, imports, hostCalls } = generate();
  const numbered = Array.from({ length: ROUNDS }, (_, number) => withNumber(bytes, number));
  const compiled: CompiledModule = {
    module: new WebAssembly.Module(bytes),
    imports,
    hostCalls,
    bytes: undefined,
    instances: new WeakMap(),
  };
  const steps: Readonly<Record<string, (round: number) => unknown>> = {
    'generate the code': generate,
    compile: (round) => new WebAssembly.Module(numbered[round]!),
    instantiate: () => context.instantiate(compiled, () => {}),
    'first batch of a new shape': (round) => filterOnce(round),
    'first batch of a known shape': () => filterOnce(ROUNDS),
  };
  const figures: CandidateFigures[] = [];
  for (const [name, step] of Object.entries(steps)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      step(round);
      times.push(performance.now() - started);
    }
    figures.push({ title: TITLE, name, nsPerRow: median(times) * 1e6 });
  }
  printTable(
    [`${TITLE}, ${bytes.length} bytes`, 'µs'],
    figures.map(({ name, nsPerRow }) => [name, (nsPerRow / 1000).toFixed(1)]),
  );
  return figures;
};
