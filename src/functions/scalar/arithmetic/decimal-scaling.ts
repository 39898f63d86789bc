import { MAX_NARROW_DECIMAL_PRECISION } from '../../../types/sql-type.js';
import type { Emitter, OperandInfo } from '../../emitter.js';
import { op } from '../../opcodes.js';
import { bitsOfDigits, widenUnlessZero } from './decimal-arithmetic.js';

/* How decimals change their scale, in 64 and in 128 bits. */

/** Pushes |local| >= limit. */
export function pushExceeds(e: Emitter, local: number, limit: bigint): void {
  e.get(local);
  e.i64(limit - 1n);
  e.op(op.i64Add);
  e.i64(2n * limit - 2n);
  e.op(op.i64GtU);
}

/** The i64 in `local` changes scale, rounding half away from zero; returns the bits of the result. */
export function rescale64(e: Emitter, local: number, operand: OperandInfo, digits: number, narrow: boolean): number {
  if (digits === 0) return operand.bits;
  if (digits < 0) {
    divideRounding(e, local, -digits);
    return operand.bits;
  }
  if (digits > MAX_NARROW_DECIMAL_PRECISION) {
    widenUnlessZero(e, local);
    return 0;
  }
  const bits = operand.bits + bitsOfDigits(digits);
  if (bits > 62 && narrow) {
    pushExceeds(e, local, 2n ** 62n / 10n ** BigInt(digits));
    e.widenIf();
  }
  e.get(local);
  e.i64(10n ** BigInt(digits));
  e.op(op.i64Mul);
  e.set(local);
  return Math.min(bits, 62);
}

/** local = (local + sign(local) * half) / 10^digits; the addition cannot wrap: it is done on quotient and remainder. */
export function divideRounding(e: Emitter, local: number, digits: number): void {
  if (digits > MAX_NARROW_DECIMAL_PRECISION) {
    // 10^19 exceeds 64 bits, its half does not.
    if (digits === MAX_NARROW_DECIMAL_PRECISION + 1) pushBeyond(e, local, 10n ** BigInt(digits) / 2n - 1n);
    else e.i64(0);
    e.set(local);
    return;
  }
  const factor = 10n ** BigInt(digits);
  const remainder = e.local('i64');
  e.get(local);
  e.i64(factor);
  e.op(op.i64RemS);
  e.set(remainder);
  e.get(local);
  e.i64(factor);
  e.op(op.i64DivS);
  e.get(remainder);
  e.i64(factor / 2n);
  e.op(op.i64GeS, op.i64ExtendI32U, op.i64Add);
  e.get(remainder);
  e.i64(-(factor / 2n));
  e.op(op.i64LeS, op.i64ExtendI32U, op.i64Sub);
  e.set(local);
}

/** Pushes 1 where the value is above the limit, -1 where it is below its negative, else 0. */
export function pushBeyond(e: Emitter, local: number, limit: bigint): void {
  e.get(local);
  e.i64(limit);
  e.op(op.i64GtS, op.i64ExtendI32U);
  e.get(local);
  e.i64(-limit);
  e.op(op.i64LtS, op.i64ExtendI32U, op.i64Sub);
}

/** The v128 on the stack changes scale, rounding half away from zero; fails where it has more than `precision` digits. */
export function rescale128(e: Emitter, digits: number, precision: number): void {
  const value = e.local('v128');
  e.set(value);
  e.block();
  e.get(value);
  e.i32(digits);
  e.i32(precision);
  e.kernel('decimalRescale', ['i32', 'v128', 'i32', 'i32'], 'v128');
  e.checkStatus();
}
