import {
  angleInDegrees,
  arccosineInDegrees,
  arcsineInDegrees,
  arctangentInDegrees,
  cosineOfDegrees,
  cotangentOfDegrees,
  sineOfDegrees,
  tangentOfDegrees,
} from '../../functions/scalar/math/degrees.js';
import {
  errorComplement,
  errorFunction,
  gammaFunction,
  logGamma,
} from '../../functions/scalar/math/error-and-gamma.js';

/** What generated modules import besides kernels: functions of JavaScript's own engine. A call costs several times one into a kernel. */
export const mathFunctions: Readonly<Record<string, (...args: number[]) => number>> = {
  /** As in C: 1 to any power is 1, and so is -1 to an infinite one. JavaScript gives NaN. */
  mathPower: (base: number, exponent: number): number =>
    base === 1 || (base === -1 && Math.abs(exponent) === Infinity) ? 1 : base ** exponent,
  mathExp: Math.exp,
  mathLn: Math.log,
  mathLog10: Math.log10,
  mathSin: Math.sin,
  mathCos: Math.cos,
  mathTan: Math.tan,
  mathAtan: Math.atan,
  mathLog2: Math.log2,
  mathLogOfBase: (base, value) => logarithmOf(base!, value!),
  mathErf: (value) => errorFunction(value!),
  mathErfc: (value) => errorComplement(value!),
  mathGamma: (value) => gammaFunction(value!),
  mathLogGamma: (value) => logGamma(value!),
  mathCbrt: Math.cbrt,
  mathAsin: Math.asin,
  mathAcos: Math.acos,
  mathAtan2: Math.atan2,
  mathCot: (value) => 1 / Math.tan(value!),
  mathSinh: Math.sinh,
  mathCosh: Math.cosh,
  mathTanh: Math.tanh,
  mathAsinh: Math.asinh,
  mathAcosh: Math.acosh,
  mathAtanh: Math.atanh,
  mathSind: (angle) => sineOfDegrees(angle!),
  mathCosd: (angle) => cosineOfDegrees(angle!),
  mathTand: (angle) => tangentOfDegrees(angle!),
  mathCotd: (angle) => cotangentOfDegrees(angle!),
  mathAsind: (value) => arcsineInDegrees(value!),
  mathAcosd: (value) => arccosineInDegrees(value!),
  mathAtand: (value) => arctangentInDegrees(value!),
  mathAtan2d: (y, x) => angleInDegrees(y!, x!),
  mathHypot: Math.hypot,
  mathLog1p: Math.log1p,
  mathExpm1: Math.expm1,
};

/** Whole where the base to a whole power is the value. */
function logarithmOf(base: number, value: number): number {
  const quotient = Math.log(value) / Math.log(base);
  const whole = Math.round(quotient);
  return base ** whole === value ? whole : quotient;
}
