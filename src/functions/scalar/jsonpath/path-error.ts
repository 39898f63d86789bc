import { type MillraceError, userError } from '../../../common/errors.js';

/** What `silent` and predicates take for no result; all else that goes wrong is an error in any case. */
export class JsonPathError extends Error {
  readonly reason: MillraceError;

  constructor(reason: MillraceError) {
    super(reason.message);
    this.reason = reason;
  }
}

export const pathError = (code: string, message: string): JsonPathError => new JsonPathError(userError(code, message));
