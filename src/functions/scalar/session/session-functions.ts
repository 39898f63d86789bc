import { BOOLEAN, DATE, INTEGER, type SqlType, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.js';
import type { FunctionExample, ScalarFunction, TypePattern } from '../../function-types.js';

const session = (
  name: string,
  doc: string,
  returns: SqlType,
  example: FunctionExample,
  ...argLists: TypePattern[][]
): ScalarFunction => ({
  name,
  doc,
  example,
  overloads: (argLists.length === 0 ? [[]] : argLists).map((args) => ({
    args,
    returns,
    volatility: 'stable',
    implementation: { kind: 'session' },
  })),
});

/** What the session knows and a statement does not change: `session-values.ts` answers them. */
export const sessionFunctions: readonly ScalarFunction[] = [
  session('now', 'When the transaction started.', TIMESTAMPTZ, { sql: 'now() = current_timestamp', result: 't' }),
  session('current_timestamp', 'When the transaction started.', TIMESTAMPTZ, {
    sql: 'current_timestamp = now()',
    result: 't',
  }),
  session('transaction_timestamp', 'When the transaction started.', TIMESTAMPTZ, {
    sql: 'transaction_timestamp() = now()',
    result: 't',
  }),
  session('statement_timestamp', 'When the statement started.', TIMESTAMPTZ, {
    sql: 'statement_timestamp() >= now()',
    result: 't',
  }),
  session('clock_timestamp', 'When the statement started.', TIMESTAMPTZ, {
    sql: 'clock_timestamp() >= statement_timestamp()',
    result: 't',
  }),
  session('localtimestamp', 'When the transaction started, without time zone.', TIMESTAMP, {
    sql: 'localtimestamp = now()::timestamp',
    result: 't',
  }),
  session('current_date', 'The day on which the transaction started.', DATE, {
    sql: 'current_date = now()::date',
    result: 't',
  }),
  session('localtime', 'The time at which the transaction started.', TIME, {
    sql: 'localtime = localtimestamp::time',
    result: 't',
  }),
  session('version', 'The version of PostgreSQL that is spoken, and that this is Millrace.', TEXT, {
    sql: "version() like 'PostgreSQL %'",
    result: 't',
  }),
  session('current_database', 'The name of the lake, as the client gave it.', TEXT, {
    sql: 'current_database() is not null',
    result: 't',
  }),
  session('current_schema', 'Where names without a schema are looked up.', TEXT, {
    sql: 'current_schema()',
    result: 'public',
  }),
  session('pg_is_in_recovery', 'Always false.', BOOLEAN, { sql: 'pg_is_in_recovery()', result: 'f' }),
  session(
    'current_setting',
    'The value of a setting; with true as second argument NULL if there is none of that name.',
    TEXT,
    { sql: "current_setting('millrace.none', true)", result: 'NULL' },
    ['text'],
    ['text', 'boolean'],
  ),
  session(
    'set_config',
    'Gives a setting a value, for the transaction if the third argument is true, and says which it has now.',
    TEXT,
    { sql: "set_config('application_name', 'report', false)", result: 'report' },
    ['text', 'text', 'boolean'],
  ),
  session('pg_backend_pid', 'The number of the process that serves the session.', INTEGER, {
    sql: 'pg_backend_pid() > 0',
    result: 't',
  }),
  session('timeofday', 'When the statement started, as text.', TEXT, { sql: 'length(timeofday()) > 30', result: 't' }),
];
