import { MillraceError } from '../../common/errors.js';
import { type SqlType, TEXT } from '../../types/sql-type.js';
import type { FunctionImplementation, ScalarFunction, VectorCreate } from '../function-types.js';
import { castOf } from './casts.js';

/** As the cast from one type to the other, but NULL for values that it would refuse. */
export function tryCastOf(from: SqlType, to: SqlType): FunctionImplementation {
  const { implementation, fallible } = castOf(from, to);
  if (!fallible) return implementation;
  if (implementation.kind === 'vector') return { ...implementation, create: orNull(implementation.create) };
  if (implementation.kind === 'kernel' && implementation.fallback) {
    const fallback = orNull(implementation.fallback);
    const declinedIsNull = implementation.declinesErrors === true || implementation.declinedIsNull === true;
    return { ...implementation, fallback, nullable: true, rejectedIsNull: true, declinedIsNull };
  }
  // Other code stops where it fails, which is caught: see exec/expression/call-code.ts.
  return implementation;
}

/** The planner puts it in the place of TRY_CAST; what it does is said by its argument's type and its own. */
export const TRY_CAST = 'try_cast(any)';

export const castFunctions: readonly ScalarFunction[] = [
  {
    name: 'try_cast',
    doc: 'TRY_CAST(value AS type).',
    internal: true,
    overloads: [{ args: ['any'], returns: TEXT, implementation: { kind: 'tryCast' } }],
  },
];

/** The same, with NULL in place of the user's errors. */
export function orNull<Context extends readonly unknown[]>(
  create: (...context: Context) => ReturnType<VectorCreate>,
): (...context: Context) => ReturnType<VectorCreate> {
  return (...context) => {
    const convert = create(...context);
    return (values) => {
      const { stackTraceLimit } = Error;
      // A stack that nobody reads costs more than everything else.
      Error.stackTraceLimit = 0;
      try {
        return convert(values);
      } catch (error) {
        if (error instanceof MillraceError && error.kind === 'user') return null;
        throw error;
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    };
  };
}
