import { bugError, type MillraceError, userError } from '../../common/errors.js';
import type { FailureName } from '../../functions/emitter.js';

/**
 * Status words of generated code and kernels: `assembly/status.ts` has the same numbers. SQLSTATE and text are
 * PostgreSQL's; `%` stands for the operand.
 */
const failures: Readonly<Record<FailureName, readonly [status: number, code: string, message: string, hint?: string]>> =
  {
    divisionByZero: [16, '22012', 'division by zero', 'NULLIF(divisor, 0) gives NULL instead.'],
    smallintOverflow: [17, '22003', 'smallint out of range', 'Cast an operand to a wider type.'],
    integerOverflow: [18, '22003', 'integer out of range', 'Cast an operand to bigint.'],
    bigintOverflow: [19, '22003', 'bigint out of range', 'Cast an operand to numeric.'],
    decimalOverflow: [
      20,
      '22003',
      'numeric field overflow',
      'Decimals have at most 38 digits: cast to double precision, or round.',
    ],
    floatOverflow: [21, '22003', 'value out of range: overflow'],
    floatUnderflow: [30, '22003', 'value out of range: underflow'],
    dateOverflow: [22, '22008', 'date out of range'],
    timestampOverflow: [23, '22008', 'timestamp out of range'],
    dateBeyondTimestamps: [31, '22008', 'date out of range for timestamp'],
    infiniteDates: [60, '22008', 'cannot subtract infinite dates', 'Test them with isfinite.'],
    intervalOverflow: [24, '22008', 'interval out of range'],
    negativeSquareRoot: [25, '2201F', 'cannot take square root of a negative number'],
    logarithmOfZero: [26, '2201E', 'cannot take logarithm of zero'],
    logarithmOfNegative: [27, '2201E', 'cannot take logarithm of a negative number'],
    invalidPower: [
      28,
      '2201F',
      'zero raised to a negative power is undefined, or a negative number raised to a non-integer power',
    ],
    textTooLong: [
      32,
      '54000',
      'string buffer exceeds maximum allowed length (1073741823 bytes)',
      'Aggregate fewer values into one text.',
    ],
    nestedTooLong: [33, '54000', 'array size exceeds the maximum allowed (1 GiB)'],
    negativeSubstring: [29, '22011', 'negative substring length not allowed'],
    inputOutOfRange: [34, '22003', 'input is out of range'],
    boundsOutOfOrder: [61, '22023', 'lower bound must be less than or equal to upper bound'],
    fractionOutOfRange: [62, '22003', 'percentile value is not between 0 and 1'],
  };

export function statusOf(failure: FailureName): number {
  return failures[failure][0];
}

const byStatus = new Map(Object.values(failures).map((entry) => [entry[0], entry]));

export function expressionError(status: number): MillraceError {
  const entry = byStatus.get(status);
  if (!entry) return bugError(`generated code stopped with status ${status}`);
  return userError(entry[1], entry[2], { hint: entry[3] });
}
