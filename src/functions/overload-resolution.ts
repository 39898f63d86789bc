import { userError } from '../common/errors.js';
import { canCastKind, castTargetOf, isPreferredType, typeCategory } from '../types/coercion.js';
import { type SqlType, TEXT } from '../types/sql-type.js';
import type { TypePattern } from './function-types.js';

interface Signature {
  readonly args: readonly TypePattern[];
  readonly variadic?: boolean;
  readonly coerce?: ((args: readonly SqlType[]) => readonly SqlType[] | undefined) | undefined;
}

/**
 * PostgreSQL's choice among overloads ("Functions: Type Conversion" in its manual): an exact match, else those
 * reachable by implicit casts, narrowed by the number of exact matches, then of preferred types, then by what the
 * unknown literals could be.
 */
export function chooseOverload<T extends Signature>(
  overloads: readonly T[],
  args: readonly SqlType[],
): T | 'none' | 'ambiguous' {
  const arity = overloads.filter(
    (overload) => acceptsCount(overload, args.length) && (!overload.coerce || overload.coerce(args) !== undefined),
  );
  const exact = arity.find((overload) => args.every((arg, index) => isExact(arg, patternAt(overload, index))));
  if (exact) return exact;
  let candidates = arity.filter((overload) => args.every((arg, index) => isReachable(arg, patternAt(overload, index))));
  if (candidates.length === 0) return 'none';
  candidates = best(candidates, (overload) => count(args, (arg, i) => isExact(arg, patternAt(overload, i))));
  candidates = best(candidates, (overload) => count(args, (arg, i) => isExactOrPreferred(arg, patternAt(overload, i))));
  if (candidates.length === 1) return candidates[0]!;
  candidates = resolveUnknowns(candidates, args);
  if (candidates.length === 1) return candidates[0]!;
  const known = args.filter((arg) => arg.kind !== 'unknown');
  const first = known[0];
  if (first && known.length < args.length && known.every((arg) => arg.kind === first.kind)) {
    const same = candidates.filter((overload) => args.every((_, i) => isReachable(first, patternAt(overload, i))));
    if (same.length === 1) return same[0]!;
  }
  return 'ambiguous';
}

/** The types that the arguments of the chosen overload are cast to. Throws 42804 where only an argument could tell. */
export function coercedTypes(overload: Signature, args: readonly SqlType[]): SqlType[] {
  return args.map((arg, index) => {
    const pattern = patternAt(overload, index);
    if (pattern === 'any') return arg.kind === 'unknown' ? TEXT : arg;
    if (arg.kind === 'unknown' && (pattern === 'array' || pattern === 'struct' || pattern === 'map')) {
      throw userError('42804', 'could not determine polymorphic type because input has type unknown', {
        hint: pattern === 'array' ? 'Cast it: NULL::integer[].' : 'Cast it to the type that it shall have.',
      });
    }
    return castTargetOf(arg, pattern);
  });
}

export function patternAt(overload: Signature, index: number): TypePattern {
  return overload.args[Math.min(index, overload.args.length - 1)]!;
}

function acceptsCount(overload: Signature, count: number): boolean {
  return overload.variadic ? count >= overload.args.length : count === overload.args.length;
}

function isExact(arg: SqlType, pattern: TypePattern): boolean {
  return pattern === 'any' || arg.kind === pattern;
}

function isReachable(arg: SqlType, pattern: TypePattern): boolean {
  return pattern === 'any' || canCastKind(arg.kind, pattern, 'implicit');
}

function isExactOrPreferred(arg: SqlType, pattern: TypePattern): boolean {
  return isExact(arg, pattern) || (arg.kind !== 'unknown' && pattern !== 'any' && isPreferredType(pattern));
}

function resolveUnknowns<T extends Signature>(overloads: readonly T[], args: readonly SqlType[]): T[] {
  let candidates = [...overloads];
  args.forEach((arg, index) => {
    if (arg.kind !== 'unknown') return;
    const categoryOf = (overload: T) => {
      const pattern = patternAt(overload, index);
      return pattern === 'any' ? 'unknown' : typeCategory(pattern);
    };
    const strings = candidates.filter((overload) => categoryOf(overload) === 'string');
    if (strings.length > 0) candidates = strings;
    else if (!candidates.every((overload) => categoryOf(overload) === categoryOf(candidates[0]!))) return;
    const preferred = candidates.filter((overload) => {
      const pattern = patternAt(overload, index);
      return pattern !== 'any' && isPreferredType(pattern);
    });
    if (preferred.length > 0) candidates = preferred;
  });
  return candidates;
}

function best<T>(items: readonly T[], score: (item: T) => number): T[] {
  const top = Math.max(...items.map(score));
  return items.filter((item) => score(item) === top);
}

function count(args: readonly SqlType[], test: (arg: SqlType, index: number) => boolean): number {
  return args.filter(test).length;
}
