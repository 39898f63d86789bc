import { parseValue } from '../../functions/casts/parse-value.js';
import type { ConstantExpression, ConstantValue, Expression } from '../../planner/expression.js';
import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';

/**
 * The casts that literals go through, without generating code for them: text that is read as a type, and exact numbers
 * that fit a wider type. Undefined for any other expression. Throws what reading the text throws.
 */
export function castLiteral(expression: Expression): ConstantExpression | undefined {
  if (expression.kind !== 'cast' || expression.input.kind !== 'constant') return undefined;
  const { type } = expression;
  const { type: from, value } = expression.input;
  const result = value === null ? undefined : castValue(value, from, type);
  return result === undefined ? undefined : { kind: 'constant', type, value: result };
}

function castValue(value: Exclude<ConstantValue, null>, from: SqlType, to: SqlType): ConstantValue | undefined {
  if (typeof value === 'string') {
    const isText = from.kind === 'unknown' || physicalTypeOf(from) === 'string';
    return isText && physicalTypeOf(to) !== 'string' ? parseValue(value, to) : undefined;
  }
  if (to.kind === 'bigint' && (from.kind === 'integer' || from.kind === 'smallint')) return BigInt(value as number);
  if (to.kind !== 'decimal') return undefined;
  const scale = scaleOf(from);
  if (scale === undefined || scale > to.scale) return undefined;
  const scaled = BigInt(value as number | bigint) * 10n ** BigInt(to.scale - scale);
  const limit = 10n ** BigInt(to.precision);
  return scaled < limit && scaled > -limit ? scaled : undefined;
}

/** Digits behind the point of exact numbers. */
function scaleOf(type: SqlType): number | undefined {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 0;
    case 'decimal':
      return type.scale;
    default:
      return undefined;
  }
}
