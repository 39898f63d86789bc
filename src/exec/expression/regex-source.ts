import { compileRegex, type RegexSource } from '../../functions/regex/compile-regex.js';
import { scalarOverload } from '../../functions/registry.js';
import type { Expression } from '../../planner/expression.js';

interface KernelRegex extends RegexSource {
  readonly searchOnly: boolean;
}

/** The text of an operand that is no literal. */
interface Given {
  readonly place: number;
  readonly text: string;
}

/** The program of a call for one pattern, or its flags; undefined where kernels cannot run it, or it is none. */
export function regexProgramOf(expression: Expression, given: Given): Uint8Array | undefined {
  const source = regexSourceOf(expression, given);
  return source && compileRegex(source).program(source.searchOnly);
}

/** For a call with a pattern, literals but for what is given, that kernels can run: what its program is made of. */
export function regexSourceOf(expression: Expression, given?: Given): KernelRegex | undefined {
  if (expression.kind !== 'call') return undefined;
  const { implementation } = scalarOverload(expression.overload);
  if (implementation.kind !== 'regex') return undefined;
  const { places, searchOnly, single } = implementation;
  const literal = (place: number | undefined, otherwise: string): string | undefined => {
    if (place === undefined) return otherwise;
    if (place === given?.place) return given.text;
    const argument = expression.args[place]!;
    return argument.kind === 'constant' && typeof argument.value === 'string' ? argument.value : undefined;
  };
  const pattern = literal(places.pattern, '');
  const flags = literal(places.flags, '');
  const similarEscape = places.similar === undefined ? undefined : literal(places.similar.escape, '\\');
  if (pattern === undefined || flags === undefined || (places.similar && similarEscape === undefined)) return undefined;
  const source = { pattern, flags: `${places.options ?? ''}${flags}`, similarEscape, searchOnly };
  try {
    const compiled = compileRegex(source);
    // What is wrong with it, the row says that comes to it.
    if (single && compiled.parsed.options.global) return undefined;
    return compiled.program(searchOnly) === undefined ? undefined : source;
  } catch {
    return undefined;
  }
}
