import { notSupportedError, userError } from '../../../common/errors.js';
import type { ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';

const fail: VectorCreate =
  () =>
  ([, code, message, hint, detail]) => {
    const context = {
      hint: (hint ?? undefined) as string | undefined,
      detail: (detail ?? undefined) as string | undefined,
    };
    if (code === '0A000') throw notSupportedError(message as string, context);
    throw userError(code as string, message as string, context);
  };

/** What functions that are spelled in SQL raise their errors with: it has the type of its first argument. */
export const failFunction: ScalarFunction = {
  name: 'fail_with',
  doc: 'An error with the SQLSTATE, message, hint and detail given.',
  internal: true,
  overloads: [2, 3, 4].map(
    (texts): ScalarOverloadDeclaration => ({
      args: ['any', ...Array.from({ length: texts }, () => 'text' as const)],
      returns: (args) => args[0]!,
      strict: false,
      fallible: true,
      implementation: { kind: 'vector', create: fail },
    }),
  ),
};
