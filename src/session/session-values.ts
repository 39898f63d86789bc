import type { ConstantExpression } from '../planner/expression.js';
import { DATE, type SqlType, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ } from '../types/sql-type.js';
import type { EngineSession } from './engine-session.js';

const MICROSECONDS_PER_DAY = 86_400_000_000n;

/** `current_date`, `now()`, `current_user` and their like: constants while a statement runs. */
export function sessionValue(session: EngineSession, name: string, now: Date): ConstantExpression | undefined {
  const microseconds = BigInt(now.getTime()) * 1000n;
  const constant = (type: SqlType, value: string | number | bigint): ConstantExpression => ({
    kind: 'constant',
    type,
    value,
  });
  switch (name) {
    case 'now':
    case 'current_timestamp':
    case 'transaction_timestamp':
    case 'statement_timestamp':
    case 'clock_timestamp':
      return constant(TIMESTAMPTZ, microseconds);
    case 'localtimestamp':
      return constant(TIMESTAMP, microseconds);
    case 'current_date':
      return constant(DATE, Number(microseconds / MICROSECONDS_PER_DAY));
    case 'localtime':
      return constant(TIME, microseconds % MICROSECONDS_PER_DAY);
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
    default:
      return undefined;
  }
}
