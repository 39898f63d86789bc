import { DOUBLE } from '../../../types/sql-type.js';
import type { Emitter, FailureName } from '../../emitter.js';
import type { ScalarOverloadDeclaration } from '../../function-types.js';
import { op } from '../../opcodes.js';

/** Raises an error where the arguments, which are in locals, are none of a function's. */
export type ArgumentCheck = (e: Emitter, locals: readonly number[]) => void;

/** A function of doubles that the host computes (exec/expression/host-functions.ts). An infinite result of finite arguments is an overflow, unless it `mayBeInfinite`. */
export function host(
  name: string,
  argCount: number,
  check?: ArgumentCheck,
  overflow: 'overflows' | 'mayBeInfinite' = 'overflows',
): ScalarOverloadDeclaration {
  return {
    args: Array.from({ length: argCount }, () => 'double' as const),
    returns: DOUBLE,
    fallible: true,
    implementation: {
      kind: 'emit',
      emit: (e) => {
        const locals = Array.from({ length: argCount }, () => e.local('f64'));
        for (let index = argCount - 1; index >= 0; index--) e.set(locals[index]!);
        check?.(e, locals);
        const call = (): void => {
          for (const local of locals) e.get(local);
          e.kernel(
            name,
            locals.map(() => 'f64' as const),
            'f64',
          );
        };
        if (name === 'mathPower') squareOr(e, locals, call);
        else call();
        if (overflow === 'overflows') failWhenInfinite(e, locals);
        if (name === 'mathExp' || name === 'mathPower') failWhenZero(e, locals);
        return undefined;
      },
    },
  };
}

/** Most powers are squares, which one multiplication gives, correctly rounded; a call of the host takes several times as long. */
function squareOr(e: Emitter, [base, exponent]: readonly number[], call: () => void): void {
  e.get(exponent!);
  e.f64(2);
  e.op(op.f64Eq);
  e.if('f64');
  e.get(base!);
  e.get(base!);
  e.op(op.f64Mul);
  e.else();
  call();
  e.end();
}

/** An infinite result of finite operands is an overflow. */
export function failWhenInfinite(e: Emitter, operands: readonly number[]): void {
  const result = e.local('f64');
  e.tee(result);
  e.op(op.f64Abs);
  e.f64(Infinity);
  e.op(op.f64Eq);
  for (const operand of operands) {
    e.get(operand);
    e.op(op.f64Abs);
    e.f64(Infinity);
    e.op(op.f64Ne, op.i32And);
  }
  e.failIf('floatOverflow');
  e.get(result);
}

/** 0 of finite operands that are not 0 is an underflow: of exp and power. */
function failWhenZero(e: Emitter, operands: readonly number[]): void {
  const result = e.local('f64');
  e.tee(result);
  e.f64(0);
  e.op(op.f64Eq);
  for (const operand of operands) {
    e.get(operand);
    e.op(op.f64Abs);
    e.f64(Infinity);
    e.op(op.f64Lt, op.i32And);
    e.get(operand);
    e.f64(0);
    e.op(op.f64Ne, op.i32And);
  }
  e.failIf('floatUnderflow');
  e.get(result);
}

export function failIfCompares(
  e: Emitter,
  local: number,
  opcode: typeof op.f64Lt | typeof op.f64Eq,
  failure: FailureName,
  bound = 0,
): void {
  e.get(local);
  e.f64(bound);
  e.op(opcode);
  e.failIf(failure);
}

/** The magnitude of the argument must compare with a bound in no such way; NaN never does. */
const failIfMagnitude = (e: Emitter, local: number, opcode: typeof op.f64Gt | typeof op.f64Eq, bound: number): void => {
  e.get(local);
  e.op(op.f64Abs);
  e.f64(bound);
  e.op(opcode);
  e.failIf('inputOutOfRange');
};

export const checkUnit: ArgumentCheck = (e, [value]) => failIfMagnitude(e, value!, op.f64Gt, 1);
export const checkFinite: ArgumentCheck = (e, [value]) => failIfMagnitude(e, value!, op.f64Eq, Infinity);
export const checkFromOne: ArgumentCheck = (e, [value]) => {
  e.get(value!);
  e.f64(1);
  e.op(op.f64Lt);
  e.failIf('inputOutOfRange');
};

const logarithmAbove =
  (bound: number): ArgumentCheck =>
  (e, [value]) => {
    failIfCompares(e, value!, op.f64Eq, 'logarithmOfZero', bound);
    failIfCompares(e, value!, op.f64Lt, 'logarithmOfNegative', bound);
  };

export const checkLogarithm: ArgumentCheck = logarithmAbove(0);
export const checkLogarithmOfOneMore: ArgumentCheck = logarithmAbove(-1);
