import type { SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import type { PlanEstimate } from './plan-estimate.js';
import { type ColumnEstimate, numericValue } from './selectivity.js';

/** Distinct combinations of several keys are fewer than the product says, for keys go together. */
const KEY_COMBINATION_DAMPING = 0.75;
const DAY_MICROSECONDS = 86_400_000_000;

/** Fields of a date with so many values, however long the time is. */
const FIELD_VALUES: Readonly<Record<string, number>> = {
  month: 12,
  quarter: 4,
  day: 31,
  week: 53,
  dow: 7,
  isodow: 7,
  doy: 366,
  hour: 24,
  minute: 60,
};
/** Units of time in days: a field or a truncated time has a value for each that passes. */
const UNIT_DAYS: Readonly<Record<string, number>> = {
  millennium: 365_250,
  century: 36_525,
  decade: 3_652.5,
  year: 365.25,
  isoyear: 365.25,
  quarter: 91.3,
  month: 30.4,
  week: 7,
  day: 1,
  hour: 1 / 24,
  minute: 1 / 1440,
};

/** What an expression's values are like. */
export function estimateExpression(expression: Expression, input: PlanEstimate): ColumnEstimate | undefined {
  if (expression.kind === 'column') return input.columns.get(expression.column);
  const columns = [...columnsOf(expression)].map((id) => input.columns.get(id));
  const nullShare = Math.max(0, ...columns.map((column) => column?.nullShare ?? 0));
  const counts = columns.map((column) => column?.distinct ?? input.rows / 10);
  const most = Math.max(1, Math.min(input.rows, combinedDistinct(counts)));
  const distinct = Math.max(1, Math.min(most, valuesOf(expression, input)));
  return { distinct, nullShare, min: undefined, max: undefined };
}

/** Distinct values that an expression has for what it is, whatever its arguments. */
function valuesOf(expression: Expression, input: PlanEstimate): number {
  if (expression.type.kind === 'boolean') return 2;
  switch (expression.kind) {
    case 'constant':
      return 1;
    case 'cast':
      return estimateExpression(expression.input, input)?.distinct ?? Number.POSITIVE_INFINITY;
    case 'case': {
      const results = [...expression.branches.map(({ then }) => then), expression.otherwise];
      return results.reduce((sum, result) => sum + (result === undefined ? 0 : caseValues(result, input)), 0);
    }
    case 'call':
      return timeUnits(functionOf(expression.overload), expression.args, input);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function caseValues(result: Expression, input: PlanEstimate): number {
  return result.kind === 'constant' ? 1 : (estimateExpression(result, input)?.distinct ?? input.rows);
}

/** The values of EXTRACT, date_part and date_trunc of a column whose bounds are known. */
function timeUnits(name: string, args: readonly Expression[], input: PlanEstimate): number {
  const [first, second] = args;
  const isExtract = name.startsWith('extract_');
  if (!isExtract && name !== 'date_part' && name !== 'date_trunc') return Number.POSITIVE_INFINITY;
  const named = first?.kind === 'constant' ? String(first.value).toLowerCase() : '';
  const unit = isExtract ? name.slice('extract_'.length) : named;
  const values = name === 'date_trunc' ? undefined : FIELD_VALUES[unit];
  if (values !== undefined) return values;
  const days = passingDays(isExtract ? first : second, input);
  const length = UNIT_DAYS[unit];
  return days === undefined || length === undefined ? Number.POSITIVE_INFINITY : Math.floor(days / length) + 1;
}

/** Days between the bounds of a column of dates or times. */
function passingDays(expression: Expression | undefined, input: PlanEstimate): number | undefined {
  if (expression?.kind === 'cast') return passingDays(expression.input, input);
  if (expression?.kind !== 'column') return undefined;
  const column = input.columns.get(expression.column);
  if (column?.min === undefined || column.max === undefined) return undefined;
  const unit = daysOf(expression.type);
  return unit === undefined ? undefined : (column.max - column.min) * unit;
}

function daysOf({ kind }: SqlType): number | undefined {
  if (kind === 'date') return 1;
  return kind === 'timestamp' || kind === 'timestamptz' ? 1 / DAY_MICROSECONDS : undefined;
}

export function combinedDistinct(counts: readonly number[]): number {
  const [first = 1, ...others] = [...counts].sort((a, b) => b - a);
  return others.reduce((product, count) => product * count ** KEY_COMBINATION_DAMPING, first);
}

/** The bounds that a column has behind conditions on it alone: comparisons with constants. */
export function narrowedBounds(
  { min, max }: ColumnEstimate,
  conditions: readonly Expression[],
): Pick<ColumnEstimate, 'min' | 'max'> {
  let [low, high] = [min, max];
  for (const condition of conditions) {
    if (condition.kind !== 'comparison') continue;
    const isFlipped = condition.left.kind === 'constant';
    const [column, constant] = isFlipped ? [condition.right, condition.left] : [condition.left, condition.right];
    const value = column.kind === 'column' ? numericValue(constant) : undefined;
    if (value === undefined) continue;
    const isUpper = ['<', '<='].includes(condition.operator) !== isFlipped;
    const isRange = ['<', '<=', '>', '>='].includes(condition.operator);
    if (condition.operator === '=' || (isRange && !isUpper)) low = low === undefined ? low : Math.max(low, value);
    if (condition.operator === '=' || (isRange && isUpper)) high = high === undefined ? high : Math.min(high, value);
  }
  return low !== undefined && high !== undefined && low <= high ? { min: low, max: high } : { min, max };
}
