import { userError } from '../../../common/errors.js';
import { DOUBLE } from '../../../types/sql-type.js';
import type { FunctionExample, ScalarFunction } from '../../function-types.js';

// Trigonometry in degrees, exact at multiples of 30 and 45 as PostgreSQL's is; row by row in TypeScript.

const RADIANS = Math.PI / 180;
const SINE_OF_30 = Math.sin(30 * RADIANS);
const VERSINE_OF_60 = 1 - Math.cos(60 * RADIANS);
const ARCSINE_OF_HALF = Math.asin(0.5);
const ARCCOSINE_OF_HALF = Math.acos(0.5);
const ARCTANGENT_OF_1 = Math.atan(1);

const sineTo30 = (angle: number): number => Math.sin(angle * RADIANS) / SINE_OF_30 / 2;
const cosineTo60 = (angle: number): number => 1 - (1 - Math.cos(angle * RADIANS)) / VERSINE_OF_60 / 2;
/** Of angles from 0 to 90. */
const sineTo90 = (angle: number): number => (angle <= 30 ? sineTo30(angle) : cosineTo60(90 - angle));
const cosineTo90 = (angle: number): number => (angle <= 60 ? cosineTo60(angle) : sineTo30(90 - angle));
const TANGENT_OF_45 = sineTo90(45) / cosineTo90(45);

/** The angle of the first quadrant with the same sine and cosine, but for their signs. */
function folded(angle: number): { readonly angle: number; readonly sine: number; readonly cosine: number } {
  if (!Number.isFinite(angle) && !Number.isNaN(angle)) throw userError('22003', 'input is out of range');
  let rest = angle % 360;
  let [sine, cosine] = [1, 1];
  if (rest < 0) [rest, sine] = [-rest, -sine];
  if (rest > 180) [rest, sine] = [360 - rest, -sine];
  if (rest > 90) [rest, cosine] = [180 - rest, -cosine];
  return { angle: rest, sine, cosine };
}

function sine(angle: number): number {
  const first = folded(angle);
  return first.sine * sineTo90(first.angle);
}

function cosine(angle: number): number {
  const first = folded(angle);
  return first.cosine * cosineTo90(first.angle);
}

function tangent(angle: number): number {
  const first = folded(angle);
  // Not -0: PostgreSQL's has no sign there.
  return (first.sine * first.cosine * (sineTo90(first.angle) / cosineTo90(first.angle))) / TANGENT_OF_45 + 0;
}

function cotangent(angle: number): number {
  const first = folded(angle);
  return (first.sine * first.cosine * (cosineTo90(first.angle) / sineTo90(first.angle))) / TANGENT_OF_45 + 0;
}

const arcsineOfPart = (value: number): number =>
  value <= 0.5 ? (Math.asin(value) / ARCSINE_OF_HALF) * 30 : 90 - (Math.acos(value) / ARCCOSINE_OF_HALF) * 60;
const arccosineOfPart = (value: number): number =>
  value <= 0.5 ? 90 - (Math.asin(value) / ARCSINE_OF_HALF) * 30 : (Math.acos(value) / ARCCOSINE_OF_HALF) * 60;

function unit(value: number): number {
  if (value < -1 || value > 1) throw userError('22003', 'input is out of range');
  return value;
}

const arcsine = (value: number): number => (unit(value) >= 0 ? arcsineOfPart(value) : -arcsineOfPart(-value));
const arccosine = (value: number): number => (unit(value) >= 0 ? arccosineOfPart(value) : 90 + arcsineOfPart(-value));

function of(
  name: string,
  doc: string,
  example: FunctionExample,
  compute: (...values: number[]) => number,
): ScalarFunction {
  return {
    name,
    doc,
    example,
    overloads: [
      {
        args: compute.length === 2 ? ['double', 'double'] : ['double'],
        returns: DOUBLE,
        fallible: true,
        implementation: { kind: 'vector', create: () => (args) => compute(...(args as number[])) },
      },
    ],
  };
}

export const degreeFunctions: readonly ScalarFunction[] = [
  of('sind', 'The sine of an angle in degrees.', { sql: 'sind(30)', result: '0.5' }, sine),
  of('cosd', 'The cosine of an angle in degrees.', { sql: 'cosd(60)', result: '0.5' }, cosine),
  of('tand', 'The tangent of an angle in degrees.', { sql: 'tand(45)', result: '1' }, tangent),
  of('cotd', 'The cotangent of an angle in degrees.', { sql: 'cotd(45)', result: '1' }, cotangent),
  of('asind', 'The inverse sine, in degrees.', { sql: 'asind(0.5)', result: '30' }, arcsine),
  of('acosd', 'The inverse cosine, in degrees.', { sql: 'acosd(0.5)', result: '60' }, arccosine),
  of(
    'atand',
    'The inverse tangent, in degrees.',
    { sql: 'atand(1)', result: '45' },
    (value) => (Math.atan(value) / ARCTANGENT_OF_1) * 45,
  ),
  of(
    'atan2d',
    'The angle in degrees of the point whose y comes first and whose x comes second.',
    { sql: 'atan2d(1, 0)', result: '90' },
    (y: number, x: number) => (Math.atan2(y, x) / ARCTANGENT_OF_1) * 45,
  ),
];
