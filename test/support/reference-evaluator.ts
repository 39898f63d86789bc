import { MillraceError, userError } from '../../src/common/errors.js';
import { castOf } from '../../src/functions/casts/casts.js';
import { scalarOverload } from '../../src/functions/registry.js';
import { decimalRound, decimalRoundTo, type RoundingMode } from '../../src/kernels/reference/decimal.js';
import type { ConstantValue, Expression } from '../../src/planner/expression.js';
import type { DecimalType, SqlType } from '../../src/types/sql-type.js';
import { heapMemory } from './heap-memory.js';

/** What an expression gives for a row, by plain evaluation of the tree. Throws what the engine throws. */
export function evaluateReference(expression: Expression, row: readonly ConstantValue[]): ConstantValue {
  const evaluate = (part: Expression): ConstantValue => evaluateReference(part, row);
  switch (expression.kind) {
    case 'column':
      return row[expression.column]!;
    case 'constant':
      return expression.value;
    case 'comparison': {
      const [left, right] = [evaluate(expression.left), evaluate(expression.right)];
      const { operator } = expression;
      if (operator === 'is distinct from' || operator === 'is not distinct from') {
        const same = left === null || right === null ? left === right : compareValues(left, right) === 0;
        return same === (operator === 'is not distinct from');
      }
      return left === null || right === null ? null : holds(operator, compareValues(left, right));
    }
    case 'and':
    case 'or': {
      const decisive = expression.kind === 'or';
      let sawNull = false;
      for (const operand of expression.operands) {
        const value = evaluate(operand);
        if (value === decisive) return decisive;
        if (value === null) sawNull = true;
      }
      return sawNull ? null : !decisive;
    }
    case 'not': {
      const value = evaluate(expression.input);
      return value === null ? null : !value;
    }
    case 'isNull':
      return (evaluate(expression.input) === null) !== expression.negated;
    case 'booleanTest':
      return isDefinitely(expression.input, row, expression.value) !== expression.negated;
    case 'case': {
      for (const branch of expression.branches) {
        if (isDefinitely(branch.when, row, true)) return evaluate(branch.then);
      }
      return expression.otherwise ? evaluate(expression.otherwise) : null;
    }
    case 'coalesce': {
      for (const operand of expression.operands) {
        const value = evaluate(operand);
        if (value !== null) return value;
      }
      return null;
    }
    case 'inList': {
      const value = evaluate(expression.input);
      if (value === null) return null;
      const items = expression.items.map((item) => item.value);
      if (items.some((item) => item !== null && compareValues(value, item) === 0)) return !expression.negated;
      return items.includes(null) ? null : expression.negated;
    }
    case 'cast':
      return castReference(expression.input.type, expression.type, evaluate(expression.input));
    case 'call':
      return callReference(expression, expression.args.map(evaluate));
    default:
      throw new Error(`no reference for ${expression.kind}`);
  }
}

/**
 * Is a boolean definitely `wanted`? In conditions (filters, WHEN) NULL is as false, and evaluation stops at the first
 * operand that decides in that sense.
 */
export function isDefinitely(expression: Expression, row: readonly ConstantValue[], wanted: boolean): boolean {
  if (expression.kind === 'not') return isDefinitely(expression.input, row, !wanted);
  if (expression.kind === 'and' || expression.kind === 'or') {
    const all = (expression.kind === 'and') === wanted;
    const test = (operand: Expression) => isDefinitely(operand, row, wanted);
    return all ? expression.operands.every(test) : expression.operands.some(test);
  }
  return evaluateReference(expression, row) === wanted;
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

const encoder = new TextEncoder();

export function compareValues(left: ConstantValue, right: ConstantValue): number {
  if (typeof left === 'string') {
    return Buffer.compare(encoder.encode(left), encoder.encode(right as string));
  }
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
  if (Number.isNaN(right)) return -1;
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

const limits: Readonly<Record<string, bigint>> = { smallint: 2n ** 15n, integer: 2n ** 31n, bigint: 2n ** 63n };

function checkedInteger(value: bigint, type: SqlType): ConstantValue {
  const limit = limits[type.kind]!;
  if (value >= limit || value < -limit) throw userError('22003', `${type.kind} out of range`);
  return type.kind === 'bigint' ? value : Number(value);
}

function checkedDecimal(value: bigint, precision = 38): bigint {
  const limit = 10n ** BigInt(precision);
  if (value >= limit || value <= -limit) throw userError('22003', 'numeric field overflow');
  return value;
}

/** Half away from zero. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const negative = value < 0n !== divisor < 0n;
  const [a, b] = [value < 0n ? -value : value, divisor < 0n ? -divisor : divisor];
  const quotient = (a * 2n + b) / (b * 2n);
  return negative ? -quotient : quotient;
}

const scaleOf = (type: SqlType): number => (type.kind === 'decimal' ? type.scale : 0);

export function rescale(value: bigint, from: number, to: number): bigint {
  return to >= from ? value * 10n ** BigInt(to - from) : divideRounded(value, 10n ** BigInt(from - to));
}

function castReference(from: SqlType, to: SqlType, value: ConstantValue): ConstantValue {
  if (value === null) return null;
  const { implementation } = castOf(from, to);
  if (implementation.kind === 'vector') return implementation.create([from], to, heapMemory)([value as never]);
  const isInteger = (type: SqlType) => limits[type.kind] !== undefined;
  if (to.kind === 'decimal' && (isInteger(from) || from.kind === 'decimal')) {
    return checkedDecimal(rescale(BigInt(value as bigint), scaleOf(from), to.scale), to.precision);
  }
  if (isInteger(to) && (isInteger(from) || from.kind === 'decimal')) {
    return checkedInteger(rescale(BigInt(value as bigint), scaleOf(from), 0), to);
  }
  if (to.kind === 'double' && from.kind === 'decimal') return Number(value) / 10 ** from.scale;
  if (to.kind === 'double') return Number(value);
  return value;
}

function callReference(call: Extract<Expression, { kind: 'call' }>, args: readonly ConstantValue[]): ConstantValue {
  const { strict, implementation, name } = scalarOverload(call.overload);
  if (strict && args.includes(null)) return null;
  const create =
    'fallback' in implementation
      ? implementation.fallback
      : 'create' in implementation
        ? implementation.create
        : undefined;
  if (create) {
    return create(
      call.args.map((arg) => arg.type),
      call.type,
      heapMemory,
    )(args as never);
  }
  const { type } = call;
  if (type.kind === 'decimal') {
    const types = call.args.map((arg) => arg.type as DecimalType);
    return decimalReference(name, args as bigint[], types, type);
  }
  if (type.kind === 'double') return doubleReference(name, args as number[]);
  const values = args.map((arg) => BigInt(arg as bigint));
  return checkedInteger(integerReference(name, values), type);
}

function integerReference(name: string, [a, b]: bigint[]): bigint {
  switch (name) {
    case '+':
      return b === undefined ? a! : a! + b;
    case '-':
      return b === undefined ? -a! : a! - b;
    case '*':
      return a! * b!;
    case '/':
    case '%':
      if (b === 0n) throw userError('22012', 'division by zero');
      return name === '/' ? a! / b! : a! % b!;
    case 'abs':
      return a! < 0n ? -a! : a!;
    default:
      throw new MillraceError('bug', 'XX000', `no reference for ${name}`);
  }
}

function decimalReference(name: string, [a, b]: bigint[], [left, right]: DecimalType[], type: DecimalType): bigint {
  if (name in roundings) return roundingReference(roundings[name]!, a!, b, left!, type);
  const aligned = (value: bigint, from: DecimalType) => checkedDecimal(rescale(value, from.scale, type.scale));
  switch (name) {
    case '+':
    case '-':
      if (b === undefined) return name === '-' ? -a! : a!;
      return checkedDecimal(aligned(a!, left!) + (name === '-' ? -1n : 1n) * aligned(b, right!));
    case '*':
      return checkedDecimal(rescale(a! * b!, left!.scale + right!.scale, type.scale));
    case '/':
      if (b === 0n) throw userError('22012', 'division by zero');
      return checkedDecimal(divideRounded(a! * 10n ** BigInt(type.scale - left!.scale + right!.scale), b!));
    case '%':
      if (b === 0n) throw userError('22012', 'division by zero');
      return aligned(a!, left!) % aligned(b!, right!);
    case 'abs':
      return a! < 0n ? -a! : a!;
    case 'sign':
      return a! < 0n ? -1n : a! > 0n ? 1n : 0n;
    default:
      throw new MillraceError('bug', 'XX000', `no reference for ${name}`);
  }
}

const roundings: Readonly<Record<string, RoundingMode>> = {
  round: 'nearest',
  trunc: 'trunc',
  floor: 'floor',
  ceil: 'ceil',
};

/** To an integer, or to `digits` after the point. */
function roundingReference(
  mode: RoundingMode,
  value: bigint,
  digits: bigint | undefined,
  from: DecimalType,
  to: DecimalType,
): bigint {
  if (digits === undefined) return decimalRound(value, from.scale, mode);
  const rounded = decimalRoundTo(value, from.scale, Number(digits), mode as 'nearest' | 'trunc');
  if (rounded === undefined) throw userError('22003', 'numeric field overflow');
  return checkedDecimal(rescale(rounded, from.scale, to.scale), to.precision);
}

function doubleReference(name: string, [a, b]: number[]): number {
  if (name === '/' && b === 0 && !Number.isNaN(a)) throw userError('22012', 'division by zero');
  const result = name === '+' ? a! + b! : name === '-' ? a! - b! : name === '*' ? a! * b! : a! / b!;
  const underflows = (name === '*' && b !== 0) || (name === '/' && Number.isFinite(b));
  if (result === 0 && a !== 0 && underflows) throw userError('22003', 'value out of range: underflow');
  if (!Number.isFinite(result) && !Number.isNaN(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw userError('22003', 'value out of range: overflow');
  }
  return result;
}
