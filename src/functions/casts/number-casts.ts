import { userError } from '../../common/errors.js';
import { POWERS_OF_TEN } from '../../kernels/constant-tables.js';
import type { DecimalType, SqlType } from '../../types/sql-type.js';
import type { Emitter, FailureName } from '../emitter.js';
import { printedDigits } from '../formatting/printed-digits.js';
import type { CastImplementation, KernelImplementation } from '../function-types.js';
import { op } from '../opcodes.js';
import { emit, identity } from './cast-implementation.js';
import {
  castDecimalToDecimal,
  castDecimalToFloat,
  castDecimalToInteger,
  castIntegerToDecimal,
} from './decimal-casts.js';
import { parseValue } from './parse-value.js';

export const isInteger = (type: SqlType): type is { kind: 'smallint' | 'integer' | 'bigint' } =>
  type.kind === 'smallint' || type.kind === 'integer' || type.kind === 'bigint';

const isFloat = (type: SqlType): type is { kind: 'real' | 'double' } => type.kind === 'real' || type.kind === 'double';

export function castNumber(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (from.kind === 'decimal') {
    if (to.kind === 'decimal') return castDecimalToDecimal(from, to);
    if (isInteger(to)) return castDecimalToInteger(from, to.kind);
    return isFloat(to) ? castDecimalToFloat(from, to.kind) : undefined;
  }
  if (isInteger(from)) {
    if (to.kind === 'decimal') return castIntegerToDecimal(from.kind, to);
    if (isInteger(to)) return castInteger(from.kind, to.kind);
    return isFloat(to) ? castIntegerToFloat(from.kind, to.kind) : undefined;
  }
  if (!isFloat(from)) return undefined;
  if (isInteger(to)) return castFloatToInteger(from.kind, to.kind);
  if (isFloat(to)) return castFloat(from.kind, to.kind);
  return to.kind === 'decimal' ? castFloatToDecimal(from, to) : undefined;
}

export type IntegerKind = 'smallint' | 'integer' | 'bigint';
type FloatKind = 'real' | 'double';

function castInteger(from: IntegerKind, to: IntegerKind): CastImplementation {
  if (to === 'bigint') {
    return {
      fallible: false,
      implementation: {
        kind: 'emit',
        emit: (e, operands) => {
          e.op(op.i64ExtendI32S);
          return operands[0]!.bits;
        },
      },
    };
  }
  if (from === 'smallint') return identity;
  return emit((e) => {
    if (from === 'integer') e.op(op.i64ExtendI32S);
    checkedNarrowing(e, to);
  }, true);
}

/** Leaves the i64 on the stack as an i32, unless it does not fit. */
function checkedNarrowing(e: Emitter, to: IntegerKind): void {
  const value = e.local('i64');
  const half = to === 'smallint' ? 32768 : 2147483648;
  e.tee(value);
  e.i64(half);
  e.op(op.i64Add);
  e.i64(half * 2 - 1);
  e.op(op.i64GtU);
  e.failIf(`${to}Overflow`);
  e.get(value);
  e.op(op.i32WrapI64);
}

function castIntegerToFloat(from: IntegerKind, to: FloatKind): CastImplementation {
  const wide = from === 'bigint';
  if (to === 'real') return emit((e) => e.op(wide ? op.f32ConvertI64S : op.f32ConvertI32S));
  return emit((e) => e.op(wide ? op.f64ConvertI64S : op.f64ConvertI32S));
}

/** Rounds half to even, as C's rint. */
function castFloatToInteger(from: FloatKind, to: IntegerKind): CastImplementation {
  const limit = to === 'smallint' ? 2 ** 15 : to === 'integer' ? 2 ** 31 : 2 ** 63;
  return emit((e) => {
    const value = e.local('f64');
    if (from === 'real') e.op(op.f64PromoteF32);
    e.op(op.f64Nearest);
    e.tee(value);
    e.f64(-limit);
    e.op(op.f64Ge);
    e.get(value);
    e.f64(limit);
    e.op(op.f64Lt, op.i32And, op.i32Eqz);
    e.failIf(`${to}Overflow` as FailureName);
    e.get(value);
    e.op(to === 'bigint' ? op.i64TruncF64S : op.i32TruncF64S);
  }, true);
}

function castFloat(from: FloatKind, to: FloatKind): CastImplementation {
  if (from === to) return identity;
  if (to === 'double') return emit((e) => e.op(op.f64PromoteF32));
  return emit((e) => {
    const value = e.local('f64');
    const single = e.local('f32');
    e.tee(value);
    e.op(op.f32DemoteF64);
    e.tee(single);
    e.op(op.f32Abs);
    e.f32(Infinity);
    e.op(op.f32Eq);
    e.get(value);
    e.op(op.f64Abs);
    e.f64(Infinity);
    e.op(op.f64Ne, op.i32And);
    e.failIf('floatOverflow');
    e.get(single);
    e.f32(0);
    e.op(op.f32Eq);
    e.get(value);
    e.f64(0);
    e.op(op.f64Ne, op.i32And);
    e.failIf('floatUnderflow');
    e.get(single);
  }, true);
}

/** PostgreSQL takes the 15 (for real: 6) significant digits that it would print. */
function castFloatToDecimal(from: SqlType, to: DecimalType): CastImplementation {
  const digits = from.kind === 'real' ? 6 : 15;
  const create = () => (args: readonly unknown[]) => {
    const value = args[0] as number;
    if (!Number.isFinite(value)) {
      throw userError('22003', `cannot convert ${Number.isNaN(value) ? 'NaN' : 'infinity'} to numeric`, {
        hint: 'Decimals of Millrace have neither NaN nor infinity.',
      });
    }
    return parseValue(printedDigits(value, digits), to);
  };
  const implementation: KernelImplementation = {
    kind: 'kernel',
    block: true,
    kernel: `${from.kind}ToDecimal64`,
    wideKernel: `${from.kind}ToDecimal128`,
    parameters: [to.precision, to.scale, POWERS_OF_TEN],
    needs: 'powersOfTen',
    fallback: create,
  };
  return { fallible: true, implementation };
}
