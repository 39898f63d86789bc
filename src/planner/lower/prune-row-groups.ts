import { sameType } from '../../types/sql-type.js';
import type { CatalogFile, ColumnStatistics, RowGroupStatistics } from '../catalog-view.js';
import type { ComparisonOperator, ConstantExpression, ConstantValue, Expression } from '../expression.js';

/** The row groups of a file that may hold rows for which all filters are true; undefined when none are known. */
export function pruneRowGroups(
  file: CatalogFile,
  filters: readonly Expression[],
  nameOf: (column: number) => string | undefined,
): readonly number[] | undefined {
  const { rowGroups } = file;
  return rowGroups?.flatMap((group, i) => (filters.every((filter) => mayMatch(filter, group, nameOf)) ? [i] : []));
}

/** False only when no row of the group can make the filter true. */
function mayMatch(
  filter: Expression,
  group: RowGroupStatistics,
  nameOf: (column: number) => string | undefined,
): boolean {
  const statisticsOf = (expression: Expression): ColumnStatistics | undefined => {
    const name = expression.kind === 'column' ? nameOf(expression.column) : undefined;
    return name === undefined ? undefined : group.columns.get(name);
  };
  switch (filter.kind) {
    case 'constant':
      return filter.value === true;
    case 'and':
      return filter.operands.every((operand) => mayMatch(operand, group, nameOf));
    case 'or':
      return filter.operands.some((operand) => mayMatch(operand, group, nameOf));
    case 'comparison': {
      const { left, right, operator } = filter;
      if (left.kind === 'column' && right.kind === 'constant')
        return compare(operator, statisticsOf(left), right, group);
      if (right.kind === 'column' && left.kind === 'constant') {
        return compare(MIRRORED[operator] ?? operator, statisticsOf(right), left, group);
      }
      return true;
    }
    case 'inList': {
      const statistics = statisticsOf(filter.input);
      return filter.negated || filter.items.some((item) => compare('=', statistics, item, group));
    }
    case 'isNull': {
      const nullCount = statisticsOf(filter.input)?.nullCount;
      if (nullCount === undefined) return true;
      return filter.negated ? nullCount < group.rowCount : nullCount > 0;
    }
    default:
      return true;
  }
}

const MIRRORED: Partial<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function compare(
  operator: ComparisonOperator,
  statistics: ColumnStatistics | undefined,
  constant: ConstantExpression,
  group: RowGroupStatistics,
): boolean {
  if (!statistics) return true;
  if (operator.startsWith('is')) return true;
  if (constant.value === null || statistics.nullCount === group.rowCount) return false;
  const { min, max } = statistics;
  const atLeastMin = order(constant, min);
  const atMostMax = order(constant, max);
  switch (operator) {
    case '=':
      return !(atLeastMin !== undefined && atLeastMin < 0) && !(atMostMax !== undefined && atMostMax > 0);
    case '<':
      return !(atLeastMin !== undefined && atLeastMin <= 0);
    case '<=':
      return !(atLeastMin !== undefined && atLeastMin < 0);
    case '>':
      return !(atMostMax !== undefined && atMostMax >= 0);
    case '>=':
      return !(atMostMax !== undefined && atMostMax > 0);
    default:
      return true;
  }
}

/** Negative when `left` sorts before `right`; undefined where that is not known. */
function order(left: ConstantExpression, right: ConstantExpression | undefined): number | undefined {
  if (!right || right.value === null || !(sameType(left.type, right.type) || bothText(left, right))) return undefined;
  const a = comparable(left.value);
  const b = comparable(right.value);
  if (a === undefined || b === undefined || typeof a !== typeof b) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

const bothText = (left: ConstantExpression, right: ConstantExpression): boolean =>
  typeof left.value === 'string' && typeof right.value === 'string' && left.type.kind !== 'uuid';

/** Numbers as they are (not NaN); text whose UTF-16 order is its byte order. */
function comparable(value: ConstantValue): number | bigint | string | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'string') return undefined;
  // Surrogates sort differently in UTF-16 and UTF-8.
  return /[\ud800-\uffff]/.test(value) ? undefined : value;
}
