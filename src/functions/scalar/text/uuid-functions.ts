import { INTEGER, type SqlType, TIMESTAMPTZ, UUID } from '../../../types/sql-type.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';

/** From 15 October 1582, where the clock of version 1 begins, to 1970, in microseconds. */
const GREGORIAN_OFFSET = 12_219_292_800_000_000n;
const SUB_MILLISECONDS = 4096n;

let last = 0n;

/** Microseconds since 1970 shifted by an interval, as RFC 9562 has them in version 7; each later than the one before. */
const ordered: VectorCreate =
  () =>
  ([interval]) => {
    const shift = interval as { months: number; days: number; microseconds: bigint } | undefined;
    const now = BigInt(Math.floor((performance.timeOrigin + performance.now()) * 1000));
    last = now > last ? now : last + 1n;
    const moment = shift === undefined ? last : shifted(last, shift);
    const milliseconds = BigInt.asUintN(48, moment / 1000n);
    const fraction = ((moment % 1000n) * SUB_MILLISECONDS) / 1000n;
    const [random] = crypto.getRandomValues(new BigUint64Array(1)) as unknown as [bigint];
    const low = (random & 0x3fff_ffff_ffff_ffffn) | 0x8000_0000_0000_0000n;
    const high = (milliseconds << 16n) | 0x7000n | BigInt.asUintN(12, fraction);
    const digits = ((high << 64n) | low).toString(16).padStart(32, '0');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

function shifted(
  moment: bigint,
  { months, days, microseconds }: { months: number; days: number; microseconds: bigint },
) {
  const date = new Date(Number(moment / 1000n));
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(Math.min(day, new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()));
  date.setUTCDate(date.getUTCDate() + days);
  return BigInt(date.getTime()) * 1000n + (moment % 1000n) + microseconds;
}

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
  implementation: { kind: 'kernel', kernel, block: true, fallback, nullable: true },
});

export const uuidFunctions: readonly ScalarFunction[] = [
  {
    name: 'uuidv7',
    doc: 'A UUID of version 7, which begins with the time: later ones are greater. An interval shifts it.',
    example: { sql: 'uuid_extract_version(uuidv7())', result: '7' },
    overloads: [
      { args: [], returns: UUID, volatility: 'volatile', implementation: { kind: 'vector', create: ordered } },
      {
        args: ['interval'],
        returns: UUID,
        volatility: 'volatile',
        implementation: { kind: 'vector', create: ordered },
      },
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
