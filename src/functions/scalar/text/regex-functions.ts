import { arrayOf, BOOLEAN, INTEGER, type SqlType, type SqlTypeKind, TEXT } from '../../../types/sql-type.js';
import type { FunctionExample, ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import type { RegexPlaces } from '../../regex/regex-places.js';
import * as js from './regex-functions-js.js';

interface RegexKernel {
  readonly kernel: string;
  /** Passed after the operands: what the overload has no arguments for. */
  readonly defaults?: readonly number[];
  readonly fallback: VectorCreate;
  readonly searchOnly?: boolean;
  readonly negated?: boolean;
  /** Flag g is an error. */
  readonly single?: boolean;
}

const regex = (
  args: readonly SqlTypeKind[],
  returns: SqlType,
  places: RegexPlaces,
  { kernel, defaults = [], fallback, searchOnly = false, negated = false, single = true }: RegexKernel,
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: true,
  implementation: { kind: 'regex', kernel, places, defaults, fallback, searchOnly, negated, single },
});

function matching(
  args: readonly SqlTypeKind[],
  places: RegexPlaces,
  negated: boolean,
  name?: string,
): ScalarOverloadDeclaration {
  const plain = js.regexMatches(places, name);
  const fallback: VectorCreate = negated
    ? (types, returns) => {
        const matches = plain(types, returns);
        return (values) => !(matches(values) as boolean);
      }
    : plain;
  return regex(args, BOOLEAN, places, { kernel: 'regexMatches', fallback, searchOnly: true, negated });
}

const operator = (
  name: string,
  aliases: readonly string[],
  doc: string,
  example: FunctionExample,
  options: string,
  negated: boolean,
): ScalarFunction => ({
  name,
  aliases,
  doc,
  example,
  overloads: [matching(['text', 'text'], { pattern: 1, options }, negated)],
});

function replacing(args: readonly SqlTypeKind[], rest: Partial<RegexPlaces>): ScalarOverloadDeclaration {
  const places: RegexPlaces = { ...rest, pattern: 1, replacement: 2 };
  return regex(args, TEXT, places, {
    kernel: places.n === undefined ? 'regexReplace' : 'regexReplaceNth',
    defaults: places.start === undefined ? [1] : [],
    fallback: js.regexReplace(places),
    single: false,
  });
}

/** Overloads with one more argument each, as the places of arguments are given; `defaults` are those of the shortest. */
function growing(
  most: RegexPlaces,
  order: readonly (keyof RegexPlaces)[],
  make: (args: readonly SqlTypeKind[], places: RegexPlaces, given: readonly string[]) => ScalarOverloadDeclaration,
): ScalarOverloadDeclaration[] {
  return Array.from({ length: order.length + 1 }, (_, count) => {
    const given = order.slice(0, count);
    const places = Object.fromEntries([['pattern', most.pattern], ...given.map((name) => [name, most[name]])]);
    const kinds = given.map((name): SqlTypeKind => (name === 'flags' ? 'text' : 'integer'));
    return make(['text', 'text', ...kinds], places as RegexPlaces, given);
  });
}

const extract = (args: readonly SqlTypeKind[], places: RegexPlaces): ScalarOverloadDeclaration =>
  regex(args, TEXT, places, { kernel: 'regexExtract', fallback: js.regexSubstring(places) });

const extractSimilar = extract(['text', 'text', 'text'], { pattern: 1, similar: { escape: 2 } });

/** The overloads of substring that take patterns. */
export const substringOfPattern: readonly ScalarOverloadDeclaration[] = [
  extract(['text', 'text'], { pattern: 1 }),
  extractSimilar,
];

/** With and without flags. */
const withFlags = (
  make: (args: readonly SqlTypeKind[], places: RegexPlaces) => ScalarOverloadDeclaration,
): ScalarOverloadDeclaration[] => [
  make(['text', 'text'], { pattern: 1 }),
  make(['text', 'text', 'text'], { pattern: 1, flags: 2 }),
];

const arrays = (
  name: string,
  kernel: string,
  create: (places: RegexPlaces, name: string) => VectorCreate,
): ScalarOverloadDeclaration[] =>
  withFlags((args, places) => regex(args, arrayOf(TEXT), places, { kernel, fallback: create(places, name) }));

export const regexFunctions: readonly ScalarFunction[] = [
  operator(
    '~',
    [],
    'Does a regular expression match a part of the text?',
    { sql: "'millrace' ~ '^m.*e$'", result: 't' },
    '',
    false,
  ),
  operator('~*', [], 'As ~, whatever the case.', { sql: "'Millrace' ~* '^MILL'", result: 't' }, 'i', false),
  operator('!~', [], 'The negation of ~.', { sql: "'millrace' !~ 'water'", result: 't' }, '', true),
  operator('!~*', [], 'The negation of ~*.', { sql: "'Millrace' !~* 'RACE'", result: 'f' }, 'i', true),
  {
    name: 'similar_to',
    internal: true,
    doc: 'text SIMILAR TO pattern [ESCAPE character].',
    overloads: [
      matching(['text', 'text'], { pattern: 1, similar: {} }, false),
      matching(['text', 'text', 'text'], { pattern: 1, similar: { escape: 2 } }, false),
    ],
  },
  {
    name: 'substring_similar',
    internal: true,
    doc: 'substring(text SIMILAR pattern ESCAPE character).',
    overloads: [extractSimilar],
  },
  {
    name: 'regexp_like',
    parameters: ['string, pattern, flags'],
    doc: 'Does a regular expression match a part of the text? Flags: i ignores case, n lets . and ^ stop at newlines, x allows white space.',
    example: { sql: "regexp_like('Millrace', '^mill', 'i')", result: 't' },
    overloads: [
      matching(['text', 'text'], { pattern: 1 }, false),
      matching(['text', 'text', 'text'], { pattern: 1, flags: 2 }, false, 'regexp_like'),
    ],
  },
  {
    name: 'regexp_match',
    parameters: ['string, pattern, flags'],
    doc: 'What the parentheses of a regular expression matched, the first time it did; without any, the whole match.',
    example: { sql: "regexp_match('foobarbequebaz', '(bar)(beque)')", result: '{bar,beque}' },
    overloads: arrays('regexp_match', 'regexGroups', js.regexGroups),
  },
  {
    name: 'regexp_split_to_array',
    parameters: ['string, pattern, flags'],
    doc: 'The text between the matches of a regular expression.',
    example: { sql: "regexp_split_to_array('hello world', '\\s+')", result: '{hello,world}' },
    overloads: arrays('regexp_split_to_array', 'regexSplitToArray', js.regexSplit),
  },
  {
    name: 'regexp_split_to_table',
    parameters: ['string, pattern, flags'],
    doc: 'The text between the matches of a regular expression, a row each.',
    example: { sql: "regexp_split_to_table('hello world', '\\s+')", result: 'hello\nworld' },
    set: {},
    overloads: arrays('regexp_split_to_table', 'regexSplitToArray', js.regexSplit),
  },
  {
    name: 'regexp_matches',
    parameters: ['string, pattern, flags'],
    doc: 'A row for the first match of a regular expression, with flag g for every match: what the parentheses matched, or the whole.',
    example: { sql: "regexp_matches('a1b22', '[a-z]([0-9]+)', 'g')", result: '{1}\n{22}' },
    set: {},
    overloads: withFlags((args, places) =>
      regex(args, arrayOf(arrayOf(TEXT)), places, {
        kernel: 'regexGroupsOfMatches',
        fallback: js.regexAllGroups(places),
        single: false,
      }),
    ),
  },
  {
    name: 'regexp_count',
    parameters: ['string, pattern, start, flags'],
    doc: 'How often a regular expression matches, from a character on.',
    example: { sql: "regexp_count('banana', 'an'), regexp_count('banana', 'A', 3, 'i')", result: '2\t2' },
    overloads: growing({ pattern: 1, start: 2, flags: 3 }, ['start', 'flags'], (args, places, given) =>
      regex(args, INTEGER, places, {
        kernel: 'regexCount',
        defaults: given.length === 0 ? [1] : [],
        fallback: js.regexCount(places, 'regexp_count'),
      }),
    ),
  },
  {
    name: 'regexp_instr',
    parameters: ['string, pattern, start, N, endoption, flags, subexpr'],
    doc: 'Where the n-th match begins, or where what follows it begins (end option 1), or a part in parentheses; 0 if there is none.',
    example: { sql: "regexp_instr('a1b22', '[0-9]+', 1, 2), regexp_instr('a1b22', '[0-9]+', 1, 1, 1)", result: '4\t3' },
    overloads: growing(
      { pattern: 1, start: 2, n: 3, after: 4, flags: 5, group: 6 },
      ['start', 'n', 'after', 'flags', 'group'],
      (args, places, given) =>
        regex(args, INTEGER, places, {
          kernel: 'regexPosition',
          defaults: [1, 1, 0, 0].slice(given.filter((name) => name !== 'flags').length),
          fallback: js.regexPosition(places, 'regexp_instr'),
        }),
    ),
  },
  {
    name: 'regexp_substr',
    parameters: ['string, pattern, start, N, flags, subexpr'],
    doc: 'The n-th match from a character on, or what a pair of its parentheses matched; NULL if there is none.',
    example: {
      sql: "regexp_substr('a1b22', '[0-9]+', 1, 2), regexp_substr('key=value', '(.*)=(.*)', 1, 1, '', 2)",
      result: '22\tvalue',
    },
    overloads: growing(
      { pattern: 1, start: 2, n: 3, flags: 4, group: 5 },
      ['start', 'n', 'flags', 'group'],
      (args, places, given) =>
        regex(args, TEXT, places, {
          kernel: 'regexSubstring',
          defaults: [1, 1, 0].slice(given.filter((name) => name !== 'flags').length),
          fallback: js.regexSubstring(places, 'regexp_substr'),
        }),
    ),
  },
  {
    name: 'regexp_replace',
    parameters: ['string, pattern, replacement, flags', 'string, pattern, replacement, start, N, flags'],
    doc: 'With the first match of a regular expression (flag g, or 0 for n: every match) replaced. In the replacement \\1 … \\9 are what parentheses matched, \\& is the whole match.',
    example: {
      sql: "regexp_replace('2024-05-06', '(\\d+)-(\\d+)-(\\d+)', '\\3.\\2.\\1'), regexp_replace('banana', 'a', '', 'g')",
      result: '06.05.2024\tbnn',
    },
    overloads: [
      replacing(['text', 'text', 'text'], {}),
      replacing(['text', 'text', 'text', 'text'], { flags: 3 }),
      replacing(['text', 'text', 'text', 'integer'], { start: 3 }),
      replacing(['text', 'text', 'text', 'integer', 'integer'], { start: 3, n: 4 }),
      replacing(['text', 'text', 'text', 'integer', 'integer', 'text'], { start: 3, n: 4, flags: 5 }),
    ],
  },
];
