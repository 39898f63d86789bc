// ns per array of look-ups and lambdas by kernels and generated loops, and by TypeScript over the same bytes:
// `npm run bench -- micro arrays`.
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { Projector } from '../../src/exec/expression/projector.js';
import { writeValue } from '../../src/exec/expression/value-codec.js';
import { resolveScalarFunction } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { position, remove } from '../../src/kernels/reference/nested.js';
import type { Expression, LambdaExpression } from '../../src/planner/expression.js';
import { decodeNested, encodeNested, type NestedValue } from '../../src/types/nested-codec.js';
import { arrayOf, BOOLEAN, INTEGER, TEXT } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type Candidate, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ELEMENTS = 20;
const INTEGERS = arrayOf(INTEGER);
const TEXTS = arrayOf(TEXT);

export const benchmark: MicroBenchmark = async () => {
  const shared = SharedMemory.create(256 * 2 ** 20);
  const scope = new Scope(shared, shared.createOwner());
  const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });
  const random = createRandomStream('micro arrays');
  const numbers = Array.from({ length: BATCH_ROWS * ELEMENTS }, (_, i) => drawInteger(random, i, 0, 99));
  const columns = ([INTEGERS, TEXTS] as const).map((type) => ({
    type,
    arrays: Array.from({ length: BATCH_ROWS }, (_, row) =>
      encodeNested(
        numbers
          .slice(row * ELEMENTS, (row + 1) * ELEMENTS)
          .map((number): NestedValue => (type === INTEGERS ? number : `label ${number}`)),
        type,
      ),
    ),
  }));
  const batch: Batch = {
    rowCount: BATCH_ROWS,
    columns: columns.map(({ type, arrays }) => {
      const data = scope.allocate(BATCH_ROWS * 16);
      arrays.forEach((bytes, row) => {
        writeValue(shared, data + row * 16, type, bytes, (byteLength) => scope.allocate(byteLength));
      });
      const vector = new Vector('string');
      vector.setFlat(data, 0);
      return vector;
    }),
  };
  const types = columns.map(({ type }) => type);
  const compared = (name: string, expression: Expression, reference: (row: number) => unknown): Candidate[] => {
    const projector = new Projector(context, [expression]);
    return [
      { name: `${name}, compiled`, run: () => projector.evaluate(batch)[0]!.data },
      {
        name: `${name}, TypeScript`,
        run: () => {
          let seen = 0;
          for (let row = 0; row < BATCH_ROWS; row++) if (reference(row) !== null) seen++;
          return seen;
        },
      },
    ];
  };
  const column = (index: number): Expression => ({ kind: 'column', type: types[index]!, column: index });
  const decoded = (row: number, index = 0): NestedValue[] =>
    decodeNested(columns[index]!.arrays[row]!, types[index]!) as NestedValue[];
  const lookUp = (
    name: string,
    index: number,
    value: number | string,
    twin: typeof position | typeof remove,
  ): Candidate[] => {
    const type = index === 0 ? INTEGER : TEXT;
    const { overload, returns } = resolveScalarFunction(name, [types[index]!, type]);
    const args: Expression[] = [column(index), { kind: 'constant', type, value }];
    const call: Expression = { kind: 'call', type: returns, overload, args };
    return compared(`${name}(${index === 0 ? 'integers' : 'texts'}, x)`, call, (row) => {
      const found = twin(decoded(row, index), value, type);
      return typeof found === 'object' && found !== null ? encodeNested(found, types[index]!) : found;
    });
  };
  const element = { variable: 1, name: 'x' };
  const variable: Expression = { kind: 'variable', type: INTEGER, ...element };
  const lambda = (form: 'transform' | 'filter', body: Expression): LambdaExpression => ({
    ...({ kind: 'lambda', type: INTEGERS, form, array: column(0), element, firstIndex: 1, body } as const),
  });
  const constant = (value: number): Expression => ({ kind: 'constant', type: INTEGER, value });
  const { overload, returns } = resolveScalarFunction('+', [INTEGER, INTEGER]);
  const next: Expression = { kind: 'call', type: returns, overload, args: [variable, constant(1)] };
  const isSmall: Expression = {
    ...({ kind: 'comparison', type: BOOLEAN, operator: '<', left: variable, right: constant(50) } as const),
  };
  const figures = compareCandidates(
    [
      ...lookUp('array_position', 0, 100, position),
      ...lookUp('array_position', 1, 'label 100', position),
      ...lookUp('array_remove', 0, 50, remove),
      ...lookUp('array_remove', 1, 'label 50', remove),
      ...compared('transform(integers, x -> x + 1)', lambda('transform', next), (row) =>
        encodeNested(
          decoded(row).map((x) => Number(x) + 1),
          INTEGERS,
        ),
      ),
      ...compared('filter(integers, x -> x < 50)', lambda('filter', isSmall), (row) =>
        encodeNested(
          decoded(row).filter((x) => Number(x) < 50),
          INTEGERS,
        ),
      ),
    ],
    { title: `arrays of ${ELEMENTS}`, rowCount: BATCH_ROWS, rounds: 5, roundMs: 10 },
  );
  scope.free();
  return figures;
};
