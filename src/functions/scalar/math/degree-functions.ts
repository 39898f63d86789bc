import type { FunctionExample, ScalarFunction } from '../../function-types.js';
import { type ArgumentCheck, checkFinite, checkUnit, host } from './host-function.js';

// Trigonometry in degrees: degrees.ts computes it.

const of = (
  name: string,
  doc: string,
  example: FunctionExample,
  kernel: string,
  check?: ArgumentCheck,
): ScalarFunction => ({ name, doc, example, overloads: [host(kernel, 1, check, 'mayBeInfinite')] });

export const degreeFunctions: readonly ScalarFunction[] = [
  of('sind', 'The sine of an angle in degrees.', { sql: 'sind(30)', result: '0.5' }, 'mathSind', checkFinite),
  of('cosd', 'The cosine of an angle in degrees.', { sql: 'cosd(60)', result: '0.5' }, 'mathCosd', checkFinite),
  of('tand', 'The tangent of an angle in degrees.', { sql: 'tand(45)', result: '1' }, 'mathTand', checkFinite),
  of('cotd', 'The cotangent of an angle in degrees.', { sql: 'cotd(45)', result: '1' }, 'mathCotd', checkFinite),
  of('asind', 'The inverse sine, in degrees.', { sql: 'asind(0.5)', result: '30' }, 'mathAsind', checkUnit),
  of('acosd', 'The inverse cosine, in degrees.', { sql: 'acosd(0.5)', result: '60' }, 'mathAcosd', checkUnit),
  of('atand', 'The inverse tangent, in degrees.', { sql: 'atand(1)', result: '45' }, 'mathAtand'),
  {
    name: 'atan2d',
    doc: 'The angle in degrees of the point whose y comes first and whose x comes second.',
    example: { sql: 'atan2d(1, 0)', result: '90' },
    overloads: [host('mathAtan2d', 2)],
  },
];
