import assert from 'node:assert/strict';
import { after } from 'node:test';
import fc from 'fast-check';
import type { MillraceError } from '../../src/common/errors.js';
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { Projector } from '../../src/exec/expression/projector.js';
import { readValue } from '../../src/exec/expression/value-codec.js';
import type { FunctionImplementation, FunctionValue, VectorCreate } from '../../src/functions/function-types.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { ConstantValue, Expression } from '../../src/planner/expression.js';
import { byteWidthOf, type SqlType } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { buildVector } from './batch-builder.js';
import { PROPERTY_ROUNDS } from './property-rounds.js';

const shared = SharedMemory.create(256 * 2 ** 20, { checked: true });
const kernels = loadKernels(shared.memory);
after(() => assert.equal(shared.allocatedChunks, 0));

const RUNS = 4 * PROPERTY_ROUNDS;
const ROWS = 16;

export type Row = readonly ConstantValue[];

function sameValue(actual: ConstantValue, expected: FunctionValue, message: () => string): void {
  if (Object.is(actual, expected)) return;
  if (typeof expected === 'number') assert.fail(`${message()}: ${actual}, not ${expected}`);
  assert.deepEqual(actual, expected, message());
}

/** Evaluates over rows; the operands for which `isColumn` says so come from columns, the others are literals. */
function evaluate(
  make: (args: readonly Expression[]) => Expression,
  types: readonly SqlType[],
  rows: readonly Row[],
  isColumn: (index: number) => boolean,
): ConstantValue[] {
  const scope = new Scope(shared, shared.createOwner());
  try {
    const args = types.map(
      (type, index): Expression =>
        isColumn(index) ? { kind: 'column', type, column: index } : { kind: 'constant', type, value: rows[0]![index]! },
    );
    const projector = new Projector(new ExpressionContext({ shared, kernels, scope }), [make(args)], false);
    const vectors = types.map((type, index) =>
      buildVector(
        shared,
        scope,
        type,
        rows.map((row) => row[index]!),
      ),
    );
    const [result] = projector.evaluate({ rowCount: rows.length, columns: vectors });
    const { type } = make(args);
    const width = byteWidthOf(buildVector(shared, scope, type, []).physical);
    return rows.map((_, row) =>
      result!.validity !== 0 && shared.u8[result!.validity + row] === 0
        ? null
        : readValue(shared, result!.data + row * width, type),
    );
  } finally {
    scope.free();
  }
}

/** A kernel that may decline rows has its twin in the fallback that does them: the two must agree on every row. */
export function hold(
  name: string,
  make: (args: readonly Expression[]) => Expression,
  types: readonly SqlType[],
  returns: SqlType,
  fallback: VectorCreate,
  rowArbitrary: fc.Arbitrary<Row>,
): void {
  const reference = fallback(types, returns);
  const check = (rows: readonly Row[], isColumn: (index: number) => boolean): void => {
    const passing: Row[] = [];
    const expected: FunctionValue[] = [];
    for (const row of rows) {
      try {
        expected.push(reference(row));
        passing.push(row);
      } catch (error) {
        const { code, message } = error as MillraceError;
        assert.throws(
          () => evaluate(make, types, [row], isColumn),
          { code, message },
          `${name} of ${JSON.stringify(String(row))}`,
        );
      }
    }
    if (passing.length === 0) return;
    const actual = evaluate(make, types, passing, isColumn);
    passing.forEach((row, index) => {
      sameValue(
        actual[index]!,
        expected[index]!,
        () => `${name} of ${row.map((value) => JSON.stringify(String(value))).join(', ')}`,
      );
    });
  };
  fc.assert(
    fc.property(fc.array(rowArbitrary, { minLength: 1, maxLength: ROWS }), (rows) => {
      check(rows, () => true);
      // The same literals for all rows, as patterns, units and zones usually are.
      for (const column of types.length > 1 ? types.keys() : [])
        check(
          rows.map((row) => rows[0]!.map((value, index) => (index === column ? row[index]! : value))),
          (index) => index === column,
        );
    }),
    { numRuns: RUNS },
  );
}

/** The TypeScript that does the rows which a kernel declines. */
export const fallbackOf = (implementation: FunctionImplementation): VectorCreate | undefined =>
  'fallback' in implementation && implementation.kind !== 'memory' ? implementation.fallback : undefined;
