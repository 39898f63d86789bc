import type { CatalogFile, ColumnStatistics, RowGroupStatistics } from '../catalog-view.js';
import { compareConstants } from '../compare-constants.js';
import type { ComparisonOperator, ConstantExpression, Expression } from '../expression.js';

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
  // NaN is above every number, and statistics leave it out.
  const isFloat = constant.type.kind === 'real' || constant.type.kind === 'double';
  if (isFloat && (operator === '>' || operator === '>=')) return true;
  const atLeastMin = min && compareConstants(constant, min);
  const atMostMax = max && compareConstants(constant, max);
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
