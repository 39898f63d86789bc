import { userError } from '../../common/errors.js';
import { decodeNested, encodeNested, type NestedValue } from '../../types/nested-codec.js';
import {
  componentTypes,
  type DecimalType,
  isNestedType,
  type NestedType,
  type SqlType,
  sameType,
} from '../../types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../types/value-tags.js';
import { formatValue } from '../format-value.js';
import type { CastImplementation, FunctionValue } from '../function-types.js';
import { parseValue } from './parse-value.js';

type Present = Exclude<FunctionValue, null>;

/** Do values of both types have the same bytes? Names of fields and lengths of text that get longer make no difference. */
export function haveSameBytes(from: SqlType, to: SqlType): boolean {
  if (isNestedType(from) || isNestedType(to)) {
    const [parts, targets] = [componentTypes(from), componentTypes(to)];
    return from.kind === to.kind && parts.every((part, i) => haveSameBytes(part, targets[i]!));
  }
  if (sameType(from, to)) return true;
  if (valueTagOf(from) !== valueTagOf(to) || valueScaleOf(from) !== valueScaleOf(to)) return false;
  if (from.kind === 'decimal') return from.precision <= (to as DecimalType).precision;
  return from.kind !== 'char' && (to.kind === 'text' || (to.kind === 'varchar' && to.length === undefined));
}

/** The number types whose arrays a kernel casts: see `castArrayNumbers`. */
const NUMBERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'real', 'double']);
const WIDER: readonly string[] = ['smallint', 'integer', 'bigint', 'real', 'double'];

/**
 * Part by part. Numbers that get wider are cast by a kernel. Everything else is compiled as casts of the parts
 * (exec/expression/by-way-of-parts.ts); in TypeScript it is done for TRY_CAST, and for rows of very many fields.
 */
export function castNested(from: NestedType, to: NestedType): CastImplementation {
  const create = () => (args: readonly FunctionValue[]) =>
    encodeNested(castParts(decodeNested(args[0] as Uint8Array, from), from, to), to);
  if (from.kind === 'array' && to.kind === 'array' && widens(from.element, to.element)) {
    return { fallible: true, implementation: { kind: 'memory', kernel: widenKernelOf(to.element) } };
  }
  return { fallible: true, implementation: { kind: 'vector', create } };
}

function widens(from: SqlType, to: SqlType): boolean {
  if (!NUMBERS.has(from.kind) || !NUMBERS.has(to.kind)) return false;
  return WIDER.indexOf(from.kind) < WIDER.indexOf(to.kind) && !(from.kind === 'bigint' && to.kind === 'real');
}

function widenKernelOf(to: SqlType): string {
  switch (to.kind) {
    case 'integer':
      return 'widenArrayToInteger';
    case 'bigint':
      return 'widenArrayToBigint';
    case 'real':
      return 'widenArrayToReal';
    default:
      return 'widenArrayToDouble';
  }
}

function castParts(value: readonly NestedValue[], from: NestedType, to: NestedType): readonly NestedValue[] {
  if (from.kind === 'array' && to.kind === 'array') {
    return value.map((element) => castPart(element, from.element, to.element));
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const pairs = value as readonly (readonly NestedValue[])[];
    return pairs.map((pair) => [castPart(pair[0]!, from.key, to.key), castPart(pair[1]!, from.value, to.value)]);
  }
  const [parts, targets] = [componentTypes(from), componentTypes(to)];
  return value.map((field, i) => castPart(field, parts[i]!, targets[i]!));
}

function castPart(value: NestedValue, from: SqlType, to: SqlType): NestedValue {
  if (value === null || sameType(from, to)) return value;
  if (isNestedType(from) && isNestedType(to)) return castParts(value as readonly NestedValue[], from, to);
  if (isNestedType(from)) return formatValue(encodeNested(value as readonly NestedValue[], from), from);
  return castScalar(value as Present, from, to);
}

const isInteger = ({ kind }: SqlType): boolean => kind === 'smallint' || kind === 'integer' || kind === 'bigint';

/** Most casts are what reading the text of a value gives; numbers that lose digits are rounded first. */
function castScalar(value: Present, from: SqlType, to: SqlType): Present {
  if (from.kind === 'boolean' && isInteger(to)) return parseValue(value ? '1' : '0', to);
  if (isInteger(from) && to.kind === 'boolean') return BigInt(value as number) !== 0n;
  if (isInteger(to)) {
    if (from.kind === 'decimal') return inRange(roundedHalfAway(value as bigint, from.scale), to);
    if (from.kind === 'real' || from.kind === 'double') return inRange(roundedHalfEven(value as number, to), to);
    if (isInteger(from)) return inRange(BigInt(value as number), to);
  }
  if (from.kind === 'double' && to.kind === 'real') return Math.fround(value as number);
  if (from.kind === 'real' && to.kind === 'double') return value;
  const written = formatValue(value, from);
  // Spaces at the end of a char(n) are padding.
  const text = from.kind === 'char' ? written.replace(/ +$/, '') : written;
  if (to.kind === 'varchar') return to.length === undefined ? text : [...text].slice(0, to.length).join('');
  if (to.kind === 'char') return [...text].slice(0, to.length).join('').padEnd(to.length);
  return parseValue(text, to);
}

function roundedHalfAway(value: bigint, scale: number): bigint {
  const unit = 10n ** BigInt(scale);
  const half = unit / 2n;
  return (value < 0n ? value - half : value + half) / unit;
}

function roundedHalfEven(value: number, to: SqlType): bigint {
  if (!Number.isFinite(value)) throw userError('22003', `${to.kind} out of range`);
  const below = Math.floor(value);
  const rest = value - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return BigInt(up ? below + 1 : below);
}

function inRange(value: bigint, to: SqlType): Present {
  const bits = to.kind === 'smallint' ? 16 : to.kind === 'integer' ? 32 : 64;
  if (BigInt.asIntN(bits, value) !== value) throw userError('22003', `${to.kind} out of range`);
  return to.kind === 'bigint' ? value : Number(value);
}
