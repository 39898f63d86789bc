import { type DecimalType, decimal, MAX_NARROW_DECIMAL_PRECISION } from '../../../types/sql-type.js';
import type { Emitter, OperandInfo } from '../../emitter.js';
import type { ScalarOverloadDeclaration } from '../../function-types.js';
import { op } from '../../opcodes.js';
import { divideRounding, rescale64, rescale128 } from '../arithmetic/decimal-scaling.js';

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
      emit: (e, operands, result) => {
        const [operand] = operands as [OperandInfo];
        const { scale } = operand.type as DecimalType;
        if (operand.wasm === 'i64') {
          if (scale === 0) return operand.bits;
          const value = e.local('i64');
          e.set(value);
          dropDigits(e, value, scale, mode);
          e.get(value);
          return Math.min(operand.bits, result.bits);
        }
        e.i32(scale);
        e.i32(roundingModes[mode]);
        e.kernel('decimalRound', ['v128', 'i32', 'i32'], 'v128');
        if (result.wasm === 'i64') e.lane64(0);
        return undefined;
      },
    },
  };
}

/** The i64 in `value` is divided by 10^digits, at least ten, and rounded. */
function dropDigits(e: Emitter, value: number, digits: number, mode: RoundingMode): void {
  if (mode === 'round') {
    divideRounding(e, value, digits);
    return;
  }
  if (digits > MAX_NARROW_DECIMAL_PRECISION) {
    // Every i64 is between -1 and 1.
    if (mode === 'trunc') {
      e.i64(0);
    } else {
      pushHasSign(e, value, mode);
      if (mode === 'floor') negate(e);
    }
    e.set(value);
    return;
  }
  const factor = 10n ** BigInt(digits);
  const remainder = e.local('i64');
  if (mode !== 'trunc') {
    e.get(value);
    e.i64(factor);
    e.op(op.i64RemS);
    e.set(remainder);
  }
  e.get(value);
  e.i64(factor);
  e.op(op.i64DivS);
  if (mode !== 'trunc') {
    pushHasSign(e, remainder, mode);
    e.op(mode === 'floor' ? op.i64Sub : op.i64Add);
  }
  e.set(value);
}

/** Pushes 1 where what is dropped pulls the result away from zero: a negative rest for floor, a positive one for ceil. */
function pushHasSign(e: Emitter, local: number, mode: 'floor' | 'ceil'): void {
  e.get(local);
  e.i64(0);
  e.op(mode === 'floor' ? op.i64LtS : op.i64GtS, op.i64ExtendI32U);
}

function negate(e: Emitter): void {
  e.i64(-1);
  e.op(op.i64Mul);
}

/**
 * round(x, digits), trunc(x, digits): literal digits are the scale, as far as 38 digits hold it. Where digits are known only
 * per row, the scale stays and zeros follow.
 */
export function roundDecimalTo(mode: 'round' | 'trunc'): ScalarOverloadDeclaration {
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
      emit: (e, [operand], result) => {
        const digits = e.local('i32');
        e.set(digits);
        if (operand!.wasm === 'v128') {
          roundTo128(e, operand!, result, digits, mode);
          if (result.wasm === 'i64') e.lane64(0);
          return undefined;
        }
        return roundTo64(e, operand!, result, digits, mode);
      },
    },
  };
}

/** The v128 on the stack, rounded to `digits`, in the scale of the result. */
function roundTo128(
  e: Emitter,
  operand: OperandInfo,
  result: OperandInfo,
  digits: number,
  mode: 'round' | 'trunc',
): void {
  const value = e.local('v128');
  const { scale } = operand.type as DecimalType;
  const kept = result.type as DecimalType;
  e.set(value);
  e.block();
  e.get(value);
  e.i32(scale);
  e.get(digits);
  e.i32(roundingModes[mode]);
  e.kernel('decimalRoundTo', ['i32', 'v128', 'i32', 'i32', 'i32'], 'v128');
  e.checkStatus();
  // What is dropped, or appended, are zeros.
  if (kept.scale !== scale) rescale128(e, kept.scale - scale, kept.precision);
}

/**
 * The i64 on the stack, rounded. Where the digits are those of the result's scale, as literal ones nearly always are, one
 * division does it; else, as for thousands, the kernel.
 */
function roundTo64(
  e: Emitter,
  operand: OperandInfo,
  result: OperandInfo,
  digits: number,
  mode: 'round' | 'trunc',
): number | undefined {
  const { scale, precision } = operand.type as DecimalType;
  const kept = result.type as DecimalType;
  const mayWiden = Math.max(precision, kept.precision) > MAX_NARROW_DECIMAL_PRECISION;
  const value = e.local('i64');
  e.set(value);
  e.get(digits);
  e.i32(kept.scale);
  e.op(op.i32Eq);
  e.if('i64');
  let { bits } = operand;
  if (kept.scale < scale) dropDigits(e, value, scale - kept.scale, mode);
  else bits = rescale64(e, value, operand, kept.scale - scale, mayWiden);
  e.get(value);
  e.else();
  e.get(value);
  e.widen();
  roundTo128(e, operand, result, digits, mode);
  if (mayWiden) narrowOrWiden(e);
  else e.lane64(0);
  e.end();
  return kept.scale <= scale ? Math.min(bits + 1, result.bits) : undefined;
}

/** The v128 on the stack as an i64; where it is none, the row is done again with wider decimals. */
function narrowOrWiden(e: Emitter): void {
  const wide = e.local('v128');
  const low = e.local('i64');
  e.tee(wide);
  e.lane64(0);
  e.tee(low);
  e.i64(63);
  e.op(op.i64ShrS);
  e.get(wide);
  e.lane64(1);
  e.op(op.i64Ne);
  e.widenIf();
  e.get(low);
}
