import type { ComparisonOperator, ConstantExpression, Expression } from '../../planner/expression.js';
import type { ColumnConjunct } from '../../storage/parquet-reader/can-skip-row-group.js';
import type { StatisticsValue } from '../../storage/parquet-reader/parquet-metadata.js';
import { physicalTypeOf, sameType } from '../../types/sql-type.js';

const MIRRORED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** What filters ask of single columns, numbered as in the scan; other filters are left out. */
export function conditionsOf(filters: readonly Expression[]): ColumnConjunct[] {
  return filters.flatMap((filter): ColumnConjunct[] => {
    switch (filter.kind) {
      case 'and':
        return conditionsOf(filter.operands);
      case 'comparison':
        return comparisonOf(filter.left, filter.operator, filter.right);
      case 'inList':
        return filter.negated ? [] : listOf(filter.input, filter.items);
      case 'isNull':
        if (filter.input.kind !== 'column') return [];
        return [{ column: filter.input.column, op: filter.negated ? 'is not null' : 'is null' }];
      default:
        return [];
    }
  });
}

function comparisonOf(left: Expression, operator: ComparisonOperator, right: Expression): ColumnConjunct[] {
  if (!(operator in MIRRORED)) return [];
  const op = operator as keyof typeof MIRRORED;
  if (left.kind === 'column' && right.kind === 'constant') return conditionOf(left, op, right);
  if (right.kind === 'column' && left.kind === 'constant') return conditionOf(right, MIRRORED[op], left);
  return [];
}

function conditionOf(
  column: Expression & { kind: 'column' },
  op: keyof typeof MIRRORED,
  constant: ConstantExpression,
): ColumnConjunct[] {
  const value = statisticsValueOf(constant, column);
  return value === undefined ? [] : [{ column: column.column, op, value }];
}

function listOf(input: Expression, items: readonly Expression[]): ColumnConjunct[] {
  if (input.kind !== 'column') return [];
  const values = items.map((item) => (item.kind === 'constant' ? statisticsValueOf(item, input) : undefined));
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? [] : [{ column: input.column, op: 'in', values: known }];
}

/** As statistics have it; null is NULL, undefined a value that they do not know. */
function statisticsValueOf(
  { type, value }: ConstantExpression,
  column: Expression,
): StatisticsValue | null | undefined {
  if (value === null) return null;
  if (!sameType(type, column.type)) return undefined;
  switch (physicalTypeOf(type)) {
    case 'string':
      return typeof value === 'string' ? new TextEncoder().encode(value) : undefined;
    case 'uuid':
    case 'interval':
      return undefined;
    default:
      return value as StatisticsValue;
  }
}
