import { type DecimalType, MAX_NARROW_DECIMAL_PRECISION, type SqlType } from '../../../types/sql-type.js';
import type { Emitter, OperandInfo } from '../../emitter.js';
import type { EmitImplementation, ScalarOverloadDeclaration } from '../../function-types.js';
import { op } from '../../opcodes.js';
import { pushBitsBeyond32 } from './integer-arithmetic.js';

/*
 * Decimals are computed in 64 bits where their declared precision or their values allow it, else in 128 by kernels.
 * In the 64-bit variant of code whose types are wider, every operation that could leave 64 bits calls `widenIf`.
 */

/** |value| <= 2^this needs no check before it is added to another. */
const SAFE_BITS = 62;

const scaleOf = (type: SqlType): number => (type as DecimalType).scale;

/** Bits of 10^digits, rounded up. */
export function bitsOfDigits(digits: number): number {
  return Math.ceil(digits * Math.log2(10));
}

export function decimalBinary(
  returns: (left: DecimalType, right: DecimalType) => DecimalType,
  implementation: EmitImplementation,
): ScalarOverloadDeclaration {
  return {
    args: ['decimal', 'decimal'],
    returns: (args) => returns(args[0] as DecimalType, args[1] as DecimalType),
    fallible: true,
    implementation,
  };
}

/** Multiplies the i64 in `local` by 10^digits; returns the bits of the result. */
function scaleUp64(e: Emitter, local: number, bits: number, digits: number): number {
  if (digits === 0) return bits;
  if (digits > MAX_NARROW_DECIMAL_PRECISION) {
    widenUnlessZero(e, local);
    return 0;
  }
  const factorBits = bitsOfDigits(digits);
  if (bits + factorBits > SAFE_BITS) {
    pushMagnitude(e, local);
    e.i64(2n ** 62n / 10n ** BigInt(digits));
    e.op(op.i64GtU);
    e.widenIf();
  }
  e.get(local);
  e.i64(10n ** BigInt(digits));
  e.op(op.i64Mul);
  e.set(local);
  return Math.min(bits + factorBits, SAFE_BITS);
}

/** Where a power of ten does not fit 64 bits, only zero can be multiplied by it. */
export function widenUnlessZero(e: Emitter, local: number): void {
  e.get(local);
  e.i64(0);
  e.op(op.i64Ne);
  e.widenIf();
}

/** value XOR its sign: |value|, less one for negative values. */
function pushMagnitude(e: Emitter, local: number): void {
  e.get(local);
  e.get(local);
  e.i64(63);
  e.op(op.i64ShrS, op.i64Xor);
}

function emitAddOrSubtract(e: Emitter, operands: readonly OperandInfo[], result: OperandInfo, subtract: boolean) {
  const [left, right] = operands as [OperandInfo, OperandInfo];
  const scale = scaleOf(result.type);
  const [leftDigits, rightDigits] = [scale - scaleOf(left.type), scale - scaleOf(right.type)];
  if (result.wasm === 'v128') {
    const b = e.local('v128');
    const a = e.local('v128');
    e.set(b);
    e.set(a);
    e.block();
    e.get(a);
    e.i32(leftDigits);
    e.get(b);
    e.i32(rightDigits);
    e.kernel(subtract ? 'decimalSubtract' : 'decimalAdd', ['i32', 'v128', 'i32', 'v128', 'i32'], 'v128');
    e.checkStatus();
    return undefined;
  }
  const [a, b, r] = [e.local('i64'), e.local('i64'), e.local('i64')];
  e.set(b);
  e.set(a);
  const bits = Math.max(scaleUp64(e, a, left.bits, leftDigits), scaleUp64(e, b, right.bits, rightDigits)) + 1;
  e.get(a);
  e.get(b);
  e.op(subtract ? op.i64Sub : op.i64Add);
  if (bits <= SAFE_BITS) return bits;
  if (result.bits <= SAFE_BITS) return undefined;
  e.set(r);
  e.get(a);
  e.get(subtract ? b : r);
  e.op(op.i64Xor);
  e.get(subtract ? a : b);
  e.get(r);
  e.op(op.i64Xor, op.i64And);
  e.i64(0);
  e.op(op.i64LtS);
  e.widenIf();
  e.get(r);
  return 63;
}

export const decimalAddition: EmitImplementation = {
  kind: 'emit',
  emit: (e, operands, result) => emitAddOrSubtract(e, operands, result, false),
};

export const decimalSubtraction: EmitImplementation = {
  kind: 'emit',
  emit: (e, operands, result) => emitAddOrSubtract(e, operands, result, true),
};

/**
 * A product is safe when both factors fit 32 bits, else when their leading zeros add up to enough: with z zeros a
 * magnitude is below 2^(64 - z), so 66 zeros together keep the product within 2^62.
 */
function multiply64(e: Emitter, left: OperandInfo, right: OperandInfo, result: OperandInfo): number | undefined {
  const bits = left.bits + right.bits;
  if (bits <= SAFE_BITS || result.bits <= SAFE_BITS) {
    e.op(op.i64Mul);
    return Math.min(bits, result.bits);
  }
  const [a, b] = [e.local('i64'), e.local('i64')];
  e.set(b);
  e.set(a);
  pushBitsBeyond32(e, a, b);
  e.i64(0);
  e.op(op.i64Ne);
  e.if();
  pushMagnitude(e, a);
  e.op(op.i64Clz);
  pushMagnitude(e, b);
  e.op(op.i64Clz, op.i64Add);
  e.i64(66);
  e.op(op.i64LtU);
  e.widenIf();
  e.end();
  e.get(a);
  e.get(b);
  e.op(op.i64Mul);
  return SAFE_BITS;
}

export const decimalMultiplication: EmitImplementation = {
  kind: 'emit',
  emit: (e, operands, result) => {
    const [left, right] = operands as [OperandInfo, OperandInfo];
    const excess = scaleOf(left.type) + scaleOf(right.type) - scaleOf(result.type);
    if (result.wasm === 'i64' && excess === 0) return multiply64(e, left, right, result);
    if (result.wasm === 'i64') {
      // More than 38 digits after the point: left to the 128-bit kernel.
      e.op(op.i64Mul);
      e.i32(1);
      e.widenIf();
      return undefined;
    }
    const b = e.local('v128');
    const a = e.local('v128');
    e.set(b);
    e.set(a);
    e.block();
    e.get(a);
    e.get(b);
    e.i32(excess);
    e.kernel('decimalMultiply', ['i32', 'v128', 'v128', 'i32'], 'v128');
    e.checkStatus();
    return undefined;
  },
};

export const decimalDivision: EmitImplementation = {
  kind: 'emit',
  wideOnly: true,
  emit: (e, operands, result) => {
    const [left, right] = operands as [OperandInfo, OperandInfo];
    const b = e.local('v128');
    const a = e.local('v128');
    e.set(b);
    e.set(a);
    e.block();
    e.get(a);
    e.get(b);
    e.i32(scaleOf(result.type) - scaleOf(left.type) + scaleOf(right.type));
    e.kernel('decimalDivide', ['i32', 'v128', 'v128', 'i32'], 'v128');
    e.checkStatus();
    return undefined;
  },
};

/** The quotient without digits behind the point. */
export const decimalQuotient: EmitImplementation = {
  kind: 'emit',
  emit: (e, operands, result) => {
    const [left, right] = operands as [OperandInfo, OperandInfo];
    const digits = scaleOf(right.type) - scaleOf(left.type);
    const wasm = result.wasm === 'v128' ? 'v128' : 'i64';
    const [a, b] = [e.local(wasm), e.local(wasm)];
    e.set(b);
    e.set(a);
    if (wasm === 'v128') {
      e.block();
      e.get(a);
      e.get(b);
      e.i32(digits);
      e.kernel('decimalQuotient', ['i32', 'v128', 'v128', 'i32'], 'v128');
      e.checkStatus();
      return undefined;
    }
    const bits = scaleUp64(e, a, left.bits, Math.max(0, digits));
    scaleUp64(e, b, right.bits, Math.max(0, -digits));
    e.get(b);
    e.op(op.i64Eqz);
    e.failIf('divisionByZero');
    if (bits > SAFE_BITS) {
      // By -1 it would leave 64 bits.
      e.get(a);
      e.i64(-(2n ** 63n));
      e.op(op.i64Eq);
      e.widenIf();
    }
    e.get(a);
    e.get(b);
    e.op(op.i64DivS);
    return bits;
  },
};

export const decimalModulo: EmitImplementation = {
  kind: 'emit',
  emit: (e, operands, result) => {
    const [left, right] = operands as [OperandInfo, OperandInfo];
    const scale = scaleOf(result.type);
    const [leftDigits, rightDigits] = [scale - scaleOf(left.type), scale - scaleOf(right.type)];
    const wasm = result.wasm === 'v128' ? 'v128' : 'i64';
    const [a, b] = [e.local(wasm), e.local(wasm)];
    e.set(b);
    e.set(a);
    if (wasm === 'v128') {
      e.block();
      e.get(a);
      e.i32(leftDigits);
      e.get(b);
      e.i32(rightDigits);
      e.kernel('decimalModulo', ['i32', 'v128', 'i32', 'v128', 'i32'], 'v128');
      e.checkStatus();
      return undefined;
    }
    scaleUp64(e, a, left.bits, leftDigits);
    scaleUp64(e, b, right.bits, rightDigits);
    e.get(b);
    e.op(op.i64Eqz);
    e.failIf('divisionByZero');
    e.get(a);
    e.get(b);
    e.op(op.i64RemS);
    return undefined;
  },
};

/** 0 - a, or |a|: neither leaves the type. */
function emitNegateOrAbsolute(e: Emitter, operand: OperandInfo, absolute: boolean): number {
  if (operand.wasm === 'v128') {
    e.kernel(absolute ? 'decimalAbsolute' : 'decimalNegate', ['v128'], 'v128');
    return operand.bits;
  }
  const a = e.local('i64');
  e.set(a);
  if (operand.bits > SAFE_BITS) {
    e.get(a);
    e.i64(-(2n ** 63n));
    e.op(op.i64Eq);
    e.widenIf();
  }
  if (absolute) {
    pushMagnitude(e, a);
    e.get(a);
    e.i64(63);
    e.op(op.i64ShrU, op.i64Add);
  } else {
    e.i64(0);
    e.get(a);
    e.op(op.i64Sub);
  }
  return operand.bits;
}

function decimalUnary(absolute: boolean): ScalarOverloadDeclaration {
  return {
    args: ['decimal'],
    returns: (args) => args[0]!,
    implementation: { kind: 'emit', emit: (e, operands) => emitNegateOrAbsolute(e, operands[0]!, absolute) },
  };
}

export const decimalNegation: ScalarOverloadDeclaration = decimalUnary(false);
export const decimalAbsolute: ScalarOverloadDeclaration = decimalUnary(true);
