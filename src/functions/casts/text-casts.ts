import { POWERS_OF_TEN } from '../../kernels/constant-tables.js';
import type { SqlType } from '../../types/sql-type.js';
import { formatValue } from '../format-value.js';
import type {
  CastImplementation,
  FunctionImplementation,
  KernelImplementation,
  VectorCreate,
} from '../function-types.js';
import { emit, identity } from './cast-implementation.js';
import { parseValue } from './parse-value.js';

type KernelCall = Pick<KernelImplementation, 'kernel' | 'wideKernel' | 'parameters' | 'needs' | 'asksForZones'>;

/** The table that kernels for floating point numbers read. */
const powersOfTen = { parameters: [POWERS_OF_TEN], needs: 'powersOfTen' } as const;

/** A kernel that reads a type: every form of it, or those that are plain. */
function textReader(to: SqlType): KernelCall | undefined {
  switch (to.kind) {
    case 'boolean':
      return { kernel: 'textToBoolean' };
    case 'smallint':
      return { kernel: 'textToSmallint' };
    case 'integer':
      return { kernel: 'textToInteger' };
    case 'bigint':
      return { kernel: 'textToBigint' };
    case 'real':
      return { kernel: 'textToReal', ...powersOfTen };
    case 'double':
      return { kernel: 'textToDouble', ...powersOfTen };
    case 'decimal':
      return { kernel: 'textToDecimal64', wideKernel: 'textToDecimal128', parameters: [to.precision, to.scale] };
    case 'date':
      return { kernel: 'textToDate', asksForZones: true };
    case 'timestamp':
      return { kernel: 'textToTimestamp', parameters: [0], asksForZones: true };
    case 'timestamptz':
      return { kernel: 'textToTimestamp', parameters: [1], asksForZones: true };
    case 'time':
      return { kernel: 'textToTime', asksForZones: true };
    case 'interval':
      return { kernel: 'textToInterval' };
    case 'uuid':
      return { kernel: 'textToUuid' };
    case 'json':
      return { kernel: 'textToJson' };
    case 'jsonb':
      return { kernel: 'textToJsonb' };
    case 'bytea':
      return { kernel: 'textToBytes' };
    case 'array':
      return textDimensions(to);
    default:
      return undefined;
  }
}

/** Arrays of texts, of any number of dimensions. */
function textDimensions(to: SqlType): KernelCall | undefined {
  let depth = 0;
  let inner = to;
  for (; inner.kind === 'array'; inner = inner.element) depth++;
  return inner.kind === 'text' ? { kernel: 'textToArray', parameters: [depth] } : undefined;
}

export function parsing(to: SqlType): CastImplementation {
  const create: VectorCreate =
    () =>
    ([text]) =>
      parseValue(text as string, to);
  const reader = textReader(to);
  // Rows, and arrays of other elements than texts, are compiled as several casts: see exec/expression/by-way-of-parts.ts.
  if (!reader) return { fallible: true, implementation: { kind: 'vector', create } };
  return { fallible: true, implementation: { kind: 'kernel', block: true, ...reader, fallback: create } };
}

const isText = (type: SqlType): boolean => type.kind === 'text' || type.kind === 'varchar' || type.kind === 'char';

export function castToText(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (!isText(to)) {
    const relabeled = from.kind === to.kind && from.kind !== 'decimal';
    return relabeled || (from.kind === 'jsonb' && to.kind === 'json') ? identity : undefined;
  }
  const fromString = isText(from) || from.kind === 'unknown' || from.kind === 'json' || from.kind === 'jsonb';
  if (to.kind === 'char') return fromString ? paddedText(to.length) : padded(from, to.length);
  if (from.kind === 'char') return withoutPadding(to);
  if (to.kind === 'varchar' && to.length !== undefined && !fits(from, to.length)) {
    return fromString ? truncated(to.length) : formatted(from, to.length);
  }
  return fromString ? identity : formatted(from, undefined);
}

/** What char(n) was padded with is not part of the text. */
function withoutPadding(to: SqlType): CastImplementation {
  const length = to.kind === 'varchar' ? to.length : undefined;
  return emit((e) => {
    e.kernel('textTrimTrailingSpaces', ['v128'], 'v128');
    if (length === undefined) return;
    e.i32(length);
    e.kernel('textLeft', ['v128', 'i32'], 'v128');
  });
}

function fits(from: SqlType, length: number): boolean {
  return (from.kind === 'varchar' || from.kind === 'char') && from.length !== undefined && from.length <= length;
}

/** An explicit cast to varchar(n) cuts silently, as the SQL standard has it. */
function truncated(length: number): CastImplementation {
  return emit((e) => {
    e.i32(length);
    e.kernel('textLeft', ['v128', 'i32'], 'v128');
  });
}

/** Casts to texts of some length are compiled as two, by way of text: see exec/expression/expression-graph.ts. */
function formatted(from: SqlType, length: number | undefined): CastImplementation {
  const kernel = length === undefined ? textWriter(from) : undefined;
  if (kernel) return { fallible: true, implementation: kernel };
  const create = () => (args: readonly unknown[]) => {
    const text = formatValue(args[0] as never, from);
    return length === undefined ? text : [...text].slice(0, length).join('');
  };
  return { fallible: true, implementation: { kind: 'vector', create } };
}

const formattedBytes: VectorCreate =
  () =>
  ([bytes]) =>
    formatValue(bytes as Uint8Array, { kind: 'bytea' });

/** A kernel that writes values of the type as text. */
function textWriter(from: SqlType): FunctionImplementation | undefined {
  switch (from.kind) {
    case 'boolean':
      return { kind: 'kernel', kernel: 'boolToText', block: true };
    case 'smallint':
    case 'integer':
      return { kind: 'kernel', kernel: 'integerToText', block: true };
    case 'bigint':
      return { kind: 'kernel', kernel: 'bigintToText', block: true };
    case 'date':
      return { kind: 'kernel', kernel: 'dateToText', block: true };
    case 'time':
      return { kind: 'kernel', kernel: 'timeToText', block: true };
    case 'interval':
      return { kind: 'kernel', kernel: 'intervalToText', block: true };
    case 'uuid':
      return { kind: 'kernel', kernel: 'uuidToText', block: true };
    case 'bytea':
      return { kind: 'kernel', kernel: 'bytesToText', block: true, fallback: formattedBytes };
    case 'timestamp':
    case 'timestamptz':
      return textOfOperand('timestampToText', from.kind === 'timestamptz' ? 1 : 0);
    case 'double':
      return { kind: 'kernel', kernel: 'doubleToText', block: true, ...powersOfTen };
    case 'real':
      return { kind: 'kernel', kernel: 'realToText', block: true, ...powersOfTen };
    case 'array':
    case 'struct':
    case 'map':
      return { kind: 'kernel', kernel: 'nestedToText', block: true, ...powersOfTen };
    case 'decimal':
      return textOfOperand('decimal64ToText', from.scale, 'decimal128ToText');
    default:
      return undefined;
  }
}

/** Calls a kernel with the operand and a number; another one when the operand is a v128. */
function textOfOperand(kernel: string, parameter: number, wideKernel = kernel): FunctionImplementation {
  return {
    kind: 'emit',
    emit: (e, operands) => {
      const { wasm } = operands[0]!;
      const value = e.local(wasm);
      e.set(value);
      e.block();
      e.get(value);
      e.i32(parameter);
      e.kernel(wasm === 'v128' ? wideKernel : kernel, ['i32', wasm, 'i32'], 'v128');
      e.checkStatus();
      return undefined;
    },
  };
}

function paddedText(length: number): CastImplementation {
  const implementation = { kind: 'kernel', kernel: 'textPadEndSpaces', block: true, parameters: [length] } as const;
  return { fallible: true, implementation };
}

/** See `formatted`. */
function padded(from: SqlType, length: number): CastImplementation {
  const create = () => (args: readonly unknown[]) =>
    [...formatValue(args[0] as never, from)].slice(0, length).join('').padEnd(length);
  return { fallible: true, implementation: { kind: 'vector', create } };
}
