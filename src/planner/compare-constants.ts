import { sameType } from '../types/sql-type.js';
import type { ComparisonOperator, ConstantExpression, ConstantValue } from './expression.js';

/**
 * The order of two constants of one type: negative when `left` sorts first. Undefined where it takes the evaluator to
 * know: NULLs, NaN, intervals, text whose UTF-16 order is not its byte order.
 */
export function compareConstants(left: ConstantExpression, right: ConstantExpression): number | undefined {
  if (!sameType(left.type, right.type) && !areStrings(left, right)) return undefined;
  const a = comparable(left);
  const b = comparable(right);
  if (a === undefined || b === undefined || typeof a !== typeof b) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The truth of a comparison, where the order of its operands is known. */
export function compareTruth(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case '=':
    case 'is not distinct from':
      return order === 0;
    case '<>':
    case 'is distinct from':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

const STRINGS = new Set(['text', 'varchar']);

const areStrings = (left: ConstantExpression, right: ConstantExpression): boolean =>
  STRINGS.has(left.type.kind) && STRINGS.has(right.type.kind);

function comparable({ type, value }: ConstantExpression): Exclude<ConstantValue, object | null> | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? undefined : value;
    case 'bigint':
    case 'boolean':
      return value;
    case 'string':
      // Surrogates sort differently in UTF-16 and UTF-8; other types of text have rules of their own.
      return STRINGS.has(type.kind) && !/[\ud800-\uffff]/.test(value) ? value : undefined;
    default:
      return undefined;
  }
}
