import type { FunctionImplementation, VectorCreate } from '../../function-types.js';

// What kernels of JSON are told: kernels/assembly/json-access.ts.

/** Strings without quotes, and NULL for null. */
export const AS_TEXT = 1;
/** jsonb. */
export const CANONICAL = 2;
/** Any text, which may be no JSON. */
export const UNCHECKED = 4;

/** A kernel called by memory with flags; what it declines is done in TypeScript. */
export function flagged(kernel: string, flags: number, fallback: VectorCreate): FunctionImplementation {
  return { kind: 'memory', kernel, fallback, constant: () => Uint8Array.of(flags, 0, 0, 0) };
}
