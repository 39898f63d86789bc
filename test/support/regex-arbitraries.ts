import fc from 'fast-check';

const single = fc.constantFrom(
  'a',
  'b',
  'c',
  'é',
  '.',
  '[ab]',
  '[^a]',
  '\\w',
  '[[:alpha:]]',
  '\\s',
  '[^b\\s]',
  '\\d',
  'ж',
);
const assertion = fc.constantFrom('^', '$', '\\y', '\\m', '\\M', '\\A', '\\Z', '\\Y');
const constraint = fc.constantFrom('(?=a)', '(?!b)', '(?<=a)', '(?<!b)', '(?=a*c)', '(?<=ab?)');
const quantifier = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}', '{2,}', '{1,2}?', '{0,1}', '{2}?', '{1,}?', '{0}'],
    ),
  },
);

/** A regular expression of PostgreSQL; `features` that kernels do not know are there only on request. */
export function regexPattern(features: 'regular' | 'all'): fc.Arbitrary<string> {
  const { pattern } = fc.letrec<{ pattern: string; branch: string; item: string; group: string }>((tie) => ({
    pattern: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: tie('branch') },
      { weight: 1, arbitrary: fc.tuple(tie('branch'), tie('branch')).map((parts) => parts.join('|')) },
    ),
    branch: fc.array(tie('item'), { minLength: 0, maxLength: 4 }).map((items) => items.join('')),
    item: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: fc.tuple(single, quantifier).map((parts) => parts.join('')) },
      { weight: 1, arbitrary: assertion },
      ...(features === 'all' ? [{ weight: 1, arbitrary: constraint }] : []),
      { weight: 5, arbitrary: fc.tuple(tie('group'), quantifier).map((parts) => parts.join('')) },
    ),
    group: fc.oneof(
      tie('pattern').map((inner) => `(${inner})`),
      tie('pattern').map((inner) => `(?:${inner})`),
      // A reference, right after what it refers to.
      ...(features === 'all' ? [tie('pattern').map((inner) => `(?:(${inner})x?\\1)`)] : []),
    ),
  }));
  return pattern;
}

export const regexText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'a', 'b', 'b', 'c', 'é', ' ', '\n', 'ab', '1', 'ж', '😀'), { maxLength: 10 })
  .map((parts) => parts.join(''));

/** For functions that take them. */
export const regexFlags: fc.Arbitrary<string> = fc.constantFrom('', '', '', 'i', 'n', 'p', 'w');
