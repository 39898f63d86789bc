import assert from 'node:assert/strict';
import type { VectorCreate } from '../../src/functions/function-types.js';
import { resolveScalarFunction, scalarOverload } from '../../src/functions/registry.js';
import type { SqlType } from '../../src/types/sql-type.js';

/** What TypeScript did, for the work at hand. */
let left: string[] = [];
/**
 * The fallbacks that functions were declared with, of those that tell what they do. Modules are kept with the fallback of their
 * first use, so that what tells stays in its place.
 */
const declared = new WeakMap<object, VectorCreate>();

/** Does some work with an overload of a function; returns the rows of any module that its kernel left to TypeScript. */
export function rowsLeft(
  name: string,
  types: readonly SqlType[],
  work: (overload: string, returns: SqlType, fallback: VectorCreate) => void,
): string[] {
  const { overload, returns } = resolveScalarFunction(name, types);
  const implementation = scalarOverload(overload).implementation as { fallback?: VectorCreate };
  const fallback = declared.get(implementation) ?? implementation.fallback;
  assert.ok(fallback, name);
  if (!declared.has(implementation)) {
    declared.set(implementation, fallback);
    implementation.fallback = (...context) => {
      const compute = fallback(...context);
      return (args) => {
        const result = compute(args);
        left.push(`${name} of ${args.map(String).join(', ')} is ${result}`);
        return result;
      };
    };
  }
  left = [];
  work(overload, returns, fallback);
  return left;
}
