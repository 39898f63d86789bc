import fc from 'fast-check';
import { formatJsonb, parseJsonText } from '../../src/functions/scalar/json/json-text.js';
import { encodeNested } from '../../src/types/nested-codec.js';
import { arrayOf, TEXT } from '../../src/types/sql-type.js';

// Documents of JSON, as json and as jsonb, and what leads into them.

export const jsonKey: fc.Arbitrary<string> = fc.constantFrom(
  'a',
  'b',
  'aa',
  '',
  'é',
  'ab"',
  '0',
  '-1',
  'longer than sixteen bytes',
);
const jsonSpace = fc.constantFrom('', '', '', ' ', '\n\t ');
const jsonText = fc.oneof(
  jsonKey,
  fc.constantFrom('{[', ']}', '"', '\\', 'a\nb', '😀', '\u0001', `${'x'.repeat(20)}"${'y'.repeat(20)}`),
);
/** With the escapes that must be, or with all that may be. */
const jsonString = fc.tuple(jsonText, fc.constantFrom(false, false, true)).map(([value, escapesAll]) => {
  if (!escapesAll) return JSON.stringify(value);
  return `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
});
const { document } = fc.letrec<{ document: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      ...['null', 'true', 'false', '0', '-1.50', '12e2', '1', '1.0', '10', '-0.001', '0.0100', '1e-3', '-0.0'],
    ),
    fc.constantFrom('1234567890123456789012.5', '-1234567890123456789012.50', '-20', '2.5', '"a"'),
    jsonString,
    tie('document'),
  ),
  document: fc.oneof(
    fc
      .tuple(jsonSpace, fc.array(fc.tuple(jsonString, jsonSpace, tie('part')), { maxLength: 5 }))
      .map(([space, entries]) => {
        const written = entries.map(([key, after, value]) => `${space}${key}${after}:${space}${value}${after}`);
        return `${space}{${space}${written.join(',')}}${space}`;
      }),
    fc
      .tuple(jsonSpace, fc.array(tie('part'), { maxLength: 5 }))
      .map(([space, items]) => `${space}[${space}${items.join(`${space},${space}`)}${space}]`),
    tie('part'),
  ),
}));
export const jsonDocument: fc.Arbitrary<string> = document;
export const jsonbDocument: fc.Arbitrary<string> = document.map((json) => formatJsonb(parseJsonText(json)));
export const jsonPath: fc.Arbitrary<Uint8Array> = fc
  .array(fc.option(fc.oneof(jsonKey, fc.constantFrom('1', ' +1 ', '-2', '99999999999', 'x', '1x')), { freq: 20 }), {
    maxLength: 3,
  })
  .map((steps) => encodeNested(steps, arrayOf(TEXT)));

export const dollarPath: fc.Arbitrary<string> = fc.oneof(
  jsonKey,
  fc
    .array(
      fc.constantFrom(
        '.a',
        '.b',
        '.aa',
        '.é',
        '."ab"',
        '."longer than sixteen bytes"',
        '["a"]',
        '[0]',
        '[-1]',
        '[12345678901]',
        '.0',
        '[',
        '.',
        '[]',
        '[-]',
        '."a',
        'x',
        '."a\\"',
        '."ab\\""',
        '["b\\\n"]',
        '[99999999999999999999]',
        '[-0]',
      ),
      { maxLength: 3 },
    )
    .map((steps) => `$${steps.join('')}`),
  fc.constantFrom('/a/b', '/0', '/', '', '/b/00', '/1/aa', '/-1', '/~1', '/~01/~', '/é', '//', '/aa/9999999999'),
);

/** Documents, and what becomes of them when something is put in their middle, or taken out. */
export const brokenJson: fc.Arbitrary<string> = fc.oneof(
  jsonDocument,
  fc
    .tuple(
      jsonDocument,
      fc.nat(),
      fc.nat(2),
      fc.constantFrom('', '', ',', '"', '\\', '\\u00g0', '}', '0', '1.', 'e', '-', 'null', '\n', ':'),
    )
    .map(([document, at, taken, put]) => {
      const place = at % (document.length + 1);
      // Halves of pairs of surrogates are no text.
      return Buffer.from(document.slice(0, place) + put + document.slice(place + taken)).toString();
    }),
  fc.constantFrom(
    '',
    ' ',
    '[1 2]',
    '01',
    '-',
    '1.e5',
    'nul',
    'truefalse',
    '[[]',
    '{"a"}',
    `${'['.repeat(70)}${']'.repeat(70)}`,
  ),
);
