import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
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
import type {
  AggregateCall,
  ComparisonOperator,
  ConstantValue,
  Expression,
} from '../../../../src/planner/expression.js';
import { canCast } from '../../../../src/types/coercion.js';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  decimal,
  INTEGER,
  SMALLINT,
  type SqlType,
  sameType,
  TEXT,
} from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { SharedMemory } from '../../../../src/vector/shared-memory.js';
import type { Vector, VectorEncoding } from '../../../../src/vector/vector.js';
import { buildVector } from '../../../support/batch-builder.js';
import {
  compareValues,
  divideRounded,
  evaluateReference,
  isDefinitely,
  rescale,
} from '../../../support/reference-evaluator.js';

const shared = SharedMemory.create(256 * 2 ** 20, { checked: true });
const kernels = loadKernels(shared.memory);
after(() => assert.equal(shared.allocatedChunks, 0));

const types: readonly SqlType[] = [
  BOOLEAN,
  SMALLINT,
  INTEGER,
  BIGINT,
  DOUBLE,
  decimal(5, 2),
  decimal(15, 2),
  decimal(18, 4),
  decimal(38, 6),
  decimal(38, 19),
  TEXT,
];

const near = (limit: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.bigInt(-100n, 100n) },
    { weight: 2, arbitrary: fc.bigInt(1n - limit, limit - 1n) },
    { weight: 1, arbitrary: fc.constantFrom(limit - 1n, -limit + 1n, 0n, 1n, -1n) },
  );

function values(type: SqlType): fc.Arbitrary<Exclude<ConstantValue, null>> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'smallint':
      return near(2n ** 15n).map(Number);
    case 'integer':
      return near(2n ** 31n).map(Number);
    case 'bigint':
      return near(2n ** 63n);
    case 'double':
      return fc.oneof(fc.constantFrom(0, -0, 1, -1.5, NaN, Infinity, 1e300, 2.5), fc.double());
    case 'decimal':
      return near(10n ** BigInt(type.precision));
    default:
      return fc.constantFrom('', 'a', 'abcdefgh', 'abcdefghi', 'abcdefghj', 'ä', 'zebra crossing', 'Abc');
  }
}

const literal = (type: SqlType): fc.Arbitrary<Expression> =>
  fc.option(values(type), { freq: 8 }).map((value): Expression => ({ kind: 'constant', type, value }));

const column = (type: SqlType): fc.Arbitrary<Expression> => {
  const places = types.flatMap((other, index) => (sameType(other, type) ? [index] : []));
  return places.length === 0
    ? literal(type)
    : fc.constantFrom(...places).map((place): Expression => ({ kind: 'column', type, column: place }));
};

const comparisons: readonly ComparisonOperator[] = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'is distinct from',
  'is not distinct from',
];

function booleans(depth: number): fc.Arbitrary<Expression> {
  if (depth === 0) return fc.oneof(column(BOOLEAN), literal(BOOLEAN));
  const inner = booleans(depth - 1);
  const operands = fc.array(inner, { minLength: 2, maxLength: 3 });
  const comparison = fc
    .constantFrom(...types)
    .chain((type) =>
      fc
        .tuple(fc.constantFrom(...comparisons), ofType(type, depth - 1), ofType(type, depth - 1))
        .map(([operator, left, right]): Expression => ({ kind: 'comparison', type: BOOLEAN, operator, left, right })),
    );
  const inList = fc.constantFrom(...types.filter((type) => type.kind !== 'boolean')).chain((type) =>
    fc
      .tuple(
        ofType(type, depth - 1),
        fc.array(fc.option(values(type), { freq: 12 }), { minLength: 1, maxLength: 10 }),
        fc.boolean(),
      )
      .map(
        ([input, list, negated]): Expression => ({
          kind: 'inList',
          type: BOOLEAN,
          input,
          items: list.map((value) => ({ kind: 'constant', type, value })),
          negated,
        }),
      ),
  );
  return fc.oneof(
    column(BOOLEAN),
    comparison,
    comparison,
    inList,
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), operands)
      .map(([kind, list]): Expression => ({ kind, type: BOOLEAN, operands: list })),
    inner.map((input): Expression => ({ kind: 'not', type: BOOLEAN, input })),
    fc
      .tuple(fc.constantFrom(...types), fc.boolean())
      .chain(([type, negated]) =>
        ofType(type, depth - 1).map((input): Expression => ({ kind: 'isNull', type: BOOLEAN, input, negated })),
      ),
    fc
      .tuple(inner, fc.boolean(), fc.boolean())
      .map(([input, value, negated]): Expression => ({ kind: 'booleanTest', type: BOOLEAN, input, value, negated })),
  );
}

/** An expression whose type is whatever arithmetic gives. */
function arithmetic(depth: number): fc.Arbitrary<Expression> {
  const leaf = fc
    .constantFrom(...types.filter((type) => type.kind !== 'boolean' && type.kind !== 'text'))
    .chain((type) => fc.oneof(column(type), column(type), literal(type)));
  if (depth === 0) return leaf;
  const isExact = (type: SqlType) => type.kind !== 'double' && type.kind !== 'text' && type.kind !== 'boolean';
  const operation = fc
    .tuple(fc.constantFrom('+', '-', '*', '/', '%'), arithmetic(depth - 1), arithmetic(depth - 1))
    .map(([symbol, left, right]): Expression => {
      if (isExact(left.type) !== isExact(right.type)) return left;
      if (!isExact(left.type) && symbol === '%') return left;
      const resolved = resolveOperator(symbol, left.type, right.type);
      const args = [left, right].map((input, index): Expression => {
        const type = resolved.argTypes[index]!;
        return sameType(type, input.type) ? input : { kind: 'cast', type, input };
      });
      return { kind: 'call', type: resolved.returns, overload: resolved.overload, args };
    });
  return fc.oneof({ weight: 3, arbitrary: operation }, { weight: 1, arbitrary: rounded(arithmetic(depth - 1)) });
}

/** Decimals rounded to integers, or to digits that are a literal or known only per row. */
function rounded(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const digits = fc.oneof(
    fc.integer({ min: -4, max: 21 }).map((value): Expression => ({ kind: 'constant', type: INTEGER, value })),
    column(INTEGER),
  );
  return fc
    .tuple(fc.constantFrom('round', 'trunc', 'floor', 'ceil', 'sign'), inner, fc.option(digits))
    .map(([name, input, places]): Expression => {
      if (input.type.kind !== 'decimal') return input;
      const args = (name === 'round' || name === 'trunc') && places !== null ? [input, places] : [input];
      const literals = args.map((arg) => (arg.kind === 'constant' && arg === places ? Number(arg.value) : undefined));
      const types = args.map((arg) => arg.type);
      const { overload, returns } = resolveScalarFunction(name, types, literals);
      return { kind: 'call', type: returns, overload, args };
    });
}

function ofType(type: SqlType, depth: number): fc.Arbitrary<Expression> {
  if (type.kind === 'boolean') return booleans(depth);
  const leaf = fc.oneof(column(type), column(type), literal(type));
  if (depth === 0) return leaf;
  const inner = ofType(type, depth - 1);
  const parts: fc.Arbitrary<Expression>[] = [
    leaf,
    fc.tuple(booleans(depth - 1), inner, fc.option(inner, { nil: undefined })).map(
      ([when, result, otherwise]): Expression => ({
        kind: 'case',
        type,
        // biome-ignore lint/suspicious/noThenProperty: the field of CaseExpression is called so.
        branches: [{ when, then: result }],
        otherwise,
      }),
    ),
    fc
      .array(inner, { minLength: 2, maxLength: 3 })
      .map((operands): Expression => ({ kind: 'coalesce', type, operands })),
  ];
  if (type.kind !== 'text') {
    parts.push(
      arithmetic(depth - 1).map((input): Expression => {
        if (sameType(input.type, type)) return input;
        const toDouble = type.kind === 'double' && input.type.kind === 'decimal' && input.type.precision > 15;
        const lossy = input.type.kind === 'double' || toDouble;
        return !lossy && canCast(input.type, type, 'explicit')
          ? { kind: 'cast', type, input }
          : { kind: 'constant', type, value: null };
      }),
    );
  }
  return fc.oneof(...parts);
}

const encodings: readonly VectorEncoding[] = ['flat', 'dictionary', 'constant'];

const batches = fc
  .tuple(
    ...types.map((type) =>
      fc.tuple(
        fc.constantFrom(...encodings),
        fc.constantFrom(0, 3),
        fc.array(values(type), { minLength: 12, maxLength: 12 }),
        fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
      ),
    ),
  )
  .map((columns) =>
    columns.map(([encoding, nullRate, all, dice]) => {
      const row = all.map((value, index): ConstantValue => (nullRate > 0 && dice[index] === 0 ? null : value));
      return { encoding, values: encoding === 'constant' ? row.map(() => row[0]!) : row };
    }),
  );

type Batches = typeof batches extends fc.Arbitrary<infer T> ? T : never;

function readColumn(vector: Vector, type: SqlType, rowCount: number): ConstantValue[] {
  const width = { bool: 1, i32: 4, f32: 4, i64: 8, f64: 8, i128: 16, string: 16, interval: 16, uuid: 16 }[
    vector.physical
  ];
  return Array.from({ length: rowCount }, (_, row) => {
    const place = vector.encoding === 'constant' ? 0 : row;
    if (vector.validity !== 0 && shared.u8[vector.validity + place] === 0) return null;
    const entry = vector.encoding === 'dictionary' ? shared.u32[(vector.codes >>> 2) + row]! : place;
    return readValue(shared, vector.data + entry * width, type);
  });
}

/** Runs with a batch of the columns given; checks that a shared-memory scope is all that it takes. */
function withBatch<T>(
  columns: Batches,
  run: (context: ExpressionContext, batch: { rowCount: number; columns: Vector[] }, scope: Scope) => T,
): T {
  const scope = new Scope(shared, shared.createOwner());
  try {
    const context = new ExpressionContext({ shared, kernels, scope });
    const vectors = columns.map(({ encoding, values: list }, index) =>
      buildVector(shared, scope, types[index]!, list, encoding),
    );
    return run(context, { rowCount: 12, columns: vectors }, scope);
  } finally {
    scope.free();
  }
}

interface Outcome {
  readonly values?: unknown;
  readonly code?: string;
}

function outcome(run: () => unknown): Outcome {
  try {
    return { values: run() };
  } catch (error) {
    if ((error as MillraceError).code === undefined) throw error;
    return { code: (error as MillraceError).code };
  }
}

const rowsOf = (columns: Batches): ConstantValue[][] =>
  Array.from({ length: 12 }, (_, row) => columns.map((one) => one.values[row]!));

/** -0 and 0 are equal in SQL. */
const plain = (value: unknown): unknown => (Object.is(value, -0) ? 0 : value);

test('projections give what the reference gives, in every encoding', () => {
  const expressions = fc.oneof(
    booleans(3),
    arithmetic(3),
    fc.constantFrom(...types).chain((type) => ofType(type, 2)),
  );
  fc.assert(
    fc.property(expressions, batches, (expression, columns) => {
      const expected = outcome(() => rowsOf(columns).map((row) => plain(evaluateReference(expression, row))));
      const actual = withBatch(columns, (context, batch) =>
        outcome(() => {
          const projector = new Projector(context, [expression]);
          projector.evaluate(batch);
          const [result] = projector.evaluate(batch) as [Vector];
          return readColumn(result, expression.type, 12).map(plain);
        }),
      );
      assert.deepEqual(actual, expected);
    }),
    { numRuns: 400 },
  );
});

test('filters select the rows whose predicate is true', () => {
  fc.assert(
    fc.property(booleans(3), batches, (predicate, columns) => {
      const expected = outcome(() =>
        rowsOf(columns).flatMap((row, index) => (isDefinitely(predicate, row, true) ? [index] : [])),
      );
      const actual = withBatch(columns, (context, batch, scope) =>
        outcome(() => {
          const selection = scope.allocate(12 * 4);
          const count = new Filter(context, predicate).select(batch, selection);
          return [...shared.u32.subarray(selection >>> 2, (selection >>> 2) + count)];
        }),
      );
      assert.deepEqual(actual, expected);
    }),
    { numRuns: 300 },
  );
});

const aggregateNames = ['sum', 'avg', 'min', 'max', 'count', 'any_value', 'bool_and', 'bool_or'];

const aggregateCalls: fc.Arbitrary<AggregateCall> = fc
  .tuple(
    fc.constantFrom(...aggregateNames),
    fc.constantFrom(...types),
    fc.option(booleans(1), { nil: undefined, freq: 3 }),
  )
  .chain(([name, type, filter]) => {
    const isBoolean = name.startsWith('bool');
    const isNumeric = name === 'sum' || name === 'avg';
    const argType = isBoolean
      ? BOOLEAN
      : (type.kind === 'boolean' && name !== 'count') || (isNumeric && (type.kind === 'text' || type.kind === 'double'))
        ? INTEGER
        : type;
    return fc
      .oneof(column(argType), isNumeric ? arithmetic(2).filter((part) => part.type.kind !== 'double') : column(argType))
      .map((arg): AggregateCall => {
        const resolved = resolveAggregateFunction(name, [arg.type]);
        return { overload: resolved.overload, type: resolved.returns, args: [arg], filter };
      });
  });

function aggregateReference(call: AggregateCall, rows: readonly (readonly ConstantValue[])[]): ConstantValue {
  const [arg] = call.args;
  const inputs = rows
    .filter((row) => !call.filter || isDefinitely(call.filter, row, true))
    .map((row) => evaluateReference(arg!, row))
    .filter((value) => value !== null);
  const name = call.overload.slice(0, call.overload.indexOf('('));
  if (name === 'count') return BigInt(inputs.length);
  if (inputs.length === 0) return null;
  if (name === 'any_value') return inputs[0]!;
  if (name === 'bool_and') return inputs.every((value) => value === true);
  if (name === 'bool_or') return inputs.includes(true);
  if (name === 'min' || name === 'max') {
    return inputs.reduce((best, value) =>
      compareValues(value, best) < 0 === (name === 'min') && compareValues(value, best) !== 0 ? value : best,
    );
  }
  const total = inputs.reduce((sum: bigint, value) => sum + BigInt(value as bigint), 0n);
  if (name === 'sum') return total;
  const scaleOf = (type: SqlType) => (type.kind === 'decimal' ? type.scale : 0);
  return divideRounded(rescale(total, scaleOf(arg!.type), scaleOf(call.type)), BigInt(inputs.length));
}

test('aggregates, grouped and not, merged and not, give what the reference gives', () => {
  fc.assert(
    fc.property(
      fc.array(aggregateCalls, { minLength: 1, maxLength: 4 }),
      batches,
      fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
      (calls, columns, groups) => {
        const rows = rowsOf(columns);
        const expected = outcome(() =>
          [0, 1, 2, 3].map((group) =>
            calls.map((call) =>
              plain(
                aggregateReference(
                  call,
                  rows.filter((_, row) => group === 3 || groups[row] === group),
                ),
              ),
            ),
          ),
        );
        const actual = withBatch(columns, (context, batch, scope) =>
          outcome(() => {
            const program = new AggregateProgram(context, calls);
            const { stateBytes } = program;
            const base = scope.allocateCleared(stateBytes * 4);
            const pointers = scope.allocate(12 * 4);
            groups.forEach((group, row) => {
              shared.u32[(pointers >>> 2) + row] = base + group * stateBytes;
            });
            program.updateGrouped(batch, pointers);
            program.updateSingle(batch, base + 3 * stateBytes);
            // Merging into empty states changes nothing.
            const merged = scope.allocateCleared(stateBytes * 4);
            const lists = scope.allocate(64);
            for (let group = 0; group < 4; group++) {
              shared.u32[(lists >>> 2) + group] = merged + group * stateBytes;
              shared.u32[(lists >>> 2) + 4 + group] = base + group * stateBytes;
            }
            program.combine(lists, lists + 16, 4);
            const results = program.finalize(lists, 4);
            const read = results.map((vector, index) => readColumn(vector, calls[index]!.type, 4));
            return [0, 1, 2, 3].map((group) => read.map((list) => plain(list[group])));
          }),
        );
        // Overflow of a sum may be noticed in another order than the reference's.
        if (expected.code !== undefined || actual.code !== undefined) {
          if (expected.code !== undefined) assert.ok(actual.code !== undefined, `expected ${expected.code}`);
          else assert.equal(actual.code, '22003');
          return;
        }
        assert.deepEqual(actual, expected);
      },
    ),
    { numRuns: 300 },
  );
});
