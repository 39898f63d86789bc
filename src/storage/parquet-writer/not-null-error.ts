import { type MillraceError, userError } from '../../common/errors.js';

/** A NULL was written to a column that must have none. */
export function notNullError(column: string): MillraceError {
  return userError('23502', `null value in column "${column}" violates not-null constraint`, {
    hint: 'Write a value for it, or allow NULL with ALTER TABLE … ALTER COLUMN … DROP NOT NULL.',
  });
}
