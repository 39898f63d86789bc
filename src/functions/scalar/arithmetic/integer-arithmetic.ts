import type { Emitter, FailureName } from '../../emitter.js';
import type { EmitImplementation, ScalarOverloadDeclaration } from '../../function-types.js';
import { type Opcode, op } from '../../opcodes.js';

export type IntegerKind = 'smallint' | 'integer' | 'bigint';

export const integerKinds: readonly IntegerKind[] = ['smallint', 'integer', 'bigint'];

function overflowName(kind: IntegerKind): FailureName {
  return `${kind}Overflow`;
}

/** Both operands and the result are of one integer kind. */
export function integerOverloads(
  implementation: (kind: IntegerKind) => EmitImplementation,
): readonly ScalarOverloadDeclaration[] {
  return integerKinds.map((kind) => ({
    args: [kind, kind],
    returns: { kind },
    fallible: true,
    implementation: implementation(kind),
  }));
}

/** Leaves the i32 on the stack there; reports overflow unless it fits 16 bits. */
function checkSmallint(e: Emitter): void {
  const result = e.local('i32');
  const shifted = e.local('i32');
  e.tee(result);
  e.i32(32768);
  e.op(op.i32Add);
  e.tee(shifted);
  e.i32(65535);
  e.get(shifted);
  e.op(op.i32Sub, op.i32Or);
  e.overflowIfNegative32('smallintOverflow');
  e.get(result);
}

/** a + b overflows when both operands' signs differ from the result's; a - b when a's differs from b's and the result's. */
function emitAddOrSubtract(e: Emitter, kind: IntegerKind, subtract: boolean): undefined {
  if (kind === 'smallint') {
    e.op(subtract ? op.i32Sub : op.i32Add);
    checkSmallint(e);
    return;
  }
  const wide = kind === 'bigint';
  const type = wide ? 'i64' : 'i32';
  const [a, b, r] = [e.local(type), e.local(type), e.local(type)];
  const add: Opcode = wide ? (subtract ? op.i64Sub : op.i64Add) : subtract ? op.i32Sub : op.i32Add;
  const xor = wide ? op.i64Xor : op.i32Xor;
  e.set(b);
  e.tee(a);
  e.get(b);
  e.op(add);
  e.set(r);
  e.get(a);
  e.get(subtract ? b : r);
  e.op(xor);
  e.get(subtract ? a : b);
  e.get(r);
  e.op(xor, wide ? op.i64And : op.i32And);
  if (wide) e.overflowIfNegative64('bigintOverflow');
  else e.overflowIfNegative32('integerOverflow');
  e.get(r);
}

function emitMultiply(e: Emitter, kind: IntegerKind): undefined {
  if (kind === 'smallint') {
    e.op(op.i32Mul);
    checkSmallint(e);
  } else if (kind === 'integer') {
    multiplyIntegers(e);
  } else {
    multiplyBigints(e);
  }
}

function multiplyIntegers(e: Emitter): void {
  const b = e.local('i32');
  const product = e.local('i64');
  const shifted = e.local('i64');
  e.set(b);
  e.op(op.i64ExtendI32S);
  e.get(b);
  e.op(op.i64ExtendI32S, op.i64Mul);
  e.tee(product);
  e.i64(2147483648);
  e.op(op.i64Add);
  e.tee(shifted);
  e.i64(4294967295);
  e.get(shifted);
  e.op(op.i64Sub, op.i64Or);
  e.overflowIfNegative64('integerOverflow');
  e.get(product);
  e.op(op.i32WrapI64);
}

/** Nearly always both operands fit 32 bits; only otherwise is it worth finding out exactly. */
function multiplyBigints(e: Emitter): void {
  const [a, b] = [e.local('i64'), e.local('i64')];
  e.set(b);
  e.set(a);
  pushBitsBeyond32(e, a, b);
  e.i64(0);
  e.op(op.i64Ne);
  e.if();
  e.get(a);
  e.get(b);
  e.kernel('bigintProductOverflows', ['i64', 'i64'], 'i32');
  e.failIf('bigintOverflow');
  e.end();
  e.get(a);
  e.get(b);
  e.op(op.i64Mul);
}

/** Pushes an i64 that is 0 exactly when both locals fit 32 bits. */
export function pushBitsBeyond32(e: Emitter, a: number, b: number): void {
  e.get(a);
  e.get(a);
  e.op(op.i64Extend32S, op.i64Xor);
  e.get(b);
  e.get(b);
  e.op(op.i64Extend32S, op.i64Xor, op.i64Or);
}

function emitDivide(e: Emitter, kind: IntegerKind, remainder: boolean): undefined {
  const wide = kind === 'bigint';
  const type = wide ? 'i64' : 'i32';
  const [a, b] = [e.local(type), e.local(type)];
  e.set(b);
  e.set(a);
  e.get(b);
  e.op(wide ? op.i64Eqz : op.i32Eqz);
  e.failIf('divisionByZero');
  if (!remainder) failUnlessQuotientFits(e, kind, a, b);
  e.get(a);
  e.get(b);
  if (remainder) e.op(wide ? op.i64RemS : op.i32RemS);
  else e.op(wide ? op.i64DivS : op.i32DivS);
}

/** The one quotient that overflows: the least value by -1. */
function failUnlessQuotientFits(e: Emitter, kind: IntegerKind, a: number, b: number): void {
  e.get(a);
  if (kind === 'bigint') {
    e.i64(-(2n ** 63n));
    e.op(op.i64Eq);
    e.get(b);
    e.i64(-1);
    e.op(op.i64Eq, op.i32And);
  } else {
    e.i32(kind === 'smallint' ? -32768 : -2147483648);
    e.op(op.i32Eq);
    e.get(b);
    e.i32(-1);
    e.op(op.i32Eq, op.i32And);
  }
  e.failIf(overflowName(kind));
}

export function integerAddition(kind: IntegerKind): EmitImplementation {
  return { kind: 'emit', emit: (e) => emitAddOrSubtract(e, kind, false) };
}

export function integerSubtraction(kind: IntegerKind): EmitImplementation {
  return { kind: 'emit', emit: (e) => emitAddOrSubtract(e, kind, true) };
}

export function integerMultiplication(kind: IntegerKind): EmitImplementation {
  return { kind: 'emit', emit: (e) => emitMultiply(e, kind) };
}

export function integerDivision(kind: IntegerKind): EmitImplementation {
  return { kind: 'emit', emit: (e) => emitDivide(e, kind, false) };
}

export function integerModulo(kind: IntegerKind): EmitImplementation {
  return { kind: 'emit', emit: (e) => emitDivide(e, kind, true) };
}

/** 0 - a. */
export function integerNegation(kind: IntegerKind): EmitImplementation {
  return {
    kind: 'emit',
    emit: (e) => {
      const a = e.local(kind === 'bigint' ? 'i64' : 'i32');
      e.set(a);
      if (kind === 'bigint') e.i64(0);
      else e.i32(0);
      e.get(a);
      return emitAddOrSubtract(e, kind, true);
    },
  };
}

/** The absolute value; of the least value there is none. */
export function integerAbsolute(kind: IntegerKind): EmitImplementation {
  const wide = kind === 'bigint';
  return {
    kind: 'emit',
    emit: (e) => {
      const a = e.local(wide ? 'i64' : 'i32');
      const sign = e.local(wide ? 'i64' : 'i32');
      e.tee(a);
      if (wide) e.i64(63);
      else e.i32(31);
      e.op(wide ? op.i64ShrS : op.i32ShrS);
      e.set(sign);
      e.get(a);
      e.get(sign);
      e.op(wide ? op.i64Xor : op.i32Xor);
      e.get(sign);
      return emitAddOrSubtract(e, kind, true);
    },
  };
}
