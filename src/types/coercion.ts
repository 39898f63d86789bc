import { type MillraceError, notSupportedError, userError } from '../common/errors.js';
import { asDecimal, decimalCommonType } from './decimal-rules.js';
import {
  arrayOf,
  BOOLEAN,
  componentTypes,
  decimal,
  formatType,
  formatTypeName,
  isNestedType,
  type NestedType,
  type SqlType,
  type SqlTypeKind,
  sameType,
  TEXT,
  UNKNOWN,
} from './sql-type.js';

/** Where a cast stands: `implicit` in any expression, `assignment` when a value is stored, `explicit` when written. */
export type CastContext = 'implicit' | 'assignment' | 'explicit';

/** PostgreSQL's type categories; within one, a preferred type wins when overloads compete. */
export type TypeCategory = 'boolean' | 'number' | 'string' | 'datetime' | 'timespan' | 'nested' | 'other' | 'unknown';

const CATEGORIES: Readonly<Record<SqlTypeKind, TypeCategory>> = {
  unknown: 'unknown',
  boolean: 'boolean',
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  real: 'number',
  double: 'number',
  decimal: 'number',
  text: 'string',
  varchar: 'string',
  char: 'string',
  bytea: 'other',
  date: 'datetime',
  time: 'datetime',
  timestamp: 'datetime',
  timestamptz: 'datetime',
  interval: 'timespan',
  uuid: 'other',
  json: 'other',
  jsonb: 'other',
  array: 'nested',
  struct: 'nested',
  map: 'nested',
};

const PREFERRED: ReadonlySet<SqlTypeKind> = new Set(['boolean', 'double', 'text', 'timestamptz', 'interval']);

export function typeCategory(kind: SqlTypeKind): TypeCategory {
  return CATEGORIES[kind];
}

export function isPreferredType(kind: SqlTypeKind): boolean {
  return PREFERRED.has(kind);
}

type CastRow = { readonly implicit?: readonly SqlTypeKind[]; readonly assignment?: readonly SqlTypeKind[] } & {
  readonly explicit?: readonly SqlTypeKind[];
};

/** pg_cast, for our types. Beyond it every type can be written as text on assignment and read from text explicitly. */
const CASTS: Readonly<Partial<Record<SqlTypeKind, CastRow>>> = {
  boolean: { explicit: ['integer'] },
  smallint: { implicit: ['integer', 'bigint', 'decimal', 'real', 'double'], explicit: ['bytea'] },
  integer: {
    implicit: ['bigint', 'decimal', 'real', 'double'],
    assignment: ['smallint'],
    explicit: ['boolean', 'bytea'],
  },
  bigint: {
    implicit: ['decimal', 'real', 'double'],
    assignment: ['smallint', 'integer'],
    explicit: ['bytea'],
  },
  decimal: { implicit: ['decimal', 'real', 'double'], assignment: ['smallint', 'integer', 'bigint'] },
  real: { implicit: ['double'], assignment: ['smallint', 'integer', 'bigint', 'decimal'] },
  double: { assignment: ['smallint', 'integer', 'bigint', 'real', 'decimal'] },
  text: { implicit: ['varchar', 'char'] },
  varchar: { implicit: ['text', 'varchar', 'char'] },
  char: { implicit: ['text', 'varchar', 'char'] },
  bytea: { explicit: ['smallint', 'integer', 'bigint'] },
  date: { implicit: ['timestamp', 'timestamptz'] },
  time: { implicit: ['interval'] },
  timestamp: { implicit: ['timestamptz'], assignment: ['date', 'time'] },
  timestamptz: { assignment: ['timestamp', 'date', 'time'] },
  interval: { assignment: ['time'] },
  json: { assignment: ['jsonb'] },
  jsonb: { assignment: ['json'], explicit: ['boolean', 'smallint', 'integer', 'bigint', 'decimal', 'real', 'double'] },
};

export function canCast(from: SqlType, to: SqlType, context: CastContext): boolean {
  if (isNestedType(from) && isNestedType(to)) return canCastNested(from, to, context);
  return canCastKind(from.kind, to.kind, context);
}

/** Nested values are cast part by part. */
function canCastNested(from: NestedType, to: NestedType, context: CastContext): boolean {
  const [parts, targets] = [componentTypes(from), componentTypes(to)];
  if (from.kind !== to.kind || parts.length !== targets.length || haveFieldsSwapped(from, to)) return false;
  return parts.every((part, i) => sameType(part, targets[i]!) || canCast(part, targets[i]!, context));
}

/**
 * Rows are cast and compared by position. Where the same names stand in another order, whoever wrote them meant the
 * names: DuckDB goes by them, Spark does not, and neither answer is what all would expect.
 */
function haveFieldsSwapped(left: NestedType, right: NestedType): boolean {
  if (left.kind !== 'struct' || right.kind !== 'struct' || left.fields.length !== right.fields.length) return false;
  const names = left.fields.map(({ name }) => name);
  const others = right.fields.map(({ name }) => name);
  if (names.every((name, i) => name === others[i])) return false;
  return new Set(names).size === names.length && names.every((name) => others.includes(name));
}

/** As `canCast`: but for nested types, casts depend on the kinds alone. */
export function canCastKind(from: SqlTypeKind, to: SqlTypeKind, context: CastContext): boolean {
  if (from === to || from === 'unknown') return true;
  const row = CASTS[from];
  if (row?.implicit?.includes(to)) return true;
  if (context === 'implicit') return false;
  if (row?.assignment?.includes(to)) return true;
  if (CATEGORIES[to] === 'string') return true;
  if (context === 'assignment') return false;
  return row?.explicit?.includes(to) === true || CATEGORIES[from] === 'string';
}

/** The type an implicit cast of `type` to a kind yields: integers as decimals keep all their digits. */
export function castTargetOf(type: SqlType, kind: SqlTypeKind): SqlType {
  if (type.kind === kind) return type;
  switch (kind) {
    case 'decimal':
      return asDecimal(type) ?? decimal(38, 10);
    case 'char':
      return { kind: 'char', length: 1 };
    default:
      return { kind } as SqlType;
  }
}

/**
 * The type that the alternatives of CASE, COALESCE, IN, VALUES, UNION and of GREATEST are cast to, after PostgreSQL's
 * rules; decimals widen so that each value fits. Throws 42804 (`what` names the construct).
 */
export function commonType(types: readonly SqlType[], what: string = 'CASE'): SqlType {
  let candidate: SqlType = UNKNOWN;
  for (const type of types) {
    if (type.kind === 'unknown') continue;
    candidate = candidate.kind === 'unknown' ? type : widerOf(candidate, type, what);
  }
  if (candidate.kind === 'unknown') return TEXT;
  return types.some((type) => type.kind === 'unknown') ? withoutLength(candidate) : candidate;
}

/** What an untyped literal beside the type becomes: it is never cut to a length, as a cast would. */
export function withoutLength(type: SqlType): SqlType {
  if (type.kind === 'varchar') return type.length === undefined ? type : { kind: 'varchar' };
  return type.kind === 'char' ? TEXT : type;
}

function widerOf(left: SqlType, right: SqlType, what: string): SqlType {
  if (sameType(left, right)) return left;
  const leftDecimal = asDecimal(left);
  const rightDecimal = asDecimal(right);
  if (leftDecimal && rightDecimal && (left.kind === 'decimal' || right.kind === 'decimal')) {
    return decimalCommonType(leftDecimal, rightDecimal);
  }
  if (isNestedType(left) && isNestedType(right)) return widerNested(left, right, what);
  if (left.kind === right.kind) {
    // varchar(3) and varchar(5), char(1) and char(2): the length is dropped.
    return left.kind === 'varchar' ? { kind: 'varchar' } : left.kind === 'char' ? TEXT : left;
  }
  if (typeCategory(left.kind) !== typeCategory(right.kind)) {
    throw userError('42804', `${what} types ${formatTypeName(left)} and ${formatTypeName(right)} cannot be matched`, {
      hint: 'Cast one of them so that both have the same type.',
    });
  }
  if (typeCategory(left.kind) === 'string') return TEXT;
  if (!isPreferredType(left.kind) && canCast(left, right, 'implicit') && !canCast(right, left, 'implicit')) {
    return right;
  }
  if (canCast(right, left, 'implicit')) return left;
  throw userError('42804', `${what} could not convert type ${formatTypeName(right)} to ${formatTypeName(left)}`, {
    hint: 'Cast one of them so that both have the same type.',
  });
}

function widerNested(left: NestedType, right: NestedType, what: string): SqlType {
  const wider = (a: SqlType, b: SqlType): SqlType =>
    a.kind === 'unknown' ? b : b.kind === 'unknown' ? a : widerOf(a, b, what);
  if (left.kind === 'array' && right.kind === 'array') return arrayOf(wider(left.element, right.element));
  if (left.kind === 'map' && right.kind === 'map') {
    return { kind: 'map', key: wider(left.key, right.key), value: wider(left.value, right.value) };
  }
  if (haveFieldsSwapped(left, right)) {
    throw userError('42804', `${what} types ${formatType(left)} and ${formatType(right)} cannot be matched`, {
      hint: 'Write their fields in the same order.',
    });
  }
  if (left.kind === 'struct' && right.kind === 'struct' && left.fields.length === right.fields.length) {
    const { fields } = right;
    return {
      kind: 'struct',
      fields: left.fields.map(({ name, type }, i) => ({ name, type: wider(type, fields[i]!.type) })),
    };
  }
  throw userError('42804', `${what} types ${formatType(left)} and ${formatType(right)} cannot be matched`, {
    hint: 'Cast one of them so that both have the same type.',
  });
}

const TYPE_NAMES: Readonly<Record<string, SqlTypeKind>> = {
  bool: 'boolean',
  boolean: 'boolean',
  smallint: 'smallint',
  int2: 'smallint',
  tinyint: 'smallint',
  short: 'smallint',
  integer: 'integer',
  int: 'integer',
  int4: 'integer',
  bigint: 'bigint',
  int8: 'bigint',
  long: 'bigint',
  real: 'real',
  float4: 'real',
  double: 'double',
  'double precision': 'double',
  float8: 'double',
  float: 'double',
  decimal: 'decimal',
  numeric: 'decimal',
  dec: 'decimal',
  text: 'text',
  string: 'text',
  varchar: 'varchar',
  'character varying': 'varchar',
  'char varying': 'varchar',
  char: 'char',
  character: 'char',
  bpchar: 'char',
  bytea: 'bytea',
  binary: 'bytea',
  blob: 'bytea',
  date: 'date',
  time: 'time',
  'time without time zone': 'time',
  timestamp: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamp_ntz: 'timestamp',
  datetime: 'timestamp',
  timestamptz: 'timestamptz',
  timestamp_ltz: 'timestamptz',
  'timestamp with time zone': 'timestamptz',
  interval: 'interval',
  uuid: 'uuid',
  json: 'json',
  jsonb: 'jsonb',
};

/** What `numeric` is without a precision: wide on both sides of the point. */
export const DEFAULT_DECIMAL: SqlType = decimal(38, 10);

/**
 * A written type name: its words (`['double', 'precision']`, `['pg_catalog', 'int4']` with `pg_catalog` left out by the
 * caller or not) and the numbers in parentheses. Throws 42704 or 22023.
 */
export function typeFromName(parts: readonly string[], modifiers: readonly number[] = []): SqlType {
  const words = parts[0]?.toLowerCase() === 'pg_catalog' ? parts.slice(1) : parts;
  const name = words.join(' ').toLowerCase();
  const kind = TYPE_NAMES[name];
  if (name === 'timetz' || name === 'time with time zone') throw zonedTimeError();
  if (!kind) throw unknownTypeError(name);
  const [first, second] = modifiers;
  switch (kind) {
    case 'decimal':
      return first === undefined ? DEFAULT_DECIMAL : checkedDecimal(first, second ?? 0);
    case 'varchar':
      return first === undefined ? { kind } : { kind, length: checkedLength('varchar', first) };
    case 'char':
      if (first === undefined && name === 'bpchar') return TEXT;
      return { kind, length: checkedLength('char', first ?? 1) };
    case 'double':
      return name === 'float' && first !== undefined && first <= 24 ? { kind: 'real' } : { kind };
    case 'boolean':
      return BOOLEAN;
    default:
      return { kind } as SqlType;
  }
}

function checkedDecimal(precision: number, scale: number): SqlType {
  if (precision < 1 || precision > 38) {
    throw userError('22023', `NUMERIC precision ${precision} must be between 1 and 38`, {
      hint: 'Millrace keeps decimals of up to 38 digits.',
    });
  }
  if (scale < 0 || scale > precision) {
    throw userError('22023', `NUMERIC scale ${scale} must be between 0 and precision ${precision}`);
  }
  return decimal(precision, scale);
}

function checkedLength(name: string, length: number): number {
  if (length < 1) throw userError('22023', `length for type ${name} must be at least 1`);
  return length;
}

function zonedTimeError(): MillraceError {
  return notSupportedError('type time with time zone is not supported', {
    hint: 'Use time, or timestamptz: an offset without a date says little.',
  });
}

function unknownTypeError(name: string): MillraceError {
  if (/^(big|small)?serial[248]?$/.test(name)) {
    return userError('42704', `type "${name}" does not exist`, {
      hint: 'It is a type of columns of CREATE TABLE only: elsewhere write smallint, integer or bigint.',
    });
  }
  return userError('42704', `type "${name}" does not exist`, {
    hint: 'Types are boolean, smallint, integer, bigint, real, double precision, numeric, text, varchar, char, bytea, date, time, timestamp, timestamptz, interval, uuid, json and jsonb.',
  });
}
