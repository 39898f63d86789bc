import { RegexMatcher } from './match-regex.js';
import { parseRegex } from './parse-regex.js';
import { optionsOfFlags } from './regex-options.js';
import { regexProgram } from './regex-program.js';
import { NO_OPTIONS, type ParsedRegex } from './regex-syntax.js';
import { patternOfSimilar } from './similar-pattern.js';

/** A pattern as it stands in a call. */
export interface RegexSource {
  readonly pattern: string;
  /** Letters, such as `gi`. */
  readonly flags: string;
  /** Of SIMILAR TO: its escape; undefined for a regular expression. */
  readonly similarEscape?: string | undefined;
}

/** What is kept of patterns on this thread. */
class CompiledRegex {
  readonly parsed: ParsedRegex;
  readonly matcher: RegexMatcher;
  private readonly programs = new Map<boolean, Uint8Array | undefined>();

  constructor({ pattern, flags, similarEscape }: RegexSource) {
    const source = similarEscape === undefined ? pattern : patternOfSimilar(pattern, similarEscape);
    this.parsed = parseRegex(source, optionsOfFlags(NO_OPTIONS, flags));
    this.matcher = new RegexMatcher(this.parsed);
  }

  /** For kernels; undefined when they cannot run it. */
  program(searchOnly: boolean): Uint8Array | undefined {
    if (!this.programs.has(searchOnly)) this.programs.set(searchOnly, regexProgram(this.parsed, searchOnly));
    return this.programs.get(searchOnly);
  }
}

const MOST_KEPT = 100;
const kept = new Map<string, CompiledRegex>();

/** Throws 2201B for a pattern that is none, 22023 for flags that are none. */
export function compileRegex(source: RegexSource): CompiledRegex {
  const key = `${source.flags}\0${source.similarEscape ?? '\0'}\0${source.pattern}`;
  let compiled = kept.get(key);
  if (compiled === undefined) {
    if (kept.size >= MOST_KEPT) kept.clear();
    compiled = new CompiledRegex(source);
    kept.set(key, compiled);
  }
  return compiled;
}
