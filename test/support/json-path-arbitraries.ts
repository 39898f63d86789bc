import fc from 'fast-check';

// Paths of jsonpath, of every kind of step and predicate.

const pathLiteral = fc.constantFrom(
  ...['1', '1.00', '-0.001', '"a"', '"é"', '"q\\"x"', 'null', 'true', 'false', '10', '$v', '$w'],
);
const { path: pathText } = fc.letrec<{ path: string; step: string; predicate: string; operand: string }>((tie) => ({
  path: fc
    .tuple(fc.constantFrom('$', '$', '$', '$v'), fc.array(tie('step'), { maxLength: 3 }))
    .map(([head, steps]) => head + steps.join('')),
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('.a', '.b', '.aa', '."é"', '."ab\\""', '.*', '[*]', '[0]', '[last]', '[0, 1]', '[1 to last]'),
    fc.constantFrom('[last - 1]', '[0 to 2, last]', '[last - 3 to 1]', '.**', '.**{1}', '.**{0 to 1}', '.**{last}'),
    fc.constantFrom('.size()', '.type()', '[$v]', '[last / 2]', '[$.a to last]', '[$.a[0] + 0.5]'),
    fc.constantFrom(
      ...['abs', 'bigint', 'boolean', 'ceiling', 'double', 'floor', 'integer'].map((name) => `.${name}()`),
    ),
    fc.constantFrom('.keyvalue()', '.keyvalue().key', '.number()', '.string()'),
    tie('predicate').map((predicate) => ` ? (${predicate})`),
  ),
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    pathLiteral,
    fc.array(tie('step'), { maxLength: 2 }).map((steps) => `@${steps.join('')}`),
    fc
      .tuple(tie('operand'), fc.constantFrom(...'+-*/%'), tie('operand'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(fc.constantFrom('-', '+'), tie('operand')).map(([sign, operand]) => `(${sign}${operand})`),
    fc.tuple(tie('operand'), tie('step')).map(([operand, step]) => `(${operand})${step}`),
    fc.tuple(tie('predicate'), tie('step')).map(([predicate, step]) => `(${predicate})${step}`),
  ),
  predicate: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(tie('operand'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('operand'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    fc
      .tuple(tie('operand'), fc.constantFrom('"a"', '""', '"l"', '$v'))
      .map(([left, right]) => `${left} starts with ${right}`),
    fc
      .tuple(tie('operand'), fc.constantFrom('"^a"', '"B" flag "i"', '"[^a]$"', '"." flag "q"', '"a.b" flag "s"', '""'))
      .map(([left, right]) => `${left} like_regex ${right}`),
    tie('operand').map((operand) => `exists(${operand})`),
    fc
      .tuple(tie('predicate'), fc.constantFrom('&&', '||'), tie('predicate'))
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
    tie('predicate').map((predicate) => `!(${predicate})`),
    tie('predicate').map((predicate) => `(${predicate}) is unknown`),
  ),
}));
/** Of a document whose items it looks for, of a predicate, and of an expression. */
export const anyPath: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', 'strict '),
    pathText,
    fc.constantFrom('', '', '', ' == 1', ' > 0', ' != "a"', ' + 1', ' * -2.5 > 3', ' / 7', ' % 3', ' like_regex "b"'),
  )
  .map((parts) => parts.join(''));
export const pathVariables: fc.Arbitrary<string> = fc.constantFrom(
  '{"v": 1}',
  '{"v": "a", "w": [1, 2]}',
  '{}',
  '[]',
  '{"v": {"a": [0]}, "w": null}',
);
