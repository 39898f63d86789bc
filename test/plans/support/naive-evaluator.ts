import { userError } from '../../../src/common/errors.js';
import { formatValue } from '../../../src/functions/format-value.js';
import { scalarOverload } from '../../../src/functions/registry.js';
import type { ConstantExpression, ConstantValue, Expression, IntervalValue } from '../../../src/planner/expression.js';
import { functionOf } from '../../../src/planner/format-expression.js';
import type { SqlType } from '../../../src/types/sql-type.js';
import { heapMemory } from '../../support/heap-memory.js';

/**
 * Expressions evaluated one value at a time, as plainly as can be: the oracle that plans are compared with, and the
 * planner's constant evaluator in its tests. Knows the types and functions that plan tests use, and no others.
 */
export interface Row {
  get(column: number): ConstantValue | undefined;
}

export function evaluateConstant(expression: Expression): ConstantExpression {
  return { kind: 'constant', type: expression.type, value: evaluate(expression, new Map()) };
}

export function evaluate(expression: Expression, row: Row): ConstantValue {
  const value = (operand: Expression): ConstantValue => evaluate(operand, row);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'column': {
      const found = row.get(expression.column);
      if (found === undefined) throw new Error(`no column ${expression.column}`);
      return found;
    }
    case 'parameter':
      throw new Error('a parameter was left');
    case 'comparison': {
      const [left, right] = [value(expression.left), value(expression.right)];
      const { operator } = expression;
      if (operator === 'is distinct from') return order(left, right) !== 0;
      if (operator === 'is not distinct from') return order(left, right) === 0;
      if (left === null || right === null) return null;
      return compares(operator, order(left, right));
    }
    case 'and':
    case 'or': {
      const decided = expression.kind === 'or';
      let unknown = false;
      for (const operand of expression.operands) {
        const truth = value(operand);
        if (truth === decided) return decided;
        if (truth === null) unknown = true;
      }
      return unknown ? null : !decided;
    }
    case 'not': {
      const truth = value(expression.input);
      return truth === null ? null : !truth;
    }
    case 'isNull':
      return (value(expression.input) === null) !== expression.negated;
    case 'booleanTest':
      return (value(expression.input) === expression.value) !== expression.negated;
    case 'case': {
      const branch = expression.branches.find(({ when }) => value(when) === true);
      if (branch) return value(branch.then);
      return expression.otherwise ? value(expression.otherwise) : null;
    }
    case 'coalesce': {
      for (const operand of expression.operands) {
        const found = value(operand);
        if (found !== null) return found;
      }
      return null;
    }
    case 'inList': {
      const input = value(expression.input);
      if (input === null) return null;
      if (expression.items.some((item) => item.value !== null && order(item.value, input) === 0)) {
        return !expression.negated;
      }
      return expression.items.some((item) => item.value === null) ? null : expression.negated;
    }
    case 'cast':
      return cast(value(expression.input), expression.input.type, expression.type);
    case 'variable':
    case 'lambda':
      throw new Error('a lambda');
    case 'call':
      return call(expression.overload, expression.args, expression.args.map(value), expression.type);
  }
}

function compares(operator: string, sign: number): boolean {
  switch (operator) {
    case '=':
      return sign === 0;
    case '<>':
      return sign !== 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    default:
      return sign >= 0;
  }
}

/** Order of two values of one type; NULL sorts last and equals itself. */
export function order(left: ConstantValue, right: ConstantValue): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  if (typeof left === 'object' || typeof right === 'object') throw new Error('values without an order');
  return left < right ? -1 : left > right ? 1 : 0;
}

const DAY = 86_400_000_000n;

function cast(value: ConstantValue, from: SqlType, to: SqlType): ConstantValue {
  if (value === null) return null;
  const fromText = typeof value === 'string';
  switch (to.kind) {
    case 'text':
    case 'varchar':
      return fromText ? value : formatValue(value, from);
    case 'boolean':
      if (fromText) return value.startsWith('t');
      return value as boolean;
    case 'smallint':
    case 'integer':
      return Number(fromText ? parseNumber(value, to) : roundTo(value, from));
    case 'bigint':
      return BigInt(fromText ? parseNumber(value, to) : roundTo(value, from));
    case 'real':
    case 'double':
      if (from.kind === 'decimal') return Number(value) / 10 ** from.scale;
      return Number(value);
    case 'decimal': {
      if (fromText) return BigInt(Math.round(Number(parseNumber(value, to)) * 10 ** to.scale));
      if (from.kind === 'decimal') return rescale(value as bigint, from.scale, to.scale);
      if (typeof value === 'number' && !Number.isInteger(value)) return BigInt(Math.round(value * 10 ** to.scale));
      return BigInt(value as number | bigint) * 10n ** BigInt(to.scale);
    }
    case 'date':
      if (fromText) return Math.floor(parseTime(value) / 86_400_000);
      return Number((value as bigint) / DAY);
    case 'timestamp':
    case 'timestamptz':
      if (fromText) return BigInt(parseTime(value)) * 1000n;
      return from.kind === 'date' ? BigInt(value as number) * DAY : value;
    case 'interval':
      return fromText ? parseInterval(value) : value;
    default:
      throw new Error(`no cast to ${to.kind}`);
  }
}

function parseNumber(text: string, type: SqlType): string {
  if (!/^\s*[-+]?\d+(\.\d*)?\s*$/.test(text)) {
    throw userError('22P02', `invalid input syntax for type ${type.kind}: "${text}"`);
  }
  return text.trim();
}

function parseTime(text: string): number {
  const time = Date.parse(text.includes(' ') ? `${text.replace(' ', 'T')}Z` : `${text}T00:00:00Z`);
  if (Number.isNaN(time)) throw userError('22007', `invalid input syntax for type date: "${text}"`);
  return time;
}

function parseInterval(text: string): IntervalValue {
  let [months, days, microseconds] = [0, 0, 0n];
  for (const [, amount, unit] of text.matchAll(/([-+]?\d+)\s*(year|month|mon|day|hour|minute|second)s?/g)) {
    const count = Number(amount);
    if (unit === 'year') months += count * 12;
    else if (unit === 'month' || unit === 'mon') months += count;
    else if (unit === 'day') days += count;
    else microseconds += BigInt(count) * { hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n }[unit!]!;
  }
  return { months, days, microseconds };
}

function roundTo(value: ConstantValue, from: SqlType): bigint {
  if (from.kind === 'decimal') return rescale(value as bigint, from.scale, 0);
  return typeof value === 'boolean' ? BigInt(value) : BigInt(Math.round(Number(value)));
}

function rescale(value: bigint, from: number, to: number): bigint {
  if (to >= from) return value * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  const half = divisor / 2n;
  return (value < 0n ? value - half : value + half) / divisor;
}

function call(
  overload: string,
  args: readonly Expression[],
  values: readonly ConstantValue[],
  type: SqlType,
): ConstantValue {
  const { strict, implementation } = scalarOverload(overload);
  if (strict && values.includes(null)) return null;
  if (implementation.kind === 'vector') {
    return implementation.create(
      args.map((arg) => arg.type),
      type,
      heapMemory,
    )(values) as ConstantValue;
  }
  const name = functionOf(overload);
  const [left, right] = values;
  const [leftType, rightType] = args.map((arg) => arg.type);
  if (values.length === 1 && name === '-') return typeof left === 'bigint' ? -left : -(left as number);
  if (leftType?.kind === 'date' || leftType?.kind === 'timestamp') return shift(left!, leftType, name, right!, type);
  if (leftType && ['+', '-', '*', '/', '%'].includes(name))
    return arithmetic(name, left!, right!, leftType, rightType!, type);
  switch (name) {
    case 'greatest':
    case 'least': {
      const present = values.filter((value) => value !== null).sort(order);
      return present.at(name === 'least' ? 0 : -1) ?? null;
    }
    case 'like':
    case 'ilike':
      return likePattern(right as string, name === 'ilike').test(left as string);
    case '||':
      return `${left}${right}`;
    case 'abs':
      return typeof left === 'bigint' ? (left < 0n ? -left : left) : Math.abs(left as number);
    case 'lower':
      return (left as string).toLowerCase();
    case 'upper':
      return (left as string).toUpperCase();
    case 'length':
      return [...(left as string)].length;
    case 'substring':
      return (left as string).slice((right as number) - 1, (right as number) - 1 + (values[2] as number));
    case 'extract_year':
      return BigInt(new Date((left as number) * 86_400_000).getUTCFullYear());
    default:
      throw new Error(`no function ${overload}`);
  }
}

function likePattern(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su');
}

/** Dates and timestamps plus or minus intervals and days. */
function shift(value: ConstantValue, from: SqlType, name: string, by: ConstantValue, type: SqlType): ConstantValue {
  const sign = name === '-' ? -1 : 1;
  if (typeof by === 'number')
    return from.kind === 'date' && name === '-' && type.kind !== 'date'
      ? (value as number) - by
      : (value as number) + sign * by;
  const { months, days, microseconds } = by as IntervalValue;
  const start = from.kind === 'date' ? BigInt(value as number) * DAY : (value as bigint);
  const at = new Date(Number(start / 1000n));
  const month = at.getUTCMonth() + sign * months;
  const last = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const moved = Date.UTC(at.getUTCFullYear(), month, Math.min(at.getUTCDate(), last) + sign * days);
  const inDay = ((start % DAY) + DAY) % DAY;
  return BigInt(moved) * 1000n + inDay + BigInt(sign) * microseconds;
}

function arithmetic(
  name: string,
  left: ConstantValue,
  right: ConstantValue,
  leftType: SqlType,
  rightType: SqlType,
  type: SqlType,
): ConstantValue {
  if (name === '/' && Number(right) === 0) throw userError('22012', 'division by zero');
  if (type.kind === 'double' || type.kind === 'real') {
    const [a, b] = [Number(left), Number(right)];
    return name === '+' ? a + b : name === '-' ? a - b : name === '*' ? a * b : name === '/' ? a / b : a % b;
  }
  const scaleOf = (t: SqlType): number => (t.kind === 'decimal' ? t.scale : 0);
  const [s1, s2, s3] = [scaleOf(leftType), scaleOf(rightType), scaleOf(type)];
  const [a, b] = [BigInt(left as bigint), BigInt(right as bigint)];
  const result = ((): bigint => {
    switch (name) {
      case '+':
        return rescale(a, s1, s3) + rescale(b, s2, s3);
      case '-':
        return rescale(a, s1, s3) - rescale(b, s2, s3);
      case '*':
        return rescale(a * b, s1 + s2, s3);
      case '/':
        return type.kind === 'decimal' ? rescale((a * 10n ** BigInt(s3 + s2 + 1)) / b, s1 + s3 + 1, s3) : a / b;
      default:
        return rescale(a, s1, s3) % rescale(b, s2, s3);
    }
  })();
  return type.kind === 'integer' || type.kind === 'smallint' ? Number(result) : result;
}
