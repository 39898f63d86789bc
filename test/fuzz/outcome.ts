import { MillraceError } from '../../src/common/errors.js';
import type { Answer } from '../oracle/support/answer.js';

export interface FuzzError {
  readonly code: string;
  readonly message: string;
}

/** What an engine made of a query. */
export type Outcome = Answer | FuzzError;

export const isError = (outcome: Outcome): outcome is FuzzError => 'code' in outcome;

export function toFuzzError(error: unknown): FuzzError {
  if (error instanceof MillraceError) return { code: error.code, message: error.message };
  return { code: 'crash', message: String((error as Error).stack) };
}
