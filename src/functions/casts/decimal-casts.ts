import { type DecimalType, MAX_NARROW_DECIMAL_PRECISION } from '../../types/sql-type.js';
import type { Emitter, OperandInfo } from '../emitter.js';
import type { CastImplementation } from '../function-types.js';
import { op } from '../opcodes.js';
import { bitsOfDigits } from '../scalar/arithmetic/decimal-arithmetic.js';
import { pushExceeds, rescale64, rescale128 } from '../scalar/arithmetic/decimal-scaling.js';
import type { IntegerKind } from '../scalar/arithmetic/integer-arithmetic.js';

/** Can a rescaled value have more digits than the target holds? Rounding away digits can carry into one more. */
function needsCheck(fromPrecision: number, fromScale: number, to: DecimalType): boolean {
  const carried = to.scale < fromScale ? 1 : 0;
  return fromPrecision - fromScale + carried > to.precision - to.scale;
}

/** Fails unless |local| < 10^digits; every i64 is below 10^19. */
function failIfExceeds(e: Emitter, local: number, digits: number): void {
  if (digits > 18) return;
  pushExceeds(e, local, 10n ** BigInt(Math.max(digits, 0)));
  e.failIf('decimalOverflow');
}

const isNarrowType = (type: DecimalType): boolean => type.precision <= MAX_NARROW_DECIMAL_PRECISION;

export function castDecimalToDecimal(from: DecimalType, to: DecimalType): CastImplementation {
  const digits = to.scale - from.scale;
  const check = needsCheck(from.precision, from.scale, to);
  return {
    fallible: check,
    implementation: {
      kind: 'emit',
      emit: (e, operands, result) => {
        const [operand] = operands as [OperandInfo];
        if (operand.wasm === 'v128') {
          rescale128(e, digits, to.precision);
          if (result.wasm === 'i64') e.lane64(0);
          return undefined;
        }
        if (digits === 0 && !check) return operand.bits;
        const local = e.local('i64');
        e.set(local);
        if (check && digits >= 0) failIfExceeds(e, local, to.precision - digits);
        const limited =
          check && digits >= 0 ? Math.min(operand.bits, bitsOfDigits(to.precision - digits)) : operand.bits;
        const wide = !isNarrowType(from) || !isNarrowType(to);
        const bits = rescale64(e, local, { ...operand, bits: limited }, digits, wide);
        if (check && digits < 0) failIfExceeds(e, local, to.precision);
        e.get(local);
        return Math.min(bits, result.bits);
      },
    },
  };
}

export function castIntegerToDecimal(from: IntegerKind, to: DecimalType): CastImplementation {
  const precision = from === 'smallint' ? 5 : from === 'integer' ? 10 : 19;
  const check = needsCheck(precision, 0, to);
  return {
    fallible: check,
    implementation: {
      kind: 'emit',
      emit: (e, operands, result) => {
        const [operand] = operands as [OperandInfo];
        if (from !== 'bigint') e.op(op.i64ExtendI32S);
        if (result.wasm === 'v128') {
          const value = e.local('i64');
          e.set(value);
          e.block();
          e.get(value);
          e.i32(to.scale);
          e.i32(to.precision);
          e.kernel('decimalFromBigint', ['i32', 'i64', 'i32', 'i32'], 'v128');
          e.checkStatus();
          return undefined;
        }
        if (to.scale === 0 && !check) return operand.bits;
        const local = e.local('i64');
        e.set(local);
        if (!check) return rescaleChecked(e, local, operand, to, result);
        failIfExceeds(e, local, to.precision - to.scale);
        const bits = Math.min(operand.bits, bitsOfDigits(to.precision - to.scale));
        return rescaleChecked(e, local, { ...operand, bits }, to, result);
      },
    },
  };
}

function rescaleChecked(e: Emitter, local: number, operand: OperandInfo, to: DecimalType, result: OperandInfo): number {
  const bits = rescale64(e, local, operand, to.scale, !isNarrowType(to));
  e.get(local);
  return Math.min(bits, result.bits);
}

export function castDecimalToInteger(from: DecimalType, to: IntegerKind): CastImplementation {
  return {
    fallible: true,
    implementation: {
      kind: 'emit',
      emit: (e, operands) => {
        const [operand] = operands as [OperandInfo];
        const local = e.local('i64');
        if (operand.wasm === 'v128') {
          const value = e.local('v128');
          e.set(value);
          e.block();
          e.get(value);
          e.i32(from.scale);
          e.kernel('decimalToBigint', ['i32', 'v128', 'i32'], 'i64');
          e.set(local);
          e.checkStatus();
        } else {
          e.set(local);
          rescale64(e, local, operand, -from.scale, false);
        }
        if (to !== 'bigint') {
          pushOutside(e, local, to === 'smallint' ? 2n ** 15n : 2n ** 31n);
          e.failIf(`${to}Overflow`);
        }
        e.get(local);
        if (to !== 'bigint') e.op(op.i32WrapI64);
        return undefined;
      },
    },
  };
}

/** Pushes local < -half || local >= half. */
function pushOutside(e: Emitter, local: number, half: bigint): void {
  e.get(local);
  e.i64(half);
  e.op(op.i64Add);
  e.i64(2n * half - 1n);
  e.op(op.i64GtU);
}

/** Doubles hold every integer up to 2^53 and powers of ten up to 10^22: then the division alone rounds. */
const EXACT_INTEGER_BITS = 53;
const EXACT_POWER = 22;

/** The i64 on the stack, scaled by 10^scale, as the nearest double. */
function narrowToDouble(e: Emitter, operand: OperandInfo, scale: number): void {
  if (scale === 0) {
    e.op(op.f64ConvertI64S);
    return;
  }
  const local = e.local('i64');
  e.set(local);
  const divide = (): void => {
    e.get(local);
    e.op(op.f64ConvertI64S);
    e.f64(10 ** scale);
    e.op(op.f64Div);
  };
  if (scale <= EXACT_POWER && operand.bits <= EXACT_INTEGER_BITS) {
    divide();
    return;
  }
  if (scale <= EXACT_POWER) pushExceeds(e, local, 2n ** BigInt(EXACT_INTEGER_BITS));
  else e.i32(1);
  e.if('f64');
  e.get(local);
  e.widen();
  e.i32(scale);
  e.kernel('decimalToDouble', ['v128', 'i32'], 'f64');
  e.else();
  divide();
  e.end();
}

export function castDecimalToFloat(from: DecimalType, to: 'real' | 'double'): CastImplementation {
  return {
    fallible: false,
    implementation: {
      kind: 'emit',
      emit: (e, operands) => {
        if (operands[0]!.wasm === 'v128') {
          e.i32(from.scale);
          e.kernel('decimalToDouble', ['v128', 'i32'], 'f64');
        } else {
          narrowToDouble(e, operands[0]!, from.scale);
        }
        if (to === 'real') e.op(op.f32DemoteF64);
        return undefined;
      },
    },
  };
}
