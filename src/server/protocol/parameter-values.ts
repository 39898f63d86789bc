import { notSupportedError, userError } from '../../common/errors.js';
import { formatDate, formatInterval, formatTime, formatTimestamp } from '../../kernels/reference/format.js';
import type { FormatCode, ParameterValue } from '../../session/session.js';
import { POSTGRES_TYPES } from '../../types/postgres-types.js';
import { decodeUtf8 } from './frontend-messages.js';

/** From 1970 to 2000, where PostgreSQL's binary dates and timestamps begin. */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROSECONDS = 946_684_800_000_000n;
const INFINITY_DAYS = 0x7fff_ffff;
const INFINITY_MICROSECONDS = 2n ** 63n - 1n;

/**
 * A bound parameter. Text stays text, for the type's input function to read, so that a parameter and a literal are
 * read alike; binary values become numbers, or the text that PostgreSQL would print for them.
 */
export function decodeParameter(
  bytes: Uint8Array,
  typeOid: number,
  format: FormatCode,
  number: number,
): ParameterValue {
  if (format === 0) return decodeUtf8(bytes);
  const decode = BINARY_DECODERS[typeOid] ?? (isArrayOid(typeOid) ? ARRAY_DECODER : undefined);
  if (decode === undefined) throw notSupportedError(`no binary input function available for type with OID ${typeOid}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [byteLength, read] = decode;
  if (byteLength !== undefined && byteLength !== bytes.length) throw incorrectBinary(number);
  try {
    return read(view, bytes);
  } catch (error) {
    if (error instanceof RangeError) throw incorrectBinary(number);
    throw error;
  }
}

const ARRAY_OIDS: ReadonlySet<number> = new Set(Object.values(POSTGRES_TYPES).map(({ arrayOid }) => arrayOid));

function isArrayOid(oid: number): boolean {
  return oid !== 0 && ARRAY_OIDS.has(oid);
}

function incorrectBinary(number: number): Error {
  return userError('22P03', `incorrect binary data format in bind parameter ${number}`);
}

type BinaryDecoder = readonly [
  byteLength: number | undefined,
  read: (view: DataView, bytes: Uint8Array) => ParameterValue,
];

const TEXT_DECODER: BinaryDecoder = [undefined, (_, bytes) => decodeUtf8(bytes)];

/** By type OID. */
const BINARY_DECODERS: Readonly<Record<number, BinaryDecoder>> = {
  16: [1, (view) => view.getUint8(0) !== 0],
  17: [undefined, (_, bytes) => bytes],
  18: TEXT_DECODER,
  19: TEXT_DECODER,
  20: [8, (view) => view.getBigInt64(0)],
  21: [2, (view) => view.getInt16(0)],
  23: [4, (view) => view.getInt32(0)],
  25: TEXT_DECODER,
  26: [4, (view) => view.getUint32(0)],
  114: TEXT_DECODER,
  700: [4, (view) => view.getFloat32(0)],
  701: [8, (view) => view.getFloat64(0)],
  705: TEXT_DECODER,
  1042: TEXT_DECODER,
  1043: TEXT_DECODER,
  1082: [4, (view) => formatDate(fromEpochDays(view.getInt32(0)))],
  1083: [8, (view) => readTime(view)],
  1114: [8, (view) => formatTimestamp(fromEpochMicroseconds(view.getBigInt64(0)), '')],
  1184: [8, (view) => formatTimestamp(fromEpochMicroseconds(view.getBigInt64(0)), '+00')],
  1186: [16, (view) => readInterval(view)],
  1700: [undefined, (view) => readNumeric(view)],
  2950: [16, (_, bytes) => Buffer.from(bytes).toString('hex')],
  3802: [undefined, (view, bytes) => readJsonb(view, bytes)],
};

const ARRAY_DECODER: BinaryDecoder = [undefined, (view, bytes) => readArray(view, bytes)];

/** PostgreSQL's; more would be a mistake. */
const MAX_DIMENSIONS = 6;

/**
 * i32 dimensions, i32 has NULLs, u32 OID of the elements, for each dimension i32 length and i32 lower bound, then the
 * elements, each i32 length (−1: NULL) and bytes.
 */
function readArray(view: DataView, bytes: Uint8Array): ParameterValue {
  const dimensions = view.getInt32(0);
  const elementOid = view.getUint32(8);
  const decode = BINARY_DECODERS[elementOid];
  if (decode === undefined) {
    throw notSupportedError(`no binary input function available for type with OID ${elementOid}`);
  }
  if (dimensions < 0 || dimensions > MAX_DIMENSIONS) throw new RangeError();
  const lengths = Array.from({ length: dimensions }, (_, i) => view.getInt32(12 + i * 8));
  // Every element has a length word at least.
  const count = dimensions === 0 ? 0 : lengths.reduce((product, length) => product * length, 1);
  if (lengths.some((length) => length < 0) || count > bytes.length) throw new RangeError();
  if (count === 0) return [];
  let position = 12 + dimensions * 8;
  const element = (): ParameterValue => {
    const length = view.getInt32(position);
    position += 4;
    if (length === -1) return null;
    if (length < 0 || position + length > bytes.length) throw new RangeError();
    if (decode[0] !== undefined && decode[0] !== length) throw new RangeError();
    const part = bytes.subarray(position, position + length);
    position += length;
    return decode[1](new DataView(part.buffer, part.byteOffset, length), part);
  };
  const level = (depth: number): ParameterValue[] => {
    const length = lengths[depth] ?? 0;
    return Array.from({ length }, () => (depth + 1 === dimensions ? element() : level(depth + 1)));
  };
  const value = level(0);
  if (position !== bytes.length) throw new RangeError();
  return value;
}

function fromEpochDays(days: number): number {
  return days === INFINITY_DAYS || days === -INFINITY_DAYS - 1 ? days : days + EPOCH_DAYS;
}

function fromEpochMicroseconds(microseconds: bigint): bigint {
  const infinite = microseconds === INFINITY_MICROSECONDS || microseconds === -INFINITY_MICROSECONDS - 1n;
  return infinite ? microseconds : microseconds + EPOCH_MICROSECONDS;
}

function readTime(view: DataView): string {
  const microseconds = view.getBigInt64(0);
  if (microseconds < 0n || microseconds > 86_400_000_000n) throw userError('22008', 'time out of range');
  return formatTime(microseconds);
}

function readInterval(view: DataView): string {
  return formatInterval({ months: view.getInt32(12), days: view.getInt32(8), microseconds: view.getBigInt64(0) });
}

function readJsonb(view: DataView, bytes: Uint8Array): string {
  const version = view.getUint8(0);
  if (version !== 1) throw userError('XX000', `unsupported jsonb version number ${version}`);
  return decodeUtf8(bytes.subarray(1));
}

/** i16 digit count, i16 weight of the first digit, u16 sign, i16 scale, then the digits, base 10000. */
function readNumeric(view: DataView): string {
  const count = view.getUint16(0);
  const weight = view.getInt16(2);
  const sign = view.getUint16(4);
  const scale = view.getUint16(6);
  if (view.byteLength !== 8 + count * 2) throw new RangeError();
  if (sign === 0xc000) return 'NaN';
  if (sign === 0xd000) return 'Infinity';
  if (sign === 0xf000) return '-Infinity';
  if ((sign !== 0 && sign !== 0x4000) || scale > 0x3fff) throw new RangeError();
  const digit = (index: number): string => {
    const value = index >= 0 && index < count ? view.getUint16(8 + index * 2) : 0;
    if (value > 9999) throw new RangeError();
    return String(value).padStart(4, '0');
  };
  let whole = '';
  for (let index = 0; index <= weight; index++) whole += digit(index);
  let fraction = '';
  for (let index = weight + 1; fraction.length < scale; index++) fraction += digit(index);
  whole = whole.replace(/^0+(?=\d)/, '') || '0';
  return `${sign === 0x4000 ? '-' : ''}${whole}${scale > 0 ? `.${fraction.slice(0, scale)}` : ''}`;
}
