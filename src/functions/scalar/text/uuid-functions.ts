import { INTEGER, type SqlType, TIMESTAMPTZ, UUID } from '../../../types/sql-type.js';
import type {
  EmitImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';

/** From 15 October 1582, where the clock of version 1 begins, to 1970, in microseconds. */
const GREGORIAN_OFFSET = 12_219_292_800_000_000n;

const timed: EmitImplementation = {
  kind: 'emit',
  emit: (e, operands) => {
    const interval = operands.map(() => e.local('v128'));
    for (const local of interval) e.set(local);
    e.block();
    for (const local of interval) e.get(local);
    if (interval.length === 0) {
      e.kernel('uuidOfNow', ['i32'], 'v128');
      return undefined;
    }
    e.kernel('uuidOfShiftedNow', ['i32', 'v128'], 'v128');
    e.checkStatus();
    return undefined;
  },
};

const digitsOf = (uuid: string): string => uuid.replaceAll('-', '');

/** Those of RFC 9562 have the bits 10 in front of their second half. */
const isStandard = (digits: string): boolean => /[89ab]/.test(digits[16]!);

const version: VectorCreate =
  () =>
  ([uuid]) => {
    const digits = digitsOf(uuid as string);
    return isStandard(digits) ? Number.parseInt(digits[12]!, 16) : null;
  };

const timestamp: VectorCreate =
  () =>
  ([uuid]) => {
    const digits = digitsOf(uuid as string);
    if (!isStandard(digits)) return null;
    if (digits[12] === '7') return BigInt(`0x${digits.slice(0, 12)}`) * 1000n;
    if (digits[12] !== '1') return null;
    const ticks = BigInt(`0x${digits.slice(13, 16)}${digits.slice(8, 12)}${digits.slice(0, 8)}`);
    return ticks / 10n - GREGORIAN_OFFSET;
  };

const ofKernel = (returns: SqlType, kernel: string, fallback: VectorCreate): ScalarOverloadDeclaration => ({
  args: ['uuid'],
  returns,
  implementation: { kind: 'kernel', kernel, block: true, fallback, nullable: true, declinedIsNull: true },
});

export const uuidFunctions: readonly ScalarFunction[] = [
  {
    name: 'uuidv7',
    doc: 'A UUID of version 7, which begins with the time: later ones are greater. An interval shifts it.',
    example: { sql: 'uuid_extract_version(uuidv7())', result: '7' },
    overloads: [
      { args: [], returns: UUID, volatility: 'volatile', implementation: timed },
      { args: ['interval'], returns: UUID, fallible: true, volatility: 'volatile', implementation: timed },
    ],
  },
  {
    name: 'uuid_extract_version',
    doc: 'The version of a UUID; NULL if it is none of the standard.',
    example: { sql: "uuid_extract_version('41db1265-8bc1-4ab3-992f-885799a4af1d')", result: '4' },
    overloads: [ofKernel(INTEGER, 'uuidVersion', version)],
  },
  {
    name: 'uuid_extract_timestamp',
    doc: 'When a UUID of version 1 or 7 was made; NULL of others.',
    example: {
      sql: "uuid_extract_timestamp('019535d9-3df7-79fb-b466-fa907fa17f9e') = timestamptz '2025-02-24 02:46:24.503+00'",
      result: 't',
    },
    overloads: [ofKernel(TIMESTAMPTZ, 'uuidTimestamp', timestamp)],
  },
];
