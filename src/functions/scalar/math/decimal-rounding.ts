import { type DecimalType, decimal } from '../../../types/sql-type.js';
import type { ScalarOverloadDeclaration } from '../../function-types.js';

export type RoundingMode = 'round' | 'floor' | 'ceil' | 'trunc';

/** What the kernel `decimalRound` knows the modes by. */
export const roundingModes: Readonly<Record<RoundingMode, number>> = { round: 0, floor: 1, ceil: 2, trunc: 3 };

/** To an integer: decimal(p, s) → decimal(p - s + 1, 0). */
export function decimalRounding(mode: RoundingMode): ScalarOverloadDeclaration {
  return {
    args: ['decimal'],
    returns: (args) => {
      const { precision, scale } = args[0] as DecimalType;
      return decimal(Math.min(38, precision - scale + 1), 0);
    },
    implementation: {
      kind: 'emit',
      wideOnly: true,
      emit: (e, operands, result) => {
        e.i32((operands[0]!.type as DecimalType).scale);
        e.i32(roundingModes[mode]);
        e.kernel('decimalRound', ['v128', 'i32', 'i32'], 'v128');
        if (result.wasm === 'i64') e.lane64(0);
        return undefined;
      },
    },
  };
}

/**
 * round(x, digits), trunc(x, digits): literal digits are the scale, as far as 38 digits hold it. Where digits are known only
 * per row, the scale stays and zeros follow.
 */
export function roundDecimalTo(mode: RoundingMode): ScalarOverloadDeclaration {
  return {
    args: ['decimal', 'integer'],
    returns: (args, [, digits]) => {
      const { precision, scale } = args[0] as DecimalType;
      const whole = precision - scale + 1;
      const kept = Math.min(Math.max(0, digits ?? scale), Math.max(scale, 38 - whole));
      return decimal(Math.min(38, whole + kept), kept);
    },
    fallible: true,
    implementation: {
      kind: 'emit',
      wideOnly: true,
      emit: (e, operands, result) => {
        const digits = e.local('i32');
        const value = e.local('v128');
        const { scale } = operands[0]!.type as DecimalType;
        const kept = result.type as DecimalType;
        e.set(digits);
        e.set(value);
        e.block();
        e.get(value);
        e.i32(scale);
        e.get(digits);
        e.i32(roundingModes[mode]);
        e.kernel('decimalRoundTo', ['i32', 'v128', 'i32', 'i32', 'i32'], 'v128');
        e.checkStatus();
        if (kept.scale !== scale) {
          // What is dropped, or appended, are zeros.
          e.set(value);
          e.block();
          e.get(value);
          e.i32(kept.scale - scale);
          e.i32(kept.precision);
          e.kernel('decimalRescale', ['i32', 'v128', 'i32', 'i32'], 'v128');
          e.checkStatus();
        }
        if (result.wasm === 'i64') e.lane64(0);
        return undefined;
      },
    },
  };
}
