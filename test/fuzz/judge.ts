import { findDifference } from '../oracle/support/answer.js';
import { isError, type Outcome } from './outcome.js';

export interface Verdict {
  readonly kind: 'agree' | 'unsupported' | 'oracle failed' | 'differ';
  /** In a few words, the same for the same mistake: what shrinking must keep. */
  readonly what: string;
  readonly details: string;
}

const AGREE: Verdict = { kind: 'agree', what: '', details: '' };

/** What PostgreSQL itself cannot do. */
const ORACLE_LIMITS: ReadonlySet<string> = new Set([
  '0A000',
  '42803',
  '42883',
  '42804',
  '42601',
  '42P18',
  '42725',
  '54001',
  '53200',
  'XX000',
]);

/** Compares an answer with the expected one; a queries' rows are a bag unless all columns order them. */
export function judge(actual: Outcome, expected: Outcome, ordered: boolean): Verdict {
  if (isError(expected) && isError(actual)) {
    // Of several rows that fail, or of several mistakes in one, any may be met first.
    if (expected.code === actual.code || (isDataError(expected.code) && isDataError(actual.code))) return AGREE;
    if (actual.code === '0A000') return { kind: 'unsupported', what: actual.message, details: '' };
    const kind = ORACLE_LIMITS.has(expected.code) && !isBug(actual.code) ? 'oracle failed' : 'differ';
    const what = `${actual.code} instead of ${expected.code}`;
    return { kind, what, details: `${actual.message}\n  expected ${expected.message}` };
  }
  if (isError(actual)) {
    if (actual.code === '0A000' || isConstantKey(actual.message)) {
      return { kind: 'unsupported', what: actual.message, details: '' };
    }
    return { kind: 'differ', what: `${actual.code} instead of rows`, details: actual.message };
  }
  if (isError(expected)) {
    const kind = ORACLE_LIMITS.has(expected.code) ? 'oracle failed' : 'differ';
    return { kind, what: `rows instead of ${expected.code}`, details: expected.message };
  }
  const difference = findDifference(actual, expected, ordered ? 'all' : undefined);
  return difference === undefined ? AGREE : { kind: 'differ', what: 'rows', details: difference };
}

/** PostgreSQL refuses it, and DuckDB groups by it. */
const isConstantKey = (message: string): boolean => message === 'non-integer constant in GROUP BY';

const isDataError = (code: string): boolean => code.startsWith('22');

const isBug = (code: string): boolean => ['XX000', 'crash', 'leak', '57014'].includes(code);
