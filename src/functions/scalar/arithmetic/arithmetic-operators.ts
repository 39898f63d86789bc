import {
  decimalAdditionType,
  decimalDivisionType,
  decimalModuloType,
  decimalMultiplicationType,
} from '../../../types/decimal-rules.js';
import type { ScalarFunction, ScalarOverloadDeclaration } from '../../function-types.js';
import { op } from '../../opcodes.js';
import {
  dateAdditions,
  dateSubtractions,
  intervalDivisions,
  intervalMultiplications,
  intervalNegation,
} from '../dates/date-arithmetic.js';
import { bitOperators } from './bit-operators.js';
import {
  decimalAddition,
  decimalBinary,
  decimalDivision,
  decimalModulo,
  decimalMultiplication,
  decimalNegation,
  decimalSubtraction,
} from './decimal-arithmetic.js';
import {
  floatAddition,
  floatDivision,
  floatMultiplication,
  floatOverloads,
  floatSubtraction,
  floatUnary,
} from './float-arithmetic.js';
import {
  integerAddition,
  integerDivision,
  integerKinds,
  integerModulo,
  integerMultiplication,
  integerNegation,
  integerOverloads,
  integerSubtraction,
} from './integer-arithmetic.js';

const addition: ScalarFunction = {
  name: '+',
  doc: 'Addition. date + integer counts days; date or timestamp + interval is a timestamp.',
  example: { sql: "2 + 3, date '2024-02-28' + 2", result: '5\t2024-03-01' },
  overloads: [
    ...integerOverloads(integerAddition),
    ...floatOverloads(floatAddition),
    decimalBinary(decimalAdditionType, decimalAddition),
    ...dateAdditions,
    ...['smallint', 'integer', 'bigint', 'decimal', 'real', 'double'].map(
      (kind): ScalarOverloadDeclaration => ({
        args: [kind as 'integer'],
        returns: (args) => args[0]!,
        implementation: { kind: 'emit', emit: () => undefined },
      }),
    ),
  ],
};

const subtraction: ScalarFunction = {
  name: '-',
  doc: 'Subtraction and negation. date - date is a number of days, timestamp - timestamp an interval.',
  example: { sql: "2 - 3, -(5), date '2024-03-01' - date '2024-02-01'", result: '-1\t-5\t29' },
  overloads: [
    ...integerOverloads(integerSubtraction),
    ...floatOverloads(floatSubtraction),
    decimalBinary(decimalAdditionType, decimalSubtraction),
    ...dateSubtractions,
    ...integerKinds.map(
      (kind): ScalarOverloadDeclaration => ({
        args: [kind],
        returns: { kind },
        fallible: true,
        implementation: integerNegation(kind),
      }),
    ),
    ...floatUnary(op.f32Neg, op.f64Neg),
    decimalNegation,
    intervalNegation,
  ],
};

const multiplication: ScalarFunction = {
  name: '*',
  doc: 'Multiplication; interval * number scales an interval.',
  example: { sql: "6 * 7, 1.5 * interval '1 hour'", result: '42\t01:30:00' },
  overloads: [
    ...integerOverloads(integerMultiplication),
    ...floatOverloads(floatMultiplication),
    decimalBinary(decimalMultiplicationType, decimalMultiplication),
    ...intervalMultiplications,
  ],
};

const division: ScalarFunction = {
  name: '/',
  doc: 'Division. Of integers, truncated toward zero; of decimals, with at least 16 digits after the point.',
  example: { sql: '7 / 2, 7.0 / 2', result: '3\t3.5000000000000000' },
  overloads: [
    ...integerOverloads(integerDivision),
    ...floatOverloads(floatDivision),
    decimalBinary(decimalDivisionType, decimalDivision),
    ...intervalDivisions,
  ],
};

const modulo: ScalarFunction = {
  name: '%',
  aliases: ['mod'],
  doc: 'Remainder of a division truncated toward zero; it has the sign of the dividend.',
  example: { sql: '7 % 3, -7 % 3', result: '1\t-1' },
  overloads: [...integerOverloads(integerModulo), decimalBinary(decimalModuloType, decimalModulo)],
};

export const arithmeticOperators: readonly ScalarFunction[] = [
  addition,
  subtraction,
  multiplication,
  division,
  modulo,
  ...bitOperators,
];
