import { userError } from '../../../common/errors.js';
import { BIGINT, BOOLEAN, type DecimalType, decimal, INTEGER } from '../../../types/sql-type.js';
import type { FunctionExample, FunctionValue, ScalarFunction, VectorCreate } from '../../function-types.js';
import { op } from '../../opcodes.js';
import { decimalQuotient } from '../arithmetic/decimal-arithmetic.js';
import { degreeFunctions } from './degree-functions.js';
import { type ArgumentCheck, checkFromOne, checkLogarithmOfOneMore, checkUnit, host } from './host-function.js';
import { bucketsOfThresholds } from './special-functions.js';

// Mathematical functions that scans seldom call.

/** A function of one double precision that the host has under its name. */
const ofDouble = (
  name: string,
  doc: string,
  example: FunctionExample,
  check?: ArgumentCheck,
  overflow?: 'overflows' | 'mayBeInfinite',
  aliases: readonly string[] = [],
): ScalarFunction => ({
  name,
  doc,
  example,
  aliases,
  overloads: [host(`math${name[0]!.toUpperCase()}${name.slice(1)}`, 1, check, overflow)],
});

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** A function of two integers, which must fit the type of its arguments. */
function ofIntegers(
  name: string,
  doc: string,
  example: FunctionExample,
  compute: (left: bigint, right: bigint) => bigint,
): ScalarFunction {
  const overload = (kind: 'integer' | 'bigint', bits: number): ScalarFunction['overloads'][number] => ({
    args: [kind, kind],
    returns: kind === 'integer' ? INTEGER : BIGINT,
    fallible: true,
    implementation: {
      kind: 'kernel',
      kernel: `${kind}${name === 'gcd' ? 'Gcd' : 'Lcm'}`,
      block: true,
      fallback: () => (args: readonly FunctionValue[]) => {
        const result = compute(BigInt(args[0] as number), BigInt(args[1] as number));
        if (BigInt.asIntN(bits, result) !== result) throw userError('22003', `${kind} out of range`);
        return kind === 'integer' ? Number(result) : result;
      },
    },
  });
  // Of decimals the digits behind the point are as many on both sides.
  const ofDecimals: ScalarFunction['overloads'][number] = {
    args: ['decimal', 'decimal'],
    unify: true,
    // A multiple may have more digits than both.
    returns: ([type]) => (name === 'gcd' ? type! : decimal(38, (type as DecimalType).scale)),
    fallible: true,
    implementation: {
      kind: 'kernel',
      kernel: name === 'gcd' ? 'bigintGcd' : 'bigintLcm',
      wideKernel: name === 'gcd' ? 'decimalGcd' : 'decimalLcm',
      block: true,
      fallback: () => (args) => {
        const result = compute(args[0] as bigint, args[1] as bigint);
        if (result >= 10n ** 38n) throw userError('22003', 'value overflows numeric format');
        return result;
      },
    },
  };
  return { name, doc, example, overloads: [overload('integer', 32), overload('bigint', 64), ofDecimals] };
}

/** The last factorial that has 38 digits. */
const MOST_FACTORS = 33;
const factorials = [1n];
for (let factor = 1; factor <= MOST_FACTORS; factor++) factorials.push(factorials.at(-1)! * BigInt(factor));
const factorial = `case
  when $1 < 0 then fail_with(1::numeric(38, 0), '22003', 'factorial of a negative number is undefined')
  when $1 > ${MOST_FACTORS} then
    fail_with(1::numeric(38, 0), '22003', 'value overflows numeric format', 'Numbers have at most 38 digits.')
  else (array[${factorials.join(', ')}]::numeric(38, 0)[])[$1::integer + 1] end`;

/** The bucket, from 1, of `count` equal ones between two bounds; 0 below, `count` + 1 above. */
const widthBucket: VectorCreate = () => (args) => {
  const [operand, low, high, count] = args as [number, number, number, number];
  if (count <= 0) throw userError('2201G', 'count must be greater than zero');
  if ([operand, low, high].some(Number.isNaN)) {
    throw userError('2201G', 'operand, lower bound, and upper bound cannot be NaN');
  }
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw userError('2201G', 'lower and upper bounds must be finite');
  if (low === high) throw userError('2201G', 'lower bound cannot equal upper bound');
  const [from, to, value] = low < high ? [low, high, operand] : [-low, -high, -operand];
  if (value < from) return 0;
  if (value >= to) {
    if (count === 2_147_483_647) throw userError('22003', 'integer out of range');
    return count + 1;
  }
  const width = to - from;
  const part = width < Infinity ? (value - from) / width : (value / 2 - from / 2) / (to / 2 - from / 2);
  return Math.min(count, Math.floor(count * part) + 1);
};

export const rareMathFunctions: readonly ScalarFunction[] = [
  ofDouble('cbrt', 'The cube root.', { sql: 'cbrt(27), ||/ 8', result: '3\t2' }, undefined, undefined, ['||/']),
  ofDouble('asin', 'The inverse sine, in radians.', { sql: 'asin(1)', result: '1.5707963267948966' }, checkUnit),
  ofDouble('acos', 'The inverse cosine, in radians.', { sql: 'acos(1)', result: '0' }, checkUnit),
  ofDouble(
    'cot',
    'The cotangent of an angle in radians.',
    { sql: 'round(cot(1)::numeric, 6)', result: '0.642093' },
    undefined,
    'mayBeInfinite',
  ),
  ofDouble('sinh', 'The hyperbolic sine.', { sql: 'sinh(0)', result: '0' }),
  ofDouble('cosh', 'The hyperbolic cosine.', { sql: 'cosh(0)', result: '1' }),
  ofDouble('tanh', 'The hyperbolic tangent.', { sql: 'tanh(0)', result: '0' }),
  ofDouble('asinh', 'The inverse hyperbolic sine.', { sql: 'asinh(0)', result: '0' }),
  ofDouble('acosh', 'The inverse hyperbolic cosine.', { sql: 'acosh(1)', result: '0' }, checkFromOne),
  ofDouble('atanh', 'The inverse hyperbolic tangent.', { sql: 'atanh(0)', result: '0' }, checkUnit, 'mayBeInfinite'),
  {
    name: 'atan2',
    doc: 'The angle in radians of the point whose y comes first and whose x comes second.',
    example: { sql: 'atan2(1, 1)', result: '0.7853981633974483' },
    overloads: [host('mathAtan2', 2)],
  },
  {
    name: 'hypot',
    doc: 'The length of the hypotenuse.',
    example: { sql: 'hypot(3, 4)', result: '5' },
    overloads: [host('mathHypot', 2)],
  },
  ofDouble(
    'log1p',
    'The natural logarithm of 1 and the argument, exact near 0.',
    { sql: 'log1p(0)', result: '0' },
    checkLogarithmOfOneMore,
  ),
  ofDouble('expm1', 'e to the power of the argument, less 1, exact near 0.', { sql: 'expm1(0)', result: '0' }),
  ...degreeFunctions,
  {
    name: 'div',
    doc: 'The quotient of two numbers, cut to an integer towards zero.',
    example: { sql: 'div(9, 4), div(-7.5, 2)', result: '2\t-3' },
    overloads: [
      {
        args: ['decimal', 'decimal'],
        returns: decimal(38, 0),
        fallible: true,
        implementation: decimalQuotient,
      },
    ],
  },
  ofIntegers('gcd', 'The greatest common divisor.', { sql: 'gcd(1071, 462)', result: '21' }, greatestCommonDivisor),
  ofIntegers('lcm', 'The least common multiple.', { sql: 'lcm(21, 6)', result: '42' }, (left, right) => {
    if (left === 0n || right === 0n) return 0n;
    const multiple = (left / greatestCommonDivisor(left, right)) * right;
    return multiple < 0n ? -multiple : multiple;
  }),
  {
    name: 'factorial',
    doc: 'The product of all integers from 1 to the argument.',
    example: { sql: 'factorial(5)', result: '120' },
    overloads: [
      {
        args: ['bigint'],
        returns: decimal(38, 0),
        fallible: true,
        strict: false,
        implementation: { kind: 'spelled', sql: factorial },
      },
    ],
  },
  {
    name: 'width_bucket',
    doc: 'The number of the bucket, of so many equal ones between two bounds or of those that thresholds part; 0 and one more are those outside.',
    example: { sql: 'width_bucket(5.35, 0.024, 10.06, 5)', result: '3' },
    overloads: [
      {
        args: ['double', 'double', 'double', 'integer'],
        returns: INTEGER,
        fallible: true,
        implementation: { kind: 'kernel', kernel: 'widthBucket', block: true, fallback: widthBucket },
      },
      bucketsOfThresholds,
    ],
  },
  {
    name: 'isnan',
    doc: 'Whether a floating point number is NaN.',
    example: { sql: "isnan('NaN'::double precision)", result: 't' },
    overloads: [
      {
        args: ['double'],
        returns: BOOLEAN,
        implementation: {
          kind: 'emit',
          emit: (e) => {
            const value = e.local('f64');
            e.set(value);
            e.get(value);
            e.get(value);
            e.op(op.f64Ne);
            return undefined;
          },
        },
      },
    ],
  },
];
