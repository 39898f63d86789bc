import { toMillraceError } from '../../common/errors.js';

export interface ErrorFields {
  readonly severity: 'ERROR' | 'FATAL';
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** In characters of the query as the client sent it, from 1. */
  readonly position?: number | undefined;
}

/** Any thrown value as the fields of an ErrorResponse. `sql` is the text that its position counts in. */
export function toErrorFields(thrown: unknown, severity: 'ERROR' | 'FATAL', sql?: string): ErrorFields {
  const { code, message, detail, hint, position } = toMillraceError(thrown);
  return {
    severity,
    code,
    message,
    detail,
    hint,
    position: position === undefined || sql === undefined ? undefined : characterPosition(sql, position),
  };
}

/** PostgreSQL counts code points from 1, JavaScript UTF-16 code units from 0. */
export function characterPosition(sql: string, offset: number): number {
  let characters = 1;
  for (let index = 0; index < Math.min(offset, sql.length); characters++) {
    index += (sql.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return characters;
}
