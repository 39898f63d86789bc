import {
  DATE,
  DOUBLE,
  decimal,
  INTERVAL,
  type SqlType,
  type SqlTypeKind,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../../../types/sql-type.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import {
  ageBetween,
  datePart,
  formatTimestamp,
  makeDate,
  truncateInterval,
  truncateTimestamp,
} from './date-functions-js.js';

/** Fields of EXTRACT; the number is what the kernels know it by, the type that of its value. */
export const extractFields: Readonly<Record<string, { readonly number: number; readonly type: SqlType }>> = {
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

const timeFields = ['hour', 'minute', 'second', 'milliseconds', 'microseconds', 'epoch'];
const notOfIntervals = ['dow', 'isodow', 'doy', 'isoyear'];

const canFail = (kind: SqlTypeKind, field: string): boolean =>
  field === 'epoch' && (kind === 'date' || kind === 'interval');

/** One function a field, `extract_year` …: the binder turns EXTRACT(year FROM x) into a call of it. */
const extractFunctions: readonly ScalarFunction[] = Object.entries(extractFields).map(([field, { number, type }]) => {
  const overload = (kind: SqlTypeKind): ScalarOverloadDeclaration => ({
    args: [kind],
    returns: type,
    // Years far from 1970 have an epoch of too many digits.
    fallible: canFail(kind, field),
    implementation: {
      kind: 'emit',
      emit: (e) => {
        if (kind !== 'date' && kind !== 'interval') {
          e.i32(number);
          e.kernel(kind === 'time' ? 'timeField' : 'timestampField', ['i64', 'i32'], 'i64');
          return undefined;
        }
        const wasm = kind === 'date' ? 'i32' : 'v128';
        const value = e.local(wasm);
        e.set(value);
        e.block();
        e.get(value);
        e.i32(number);
        e.kernel(`${kind}Field`, ['i32', wasm, 'i32'], 'i64');
        if (canFail(kind, field)) e.checkStatus();
        return undefined;
      },
    },
  });
  const overloads = [overload('date'), overload('timestamp'), overload('timestamptz')];
  if (timeFields.includes(field)) overloads.push(overload('time'));
  if (!notOfIntervals.includes(field)) overloads.push(overload('interval'));
  return { name: `extract_${field}`, doc: `EXTRACT(${field} FROM value).`, overloads };
});

const vector = (args: readonly SqlTypeKind[], returns: SqlType, create: VectorCreate): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'vector', create },
});

/** A kernel for the usual units; TypeScript for the others and for errors. */
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
  implementation: { kind: 'kernel', kernel, block: true, fallback, nullable },
});

const datePartFunction: ScalarFunction = {
  name: 'date_part',
  doc: 'A field of a date, time, timestamp or interval as a double; EXTRACT as a function.',
  example: "date_part('year', date '2024-05-06')",
  overloads: [
    kernelOr('timestampPart', ['text', 'timestamp'], DOUBLE, datePart, true),
    kernelOr('timestampPart', ['text', 'timestamptz'], DOUBLE, datePart, true),
    kernelOr('datePart', ['text', 'date'], DOUBLE, datePart, true),
    vector(['text', 'time'], DOUBLE, datePart),
    vector(['text', 'interval'], DOUBLE, datePart),
  ],
};

const dateTrunc: ScalarFunction = {
  name: 'date_trunc',
  doc: 'A timestamp cut down to a unit: microseconds … millennium.',
  example: "date_trunc('month', timestamp '2024-05-06 07:08:09')",
  overloads: [
    kernelOr('timestampTruncate', ['text', 'timestamp'], TIMESTAMP, truncateTimestamp),
    kernelOr('timestampTruncate', ['text', 'timestamptz'], TIMESTAMPTZ, truncateTimestamp),
    vector(['text', 'interval'], INTERVAL, truncateInterval),
  ],
};

const makeDateFunction: ScalarFunction = {
  name: 'make_date',
  doc: 'A date of year, month and day.',
  overloads: [vector(['integer', 'integer', 'integer'], DATE, makeDate)],
};

const age: ScalarFunction = {
  name: 'age',
  doc: 'The difference of two timestamps in years, months, days and time.',
  overloads: [
    vector(['timestamp', 'timestamp'], INTERVAL, ageBetween),
    vector(['timestamptz', 'timestamptz'], INTERVAL, ageBetween),
  ],
};

const toChar: ScalarFunction = {
  name: 'to_char',
  doc: 'A date or timestamp as text, after a pattern such as YYYY-MM-DD HH24:MI:SS.',
  overloads: [
    vector(['timestamp', 'text'], TEXT, formatTimestamp),
    vector(['timestamptz', 'text'], TEXT, formatTimestamp),
  ],
};

export const dateFunctions: readonly ScalarFunction[] = [
  ...extractFunctions,
  datePartFunction,
  dateTrunc,
  makeDateFunction,
  age,
  toChar,
];
