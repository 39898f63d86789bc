import { MillraceError, userError } from '../../common/errors.js';
import { decodeElements, encodeNested, type NestedValue } from '../../types/nested-codec.js';
import type { SqlType } from '../../types/sql-type.js';
import type { FunctionMemory, FunctionValue } from '../function-types.js';
import { RowList } from './row-list.js';
import { guarded, unguarded } from './user-call-guard.js';
import type { UserFunction } from './user-function.js';
import { describeValue, fromUserValue, rowFromUser, toUserValue } from './user-values.js';

export type ScalarImplementation = (...args: readonly unknown[]) => unknown;

/** What `registerAggregate` is given, as the module exports it. */
export interface AggregateImplementation {
  /** The state of no rows. */
  readonly init: () => unknown;
  /** The state with a row more: what it returns, or the state it was given, changed, if it returns nothing. */
  readonly step: (state: unknown, ...args: readonly unknown[]) => unknown;
  /** The result; the state itself by default. */
  readonly finish?: (state: unknown) => unknown;
}

/** The rows of one call: objects or arrays, or batches of Arrow. */
export type TableImplementation = (...args: readonly unknown[]) => Iterable<unknown>;

export function callScalar(
  { name, args, returns }: UserFunction,
  implementation: ScalarImplementation,
  values: readonly FunctionValue[],
): FunctionValue {
  const given = values.map((value, index) => toUserValue(value, args[index]!));
  const result = calling(name, () => implementation(...given));
  return fromUserValue(result, returns, name);
}

/**
 * Goes through the rows of a group, which come as an array; NULL stands for no rows. They are decoded one by one: all of
 * them together are in the memory of the query, where they were collected, and never on the heap.
 */
export function callAggregate(
  { name, args, returns, strict }: UserFunction,
  { init, step, finish }: AggregateImplementation,
  rows: Uint8Array | null,
): FunctionValue {
  const items = rows === null ? [] : decodeElements(rows, aggregateItemType(args));
  const result = calling(name, () => {
    let state = init();
    for (const item of items) {
      const values = args.length > 1 ? (item as readonly NestedValue[]) : [item];
      if (strict && args.length > 0 && values.includes(null)) continue;
      const given = args.map((type, i) => toUserValue(values[i]!, type));
      const next = step(state, ...given);
      if (next !== undefined) state = next;
    }
    return finish === undefined ? state : finish(state);
  });
  return fromUserValue(result, returns, name);
}

/** What rows of a group consist of: the argument, a row of them, or anything where there is none. */
export function aggregateItemType(args: readonly SqlType[]): SqlType {
  if (args.length === 1) return args[0]!;
  if (args.length === 0) return { kind: 'boolean' };
  return { kind: 'struct', fields: args.map((type, i) => ({ name: `f${i + 1}`, type })) };
}

/** The rows of a call, as an array of rows. They are collected in the memory of the query. */
export function callTable(
  { name, args, returns }: UserFunction,
  implementation: TableImplementation,
  values: readonly FunctionValue[],
  memory: FunctionMemory,
): FunctionValue {
  if (returns.kind !== 'array' || returns.element.kind !== 'struct') return null;
  const { element } = returns;
  const given = values.map((value, index) => toUserValue(value, args[index]!));
  const rows = new RowList(name, (byteLength) => unguarded(() => memory.allocate(byteLength)));
  const add = (row: unknown): void => {
    if (isBatch(row)) {
      for (const each of row) add(each);
      return;
    }
    if (typeof row !== 'object' || row === null) {
      throw userError('42804', `function ${name} gave ${describeValue(row)} instead of a row`, {
        hint: 'Give objects with the names of its columns, or arrays of their values.',
      });
    }
    rows.add(encodeNested(rowFromUser(row, element.fields, name), element));
  };
  calling(name, () => {
    const result = implementation(...given);
    if (result === null || result === undefined) return;
    if (typeof result !== 'object' || !(Symbol.iterator in result)) {
      throw userError('42804', `function ${name} returned ${describeValue(result)} instead of rows`, {
        hint: 'Return an array or another iterable, or write a generator: function* (…) { yield row; }. It cannot be async.',
      });
    }
    for (const row of result) add(row);
  });
  return rows.finish(element);
}

/** A record batch of Arrow, or a table: something to go through that knows its columns. */
function isBatch(row: unknown): row is Iterable<unknown> {
  return (
    typeof row === 'object' &&
    row !== null &&
    !Array.isArray(row) &&
    Symbol.iterator in row &&
    'schema' in row &&
    'numCols' in row
  );
}

/** Whatever the user's code throws is error 38000, with the name of the function. */
function calling<Result>(name: string, work: () => Result): Result {
  try {
    return guarded(work);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    throw userError('38000', `function ${name} failed: ${message}`, {
      hint:
        cause instanceof ReferenceError
          ? 'A function runs on other threads: it sees what its module or its own text declares, and nothing of the program around it.'
          : 'The error was thrown by the function itself.',
      cause,
    });
  }
}
