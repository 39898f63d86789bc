import { userError } from '../../common/errors.js';
import { POWERS_OF_TEN } from '../../kernels/constant-tables.js';
import { type DecimalType, formatTypeName, isNestedType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { Emitter, FailureName } from '../emitter.js';
import { formatValue } from '../format-value.js';
import type {
  CastImplementation,
  FunctionImplementation,
  KernelImplementation,
  VectorCreate,
} from '../function-types.js';
import { op } from '../opcodes.js';
import { DAY_MICROSECONDS, isInfiniteTimestamp } from '../scalar/dates/calendar.js';
import { emitDateToTimestamp } from '../scalar/dates/date-arithmetic.js';
import {
  castDecimalToDecimal,
  castDecimalToFloat,
  castDecimalToInteger,
  castIntegerToDecimal,
} from './decimal-casts.js';
import { castJsonb } from './json-casts.js';
import { castNested, haveSameBytes } from './nested-casts.js';
import { parseValue } from './parse-value.js';

type Emit = (e: Emitter) => void;

const emit = (write: Emit, fallible = false): CastImplementation => ({
  fallible,
  implementation: {
    kind: 'emit',
    emit: (e) => {
      write(e);
      return undefined;
    },
  },
});

const identity: CastImplementation = {
  fallible: false,
  implementation: { kind: 'emit', emit: (_, operands) => operands[0]!.bits },
};

/** How values of one type become values of another; every pair that `canCast` allows explicitly has one. */
export function castOf(from: SqlType, to: SqlType): CastImplementation {
  if (isNestedType(from) && isNestedType(to)) return haveSameBytes(from, to) ? identity : castNested(from, to);
  const special =
    castToText(from, to) ??
    castJsonb(from, to) ??
    castNumber(from, to) ??
    castTime(from, to) ??
    castBoolean(from, to) ??
    castBytes(from, to);
  if (special) return special;
  if (physicalTypeOf(from) === 'string' && !isNestedType(from)) return parsing(to);
  throw userError('42846', `cannot cast type ${formatTypeName(from)} to ${formatTypeName(to)}`);
}

/** Does the cast leave the bytes of a value as they are? */
export function isRelabeling(from: SqlType, to: SqlType): boolean {
  return castOf(from, to) === identity && physicalTypeOf(from) === physicalTypeOf(to);
}

type KernelCall = Pick<KernelImplementation, 'kernel' | 'wideKernel' | 'parameters'>;

/** A kernel that reads the plain forms of a type. */
function textReader(to: SqlType): KernelCall | undefined {
  switch (to.kind) {
    case 'integer':
      return { kernel: 'textToInteger' };
    case 'bigint':
      return { kernel: 'textToBigint' };
    case 'real':
      return { kernel: 'textToReal' };
    case 'double':
      return { kernel: 'textToDouble' };
    case 'decimal':
      return { kernel: 'textToDecimal64', wideKernel: 'textToDecimal128', parameters: [to.precision, to.scale] };
    case 'date':
      return { kernel: 'textToDate' };
    case 'timestamp':
      return { kernel: 'textToTimestamp', parameters: [0] };
    case 'timestamptz':
      return { kernel: 'textToTimestamp', parameters: [1] };
    case 'json':
      return { kernel: 'textToJson' };
    case 'jsonb':
      return { kernel: 'textToJsonb' };
    default:
      return undefined;
  }
}

function parsing(to: SqlType): CastImplementation {
  const create: VectorCreate =
    () =>
    ([text]) =>
      parseValue(text as string, to);
  const reader = textReader(to);
  if (!reader) return { fallible: true, implementation: { kind: 'vector', create } };
  return { fallible: true, implementation: { kind: 'kernel', block: true, ...reader, fallback: create } };
}

const isText = (type: SqlType): boolean => type.kind === 'text' || type.kind === 'varchar' || type.kind === 'char';

function castToText(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (!isText(to)) {
    const relabeled = from.kind === to.kind && from.kind !== 'decimal';
    return relabeled || (from.kind === 'jsonb' && to.kind === 'json') ? identity : undefined;
  }
  const fromString = isText(from) || from.kind === 'unknown' || from.kind === 'json' || from.kind === 'jsonb';
  if (to.kind === 'char') return padded(from, to.length);
  if (from.kind === 'char') return withoutPadding(to);
  if (to.kind === 'varchar' && to.length !== undefined && !fits(from, to.length)) {
    return fromString ? truncated(to.length) : formatted(from, to.length);
  }
  return fromString ? identity : formatted(from, undefined);
}

/** What char(n) was padded with is not part of the text. */
function withoutPadding(to: SqlType): CastImplementation {
  const length = to.kind === 'varchar' ? to.length : undefined;
  return emit((e) => {
    e.kernel('textTrimTrailingSpaces', ['v128'], 'v128');
    if (length === undefined) return;
    e.i32(length);
    e.kernel('textLeft', ['v128', 'i32'], 'v128');
  });
}

function fits(from: SqlType, length: number): boolean {
  return (from.kind === 'varchar' || from.kind === 'char') && from.length !== undefined && from.length <= length;
}

/** An explicit cast to varchar(n) cuts silently, as the SQL standard has it. */
function truncated(length: number): CastImplementation {
  return emit((e) => {
    e.i32(length);
    e.kernel('textLeft', ['v128', 'i32'], 'v128');
  });
}

function formatted(from: SqlType, length: number | undefined): CastImplementation {
  const kernel = length === undefined ? textWriter(from) : undefined;
  if (kernel) return { fallible: true, implementation: kernel };
  const create = () => (args: readonly unknown[]) => {
    const text = formatValue(args[0] as never, from);
    return length === undefined ? text : [...text].slice(0, length).join('');
  };
  return { fallible: true, implementation: { kind: 'vector', create } };
}

/** The table that kernels for floating point numbers read. */
const powersOfTen = { parameters: [POWERS_OF_TEN], needsPowersOfTen: true } as const;

/** A kernel that writes values of the type as text. */
function textWriter(from: SqlType): FunctionImplementation | undefined {
  switch (from.kind) {
    case 'boolean':
      return { kind: 'kernel', kernel: 'boolToText', block: true };
    case 'smallint':
    case 'integer':
      return { kind: 'kernel', kernel: 'integerToText', block: true };
    case 'bigint':
      return { kind: 'kernel', kernel: 'bigintToText', block: true };
    case 'date':
      return { kind: 'kernel', kernel: 'dateToText', block: true };
    case 'time':
      return { kind: 'kernel', kernel: 'timeToText', block: true };
    case 'interval':
      return { kind: 'kernel', kernel: 'intervalToText', block: true };
    case 'timestamp':
    case 'timestamptz':
      return textOfOperand('timestampToText', from.kind === 'timestamptz' ? 1 : 0);
    case 'double':
      return { kind: 'kernel', kernel: 'doubleToText', block: true, ...powersOfTen };
    case 'real':
      return { kind: 'kernel', kernel: 'realToText', block: true, ...powersOfTen };
    case 'array':
    case 'struct':
    case 'map':
      return { kind: 'kernel', kernel: 'nestedToText', block: true, ...powersOfTen };
    case 'decimal':
      return textOfOperand('decimal64ToText', from.scale, 'decimal128ToText');
    default:
      return undefined;
  }
}

/** Calls a kernel with the operand and a number; another one when the operand is a v128. */
function textOfOperand(kernel: string, parameter: number, wideKernel = kernel): FunctionImplementation {
  return {
    kind: 'emit',
    emit: (e, operands) => {
      const { wasm } = operands[0]!;
      const value = e.local(wasm);
      e.set(value);
      e.block();
      e.get(value);
      e.i32(parameter);
      e.kernel(wasm === 'v128' ? wideKernel : kernel, ['i32', wasm, 'i32'], 'v128');
      e.checkStatus();
      return undefined;
    },
  };
}

function padded(from: SqlType, length: number): CastImplementation {
  const create = () => (args: readonly unknown[]) =>
    [...formatValue(args[0] as never, from)].slice(0, length).join('').padEnd(length);
  return { fallible: true, implementation: { kind: 'vector', create } };
}

const isInteger = (type: SqlType): type is { kind: 'smallint' | 'integer' | 'bigint' } =>
  type.kind === 'smallint' || type.kind === 'integer' || type.kind === 'bigint';

const isFloat = (type: SqlType): type is { kind: 'real' | 'double' } => type.kind === 'real' || type.kind === 'double';

function castNumber(from: SqlType, to: SqlType): CastImplementation | undefined {
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

type IntegerKind = 'smallint' | 'integer' | 'bigint';
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
    return parseValue(value.toPrecision(digits), to);
  };
  const implementation: KernelImplementation = {
    kind: 'kernel',
    block: true,
    kernel: `${from.kind}ToDecimal64`,
    wideKernel: `${from.kind}ToDecimal128`,
    parameters: [to.precision, to.scale, POWERS_OF_TEN],
    needsPowersOfTen: true,
    fallback: create,
  };
  return { fallible: true, implementation };
}

const integerBytes: Readonly<Record<IntegerKind, number>> = { smallint: 2, integer: 4, bigint: 8 };

/** Integers as their bytes, the highest first, and back. */
function castBytes(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (isInteger(from) && to.kind === 'bytea') {
    const create: VectorCreate =
      () =>
      ([value]) => {
        const bytes = new DataView(new ArrayBuffer(8));
        bytes.setBigInt64(0, BigInt(value as number | bigint));
        return new Uint8Array(bytes.buffer, 8 - integerBytes[from.kind]);
      };
    return { fallible: false, implementation: { kind: 'vector', create } };
  }
  if (from.kind !== 'bytea' || !isInteger(to)) return undefined;
  const byteCount = integerBytes[to.kind];
  const create: VectorCreate =
    () =>
    ([value]) => {
      const bytes = value as Uint8Array;
      if (bytes.length > byteCount) throw userError('22003', `${to.kind} out of range`);
      let number = 0n;
      for (const byte of bytes) number = (number << 8n) | BigInt(byte);
      const signed = BigInt.asIntN(byteCount * 8, number);
      return to.kind === 'bigint' ? signed : Number(signed);
    };
  return { fallible: true, implementation: { kind: 'vector', create } };
}

function castBoolean(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (from.kind === 'boolean' && isInteger(to)) {
    return to.kind === 'bigint' ? emit((e) => e.op(op.i64ExtendI32U)) : emit(() => undefined);
  }
  if (!isInteger(from) || to.kind !== 'boolean') return undefined;
  return emit((e) => {
    if (from.kind === 'bigint') e.i64(0);
    else e.i32(0);
    e.op(from.kind === 'bigint' ? op.i64Ne : op.i32Ne);
  });
}

const timeOfTimestampSlowly: VectorCreate =
  () =>
  ([timestamp]) => {
    const value = timestamp as bigint;
    if (isInfiniteTimestamp(value)) return null;
    return ((value % DAY_MICROSECONDS) + DAY_MICROSECONDS) % DAY_MICROSECONDS;
  };

/** Infinity has no time of day. */
const timeOfTimestamp: CastImplementation = {
  fallible: true,
  implementation: {
    kind: 'kernel',
    kernel: 'timestampToTime',
    block: true,
    fallback: timeOfTimestampSlowly,
    nullable: true,
  },
};

function castTime(from: SqlType, to: SqlType): CastImplementation | undefined {
  const isInstant = to.kind === 'timestamp' || to.kind === 'timestamptz';
  if (from.kind === 'date' && isInstant) {
    return emit(emitDateToTimestamp, true);
  }
  if (from.kind === 'timestamp' || from.kind === 'timestamptz') {
    // In other zones than UTC the binder calls `timezone` instead (planner/binder/session-zone.ts).
    if (isInstant) return identity;
    if (to.kind === 'date') return emit((e) => e.kernel('timestampToDate', ['i64'], 'i32'));
    if (to.kind === 'time') return timeOfTimestamp;
  }
  if (from.kind === 'time' && to.kind === 'interval') {
    return emit((e) => e.kernel('timeToInterval', ['i64'], 'v128'));
  }
  if (from.kind === 'interval' && to.kind === 'time') {
    return emit((e) => e.kernel('intervalToTime', ['v128'], 'i64'));
  }
  return undefined;
}
