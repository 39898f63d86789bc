import { userError } from '../../../common/errors.js';
import { encodeNested } from '../../../types/nested-codec.js';
import { arrayOf, TEXT } from '../../../types/sql-type.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { compileRegex } from '../../regex/compile-regex.js';
import type { RegexMatch, RegexMatcher } from '../../regex/match-regex.js';
import type { RegexPlaces } from '../../regex/regex-places.js';

interface RegexCall {
  readonly text: readonly number[];
  readonly matcher: RegexMatcher;
  readonly isGlobal: boolean;
  readonly from: number;
  readonly n: number | undefined;
  readonly group: number | undefined;
}

const pointsOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);

/** What code points in a range are as text. */
const textOf = (points: readonly number[], [start, end]: readonly [number, number]): string =>
  points
    .slice(start, end)
    .map((point) => String.fromCodePoint(point))
    .join('');

function numberAt(args: readonly FunctionValue[], place: number | undefined): number | undefined {
  return place === undefined ? undefined : (args[place] as number);
}

function atLeast(least: number, value: number | undefined, name: string): void {
  if (value !== undefined && value < least) throw userError('22023', `invalid value for parameter "${name}": ${value}`);
}

/** `name`: of a function for which flag g means nothing. Throws 2201B, 22023. */
function readCall(args: readonly FunctionValue[], places: RegexPlaces, name?: string): RegexCall {
  const start = numberAt(args, places.start);
  const n = numberAt(args, places.n);
  const group = numberAt(args, places.group);
  atLeast(1, start, 'start');
  atLeast(places.replacement === undefined ? 1 : 0, n, 'n');
  const after = numberAt(args, places.after);
  if (after !== undefined && after !== 0 && after !== 1) {
    throw userError('22023', `invalid value for parameter "endoption": ${after}`);
  }
  atLeast(0, group, 'subexpr');
  const flags = `${places.options ?? ''}${places.flags === undefined ? '' : (args[places.flags] as string)}`;
  const { similar } = places;
  const similarEscape = similar && (similar.escape === undefined ? '\\' : (args[similar.escape] as string));
  const { matcher, parsed } = compileRegex({ pattern: args[places.pattern] as string, flags, similarEscape });
  if (parsed.options.global && name !== undefined) {
    throw userError('22023', `${name}() does not support the "global" option`);
  }
  const isGlobal = parsed.options.global;
  return { text: pointsOf(args[0] as string), matcher, isGlobal, from: (start ?? 1) - 1, n, group };
}

/** Matches from left to right, which do not overlap; after an empty one goes the next character. */
function* matchesIn({
  text,
  matcher,
  from,
}: RegexCall): Generator<RegexMatch & { readonly 0: readonly [number, number] }> {
  for (let start = from; start <= text.length; ) {
    const match = matcher.find(text, start);
    if (match === undefined) return;
    const [first, end] = match[0]!;
    yield match as RegexMatch & { readonly 0: readonly [number, number] };
    start = first === end ? end + 1 : end;
  }
}

function nthMatch(call: RegexCall, n: number): RegexMatch | undefined {
  let count = 0;
  for (const match of matchesIn(call)) {
    count++;
    if (count === n) return match;
  }
  return undefined;
}

export const regexMatches =
  (places: RegexPlaces, name?: string): VectorCreate =>
  () =>
  (args) => {
    const { matcher, text } = readCall(args, places, name);
    return matcher.find(text, 0) !== undefined;
  };

/** As of a kernel whose result is negated after it. */
export const regexReplace =
  (places: RegexPlaces): VectorCreate =>
  () =>
  (args) => {
    const call = readCall(args, places);
    const wanted = call.n ?? (call.isGlobal ? 0 : 1);
    const { text } = call;
    let result = '';
    let copied = 0;
    let count = 0;
    for (const match of matchesIn(call)) {
      count++;
      if (wanted > 0 && count !== wanted) continue;
      const [start, end] = match[0];
      result += textOf(text, [copied, start]) + replacementOf(args[places.replacement!] as string, text, match);
      copied = end;
      if (count === wanted) break;
    }
    return result + textOf(text, [copied, text.length]);
  };

/** With \1 … \9 and \& filled in; \\ is a backslash, any other stays. */
function replacementOf(template: string, text: readonly number[], match: RegexMatch): string {
  return template.replace(/\\([1-9&\\])/g, (_, code: string) => {
    if (code === '\\') return '\\';
    const part = match[code === '&' ? 0 : Number(code)];
    return part === undefined ? '' : textOf(text, part);
  });
}

/** The n-th match or a part of it; without a place for the group, that in the first parentheses, if there are any. */
export const regexSubstring =
  (places: RegexPlaces, name?: string): VectorCreate =>
  () =>
  (args) => {
    const call = readCall(args, places, name);
    const group = call.group ?? (name === undefined && call.matcher.captures > 0 ? 1 : 0);
    const part = nthMatch(call, call.n ?? 1)?.[group];
    return part === undefined ? null : textOf(call.text, part);
  };

export const regexPosition =
  (places: RegexPlaces, name: string): VectorCreate =>
  () =>
  (args) => {
    const call = readCall(args, places, name);
    const part = nthMatch(call, call.n ?? 1)?.[call.group ?? 0];
    return part === undefined ? 0 : part[numberAt(args, places.after) ?? 0]! + 1;
  };

export const regexCount =
  (places: RegexPlaces, name: string): VectorCreate =>
  () =>
  (args) =>
    [...matchesIn(readCall(args, places, name))].length;

/** What the parentheses of the first match have matched, or the whole of it; NULL where there is none. */
export const regexGroups =
  (places: RegexPlaces, name: string): VectorCreate =>
  () =>
  (args) => {
    const call = readCall(args, places, name);
    const match = nthMatch(call, 1);
    return match === undefined ? null : encodeNested(groupsOf(call, match), arrayOf(TEXT));
  };

function groupsOf({ text, matcher }: RegexCall, match: RegexMatch): (string | null)[] {
  const { captures } = matcher;
  return Array.from({ length: Math.max(1, captures) }, (_, group) => {
    const part = match[captures === 0 ? 0 : group + 1];
    return part === undefined ? null : textOf(text, part);
  });
}

/** The same of the first match, or with flag g of every one. */
export const regexAllGroups =
  (places: RegexPlaces): VectorCreate =>
  () =>
  (args) => {
    const call = readCall(args, places);
    const found: (string | null)[][] = [];
    for (const match of matchesIn(call)) {
      found.push(groupsOf(call, match));
      if (!call.isGlobal) break;
    }
    return encodeNested(found, arrayOf(arrayOf(TEXT)));
  };

/** The text between matches. Empty ones at either end, or right after another, part nothing. */
export const regexSplit =
  (places: RegexPlaces, name: string): VectorCreate =>
  () =>
  (args) => {
    const call = readCall(args, places, name);
    const { text } = call;
    const pieces: string[] = [];
    let end = 0;
    for (const match of matchesIn(call)) {
      const [start, after] = match[0];
      if (start >= text.length || after <= end) continue;
      pieces.push(textOf(text, [end, start]));
      end = after;
    }
    return encodeNested([...pieces, textOf(text, [end, text.length])], arrayOf(TEXT));
  };
