import { userError } from '../common/errors.js';
import { instantToLocal } from '../functions/zones/zone-arithmetic.js';
import { requiredZone } from '../functions/zones/zone-of.js';
import type { ConstantExpression } from '../planner/expression.js';
import { BOOLEAN, DATE, INTEGER, type SqlType, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ } from '../types/sql-type.js';
import type { EngineSession } from './engine-session.js';

const MICROSECONDS_PER_DAY = 86_400_000_000n;

/**
 * `current_date`, `now()`, `current_user` and their like: constants while a statement runs. `args` are those of the
 * call, or the precision of `current_timestamp(0)`.
 */
export function sessionValue(
  session: EngineSession,
  name: string,
  args: readonly ConstantExpression[],
  statementStart: Date,
): ConstantExpression | undefined {
  const micros = (moment: Date): bigint => toPrecision(BigInt(moment.getTime()) * 1000n, args[0]?.value);
  const start = micros(session.transaction.startedAt ?? statementStart);
  const local = (instant: bigint): bigint =>
    session.timeZone === undefined ? instant : instantToLocal(requiredZone(session.timeZone), instant);
  switch (name) {
    case 'now':
    case 'current_timestamp':
    case 'transaction_timestamp':
      return constant(TIMESTAMPTZ, start);
    case 'statement_timestamp':
    case 'clock_timestamp':
      return constant(TIMESTAMPTZ, micros(statementStart));
    case 'localtimestamp':
      return constant(TIMESTAMP, local(start));
    case 'current_date':
      return constant(DATE, Number(local(start) / MICROSECONDS_PER_DAY));
    case 'localtime':
      return constant(TIME, local(start) % MICROSECONDS_PER_DAY);
    case 'current_user':
    case 'session_user':
    case 'user':
    case 'current_role':
      return constant(TEXT, session.user);
    case 'current_database':
    case 'current_catalog':
      return constant(TEXT, session.database);
    case 'current_schema':
      return constant(TEXT, 'public');
    case 'version':
      return constant(TEXT, `PostgreSQL ${session.settings.get('server_version')} (Millrace)`);
    case 'pg_is_in_recovery':
      return constant(BOOLEAN, false);
    case 'pg_backend_pid':
      return constant(INTEGER, process.pid);
    case 'timeofday':
      return constant(TEXT, timeOfDay(local(micros(statementStart)), session.timeZone ?? 'UTC'));
    case 'set_config':
      return constant(TEXT, setConfig(session, args));
    case 'current_setting':
      return constant(TEXT, settingValue(session, args));
    default:
      return undefined;
  }
}

function constant(type: SqlType, value: ConstantExpression['value']): ConstantExpression {
  return { kind: 'constant', type, value };
}

/** Rounded to that many digits of a second, when there is a number. */
function toPrecision(microseconds: bigint, digits: unknown): bigint {
  if (typeof digits !== 'number' || digits >= 6) return microseconds;
  const unit = 10n ** BigInt(6 - digits);
  return ((microseconds + unit / 2n) / unit) * unit;
}

function settingValue(session: EngineSession, [name, missingOk]: readonly ConstantExpression[]): string | null {
  if (typeof name?.value !== 'string' || missingOk?.value === null) return null;
  const value = session.settings.get(name.value);
  if (value !== undefined) return value;
  if (missingOk?.value === true) return null;
  throw userError('42704', `unrecognized configuration parameter "${name.value}"`, {
    hint: 'SHOW ALL lists the settings.',
  });
}

/** A null value resets the setting. */
function setConfig(session: EngineSession, [name, value, isLocal]: readonly ConstantExpression[]): string | null {
  const { settings } = session;
  if (typeof name?.value !== 'string') throw userError('22004', 'SET requires parameter name');
  if (isLocal?.value === true) {
    if (typeof value?.value === 'string') settings.setLocal(name.value, value.value);
    else settings.resetLocal(name.value);
  } else if (typeof value?.value === 'string') settings.set(name.value, value.value);
  else settings.reset(name.value);
  return settings.get(name.value) ?? null;
}

/** `Sat Nov 28 07:47:36.000000 2026 UTC`. */
function timeOfDay(local: bigint, zone: string): string {
  const [weekday, day, month, year, time] = new Date(Number(local / 1000n)).toUTCString().split(/,? /);
  const fraction = String(local % 1_000_000n).padStart(6, '0');
  return `${weekday} ${month} ${day} ${time}.${fraction} ${year} ${zone}`;
}
