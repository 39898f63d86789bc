import { DOUBLE, decimal } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
} from '../../function-types.js';
import { op } from '../../opcodes.js';
import { decimalAbsolute } from '../arithmetic/decimal-arithmetic.js';
import { pushBeyond } from '../arithmetic/decimal-scaling.js';
import { floatUnary } from '../arithmetic/float-arithmetic.js';
import { integerAbsolute, integerKinds } from '../arithmetic/integer-arithmetic.js';
import { truncatedDate } from '../dates/spark-dates.js';
import { decimalRounding, roundDecimalTo } from './decimal-rounding.js';
import { type ArgumentCheck, checkLogarithm, failIfCompares, failWhenInfinite, host } from './host-function.js';
import { logarithmOfBase, randomOverloads, specialFunctions } from './special-functions.js';

const squareRoot: FunctionImplementation = {
  kind: 'emit',
  emit: (e) => {
    const value = e.local('f64');
    e.set(value);
    failIfCompares(e, value, op.f64Lt, 'negativeSquareRoot');
    e.get(value);
    e.op(op.f64Sqrt);
    return undefined;
  },
};

function rounding(
  name: string,
  doc: string,
  example: FunctionExample,
  mode: 'round' | 'floor' | 'ceil' | 'trunc',
  double: ScalarOverloadDeclaration,
  aliases: readonly string[] = [],
): ScalarFunction {
  return { name, doc, example, aliases, overloads: [double, decimalRounding(mode)] };
}

const doubleOnly = (
  opcode: typeof op.f64Floor | typeof op.f64Ceil | typeof op.f64Trunc | typeof op.f64Nearest,
): ScalarOverloadDeclaration => ({
  args: ['double'],
  returns: DOUBLE,
  implementation: {
    kind: 'emit',
    emit: (e) => {
      e.op(opcode);
      return undefined;
    },
  },
});

const absolute: ScalarFunction = {
  name: 'abs',
  aliases: ['@'],
  doc: 'The absolute value.',
  example: { sql: 'abs(-7), @ -1.5', result: '7\t1.5' },
  overloads: [
    ...integerKinds.map(
      (kind): ScalarOverloadDeclaration => ({
        args: [kind],
        returns: { kind },
        fallible: true,
        implementation: integerAbsolute(kind),
      }),
    ),
    decimalAbsolute,
    ...floatUnary(op.f32Abs, op.f64Abs),
  ],
};

const sign: ScalarFunction = {
  name: 'sign',
  doc: '-1, 0 or 1.',
  example: { sql: 'sign(-8.4)', result: '-1' },
  overloads: [
    {
      args: ['double'],
      returns: DOUBLE,
      implementation: {
        kind: 'emit',
        emit: (e) => {
          // Of NaN it is 0, as in PostgreSQL.
          const value = e.local('f64');
          e.tee(value);
          e.f64(0);
          e.op(op.f64Gt);
          e.get(value);
          e.f64(0);
          e.op(op.f64Lt, op.i32Sub, op.f64ConvertI32S);
          return undefined;
        },
      },
    },
    {
      args: ['decimal'],
      returns: decimal(1, 0),
      implementation: {
        kind: 'emit',
        emit: (e, [operand]) => {
          if (operand!.wasm === 'v128') {
            e.kernel('decimalSign', ['v128'], 'i64');
            return undefined;
          }
          const value = e.local('i64');
          e.set(value);
          pushBeyond(e, value, 0n);
          return undefined;
        },
      },
    },
  ],
};

const power: ScalarFunction = {
  name: 'power',
  aliases: ['pow', '^'],
  doc: 'The first to the power of the second, in double precision.',
  example: { sql: 'power(2, 10), 2 ^ -1', result: '1024\t0.5' },
  overloads: [
    host('mathPower', 2, (e, [base, exponent]) => {
      e.get(base!);
      e.f64(0);
      e.op(op.f64Eq);
      e.get(exponent!);
      e.f64(0);
      e.op(op.f64Lt, op.i32And);
      e.failIf('invalidPower');
      e.get(base!);
      e.f64(0);
      e.op(op.f64Lt);
      // Of NaN there is no difference that is greater.
      e.get(exponent!);
      e.get(exponent!);
      e.op(op.f64Nearest, op.f64Sub, op.f64Abs);
      e.f64(0);
      e.op(op.f64Gt, op.i32And);
      e.failIf('invalidPower');
    }),
  ],
};

const randomFunction: ScalarFunction = {
  name: 'random',
  doc: 'A random double, at least 0 and below 1; with two numbers a number from the one to the other.',
  example: { sql: 'random() between 0 and 1, random(7, 7)', result: 't\t7' },
  overloads: [
    ...randomOverloads,
    {
      args: [],
      returns: DOUBLE,
      volatility: 'volatile',
      implementation: {
        kind: 'emit',
        emit: (e) => {
          e.block();
          e.kernel('randomDouble', ['i32'], 'f64');
          return undefined;
        },
      },
    },
  ],
};

const pi: ScalarFunction = {
  name: 'pi',
  doc: 'The ratio of a circle’s circumference to its diameter.',
  example: { sql: 'pi()', result: '3.141592653589793' },
  overloads: [
    {
      args: [],
      returns: DOUBLE,
      implementation: {
        kind: 'emit',
        emit: (e) => {
          e.f64(Math.PI);
          return undefined;
        },
      },
    },
  ],
};

const simple = (
  name: string,
  doc: string,
  example: FunctionExample,
  kernel: string,
  check?: ArgumentCheck,
): ScalarFunction => ({
  name,
  doc,
  example,
  overloads: [host(kernel, 1, check)],
});

const RADIANS_PER_DEGREE = Math.PI / 180;

const inOtherUnit = (
  name: string,
  doc: string,
  example: FunctionExample,
  operation: typeof op.f64Mul | typeof op.f64Div,
): ScalarFunction => ({
  name,
  doc,
  example,
  overloads: [
    {
      args: ['double'],
      returns: DOUBLE,
      fallible: true,
      implementation: {
        kind: 'emit',
        emit: (e) => {
          const angle = e.local('f64');
          e.tee(angle);
          e.f64(RADIANS_PER_DEGREE);
          e.op(operation);
          failWhenInfinite(e, [angle]);
          return undefined;
        },
      },
    },
  ],
});

const extremum = (name: string, greatest: boolean, example: FunctionExample): ScalarFunction => ({
  name,
  doc: `The ${name} of the arguments that are not NULL; NULL when all are.`,
  example,
  overloads: [
    {
      args: ['any'],
      variadic: true,
      unify: true,
      strict: false,
      returns: (args) => args[0]!,
      comparesValues: true,
      implementation: { kind: 'extremum', greatest },
    },
  ],
});

export const mathFunctions: readonly ScalarFunction[] = [
  absolute,
  {
    name: 'round',
    doc: 'Rounded to the nearest integer, or to a number of digits: decimals half away from zero, doubles half to even.',
    example: { sql: 'round(2.5), round(1.2345, 2), round(2.5::double precision)', result: '3\t1.23\t2' },
    overloads: [doubleOnly(op.f64Nearest), decimalRounding('round'), roundDecimalTo('round')],
  },
  {
    name: 'trunc',
    doc: 'Rounded toward zero, or to a number of digits; Spark’s trunc(date, unit) is the first day of the unit.',
    example: { sql: 'trunc(-2.7), trunc(1.2345, 2)', result: '-2\t1.23' },
    overloads: [doubleOnly(op.f64Trunc), decimalRounding('trunc'), roundDecimalTo('trunc'), truncatedDate],
  },
  rounding(
    'floor',
    'The nearest integer not above.',
    { sql: 'floor(-2.5)', result: '-3' },
    'floor',
    doubleOnly(op.f64Floor),
  ),
  rounding(
    'ceil',
    'The nearest integer not below.',
    { sql: 'ceil(2.1)', result: '3' },
    'ceil',
    doubleOnly(op.f64Ceil),
    ['ceiling'],
  ),
  sign,
  {
    name: 'sqrt',
    aliases: ['|/'],
    doc: 'The square root.',
    example: { sql: 'sqrt(2), |/ 25', result: '1.4142135623730951\t5' },
    overloads: [{ args: ['double'], returns: DOUBLE, fallible: true, implementation: squareRoot }],
  },
  power,
  simple('exp', 'e to the power of the argument.', { sql: 'exp(1)', result: '2.718281828459045' }, 'mathExp'),
  simple('ln', 'The natural logarithm.', { sql: 'ln(10)', result: '2.302585092994046' }, 'mathLn', checkLogarithm),
  {
    name: 'log',
    aliases: ['log10'],
    doc: 'The logarithm to base 10; of two arguments the first is the base.',
    example: { sql: 'log(1000.0::double precision)', result: '3' },
    overloads: [host('mathLog10', 1, checkLogarithm), logarithmOfBase],
  },
  simple('sin', 'The sine of an angle in radians.', { sql: 'sin(1)', result: '0.8414709848078965' }, 'mathSin'),
  simple('cos', 'The cosine of an angle in radians.', { sql: 'cos(1)', result: '0.5403023058681398' }, 'mathCos'),
  simple('tan', 'The tangent of an angle in radians.', { sql: 'tan(1)', result: '1.5574077246549023' }, 'mathTan'),
  simple('atan', 'The inverse tangent.', { sql: 'atan(1)', result: '0.7853981633974483' }, 'mathAtan'),
  inOtherUnit('radians', 'Degrees as radians.', { sql: 'radians(180)', result: '3.141592653589793' }, op.f64Mul),
  inOtherUnit('degrees', 'Radians as degrees.', { sql: 'degrees(pi())', result: '180' }, op.f64Div),
  extremum('greatest', true, { sql: 'greatest(1, 3, null)', result: '3' }),
  extremum('least', false, { sql: 'least(2, 1, null)', result: '1' }),
  pi,
  randomFunction,
  ...specialFunctions,
];
