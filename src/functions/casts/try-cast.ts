import { MillraceError, notSupportedError } from '../../common/errors.js';
import { formatType, type SqlType, TEXT } from '../../types/sql-type.js';
import type { FunctionImplementation, ScalarFunction, VectorCreate } from '../function-types.js';
import { castOf } from './casts.js';

/** As the cast from one type to the other, but NULL for values that it would refuse. */
export function tryCastOf(from: SqlType, to: SqlType): FunctionImplementation {
  const { implementation, fallible } = castOf(from, to);
  if (!fallible) return implementation;
  if (implementation.kind === 'vector') return { ...implementation, create: orNull(implementation.create) };
  // What such a kernel does not take for a plain form, it declines.
  if (implementation.kind === 'kernel' && implementation.fallback) {
    const fallback = orNull(implementation.fallback) as VectorCreate;
    return { ...implementation, fallback, nullable: true, rejectedIsNull: true };
  }
  throw notSupportedError(`TRY_CAST from ${formatType(from)} to ${formatType(to)} is not supported`, {
    hint: 'Test the value first: CASE WHEN x BETWEEN … AND … THEN CAST(x AS …) END.',
  });
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

type CreateCast = Extract<FunctionImplementation, { kind: 'vector' }>['create'];

function orNull(create: CreateCast): CreateCast {
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
