import { readFileSync } from 'node:fs';
import { resourceError } from '../common/errors.js';
import type { SqlSource } from './report-error.js';

const STANDARD_INPUT = 0;

/** The SQL in a file; `-` is standard input. */
export function readSqlFile(path: string): SqlSource {
  try {
    const text = readFileSync(path === '-' ? STANDARD_INPUT : path, 'utf8');
    return { path: path === '-' ? 'stdin' : path, text: text.startsWith('\ufeff') ? text.slice(1) : text };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw resourceError('58P01', `there is no file ${path}`, { cause: error });
    throw resourceError('58030', `cannot read ${path}: ${message}`, { cause: error });
  }
}

/** The first line of a file. */
export function readPasswordFile(path: string): string {
  const password = readSqlFile(path).text.split(/\r?\n/)[0]!;
  if (password === '') throw resourceError('28P01', `the password in ${path} is empty`);
  return password;
}
