import fc from 'fast-check';

const numbers = fc.oneof(
  fc.tuple(fc.integer({ min: -120, max: 120 }), fc.nat(3)).map(([digits, places]) => `${digits}e-${places}`),
  fc.constantFrom('0', '-0.0', '1.50', '1.5', '15e-1', '1e20', '100000000000000000000.0', '-1e-20'),
);
const texts = fc.oneof(
  fc.constantFrom('', 'a', 'aa', 'b', '\u0001', 'ä'),
  fc.string({ maxLength: 3, unit: 'grapheme' }),
);
export const jsonTexts: fc.Arbitrary<string> = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    numbers,
    texts.map((text) => JSON.stringify(text)),
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(texts, tie('json')), { maxLength: 3 })
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`),
  ),
})).json;
