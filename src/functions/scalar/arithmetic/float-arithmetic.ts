import type { Emitter } from '../../emitter.js';
import type { EmitImplementation, ScalarOverloadDeclaration } from '../../function-types.js';
import { type Opcode, op } from '../../opcodes.js';

export type FloatKind = 'real' | 'double';

const floatKinds: readonly FloatKind[] = ['real', 'double'];

/** Both operands and the result are of one float kind. */
export function floatOverloads(
  implementation: (kind: FloatKind) => EmitImplementation,
): readonly ScalarOverloadDeclaration[] {
  return floatKinds.map((kind) => ({
    args: [kind, kind],
    returns: { kind },
    fallible: true,
    implementation: implementation(kind),
  }));
}

interface FloatOperation {
  readonly real: Opcode;
  readonly double: Opcode;
  /** Raises an error for a divisor of 0. */
  readonly divides?: boolean;
  /** 0 of operands that are not 0 is an error. Sums are exact where they are that small. */
  readonly underflows?: boolean;
}

/** As in PostgreSQL, an infinite result of finite operands is an overflow, and 0 of others an underflow. */
function emitBinary(e: Emitter, kind: FloatKind, operation: FloatOperation): undefined {
  const real = kind === 'real';
  const type = real ? 'f32' : 'f64';
  const push = (value: number): void => (real ? e.f32(value) : e.f64(value));
  const [a, b, r, size] = [e.local(type), e.local(type), e.local(type), e.local(type)];
  const pushIsFinite = (local: number): void => {
    e.get(local);
    e.op(real ? op.f32Abs : op.f64Abs);
    push(Infinity);
    e.op(real ? op.f32Lt : op.f64Lt);
  };
  const pushIsNotZero = (local: number): void => {
    e.get(local);
    push(0);
    e.op(real ? op.f32Ne : op.f64Ne);
  };
  const pushSizeIs = (value: number): void => {
    e.get(size);
    push(value);
    e.op(real ? op.f32Eq : op.f64Eq);
  };
  e.set(b);
  e.set(a);
  if (operation.divides) {
    pushIsNotZero(b);
    e.op(op.i32Eqz);
    // NaN by zero is NaN.
    e.get(a);
    e.get(a);
    e.op(real ? op.f32Eq : op.f64Eq, op.i32And);
    e.failIf('divisionByZero');
  }
  e.get(a);
  e.get(b);
  e.op(real ? operation.real : operation.double);
  e.tee(r);
  e.op(real ? op.f32Abs : op.f64Abs);
  e.set(size);
  pushSizeIs(Infinity);
  e.if();
  pushIsFinite(a);
  pushIsFinite(b);
  e.op(op.i32And);
  e.failIf('floatOverflow');
  e.end();
  if (operation.underflows) {
    pushSizeIs(0);
    pushIsNotZero(a);
    if (operation.divides) pushIsFinite(b);
    else pushIsNotZero(b);
    e.op(op.i32And, op.i32And);
    e.failIf('floatUnderflow');
  }
  e.get(r);
}

function binary(operation: FloatOperation) {
  return (kind: FloatKind): EmitImplementation => ({
    kind: 'emit',
    emit: (e) => emitBinary(e, kind, operation),
  });
}

type FloatImplementation = (kind: FloatKind) => EmitImplementation;

export const floatAddition: FloatImplementation = binary({ real: op.f32Add, double: op.f64Add });
export const floatSubtraction: FloatImplementation = binary({ real: op.f32Sub, double: op.f64Sub });
export const floatMultiplication: FloatImplementation = binary({
  real: op.f32Mul,
  double: op.f64Mul,
  underflows: true,
});
export const floatDivision: FloatImplementation = binary({
  real: op.f32Div,
  double: op.f64Div,
  underflows: true,
  divides: true,
});

/** One instruction from float to float. */
export function floatUnary(realOpcode: Opcode, doubleOpcode: Opcode): readonly ScalarOverloadDeclaration[] {
  return floatKinds.map((kind) => ({
    args: [kind],
    returns: { kind },
    implementation: {
      kind: 'emit',
      emit: (e) => {
        e.op(kind === 'real' ? realOpcode : doubleOpcode);
        return undefined;
      },
    },
  }));
}
