import { asDecimal, decimalCommonType } from '../../../types/decimal-rules.js';
import { type DecimalType, type SqlType, sameType } from '../../../types/sql-type.js';
import { VALUE_LIMITS } from '../../../types/value-limits.js';
import type {
  CastExpression,
  ComparisonExpression,
  ComparisonOperator,
  ConstantExpression,
  ConstantValue,
  Expression,
  InListExpression,
} from '../../expression.js';
import { rewriteBottomUp } from '../../logical/expression-tree.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';

/**
 * Where a column is widened only to be compared with a constant, the constant is narrowed instead: the cast costs time
 * for each row and hides the column from statistics, partitions and dictionaries.
 *
 *     o_orderdate::timestamp < timestamp '1995-04-01'   →   o_orderdate < date '1995-04-01'
 *
 * Two decimals that are widened to be compared are widened no further than it takes.
 */
export const unwrapCasts: NodeRule = {
  name: 'unwrap-casts',
  description: 'Compares columns with constants, and decimals, in the narrowest type.',
  traversal: 'up',
  rewrite: (node) => mapExpressions(node, unwrap),
};

const settled = new WeakSet<Expression>();

function unwrap(expression: Expression): Expression {
  if (settled.has(expression)) return expression;
  const unwrapped = rewriteBottomUp(expression, (part) => {
    if (part.kind === 'comparison') return unwrapComparison(part) ?? part;
    return part.kind === 'inList' ? (unwrapInList(part) ?? part) : part;
  });
  settled.add(unwrapped);
  return unwrapped;
}

const MIRRORED: Partial<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function unwrapComparison(comparison: ComparisonExpression): Expression | undefined {
  const { left, right, operator } = comparison;
  if (left.kind === 'cast' && right.kind === 'constant') return narrowed(comparison, left, operator, right);
  if (right.kind === 'cast' && left.kind === 'constant') {
    return narrowed(comparison, right, MIRRORED[operator] ?? operator, left);
  }
  return left.kind === 'constant' || right.kind === 'constant' ? undefined : compareNarrower(comparison);
}

/** Decimals that were both given more digits are compared with as many as they have. */
function compareNarrower(comparison: ComparisonExpression): Expression | undefined {
  const { type } = comparison.left;
  const [left, right] = [appended(comparison.left), appended(comparison.right)];
  const [leftType, rightType] = [asDecimal(left.type), asDecimal(right.type)];
  if (type.kind !== 'decimal' || !leftType || !rightType) return undefined;
  const common = decimalCommonType(leftType, rightType);
  if (common.precision >= type.precision || !holds(common, leftType) || !holds(common, rightType)) return undefined;
  const cast = (input: Expression): Expression =>
    sameType(input.type, common) ? input : { kind: 'cast', type: common, input };
  return { ...comparison, left: cast(left), right: cast(right) };
}

/** What was cast to a decimal type that holds all of its values. */
function appended(expression: Expression): Expression {
  if (expression.kind !== 'cast' || expression.type.kind !== 'decimal') return expression;
  const from = asDecimal(expression.input.type);
  return from && holds(expression.type, from) ? expression.input : expression;
}

const holds = (type: DecimalType, other: DecimalType): boolean =>
  type.scale >= other.scale && type.precision - type.scale >= other.precision - other.scale;

function narrowed(
  comparison: ComparisonExpression,
  cast: CastExpression,
  operator: ComparisonOperator,
  constant: ConstantExpression,
): Expression | undefined {
  const found = narrow(constant, cast.input.type) ?? (isEquality(operator) ? padded(constant, cast) : undefined);
  if (!found) return undefined;
  const { value, exact } = found;
  const over = (changed: ComparisonOperator): Expression => ({
    ...comparison,
    operator: changed,
    left: cast.input,
    right: { kind: 'constant', type: cast.input.type, value },
  });
  if (exact) return over(operator);
  // The constant lies between `value` and the next value of the narrower type.
  if (operator === '<' || operator === '<=') return over('<=');
  return operator === '>' || operator === '>=' ? over('>') : undefined;
}

function unwrapInList(list: InListExpression): Expression | undefined {
  if (list.input.kind !== 'cast') return undefined;
  const { input } = list.input;
  const items: ConstantExpression[] = [];
  for (const item of list.items) {
    const found =
      item.value === null ? { value: null, exact: true } : (narrow(item, input.type) ?? padded(item, list.input));
    if (!found?.exact) return undefined;
    items.push({ kind: 'constant', type: input.type, value: found.value });
  }
  return { ...list, input, items };
}

const isEquality = (operator: ComparisonOperator): boolean => !/[<>]=?$/.test(operator) || operator === '<>';

/** A text is equal to what a char(n) is without its padding if the text with padding is equal to the char(n). */
function padded({ value }: ConstantExpression, { input, type }: CastExpression): Narrowed | undefined {
  if (input.type.kind !== 'char' || type.kind !== 'text' || typeof value !== 'string') return undefined;
  const missing = input.type.length - [...value].length;
  return missing < 0 || value.endsWith(' ') ? undefined : { value: value + ' '.repeat(missing), exact: true };
}

interface Narrowed {
  /** The largest value of the narrower type that is not above the constant. */
  readonly value: ConstantValue;
  readonly exact: boolean;
}

const DAY = 86_400_000_000n;
/** The constant in the type that was widened to the constant's; undefined where the cast is no mere widening. */
function narrow(constant: ConstantExpression, to: SqlType): Narrowed | undefined {
  const { type: from, value } = constant;
  if (value === null) return undefined;
  if (to.kind === 'varchar' && (from.kind === 'text' || from.kind === 'varchar')) return { value, exact: true };
  const unit = unitOf(from, to);
  if (unit === undefined || (typeof value !== 'number' && typeof value !== 'bigint')) return undefined;
  const exactValue = BigInt(value);
  const rest = ((exactValue % unit) + unit) % unit;
  const floor = (exactValue - rest) / unit;
  const range = to.kind === 'decimal' ? decimalRange(to.precision) : VALUE_LIMITS[to.kind]!;
  if (floor < range[0] || floor > range[1]) return undefined;
  const isNumber = to.kind === 'smallint' || to.kind === 'integer' || to.kind === 'date';
  return { value: isNumber ? Number(floor) : floor, exact: rest === 0n };
}

function decimalRange(precision: number): readonly [bigint, bigint] {
  const limit = 10n ** BigInt(precision) - 1n;
  return [-limit, limit];
}

/** How many units of the wide type one unit of the narrow type is. */
function unitOf(wide: SqlType, narrowType: SqlType): bigint | undefined {
  if (wide.kind === 'timestamp') return narrowType.kind === 'date' ? DAY : undefined;
  const isInteger = narrowType.kind === 'smallint' || narrowType.kind === 'integer' || narrowType.kind === 'bigint';
  if (wide.kind === 'integer' || wide.kind === 'bigint') return isInteger ? 1n : undefined;
  if (wide.kind !== 'decimal') return undefined;
  if (isInteger) return 10n ** BigInt(wide.scale);
  if (narrowType.kind !== 'decimal' || narrowType.scale > wide.scale) return undefined;
  return 10n ** BigInt(wide.scale - narrowType.scale);
}
