import { notSupportedError } from '../../../common/errors.js';
import {
  DATE,
  type DecimalType,
  DOUBLE,
  decimal,
  formatType,
  INTERVAL,
  type SqlType,
  type SqlTypeKind,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../../../types/sql-type.js';
import type {
  KernelImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { dateConveniences } from './date-conveniences.js';
import {
  datePart,
  growingFields,
  isInfinite,
  makeDate,
  truncateInterval,
  truncateTimestamp,
} from './date-functions-js.js';
import { isUnit, unitError, unitOf } from './date-units.js';
import { timestampOfText, toDate } from './datetime-formatting.js';
import { intervalFunctions, timestampOfSeconds } from './interval-functions.js';
import { zonedTruncation, zoneFunctions } from './zone-functions.js';

/** Fields of EXTRACT; the number is what the kernels know it by, the type that of its value. */
export const extractFields: Readonly<Record<string, { readonly number: number; readonly type: DecimalType }>> = {
  year: { number: 0, type: decimal(10, 0) },
  month: { number: 1, type: decimal(10, 0) },
  day: { number: 2, type: decimal(10, 0) },
  hour: { number: 3, type: decimal(10, 0) },
  minute: { number: 4, type: decimal(10, 0) },
  second: { number: 5, type: decimal(10, 6) },
  milliseconds: { number: 6, type: decimal(10, 3) },
  microseconds: { number: 7, type: decimal(18, 0) },
  quarter: { number: 8, type: decimal(10, 0) },
  dow: { number: 9, type: decimal(10, 0) },
  isodow: { number: 10, type: decimal(10, 0) },
  doy: { number: 11, type: decimal(10, 0) },
  week: { number: 12, type: decimal(10, 0) },
  isoyear: { number: 13, type: decimal(10, 0) },
  decade: { number: 14, type: decimal(10, 0) },
  century: { number: 15, type: decimal(10, 0) },
  millennium: { number: 16, type: decimal(10, 0) },
  epoch: { number: 17, type: decimal(18, 6) },
};

const fieldsOfDay = ['hour', 'minute', 'second', 'milliseconds', 'microseconds'];
const notOfIntervals = ['dow', 'isodow', 'doy', 'isoyear'];

/** Of infinity some fields are infinite, as no decimal is, and the others NULL. */
const fieldOf =
  (kind: 'date' | 'timestamp', field: string, { scale }: DecimalType): VectorCreate =>
  () =>
  ([value]) => {
    const instant = kind === 'date' ? BigInt(value as number) : (value as bigint);
    if (!isInfinite(kind, instant)) {
      if (field === 'epoch') return kind === 'date' ? instant * 86_400n : instant;
      return BigInt(Math.round(Number(datePart([TEXT, { kind }])([field, value!])) * 10 ** scale));
    }
    if (!growingFields.includes(field)) return null;
    throw notSupportedError(`numeric has no infinity, which the ${field} of an infinite ${kind} is`, {
      hint: `Use date_part('${field}', …), which is a double precision number.`,
    });
  };

function extractOverload(kind: SqlTypeKind, field: string): ScalarOverloadDeclaration {
  const { number, type } = extractFields[field]!;
  const parameters = [number];
  if (kind === 'time') {
    return { args: [kind], returns: type, implementation: { kind: 'kernel', kernel: 'timeField', parameters } };
  }
  if (kind === 'interval') {
    // Long intervals have an epoch of too many digits.
    const implementation: KernelImplementation = { kind: 'kernel', kernel: 'intervalField', block: true, parameters };
    return { args: [kind], returns: type, fallible: field === 'epoch', implementation };
  }
  const isDate = kind === 'date';
  // The epoch of a date is a whole number of seconds, unlike that of timestamps.
  const returns = isDate && field === 'epoch' ? decimal(18, 0) : type;
  const implementation: KernelImplementation = {
    kind: 'kernel',
    kernel: isDate ? 'dateField' : 'timestampField',
    block: true,
    parameters,
    fallback: fieldOf(isDate ? 'date' : 'timestamp', field, returns),
    nullable: true,
    rejectedIsNull: true,
  };
  return { args: [kind], returns, fallible: true, implementation };
}

/** One function a field, `extract_year` …: the binder turns EXTRACT(year FROM x) into a call of it. */
const extractFunctions: readonly ScalarFunction[] = Object.keys(extractFields).map((field) => {
  const kinds: SqlTypeKind[] = ['timestamp', 'timestamptz'];
  if (!fieldsOfDay.includes(field)) kinds.unshift('date');
  if (fieldsOfDay.includes(field) || field === 'epoch') kinds.push('time');
  if (!notOfIntervals.includes(field)) kinds.push('interval');
  const overloads = kinds.map((kind) => extractOverload(kind, field));
  return { name: `extract_${field}`, doc: `EXTRACT(${field} FROM value).`, internal: true, overloads };
});

/** Days since 4714-11-24 BC, with the part of the day that has passed. */
function julianDay(kind: 'date' | 'timestamp' | 'timestamptz'): ScalarOverloadDeclaration {
  const type = kind === 'date' ? decimal(10, 0) : decimal(30, 20);
  const sqlType = formatType(type);
  const day = `($1::date - date '1970-01-01' + 2440588)::${sqlType}`;
  const passed = '(extract(epoch from $1::timestamp::time)::numeric(25, 20) / 86400)::numeric(30, 20)';
  const what = kind === 'date' ? 'date' : 'timestamp';
  const sql = `case when isfinite($1) then ${kind === 'date' ? day : `${day} + ${passed}`}
    when $1 is not null then fail_with(0::${sqlType}, '0A000',
      'numeric has no infinity, which the julian of an infinite ${what} is',
      'Use date_part(''julian'', …), which is a double precision number.') end`;
  return {
    args: [kind],
    returns: type,
    fallible: true,
    strict: false,
    implementation: { kind: 'spelled', sql },
  };
}

const extractJulian: ScalarFunction = {
  name: 'extract_julian',
  doc: 'EXTRACT(julian FROM value).',
  internal: true,
  overloads: (['date', 'timestamp', 'timestamptz'] as const).map(julianDay),
};

/** The function that EXTRACT(field FROM a value of the type) calls. Throws 22023 and 0A000 where there is none. */
export function extractFunctionOf(field: string, type: SqlType): string {
  const unit = unitOf(field);
  const name = `extract_${unit}`;
  const kinds = extractFunctions.find((one) => one.name === name)?.overloads.map(({ args }) => args[0]);
  const isTime = ['date', 'timestamp', 'timestamptz', 'time', 'interval'].includes(type.kind);
  // Of another type: let the call be resolved, and not be found.
  if (!isTime) return kinds ? name : 'extract';
  if (kinds?.includes(type.kind)) return name;
  if (type.kind === 'timestamptz' && unit.startsWith('timezone')) return name;
  if (unit === 'julian' && ['date', 'timestamp', 'timestamptz'].includes(type.kind)) return name;
  throw unitError(field, type, isUnit(unit));
}

/** A kernel; TypeScript for errors. Where the result may be NULL, the kernel rejects what is. */
const kernelOr = (
  kernel: string,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  fallback: VectorCreate,
  nullable = false,
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'kernel', kernel, block: true, fallback, nullable, rejectedIsNull: nullable },
});

const datePartFunction: ScalarFunction = {
  name: 'date_part',
  doc: 'A field of a date, time, timestamp or interval as a double; EXTRACT as a function.',
  example: { sql: "date_part('year', date '2024-05-06')", result: '2024' },
  overloads: [
    kernelOr('timestampPart', ['text', 'timestamp'], DOUBLE, datePart, true),
    kernelOr('instantPart', ['text', 'timestamptz'], DOUBLE, datePart, true),
    kernelOr('datePart', ['text', 'date'], DOUBLE, datePart, true),
    kernelOr('timePart', ['text', 'time'], DOUBLE, datePart),
    kernelOr('intervalPart', ['text', 'interval'], DOUBLE, datePart, true),
  ],
};

const dateTrunc: ScalarFunction = {
  name: 'date_trunc',
  doc: 'A timestamp cut down to a unit: microseconds … millennium.',
  example: { sql: "date_trunc('month', timestamp '2024-05-06 07:08:09')", result: '2024-05-01 00:00:00' },
  overloads: [
    kernelOr('timestampTruncate', ['text', 'timestamp'], TIMESTAMP, truncateTimestamp),
    kernelOr('timestampTruncate', ['text', 'timestamptz'], TIMESTAMPTZ, truncateTimestamp),
    zonedTruncation,
    kernelOr('intervalTruncate', ['text', 'interval'], INTERVAL, truncateInterval),
  ],
};

const makeDateFunction: ScalarFunction = {
  name: 'make_date',
  parameters: ['year, month, day'],
  doc: 'A date of year, month and day.',
  example: { sql: 'make_date(2024, 5, 6)', result: '2024-05-06' },
  overloads: [kernelOr('dateOfParts', ['integer', 'integer', 'integer'], DATE, makeDate)],
};

const toTimestamp: ScalarFunction = {
  name: 'to_timestamp',
  doc: 'A timestamptz of seconds since 1970, or read by a template.',
  example: { sql: "to_timestamp('2024-07-01 12:30', 'YYYY-MM-DD HH24:MI')", result: '2024-07-01 12:30:00+00' },
  overloads: [timestampOfSeconds, timestampOfText],
};

export const dateFunctions: readonly ScalarFunction[] = [
  ...extractFunctions,
  extractJulian,
  datePartFunction,
  dateTrunc,
  makeDateFunction,
  toTimestamp,
  toDate,
  ...zoneFunctions,
  ...intervalFunctions,
  ...dateConveniences,
];
