const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/**
 * The real nearest to a decimal text. Rounding the nearest double once more would be wrong for what is rounded to the very
 * middle between two reals, without being it.
 */
export function nearestReal(text: string): number {
  const double = Number(text);
  const rounded = Math.fround(double);
  if (rounded === double) return rounded;
  const other = neighbour(rounded, double > rounded);
  if (double - finite(rounded) !== finite(other) - double) return rounded;
  const side = compareDecimal(text, double);
  return side === 0 ? rounded : side > 0 === other > rounded ? other : rounded;
}

/** 2^128 for infinity: what follows the largest real. */
const finite = (real: number): number => (Number.isFinite(real) ? real : Math.sign(real) * 2 ** 128);

function neighbour(real: number, isAbove: boolean): number {
  single[0] = real === 0 ? 0 : real;
  if (real === 0) bits[0] = isAbove ? 1 : 1 | -0x8000_0000;
  else bits[0]! += real > 0 === isAbove ? 1 : -1;
  return single[0]!;
}

/** Below 0, 0 or above it, as a decimal text is less than a finite double, equal or greater. */
function compareDecimal(text: string, double: number): number {
  const [, sign, whole, fraction = '', exponent = '0'] = /^([-+]?)(\d*)\.?(\d*)(?:e(.*))?$/i.exec(text)!;
  let shift = 0n;
  let scaled = double;
  for (; !Number.isInteger(scaled); shift++) scaled *= 2;
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  const left = (digits << shift) * 10n ** BigInt(Math.max(power, 0));
  const right = BigInt(scaled) * 10n ** BigInt(Math.max(-power, 0));
  return left < right ? -1 : Number(left > right);
}
