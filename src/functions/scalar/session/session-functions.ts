import { BOOLEAN, DATE, type SqlType, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.js';
import type { ScalarFunction, TypePattern } from '../../function-types.js';

const session = (name: string, doc: string, returns: SqlType, ...argLists: TypePattern[][]): ScalarFunction => ({
  name,
  doc,
  overloads: (argLists.length === 0 ? [[]] : argLists).map((args) => ({
    args,
    returns,
    volatility: 'stable',
    implementation: { kind: 'session' },
  })),
});

/** What the session knows and a statement does not change: `session-values.ts` answers them. */
export const sessionFunctions: readonly ScalarFunction[] = [
  session('now', 'When the transaction started.', TIMESTAMPTZ),
  session('current_timestamp', 'When the transaction started.', TIMESTAMPTZ),
  session('transaction_timestamp', 'When the transaction started.', TIMESTAMPTZ),
  session('statement_timestamp', 'When the statement started.', TIMESTAMPTZ),
  session('clock_timestamp', 'When the statement started.', TIMESTAMPTZ),
  session('localtimestamp', 'When the transaction started, without time zone.', TIMESTAMP),
  session('current_date', 'The day on which the transaction started.', DATE),
  session('localtime', 'The time at which the transaction started.', TIME),
  session('version', 'The version of PostgreSQL that is spoken, and that this is Millrace.', TEXT),
  session('current_database', 'The name of the lake, as the client gave it.', TEXT),
  session('current_schema', 'Where names without a schema are looked up.', TEXT),
  session('pg_is_in_recovery', 'Always false.', BOOLEAN),
  session(
    'current_setting',
    'The value of a setting; with true as second argument NULL if there is none of that name.',
    TEXT,
    ['text'],
    ['text', 'boolean'],
  ),
];
