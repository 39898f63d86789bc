import { userError } from '../common/errors.js';
import { castInZone } from '../planner/binder/session-zone.js';
import type { ConstantExpression } from '../planner/expression.js';
import { formatType, isNestedType, physicalTypeOf, type SqlType, UNKNOWN } from '../types/sql-type.js';
import { evaluateConstant } from './evaluate-constant.js';
import type { ParameterValue } from './session.js';
import type { StatementContext } from './statements/statement-context.js';

/** The values of `$1 … $n` as constants of the types that were inferred; read as literals of these types would be. */
export function parameterConstants(
  context: StatementContext,
  values: readonly ParameterValue[],
  types: readonly SqlType[],
): ConstantExpression[] {
  if (values.length < types.length) {
    throw userError('08P01', `the statement needs ${types.length} parameters, but got ${values.length}`, {
      hint: `Give a value for each of $1 to $${types.length}.`,
    });
  }
  return types.map((type, index) => {
    const value = values[index] ?? null;
    if (value === null) return { kind: 'constant', type, value: null };
    if (value instanceof Uint8Array) return bytesConstant(value, type);
    const text = Array.isArray(value) ? arrayText(value) : textOf(value as PlainValue, type, index);
    const input: ConstantExpression = { kind: 'constant', type: UNKNOWN, value: text };
    return evaluateConstant(context.engine, castInZone(context.session, input, type));
  });
}

function bytesConstant(value: Uint8Array, type: SqlType): ConstantExpression {
  if (type.kind === 'bytea') return { kind: 'constant', type, value };
  if (physicalTypeOf(type) === 'string' && !isNestedType(type))
    return { kind: 'constant', type, value: new TextDecoder().decode(value) };
  throw userError('42804', `a parameter of type ${formatType(type)} cannot be given as bytes`);
}

/** An array as PostgreSQL writes it, its elements quoted. */
function arrayText(value: readonly ParameterValue[]): string {
  const elements = value.map((element): string => {
    if (element === null) return 'NULL';
    if (Array.isArray(element)) return arrayText(element);
    const text = element instanceof Uint8Array ? `\\x${Buffer.from(element).toString('hex')}` : String(element);
    return `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
}

type PlainValue = boolean | number | bigint | string;

function textOf(value: PlainValue, type: SqlType, index: number): string {
  if (typeof value !== 'number' || Number.isInteger(value) || type.kind === 'double' || type.kind === 'real') {
    return String(value);
  }
  if (Number.isNaN(value) || !Number.isFinite(value)) {
    throw userError('22003', `parameter $${index + 1} is ${value}, which is no ${formatType(type)}`);
  }
  return String(value);
}
