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

/** An infinite result of finite operands is an overflow, as in PostgreSQL. */
function emitBinary(e: Emitter, kind: FloatKind, opcode: Opcode, checkDivisor: boolean): undefined {
  const real = kind === 'real';
  const type = real ? 'f32' : 'f64';
  const push = (value: number): void => (real ? e.f32(value) : e.f64(value));
  const [a, b, r] = [e.local(type), e.local(type), e.local(type)];
  const pushIsFinite = (local: number): void => {
    e.get(local);
    e.op(real ? op.f32Abs : op.f64Abs);
    push(Infinity);
    e.op(real ? op.f32Lt : op.f64Lt);
  };
  e.set(b);
  e.set(a);
  if (checkDivisor) {
    e.get(b);
    push(0);
    e.op(real ? op.f32Eq : op.f64Eq);
    e.failIf('divisionByZero');
  }
  e.get(a);
  e.get(b);
  e.op(opcode);
  e.set(r);
  e.get(r);
  e.op(real ? op.f32Abs : op.f64Abs);
  push(Infinity);
  e.op(real ? op.f32Eq : op.f64Eq);
  e.if();
  pushIsFinite(a);
  pushIsFinite(b);
  e.op(op.i32And);
  e.failIf('floatOverflow');
  e.end();
  e.get(r);
}

function binary(realOpcode: Opcode, doubleOpcode: Opcode, checkDivisor = false) {
  return (kind: FloatKind): EmitImplementation => ({
    kind: 'emit',
    emit: (e) => emitBinary(e, kind, kind === 'real' ? realOpcode : doubleOpcode, checkDivisor),
  });
}

type FloatImplementation = (kind: FloatKind) => EmitImplementation;

export const floatAddition: FloatImplementation = binary(op.f32Add, op.f64Add);
export const floatSubtraction: FloatImplementation = binary(op.f32Sub, op.f64Sub);
export const floatMultiplication: FloatImplementation = binary(op.f32Mul, op.f64Mul);
export const floatDivision: FloatImplementation = binary(op.f32Div, op.f64Div, true);

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
