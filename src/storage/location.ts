import { randomBytes } from 'node:crypto';
import { posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notSupportedError, userError } from '../common/errors.js';

/**
 * What a user wrote for a place (`./lake`, `/data/lake`, `file:///data/my%20lake`, `s3://bucket/prefix`) as a location;
 * relative paths start at `base`.
 */
export function parseLocation(text: string, base: string = process.cwd()): string {
  if (text === '') {
    throw userError('22023', 'the path is empty', {
      hint: 'Give a folder, a file or a pattern such as data/*.parquet.',
    });
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return withoutTrailingSlash(resolve(base, text));
  if (scheme === 'file') return parseFileUrl(text);
  throw notSupportedError(`locations of the kind "${scheme}://" are not supported`, {
    hint: 'Use a path of the local file system.',
  });
}

function parseFileUrl(text: string): string {
  try {
    return withoutTrailingSlash(fileURLToPath(text));
  } catch (cause) {
    throw userError('22023', `invalid file URL "${text}"`, { hint: 'Write it as file:///absolute/path.', cause });
  }
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') : path;
}

export function joinLocation(folder: string, ...segments: readonly string[]): string {
  return [folder === '/' ? '' : folder, ...segments.filter((segment) => segment !== '')].join('/');
}

export function parentLocation(location: string): string {
  return posix.dirname(location);
}

export function baseName(location: string): string {
  return posix.basename(location);
}

/** The path of `location` within `folder`: `''` for the folder itself, `undefined` if it lies elsewhere. */
export function relativeLocation(folder: string, location: string): string | undefined {
  if (location === folder) return '';
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return location.startsWith(prefix) ? location.slice(prefix.length) : undefined;
}

/** Names that are never data: `_SUCCESS`, `_millrace`, `.crc` files, temporary files. (`key=value` folders are.) */
export function isIgnoredName(name: string): boolean {
  return name.startsWith('.') || (name.startsWith('_') && !name.includes('='));
}

/** A name beside `path`, for content that is not complete; no listing of data shows it. */
export function temporaryPath(path: string): string {
  const name = `.${baseName(path).slice(0, 50)}.${randomBytes(6).toString('hex')}.tmp`;
  return joinLocation(parentLocation(path), name);
}

export function isTemporaryPath(path: string): boolean {
  return /^\..*\.[0-9a-f]{12}\.tmp$/.test(baseName(path));
}
