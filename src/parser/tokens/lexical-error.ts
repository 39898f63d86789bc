import { type MillraceError, userError } from '../../common/errors.js';

/** An error found while cutting the text into tokens. */
export function syntaxErrorAt(
  code: string,
  message: string,
  position: number,
  details: { readonly hint?: string } = {},
): MillraceError {
  return userError(code, message, { ...details, position });
}
