import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VectorCreate } from '../../../src/functions/function-types.js';
import { compileRegex } from '../../../src/functions/regex/compile-regex.js';
import { STEPS_AT } from '../../../src/functions/regex/regex-program.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { regexPattern, regexText } from '../../support/regex-arbitraries.js';
import { rowsLeft } from '../../support/rows-left.js';

// Regular expressions with back references: the kernel finds what TypeScript finds, and leaves it no row.

const text = fc.oneof(
  regexText,
  fc
    .array(fc.constantFrom('a', 'A', 'b', 'B', 'ab', 'é', 'É', 'ж', 'Ж', '😀', 'ſ', 's', 'K', 'k', ' '), {
      maxLength: 12,
    })
    .map((parts) => parts.join('')),
);

const unit = fc.constantFrom(
  '.',
  '\\w',
  '[ab]',
  'a',
  '(?:a|ab)',
  '.*',
  '.+?',
  '\\w+',
  'a*',
  'b?',
  '(?:a|é)+',
  '[^a]{1,2}',
  '',
);
const between = fc.constantFrom('', '', '', ' ', 'x?', '.*', '.*?', '\\s*', 'b', '$', '\\y', '(?=a)', '|');
const quantifier = fc.constantFrom('', '', '', '', '*', '+', '?', '+?', '{2}', '{0,2}', '{1,2}?', '*?');

/** Parentheses, one after the other or within each other, and references to any that are closed. */
const referring = fc
  .array(fc.tuple(unit, between, quantifier, fc.nat(9), fc.boolean()), { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.tuple(fc.constant(parts), quantifier, fc.boolean(), fc.boolean()))
  .map(([parts, outer, isRepeated, isWithin]) => {
    const written = parts.map(([one, rest, count, other, isTwice], index) => {
      const number = (isWithin ? 2 : 1) + index;
      const earlier = (isWithin ? 2 : 1) + (other % (index + 1));
      return `(${one})${rest}\\${earlier}${count}${isTwice ? `${rest === '|' ? '' : rest}\\${number}` : ''}`;
    });
    if (isWithin) return `(${written.join('')})${outer}${isRepeated ? '\\1' : ''}`;
    return isRepeated ? `(?:${written.join('')})${outer}` : written.join('');
  });

const pattern = fc.oneof({ weight: 3, arbitrary: referring }, { weight: 1, arbitrary: regexPattern('all') });

/** The rows of a function of a text that TypeScript did. */
function leftOf(name: string, types: readonly SqlType[], others: readonly ConstantValue[]): string[] {
  const constants = types.map((type, index): Expression => ({ kind: 'constant', type, value: others[index]! }));
  return rowsLeft(name, [TEXT, ...types], (overload, returns, fallback) => {
    const make = (args: readonly Expression[]): Expression => {
      return { kind: 'call', type: returns, overload, args: [...args, ...constants] };
    };
    const twin: VectorCreate = () => {
      const compute = fallback([TEXT, ...types], returns);
      return ([one]) => compute([one!, ...others]);
    };
    hold(`${name} ${others.join(', ')}`, make, [TEXT], returns, twin, fc.tuple(text));
  });
}

/** Is there no program, as its automata have too many states? */
function isHuge(one: string): boolean {
  try {
    return ['', 'i', 'in'].some((flags) => compileRegex({ pattern: one, flags }).program(false) === undefined);
  } catch {
    // It is no pattern: an error that is the same of both.
    return false;
  }
}

test('a kernel finds what back references match, and leaves nothing to TypeScript', () => {
  const seed = Number(process.env.PROPERTY_SEED ?? 48);
  for (const one of fc.sample(pattern, { numRuns: Number(process.env.RUNS ?? 20 * PROPERTY_ROUNDS), seed })) {
    const left = [
      ...leftOf('~', [TEXT], [one]),
      ...leftOf('~*', [TEXT], [one]),
      ...leftOf('regexp_match', [TEXT, TEXT], [one, 'i']),
      ...leftOf('regexp_match', [TEXT], [one]),
      ...leftOf('regexp_matches', [TEXT, TEXT], [one, 'g']),
      ...leftOf('regexp_split_to_array', [TEXT], [one]),
      ...leftOf('regexp_count', [TEXT, INTEGER, TEXT], [one, 2, 'in']),
      ...leftOf('regexp_replace', [TEXT, TEXT, TEXT], [one, '<\\1>\\&', 'g']),
      ...leftOf('regexp_replace', [TEXT, TEXT, INTEGER, INTEGER], [one, '\\2', 1, 2]),
      ...leftOf('regexp_instr', [TEXT, INTEGER, INTEGER, INTEGER, TEXT, INTEGER], [one, 1, 1, 1, '', 1]),
    ];
    if (!isHuge(one)) assert.deepEqual(left, []);
  }
});

test('what takes too many steps is left to TypeScript', () => {
  const calls: [string, SqlType[], ConstantValue[], flags: string, searchOnly: boolean][] = [
    ['~', [TEXT], [], '', true],
    ['regexp_matches', [TEXT, TEXT], ['g'], 'g', false],
    ['regexp_split_to_array', [TEXT, TEXT], ['c'], 'c', false],
    ['regexp_match', [TEXT, TEXT], ['s'], 's', false],
    ['regexp_replace', [TEXT, TEXT, TEXT], ['<\\1>', 'gc'], 'gc', false],
    ['regexp_count', [TEXT, INTEGER, TEXT], [1, 'cc'], 'cc', false],
    ['regexp_instr', [TEXT, INTEGER, INTEGER, INTEGER, TEXT, INTEGER], [1, 1, 1, 'sc', 1], 'sc', false],
  ];
  for (const steps of [1, 5, 20, 50]) {
    // Programs are kept by pattern and flags.
    const one = `(\\w)(.*)\\1(?:a|\\2){0,${steps}}`;
    for (const [name, types, others, flags, searchOnly] of calls) {
      const program = compileRegex({ pattern: one, flags }).program(searchOnly)!;
      new DataView(program.buffer).setUint32(STEPS_AT, steps, true);
      const left = leftOf(name, types, [one, ...others]);
      assert.ok(left.length > 0, `${name} in ${steps} steps`);
    }
  }
});
