import { normalizeTimeZone } from '../functions/zones/session-zone.js';
import { toBoolean } from './boolean-setting.js';
import { IDLE_SETTINGS } from './idle-settings.js';

/** A setting, declared once: its default, what SHOW ALL says of it, and which values it takes. */
export interface SettingDeclaration {
  readonly name: string;
  readonly defaultValue: string;
  readonly doc: string;
  /** The canonical value, or undefined when it is not allowed. Absent: any text. */
  readonly normalize?: (value: string) => string | undefined;
  /** Cannot be SET. */
  readonly readOnly?: boolean;
  /** Clients are told of changes (ParameterStatus). */
  readonly reported?: boolean;
  /** No plan depends on it. */
  readonly outsidePlans?: boolean;
}

function oneOf(...values: readonly string[]): (value: string) => string | undefined {
  return (value) => values.find((allowed) => allowed.toLowerCase() === value.toLowerCase());
}

function toInteger(value: string): string | undefined {
  return /^-?\d+$/.test(value) ? String(Number(value)) : undefined;
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds of `5000`, `'5s'`, `'1.5 min'`; undefined for what is no duration. */
export function parseDuration(value: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)?\s*$/.exec(value);
  return match === null ? undefined : Math.round(Number(match[1]) * MILLISECONDS[match[2] ?? 'ms']!);
}

/** In the largest unit that divides it, as PostgreSQL shows it. */
function toDuration(value: string): string | undefined {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined || milliseconds > 0x7fffffff) return undefined;
  if (milliseconds === 0) return '0';
  const units = Object.entries(MILLISECONDS).toReversed();
  const [unit, size] = units.find(([, size]) => milliseconds % size === 0)!;
  return `${milliseconds / size}${unit}`;
}

function toDateStyle(value: string): string | undefined {
  return /^iso(\s*,\s*(mdy|dmy|ymd))?$/i.test(value) || /^(mdy|dmy|ymd)$/i.test(value) ? 'ISO, MDY' : undefined;
}

function toEncoding(value: string): string | undefined {
  return /^'?(utf-?8|unicode)'?$/i.test(value) ? 'UTF8' : undefined;
}

/** Every setting there is. */
export const SETTINGS: readonly SettingDeclaration[] = [
  {
    name: 'application_name',
    defaultValue: '',
    doc: 'The name the client gives itself.',
    reported: true,
    outsidePlans: true,
  },
  {
    name: 'client_encoding',
    defaultValue: 'UTF8',
    doc: 'Text is always UTF-8.',
    normalize: toEncoding,
    reported: true,
  },
  { name: 'client_min_messages', defaultValue: 'notice', doc: 'Accepted for clients that set it.' },
  {
    name: 'DateStyle',
    defaultValue: 'ISO, MDY',
    doc: 'Dates are printed in ISO form.',
    normalize: toDateStyle,
    reported: true,
  },
  {
    name: 'default_transaction_isolation',
    defaultValue: 'read committed',
    doc: 'Each query reads one snapshot of each table.',
    outsidePlans: true,
  },
  {
    name: 'default_transaction_read_only',
    defaultValue: 'off',
    doc: 'Whether new transactions refuse to write.',
    normalize: toBoolean,
    reported: true,
    outsidePlans: true,
  },
  {
    name: 'extra_float_digits',
    defaultValue: '1',
    doc: 'Floating point numbers are printed in the shortest exact form.',
    normalize: toInteger,
  },
  { name: 'in_hot_standby', defaultValue: 'off', doc: 'Always off.', readOnly: true, reported: true },
  {
    name: 'integer_datetimes',
    defaultValue: 'on',
    doc: 'Timestamps are integers of microseconds.',
    readOnly: true,
    reported: true,
  },
  {
    name: 'IntervalStyle',
    defaultValue: 'postgres',
    doc: 'How intervals are printed.',
    normalize: oneOf('postgres'),
    reported: true,
  },
  { name: 'is_superuser', defaultValue: 'on', doc: 'Always on.', readOnly: true, reported: true },
  {
    name: 'lock_timeout',
    defaultValue: '0',
    doc: 'Accepted for clients that set it: there are no locks to wait for.',
    normalize: toDuration,
  },
  {
    name: 'idle_in_transaction_session_timeout',
    defaultValue: '0',
    doc: 'Accepted for clients that set it: an open block holds nothing that others wait for.',
    normalize: toDuration,
  },
  { name: 'search_path', defaultValue: '"$user", public', doc: 'Names without a schema are looked up in public.' },
  { name: 'server_encoding', defaultValue: 'UTF8', doc: 'Text is UTF-8.', readOnly: true, reported: true },
  {
    name: 'server_version',
    defaultValue: '15.0',
    doc: 'The PostgreSQL version whose behaviour clients may expect.',
    readOnly: true,
    reported: true,
  },
  { name: 'server_version_num', defaultValue: '150000', doc: 'server_version as a number.', readOnly: true },
  {
    name: 'session_authorization',
    defaultValue: 'millrace',
    doc: 'The name of the user.',
    readOnly: true,
    reported: true,
  },
  {
    name: 'standard_conforming_strings',
    defaultValue: 'on',
    doc: 'Backslashes in ordinary strings are ordinary characters.',
    normalize: oneOf('on'),
    reported: true,
  },
  {
    name: 'statement_timeout',
    defaultValue: '0',
    doc: 'How long a statement may run, such as 5s or 2min; 0 for as long as it takes.',
    normalize: toDuration,
    outsidePlans: true,
  },
  {
    name: 'TimeZone',
    defaultValue: 'UTC',
    doc: 'The time zone that timestamptz values are shown and read in: a name of the tz database, or hours east of UTC.',
    normalize: normalizeTimeZone,
    reported: true,
  },
  {
    name: 'transaction_isolation',
    defaultValue: 'read committed',
    doc: 'Each query reads one snapshot of each table.',
    outsidePlans: true,
  },
  {
    name: 'transaction_read_only',
    defaultValue: 'off',
    doc: 'Whether this transaction refuses to write.',
    normalize: toBoolean,
    outsidePlans: true,
  },
  {
    name: 'millrace.join_distribution',
    defaultValue: 'auto',
    doc: 'Joins build one table for all workers (broadcast), partition both sides (shuffle), or do as their size says (auto).',
    normalize: oneOf('auto', 'broadcast', 'shuffle'),
  },
  {
    name: 'millrace.join_filters',
    defaultValue: 'on',
    doc: 'Whether scans leave out rows that have no match in the build side of a join above them.',
    normalize: toBoolean,
  },
  {
    name: 'millrace.plan_cache',
    defaultValue: 'on',
    doc: 'Whether a query that comes again is run by the plan it had, while its tables have the same files.',
    normalize: toBoolean,
  },
  { name: 'millrace.disabled_rules', defaultValue: '', doc: 'Optimizer rules to leave out, separated by commas.' },
  {
    name: 'millrace.forced_rules',
    defaultValue: '',
    doc: 'Optimizer rules that do what they can, whether or not it pays, separated by commas: for tests.',
  },
  ...IDLE_SETTINGS,
];
