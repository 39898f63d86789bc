import type { ScalarFunction } from '../function-types.js';
import { arithmeticOperators } from './arithmetic/arithmetic-operators.js';
import { dateFunctions } from './dates/date-fields.js';
import { mathFunctions } from './math/math-functions.js';
import { sessionFunctions } from './session/session-functions.js';
import { textFunctions } from './text/text-functions.js';

/** Every scalar function and operator. */
export const scalarFunctions: readonly ScalarFunction[] = [
  ...arithmeticOperators,
  ...mathFunctions,
  ...textFunctions,
  ...dateFunctions,
  ...sessionFunctions,
];
