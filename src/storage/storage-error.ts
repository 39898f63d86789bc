import { bugError, type ErrorKind, MillraceError, resourceError } from '../common/errors.js';

interface Explanation {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOSPC: {
    kind: 'resource',
    code: '53100',
    reason: 'no space left on device',
    hint: 'Free some disk space and run the statement again; nothing was changed.',
  },
  EDQUOT: {
    kind: 'resource',
    code: '53100',
    reason: 'disk quota exceeded',
    hint: 'Free some disk space or raise the quota, and run the statement again; nothing was changed.',
  },
  EFBIG: {
    kind: 'resource',
    code: '53400',
    reason: 'file too large',
    hint: 'Raise the limit on file sizes (ulimit -f) or write smaller files.',
  },
  EACCES: {
    kind: 'user',
    code: '42501',
    reason: 'permission denied',
    hint: 'Give the user that runs Millrace access to this path.',
  },
  EPERM: {
    kind: 'user',
    code: '42501',
    reason: 'operation not permitted',
    hint: 'Give the user that runs Millrace access to this path; hard links must be allowed in a lake.',
  },
  EROFS: {
    kind: 'user',
    code: '25006',
    reason: 'read-only file system',
    hint: 'The lake can be queried but not written to; mount it writable.',
  },
  EMFILE: {
    kind: 'resource',
    code: '53000',
    reason: 'too many open files',
    hint: 'Raise the limit on open files (ulimit -n).',
  },
  ENFILE: {
    kind: 'resource',
    code: '53000',
    reason: 'too many open files in system',
    hint: 'Raise the limit on open files of the machine.',
  },
  EIO: {
    kind: 'resource',
    code: '58030',
    reason: 'input/output error',
    hint: 'The disk or the network file system failed; check it before trying again.',
  },
  ENOENT: {
    kind: 'user',
    code: '58P01',
    reason: 'no such file or directory',
    hint: 'Check the path.',
  },
  EEXIST: {
    kind: 'user',
    code: '58P02',
    reason: 'a file of that name exists',
    hint: 'Check the path: a file is where a folder is needed.',
  },
  ENOTDIR: {
    kind: 'user',
    code: '58P01',
    reason: 'a part of the path is a file, not a folder',
    hint: 'Check the path.',
  },
  EISDIR: {
    kind: 'user',
    code: '42809',
    reason: 'it is a folder',
    hint: 'Give the path of a file.',
  },
  ENAMETOOLONG: {
    kind: 'user',
    code: '42622',
    reason: 'file name too long',
    hint: 'Names of files and folders, partition values included, may have up to 255 bytes.',
  },
  ELOOP: {
    kind: 'user',
    code: '58P01',
    reason: 'too many levels of symbolic links',
    hint: 'Check the symbolic links on the path.',
  },
};

/** The code of a system error (`ENOENT`), or `undefined` for any other thrown value. */
export function systemErrorCode(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | undefined)?.code;
  return thrown instanceof MillraceError || typeof code !== 'string' ? undefined : code;
}

/** A file system's error as ours. `action` completes "could not …": `read`, `write`. */
export function storageError(thrown: unknown, action: string, path: string): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const systemCode = systemErrorCode(thrown);
  if (systemCode === undefined) return bugError(`could not ${action} "${path}": ${String(thrown)}`, { cause: thrown });
  const explanation = EXPLANATIONS[systemCode];
  if (explanation === undefined) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return resourceError('58030', `could not ${action} "${path}": ${message}`, { cause: thrown });
  }
  const { kind, code, reason, hint } = explanation;
  return new MillraceError(kind, code, `could not ${action} "${path}": ${reason}`, { hint, cause: thrown });
}

export function fileGoneError(path: string): MillraceError {
  return new MillraceError('user', '58P01', `file "${path}" does not exist any more`, {
    hint: 'It was removed after the query was planned. Run the query again.',
  });
}

export function fileChangedError(path: string): MillraceError {
  return new MillraceError('resource', '40001', `file "${path}" changed while being read`, {
    hint: 'Another program writes to this file in place. Run the query again when it is done.',
  });
}
