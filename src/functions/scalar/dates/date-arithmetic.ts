import { DATE, INTEGER, INTERVAL, type SqlTypeKind, TIME, TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.js';
import type { Emitter } from '../../emitter.js';
import type { FunctionImplementation, ScalarOverloadDeclaration } from '../../function-types.js';
import { op } from '../../opcodes.js';

/** Microseconds of a day. */
const DAY_MICROSECONDS = 86_400_000_000n;

const kernel = (name: string, block = true): FunctionImplementation => ({ kind: 'kernel', kernel: name, block });

function overload(
  args: readonly SqlTypeKind[],
  returns: ScalarOverloadDeclaration['returns'],
  implementation: FunctionImplementation,
): ScalarOverloadDeclaration {
  return { args, returns, fallible: true, implementation };
}

const FIRST_DAY = -2_440_588;
const LAST_TIMESTAMP_DAY = 106_751_982;

/** i32 days on the stack become an i64 of µs. Can fail: dates reach further than timestamps. */
export function emitDateToTimestamp(e: Emitter): undefined {
  const date = e.local('i32');
  e.set(date);
  e.get(date);
  e.i32(-FIRST_DAY);
  e.op(op.i32Add);
  e.i32(LAST_TIMESTAMP_DAY - FIRST_DAY);
  e.op(op.i32GtU);
  e.if('i64');
  e.block();
  e.get(date);
  e.kernel('dateToTimestamp', ['i32', 'i32'], 'i64');
  e.checkStatus();
  e.else();
  e.get(date);
  e.op(op.i64ExtendI32S);
  e.i64(DAY_MICROSECONDS);
  e.op(op.i64Mul);
  e.end();
}

function datePlusDays(subtract: boolean): FunctionImplementation {
  return {
    kind: 'emit',
    emit: (e) => {
      const [days, date] = [e.local('i32'), e.local('i32')];
      e.set(days);
      e.set(date);
      e.block();
      e.get(date);
      e.get(days);
      e.kernel(subtract ? 'dateSubtractDays' : 'dateAddDays', ['i32', 'i32', 'i32'], 'i32');
      e.checkStatus();
      return undefined;
    },
  };
}

/** `instant ± interval` where the instant is a date or timestamp, on either side of a `+`. */
function plusInterval(
  instant: 'date' | 'timestamp' | 'timestamptz',
  sign: 1 | -1,
  swapped: boolean,
): ScalarOverloadDeclaration {
  return overload(
    swapped ? ['interval', instant] : [instant, 'interval'],
    instant === 'timestamptz' ? TIMESTAMPTZ : TIMESTAMP,
    {
      kind: 'emit',
      emit: (e) => {
        const interval = e.local('v128');
        const start = e.local('i64');
        if (!swapped) e.set(interval);
        if (instant === 'date') emitDateToTimestamp(e);
        e.set(start);
        if (swapped) e.set(interval);
        e.block();
        e.get(start);
        e.get(interval);
        e.i32(sign);
        e.kernel('timestampAddInterval', ['i32', 'i64', 'v128', 'i32'], 'i64');
        e.checkStatus();
        return undefined;
      },
    },
  );
}

const dateMinusDate: FunctionImplementation = {
  kind: 'emit',
  emit: (e) => {
    const [first, second] = [e.local('i32'), e.local('i32')];
    e.set(second);
    e.set(first);
    // 2^31 − 1 and −2^31 are infinite: with 2^31 + 1 added they wrap to 0 and 1, and no other date does.
    for (const date of [first, second]) {
      e.get(date);
      e.i32(-0x8000_0000);
      e.op(op.i32Add);
      e.i32(1);
      e.op(op.i32Add);
      e.i32(2);
      e.op(op.i32LtU);
    }
    e.op(op.i32Or);
    e.failIf('infiniteDates');
    e.get(first);
    e.get(second);
    e.op(op.i32Sub);
    return undefined;
  },
};

const swapThen = (
  implementation: (e: Emitter) => void,
  types: readonly ['i32' | 'i64' | 'f64' | 'v128', 'i32' | 'i64' | 'f64' | 'v128'],
): FunctionImplementation => ({
  kind: 'emit',
  emit: (e) => {
    const second = e.local(types[1]);
    const first = e.local(types[0]);
    e.set(second);
    e.set(first);
    e.block();
    e.get(second);
    e.get(first);
    implementation(e);
    e.checkStatus();
    return undefined;
  },
});

export const dateAdditions: readonly ScalarOverloadDeclaration[] = [
  overload(['date', 'integer'], DATE, datePlusDays(false)),
  overload(['integer', 'date'], DATE, datePlusDays(false)),
  plusInterval('date', 1, false),
  plusInterval('timestamp', 1, false),
  plusInterval('timestamptz', 1, false),
  plusInterval('date', 1, true),
  plusInterval('timestamp', 1, true),
  plusInterval('timestamptz', 1, true),
  overload(['time', 'interval'], TIME, kernel('timeAddInterval', false)),
  overload(['interval', 'time'], TIME, {
    kind: 'emit',
    emit: (e) => {
      const [time, interval] = [e.local('i64'), e.local('v128')];
      e.set(time);
      e.set(interval);
      e.get(time);
      e.get(interval);
      e.kernel('timeAddInterval', ['i64', 'v128'], 'i64');
      return undefined;
    },
  }),
  overload(
    ['time', 'date'],
    TIMESTAMP,
    swapThen((e) => e.kernel('dateAddTime', ['i32', 'i32', 'i64'], 'i64'), ['i64', 'i32']),
  ),
  overload(['date', 'time'], TIMESTAMP, kernel('dateAddTime')),
  overload(['interval', 'interval'], INTERVAL, kernel('intervalAdd')),
];

export const dateSubtractions: readonly ScalarOverloadDeclaration[] = [
  overload(['date', 'integer'], DATE, datePlusDays(true)),
  overload(['date', 'date'], INTEGER, dateMinusDate),
  plusInterval('date', -1, false),
  plusInterval('timestamp', -1, false),
  plusInterval('timestamptz', -1, false),
  overload(['timestamp', 'timestamp'], INTERVAL, kernel('timestampDifference')),
  overload(['timestamptz', 'timestamptz'], INTERVAL, kernel('timestampDifference')),
  overload(['time', 'interval'], TIME, kernel('timeSubtractInterval', false)),
  overload(['time', 'time'], INTERVAL, kernel('timeDifference', false)),
  overload(['interval', 'interval'], INTERVAL, kernel('intervalSubtract')),
];

export const intervalMultiplications: readonly ScalarOverloadDeclaration[] = [
  overload(['interval', 'double'], INTERVAL, kernel('intervalMultiply')),
  overload(
    ['double', 'interval'],
    INTERVAL,
    swapThen((e) => e.kernel('intervalMultiply', ['i32', 'v128', 'f64'], 'v128'), ['f64', 'v128']),
  ),
];

export const intervalDivisions: readonly ScalarOverloadDeclaration[] = [
  overload(['interval', 'double'], INTERVAL, kernel('intervalDivide')),
];

export const intervalNegation: ScalarOverloadDeclaration = overload(['interval'], INTERVAL, kernel('intervalNegate'));
