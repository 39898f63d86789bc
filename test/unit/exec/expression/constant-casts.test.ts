import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MillraceError } from '../../../../src/common/errors.js';
import { castLiteral } from '../../../../src/exec/expression/constant-casts.js';
import { evaluateConstant } from '../../../../src/exec/expression/constant-folding.js';
import type { ConstantExpression, Expression } from '../../../../src/planner/expression.js';
import { BIGINT, INTEGER, SMALLINT, type SqlType, TEXT, UNKNOWN } from '../../../../src/types/sql-type.js';
import { SharedMemory } from '../../../../src/vector/shared-memory.js';

const { memory } = SharedMemory.create(2 ** 26, { checked: true });

/** What `work` answers, or the code of its error. */
function outcome(work: () => ConstantExpression | undefined): unknown {
  try {
    return work()?.value;
  } catch (error) {
    assert.ok(error instanceof MillraceError, String(error));
    return `${error.code} ${error.message}`;
  }
}

/** The cast by generated code: COALESCE hides from `castLiteral` that its operand is a literal. */
function byGeneratedCode(input: ConstantExpression, type: SqlType): unknown {
  const hidden: Expression = { kind: 'coalesce', type: input.type, operands: [input] };
  return outcome(() => evaluateConstant({ kind: 'cast', type, input: hidden }, memory));
}

const TEXTS = [
  ...['1', '-0', ' 42 ', '1e3', '1.5', '99999999999999999999', 'NaN', '-Infinity', '', 'x', '0x10', '1_000'],
  ...['true', 'f', 'yes', 'maybe', '2024-02-29', '2023-02-29', '24:00:00', '10:11:12.345678', 'epoch', 'infinity'],
  ...['2024-02-29 10:11:12.5', '2024-02-29T10:11:12+02', '1 year 2 days', '-3:04', '{}', '\\x00ff', '\\xzz'],
  ...['123e4567-e89b-12d3-a456-426614174000', '123E4567E89B12D3A456426614174000', '0.005', '-0.005', '123456.789'],
];

const TARGETS: readonly SqlType[] = [
  ...(['boolean', 'smallint', 'integer', 'bigint', 'real', 'double', 'date', 'time'] as const).map((kind) => ({
    kind,
  })),
  ...(['timestamp', 'timestamptz', 'interval', 'uuid', 'bytea', 'json', 'text'] as const).map((kind) => ({ kind })),
  { kind: 'decimal', precision: 5, scale: 2 },
  { kind: 'decimal', precision: 38, scale: 10 },
  { kind: 'varchar', length: 3 },
  { kind: 'char', length: 4 },
];

for (const type of TARGETS) {
  test(`text is read as ${JSON.stringify(type)} as generated code reads it`, () => {
    for (const value of TEXTS) {
      const input: ConstantExpression = { kind: 'constant', type: TEXT, value };
      const expected = byGeneratedCode(input, type);
      assert.deepEqual(
        outcome(() => evaluateConstant({ kind: 'cast', type, input }, memory)),
        expected,
        value,
      );
      const untyped: ConstantExpression = { ...input, type: UNKNOWN };
      assert.deepEqual(
        outcome(() => evaluateConstant({ kind: 'cast', type, input: untyped }, memory)),
        expected,
        value,
      );
    }
  });
}

test('exact numbers are widened as generated code widens them', () => {
  const decimal = fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
    .map(([precision, scale]): SqlType => ({ kind: 'decimal', precision, scale: Math.min(scale, precision) }));
  const source = fc.oneof(
    fc.record({ type: fc.constantFrom(SMALLINT, INTEGER), value: fc.integer({ min: -32768, max: 32767 }) }),
    fc.record({ type: fc.constant(BIGINT), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
    fc.record({
      type: fc.constant<SqlType>({ kind: 'decimal', precision: 9, scale: 3 }),
      value: fc.bigInt(-999999999n, 999999999n),
    }),
  );
  let taken = 0;
  fc.assert(
    fc.property(source, fc.oneof(decimal, fc.constant(BIGINT)), ({ type: from, value }, type) => {
      const input: ConstantExpression = { kind: 'constant', type: from, value };
      const result = castLiteral({ kind: 'cast', type, input });
      if (result === undefined) return;
      taken++;
      assert.equal(result.value, byGeneratedCode(input, type));
    }),
    { numRuns: 300, seed: 20011 },
  );
  assert.ok(taken > 50, `only ${taken} casts were taken`);
});
