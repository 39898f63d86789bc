import { MillraceError } from '../../common/errors.js';

/**
 * Runs an action; corruption, and what is not supported, is reported with the place where it was found, once. `where` is
 * the file and the column, `part` what of it: `, page 3`.
 */
export function reportingPlace<T>(where: string, part: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw withPlace(error, where, part);
  }
}

export function withPlace(error: unknown, where: string, part: string): unknown {
  if (!(error instanceof MillraceError) || error.message.startsWith(where)) return error;
  if (error.kind !== 'corrupt' && error.code !== '0A000') return error;
  const { kind, code, message, detail, hint } = error;
  return new MillraceError(kind, code, `${where}${part}: ${message}`, { detail, hint, cause: error });
}
