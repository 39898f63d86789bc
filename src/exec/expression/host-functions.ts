/** What generated modules import besides kernels: functions of JavaScript's own engine. A call costs several times one into a kernel. */
export const mathFunctions: Readonly<Record<string, (...args: number[]) => number>> = {
  mathPower: Math.pow,
  mathExp: Math.exp,
  mathLn: Math.log,
  mathLog10: Math.log10,
  mathSin: Math.sin,
  mathCos: Math.cos,
  mathTan: Math.tan,
  mathAtan: Math.atan,
  mathRandom: Math.random,
  mathSign: Math.sign,
  mathRadians: (degrees) => (degrees! * Math.PI) / 180,
  mathDegrees: (radians) => (radians! * 180) / Math.PI,
};
