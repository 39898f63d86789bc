/**
 * Who has to act on an error: the author of the SQL (`user`), whoever runs the machine (`resource`), whoever wrote
 * the file (`corrupt`), or us (`bug`).
 */
export type ErrorKind = 'user' | 'resource' | 'corrupt' | 'bug';

export interface ErrorDetails {
  readonly detail?: string | undefined;
  /** What to do next, as a sentence. */
  readonly hint?: string | undefined;
  /** Offset into the SQL text in UTF-16 code units, from 0. The server reports characters from 1. */
  readonly position?: number | undefined;
  readonly cause?: unknown;
}

/** An error as plain data: what crosses threads and sockets. */
export interface PlainError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: number | undefined;
}

/** The only error class that leaves Millrace. `code` is a SQLSTATE. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.code = code;
    this.detail = details.detail;
    this.hint = details.hint;
    this.position = details.position;
  }
}

/** An error in the SQL or its data, with PostgreSQL's SQLSTATE and wording. */
export function userError(code: string, message: string, details?: ErrorDetails): MillraceError {
  return new MillraceError('user', code, message, details);
}

/** The user has asked for the statement to be given up (57014). */
export function canceledError(details?: ErrorDetails): MillraceError {
  return new MillraceError('user', '57014', 'canceling statement due to user request', details);
}

/** Out of memory, disk, connections or time. */
export function resourceError(code: string, message: string, details?: ErrorDetails): MillraceError {
  return new MillraceError('resource', code, message, details);
}

/** A file whose bytes contradict its format (XX001 data_corrupted). */
export function corruptError(message: string, details?: ErrorDetails): MillraceError {
  return new MillraceError('corrupt', 'XX001', message, {
    hint: 'The file is damaged. Write it again, or restore it from a copy.',
    ...details,
  });
}

/** A broken invariant of ours (XX000 internal_error). */
export function bugError(message: string, details?: ErrorDetails): MillraceError {
  return new MillraceError('bug', 'XX000', message, {
    hint: 'This is a bug in Millrace. Please report it with the query that caused it.',
    ...details,
  });
}

/** SQL that is understood but not built: `0A000`, with what to write instead as the hint. */
export function notSupportedError(message: string, details?: ErrorDetails): MillraceError {
  return new MillraceError('user', '0A000', message, details);
}

/** For the `default` of a switch that must be exhaustive. */
export function unreachable(value: never, what: string): never {
  throw bugError(`unexpected ${what}: ${JSON.stringify(value)}`);
}

/** Any thrown value as a MillraceError; what is not one already becomes XX000 and keeps its cause. */
export function toMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return bugError(message, { cause: thrown });
}

/** For posting to another thread: error classes do not survive structured cloning. */
export function toPlainError(thrown: unknown): PlainError {
  const { kind, code, message, detail, hint, position } = toMillraceError(thrown);
  return { kind, code, message, detail, hint, position };
}

export function fromPlainError(plain: PlainError): MillraceError {
  return new MillraceError(plain.kind, plain.code, plain.message, plain);
}
