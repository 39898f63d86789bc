import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { MillraceError } from '../../../../src/common/errors.js';
import { AggregateProgram } from '../../../../src/exec/expression/aggregate-program.js';
import { ExpressionContext } from '../../../../src/exec/expression/expression-context.js';
import { Filter } from '../../../../src/exec/expression/filter.js';
import { Projector } from '../../../../src/exec/expression/projector.js';
import { readValue } from '../../../../src/exec/expression/value-codec.js';
import {
  resolveAggregateFunction,
  resolveOperator,
  resolveScalarFunction,
} from '../../../../src/functions/registry.js';
import { loadKernels } from '../../../../src/kernels/kernels.js';
import type { ConstantValue, Expression } from '../../../../src/planner/expression.js';
import { BIGINT, BOOLEAN, decimal, INTEGER, type SqlType, sameType, TEXT } from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { SharedMemory } from '../../../../src/vector/shared-memory.js';
import type { Vector, VectorEncoding } from '../../../../src/vector/vector.js';
import { buildVector } from '../../../support/batch-builder.js';

const shared = SharedMemory.create(128 * 2 ** 20, { checked: true });
const scope = new Scope(shared, shared.createOwner());
const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });
after(() => scope.free());

const column = (type: SqlType, place = 0): Expression => ({ kind: 'column', type, column: place });
const literal = (type: SqlType, value: ConstantValue): Expression => ({ kind: 'constant', type, value });

function call(name: string, ...inputs: Expression[]): Expression {
  const types = inputs.map((input) => input.type);
  const resolved = /^[a-z]/.test(name)
    ? resolveScalarFunction(name, types)
    : resolveOperator(name, types[0], types[1]!);
  const args = inputs.map((input, index): Expression => {
    const type = resolved.argTypes[index]!;
    return sameType(type, input.type) ? input : { kind: 'cast', type, input };
  });
  return { kind: 'call', type: resolved.returns, overload: resolved.overload, args };
}

function read(vector: Vector, type: SqlType, rowCount: number): ConstantValue[] {
  const width = vector.physical === 'i32' ? 4 : vector.physical === 'i64' ? 8 : vector.physical === 'bool' ? 1 : 16;
  return Array.from({ length: rowCount }, (_, row) => {
    if (vector.validity !== 0 && shared.u8[vector.validity + row] === 0) return null;
    const entry = vector.encoding === 'dictionary' ? shared.u32[(vector.codes >>> 2) + row]! : row;
    return readValue(shared, vector.data + entry * width, type);
  });
}

function project(
  expression: Expression,
  type: SqlType,
  values: ConstantValue[],
  encoding: VectorEncoding = 'flat',
): ConstantValue[] {
  const batch = { rowCount: values.length, columns: [buildVector(shared, scope, type, values, encoding)] };
  return read(new Projector(context, [expression]).evaluate(batch)[0]!, expression.type, values.length);
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'no error';
  } catch (error) {
    return (error as MillraceError).code;
  }
};

test('text results larger than the string heap are made block by block', () => {
  const texts = Array.from({ length: 2000 }, (_, row) => `${row}-${'x'.repeat(row % 700)}`);
  for (const encoding of ['flat', 'dictionary'] as const) {
    const result = project(call('||', column(TEXT), literal(TEXT, '!')), TEXT, texts, encoding);
    assert.deepEqual(
      result,
      texts.map((text) => `${text}!`),
    );
  }
  const huge = 'y'.repeat(300_000);
  assert.deepEqual(project(call('repeat', column(TEXT), literal(INTEGER, 3)), TEXT, [huge, 'z']), [
    huge.repeat(3),
    'zzz',
  ]);
});

test('decimal products that leave 64 bits are redone in 128 from the row where they do', () => {
  const type = decimal(18, 2);
  const values = Array.from({ length: 100 }, (_, row) => (row === 57 ? 999_999_999_999_999_999n : BigInt(row)));
  const product = call('*', column(type), column(type));
  assert.deepEqual(
    project(product, type, values),
    values.map((value) => value * value),
  );
  const cubed = call('*', product, call('*', product, product));
  assert.equal(
    codeOf(() => project(cubed, type, values)),
    '22003',
  );
});

test('an error in an entry of a dictionary is raised only for rows that refer to it', () => {
  const asInteger: Expression = { kind: 'cast', type: INTEGER, input: column(TEXT) };
  const batch = { rowCount: 4, columns: [buildVector(shared, scope, TEXT, ['1', '2', 'x', '2'], 'dictionary')] };
  const projector = new Projector(context, [asInteger]);
  assert.equal(
    codeOf(() => projector.evaluate(batch)),
    '22P02',
  );
  // No row refers to the entry 'x' any more.
  shared.u32[(batch.columns[0]!.codes >>> 2) + 2] = 0;
  assert.deepEqual(read(projector.evaluate(batch)[0]!, INTEGER, 4), [1, 2, 1, 2]);
});

test('an expression over a dictionary is handed on as a dictionary', () => {
  const vector = buildVector(shared, scope, TEXT, ['b', 'a', null, 'b', 'b', 'a'], 'dictionary');
  const projector = new Projector(context, [call('upper', column(TEXT))]);
  const [result] = projector.evaluate({ rowCount: 6, columns: [vector] }) as [Vector];
  assert.equal(result.encoding, 'dictionary');
  assert.equal(result.codes, vector.codes);
  assert.deepEqual(read(result, TEXT, 6), ['B', 'A', null, 'B', 'B', 'A']);
  // COALESCE gives rows of NULL a value, which no entry has.
  const filled: Expression = { kind: 'coalesce', type: TEXT, operands: [column(TEXT), literal(TEXT, '?')] };
  const [flat] = new Projector(context, [filled]).evaluate({ rowCount: 6, columns: [vector] }) as [Vector];
  assert.deepEqual(read(flat, TEXT, 6), ['b', 'a', '?', 'b', 'b', 'a']);
});

test('a filter looks at each entry of a dictionary once, however many batches refer to it', () => {
  const vector = buildVector(shared, scope, TEXT, ['b', 'a', null, 'b'], 'dictionary');
  const isB: Expression = {
    kind: 'comparison',
    type: BOOLEAN,
    operator: '=',
    left: column(TEXT),
    right: literal(TEXT, 'b'),
  };
  const filter = new Filter(context, isB);
  const selection = scope.allocate(16);
  const select = (): number[] => {
    const count = filter.select({ rowCount: 4, columns: [vector] }, selection);
    return [...shared.u32.subarray(selection >>> 2, (selection >>> 2) + count)];
  };
  assert.deepEqual(select(), [0, 3]);
  // Nobody reads the entries again: had they been, no row would be 'b'.
  shared.u8.fill(0, vector.data, vector.data + 32);
  assert.deepEqual(select(), [0, 3]);
  vector.dictionaryId++;
  assert.deepEqual(select(), []);
});

test('errors are raised only on rows that are live', () => {
  const quotient = call('/', literal(INTEGER, 10), column(INTEGER));
  const isZero: Expression = {
    kind: 'comparison',
    type: BOOLEAN,
    operator: '=',
    left: column(INTEGER),
    right: literal(INTEGER, 0),
  };
  const guarded: Expression = {
    kind: 'case',
    type: INTEGER,
    // biome-ignore lint/suspicious/noThenProperty: the field of CaseExpression is called so.
    branches: [{ when: isZero, then: literal(INTEGER, -1) }],
    otherwise: quotient,
  };
  assert.equal(
    codeOf(() => project(quotient, INTEGER, [1, 0])),
    '22012',
  );
  assert.deepEqual(project(guarded, INTEGER, [5, 0, 2]), [2, -1, 5]);
  const both: Expression = {
    kind: 'and',
    type: BOOLEAN,
    operands: [
      { kind: 'not', type: BOOLEAN, input: isZero },
      { kind: 'comparison', type: BOOLEAN, operator: '>', left: quotient, right: literal(INTEGER, 2) },
    ],
  };
  const batch = { rowCount: 4, columns: [buildVector(shared, scope, INTEGER, [0, 1, 5, null])] };
  const selection = scope.allocate(16);
  assert.equal(new Filter(context, both).select(batch, selection), 1);
  assert.equal(shared.u32[selection >>> 2], 1);
});

test('min and max of text outlive the batch; sums spill beyond 64 bits', () => {
  const aggregates = [
    ['min', TEXT, 0],
    ['max', TEXT, 0],
    ['sum', BIGINT, 1],
  ] as const;
  const calls = aggregates.map(([name, type, place]) => {
    const resolved = resolveAggregateFunction(name, [type]);
    return { overload: resolved.overload, type: resolved.returns, args: [column(type, place)] };
  });
  const program = new AggregateProgram(context, calls);
  const state = scope.allocateCleared(program.stateBytes);
  const batchScope = new Scope(shared, shared.createOwner());
  for (let round = 0; round < 50; round++) {
    const texts = Array.from({ length: 40 }, (_, row) => `${(row * 37 + round * 11) % 1000}-${'long '.repeat(100)}`);
    const columns = [
      buildVector(shared, batchScope, TEXT, texts),
      buildVector(
        shared,
        batchScope,
        BIGINT,
        texts.map(() => 2n ** 62n),
      ),
    ];
    program.updateSingle({ rowCount: 40, columns }, state);
    shared.u8.fill(0xee, columns[0]!.data, columns[0]!.data + 40 * 16);
    batchScope.reset();
  }
  batchScope.free();
  const list = scope.allocate(4);
  shared.u32[list >>> 2] = state;
  const results = program.finalize(list, 1);
  const all = Array.from({ length: 50 }, (_, round) =>
    Array.from({ length: 40 }, (__, row) => `${(row * 37 + round * 11) % 1000}-${'long '.repeat(100)}`),
  )
    .flat()
    .sort();
  assert.deepEqual(
    results.map((vector, index) => read(vector, calls[index]!.type, 1)[0]),
    [all[0], all.at(-1), 2n ** 62n * 2000n],
  );
});

test('deviations do not lose small differences of large values', () => {
  const resolved = resolveAggregateFunction('stddev_pop', [{ kind: 'double' }]);
  const type: SqlType = { kind: 'double' };
  const program = new AggregateProgram(context, [{ overload: resolved.overload, type, args: [column(type)] }]);
  const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
  const states = scope.allocateCleared(program.stateBytes * 2);
  const half = (part: number[]) => ({ rowCount: part.length, columns: [buildVector(shared, scope, type, part)] });
  program.updateSingle(half(values.slice(0, 1)), states);
  program.updateSingle(half(values.slice(1)), states + program.stateBytes);
  const list = scope.allocate(8);
  shared.u32[list >>> 2] = states;
  shared.u32[(list >>> 2) + 1] = states + program.stateBytes;
  program.combine(list, list + 4, 1);
  const [result] = program.finalize(list, 1) as [Vector];
  assert.ok(Math.abs(shared.view.getFloat64(result.data, true) - Math.sqrt(22.5)) < 1e-9);
});
