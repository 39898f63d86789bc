import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogFile, ColumnStatistics } from '../../../src/planner/catalog-view.js';
import type { ComparisonOperator, ConstantExpression, Expression } from '../../../src/planner/expression.js';
import { pruneRowGroups } from '../../../src/planner/lower/prune-row-groups.js';
import { BOOLEAN, DOUBLE, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';

const constant = (type: SqlType, value: number | string): ConstantExpression => ({ kind: 'constant', type, value });

function fileOf(...groups: readonly ColumnStatistics[]): CatalogFile {
  const rowGroups = groups.map((statistics) => ({ rowCount: 10, columns: new Map([['x', statistics]]) }));
  return { path: 'f', byteLength: 1, version: '1', partitionValues: [], rowGroups };
}

function compare(operator: ComparisonOperator, value: ConstantExpression): Expression {
  const left: Expression = { kind: 'column', type: value.type, column: 1 };
  return { kind: 'comparison', type: BOOLEAN, operator, left, right: value };
}

const prune = (file: CatalogFile, ...filters: Expression[]): readonly number[] | undefined =>
  pruneRowGroups(file, filters, () => 'x');

test('bounds are inclusive', () => {
  const file = fileOf(
    { min: constant(INTEGER, 1), max: constant(INTEGER, 5) },
    { min: constant(INTEGER, 6), max: constant(INTEGER, 9) },
  );
  deepEqual(prune(file, compare('<', constant(INTEGER, 6))), [0]);
  deepEqual(prune(file, compare('<=', constant(INTEGER, 6))), [0, 1]);
  deepEqual(prune(file, compare('>', constant(INTEGER, 5))), [1]);
  deepEqual(prune(file, compare('>=', constant(INTEGER, 5))), [0, 1]);
  deepEqual(prune(file, compare('=', constant(INTEGER, 5))), [0]);
  deepEqual(prune(file, compare('<>', constant(INTEGER, 5))), [0, 1]);
});

test('unknown bounds and text beyond ASCII order prune nothing that they cannot decide', () => {
  deepEqual(prune(fileOf({}), compare('=', constant(INTEGER, 5))), [0]);
  const text = fileOf({ min: constant(TEXT, 'a'), max: constant(TEXT, '\u{1F600}') });
  deepEqual(prune(text, compare('=', constant(TEXT, '\uffee'))), [0]);
  deepEqual(prune(text, compare('=', constant(TEXT, 'A'))), []);
});

test('NaN may hide above the largest float', () => {
  const file = fileOf({ min: constant(DOUBLE, 1), max: constant(DOUBLE, 5) });
  deepEqual(prune(file, compare('>', constant(DOUBLE, 100))), [0]);
  deepEqual(prune(file, compare('<', constant(DOUBLE, 0))), []);
});

test('a group of NULLs matches no comparison', () => {
  const file = fileOf({ nullCount: 10 }, { nullCount: 0 });
  deepEqual(prune(file, compare('<>', constant(INTEGER, 5))), [1]);
  const isNull: Expression = {
    kind: 'isNull',
    type: BOOLEAN,
    input: { kind: 'column', type: INTEGER, column: 1 },
    negated: false,
  };
  deepEqual(prune(file, isNull), [0]);
});
