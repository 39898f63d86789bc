import type { ConstantExpression, ConstantValue } from '../planner/expression.js';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';
import { type SqlType, TEXT } from '../types/sql-type.js';
import type { ResultColumn } from './session.js';

/** Rows that a statement makes up itself (SHOW, EXPLAIN …), as a plan: they leave the engine like any others. */
export interface ConstantRows {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly ConstantValue[])[];
}

export function textColumns(...names: readonly string[]): ResultColumn[] {
  return names.map((name) => ({ name, type: TEXT }));
}

export function planConstantRows({ columns, rows }: ConstantRows): PhysicalNode {
  const constant = (value: ConstantValue, type: SqlType): ConstantExpression => ({ kind: 'constant', type, value });
  return {
    kind: 'values',
    id: 0,
    columns,
    estimatedRows: rows.length,
    rows: rows.map((row) => row.map((value, index) => constant(value, columns[index]!.type))),
  };
}
