import { MillraceError, userError } from '../../common/errors.js';
import { formatTypeName, type SqlType } from '../../types/sql-type.js';
import { parseValue } from '../casts/parse-value.js';
import { formatValue } from '../format-value.js';
import type { FunctionValue } from '../function-types.js';
import type { UserFunction } from './user-function.js';

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Calls a function of the user's with values as JavaScript has them: numbers, bigints for bigint, Dates for dates and
 * timestamps, parsed JSON, bytes; text for all others, decimals among them, which are exact. What it throws is error
 * 38000.
 */
export function callUserFunction(
  declaration: UserFunction,
  implementation: (...args: readonly unknown[]) => unknown,
  values: readonly FunctionValue[],
): FunctionValue {
  const { name, args, returns } = declaration;
  const given = values.map((value, index) => (value === null ? null : toUser(value, args[index]!)));
  let result: unknown;
  try {
    result = implementation(...given);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    throw userError('38000', `function ${name} failed: ${message}`, {
      hint: 'The error was thrown by the function itself.',
      cause,
    });
  }
  if (result === null || result === undefined) return null;
  return fromUser(result, returns, name);
}

function toUser(value: Exclude<FunctionValue, null>, type: SqlType): unknown {
  switch (type.kind) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'text':
    case 'varchar':
    case 'char':
    case 'bytea':
      return value;
    case 'date':
      return new Date(Number(value) * MILLISECONDS_PER_DAY);
    case 'timestamp':
    case 'timestamptz':
      return new Date(Number((value as bigint) / 1000n));
    case 'json':
    case 'jsonb':
      return JSON.parse(String(value));
    default:
      return formatValue(value, type);
  }
}

function fromUser(result: unknown, type: SqlType, name: string): FunctionValue {
  switch (type.kind) {
    case 'boolean':
      if (typeof result === 'boolean') return result;
      break;
    case 'real':
    case 'double':
      if (typeof result === 'number') return type.kind === 'real' ? Math.fround(result) : result;
      break;
    case 'text':
      if (typeof result === 'string') return result;
      break;
    case 'bytea':
      if (result instanceof Uint8Array) return result;
      break;
    case 'json':
    case 'jsonb':
      return JSON.stringify(result);
    default:
      break;
  }
  const text = textOf(result, type);
  if (text !== undefined) return parseValue(text, type);
  throw userError('42804', `function ${name} returned ${describe(result)} instead of ${formatTypeName(type)}`, {
    hint: 'Return a value of the type it was registered with, or null.',
  });
}

/** Numbers, dates and texts are read as the type reads them. */
function textOf(result: unknown, type: SqlType): string | undefined {
  if (typeof result === 'string') return result;
  if (result instanceof Date && !Number.isNaN(result.getTime())) {
    return type.kind === 'date' ? result.toISOString().slice(0, 10) : result.toISOString();
  }
  const isNumber = ['smallint', 'integer', 'bigint', 'decimal', 'real', 'double'].includes(type.kind);
  if (isNumber && (typeof result === 'bigint' || typeof result === 'number')) return String(result);
  return undefined;
}

function describe(value: unknown): string {
  if (typeof value === 'object') return `a value of ${value?.constructor?.name ?? 'no class'}`;
  return `the ${typeof value} ${String(value)}`;
}
