// Trigonometry in degrees, exact at multiples of 30 and 45 as PostgreSQL's is, of arguments that are finite or NaN.

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
  let rest = angle % 360;
  let [sine, cosine] = [1, 1];
  if (rest < 0) [rest, sine] = [-rest, -sine];
  if (rest > 180) [rest, sine] = [360 - rest, -sine];
  if (rest > 90) [rest, cosine] = [180 - rest, -cosine];
  return { angle: rest, sine, cosine };
}

export function sineOfDegrees(angle: number): number {
  const first = folded(angle);
  return first.sine * sineTo90(first.angle);
}

export function cosineOfDegrees(angle: number): number {
  const first = folded(angle);
  return first.cosine * cosineTo90(first.angle);
}

export function tangentOfDegrees(angle: number): number {
  const first = folded(angle);
  // Not -0: PostgreSQL's has no sign there.
  return (first.sine * first.cosine * (sineTo90(first.angle) / cosineTo90(first.angle))) / TANGENT_OF_45 + 0;
}

export function cotangentOfDegrees(angle: number): number {
  const first = folded(angle);
  return (first.sine * first.cosine * (cosineTo90(first.angle) / sineTo90(first.angle))) / TANGENT_OF_45 + 0;
}

const arcsineOfPart = (value: number): number =>
  value <= 0.5 ? (Math.asin(value) / ARCSINE_OF_HALF) * 30 : 90 - (Math.acos(value) / ARCCOSINE_OF_HALF) * 60;
const arccosineOfPart = (value: number): number =>
  value <= 0.5 ? 90 - (Math.asin(value) / ARCSINE_OF_HALF) * 30 : (Math.acos(value) / ARCCOSINE_OF_HALF) * 60;

export const arcsineInDegrees = (value: number): number => (value < 0 ? -arcsineOfPart(-value) : arcsineOfPart(value));
export const arccosineInDegrees = (value: number): number =>
  value < 0 ? 90 + arcsineOfPart(-value) : arccosineOfPart(value);
export const arctangentInDegrees = (value: number): number => (Math.atan(value) / ARCTANGENT_OF_1) * 45;
export const angleInDegrees = (y: number, x: number): number => (Math.atan2(y, x) / ARCTANGENT_OF_1) * 45;
