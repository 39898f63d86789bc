import { userError } from '../../common/errors.js';
import { formatTypeName, isNestedType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { CastImplementation, VectorCreate } from '../function-types.js';
import { op } from '../opcodes.js';
import { DAY_MICROSECONDS, isInfiniteTimestamp } from '../scalar/dates/calendar.js';
import { emitDateToTimestamp } from '../scalar/dates/date-arithmetic.js';
import { castBytes } from './byte-casts.js';
import { emit, identity } from './cast-implementation.js';
import { castJsonb } from './json-casts.js';
import { castNested, haveSameBytes } from './nested-casts.js';
import { castNumber, isInteger } from './number-casts.js';
import { castToText, parsing } from './text-casts.js';

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
    declinedIsNull: true,
  },
};

function castTime(from: SqlType, to: SqlType): CastImplementation | undefined {
  const isInstant = to.kind === 'timestamp' || to.kind === 'timestamptz';
  if (from.kind === 'date' && isInstant) {
    return emit(emitDateToTimestamp, true);
  }
  if (from.kind === 'timestamp' || from.kind === 'timestamptz') {
    // In other zones than UTC there are calls of `timezone` instead (planner/logical/zoned-cast.ts).
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
