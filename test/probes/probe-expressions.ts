import { probeValues, quote, typedLiterals } from './probe-values.js';

const types = Object.keys(probeValues);

/** Every value cast to every type. */
export function castProbes(): string[] {
  return typedLiterals.flatMap((literal) => types.map((type) => `(${literal})::${type}`));
}

export const binaryOperators: readonly string[] = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<',
  '<=',
  '||',
  '&',
  '|',
  '#',
  '<<',
  '>>',
  '^',
];

/** Every operator between all pairs of types, `perType` values each. */
export function operatorProbes(perType: number, offset = 0): string[] {
  const some = types.flatMap((type) => {
    const values = probeValues[type]!;
    return Array.from(
      { length: Math.min(perType, values.length) },
      (_, index) => `${quote(values[(index + offset) % values.length]!)}::${type}`,
    );
  });
  const pairs = some.flatMap((left) => some.map((right) => [left, right] as const));
  return [
    ...binaryOperators.flatMap((symbol) => pairs.map(([left, right]) => `(${left}) ${symbol} (${right})`)),
    ...typedLiterals.flatMap((literal) => ['-', '+', '~', '@', '|/', '||/'].map((symbol) => `${symbol} (${literal})`)),
  ];
}

/** An untyped literal beside every type. */
export function literalProbes(): string[] {
  const literals = [
    "'1'",
    "'abc'",
    "'2024-01-01'",
    "'1 day'",
    "'12:00'",
    "'t'",
    'null',
    '1',
    '1.5',
    '2147483648',
    '1e3',
  ];
  const firsts = types.map((type) => `${quote(probeValues[type]![1]!)}::${type}`);
  return firsts.flatMap((typed) =>
    literals.flatMap((literal) =>
      ['+', '-', '*', '/', '=', '||'].flatMap((symbol) => [
        `(${typed}) ${symbol} ${literal}`,
        `${literal} ${symbol} (${typed})`,
      ]),
    ),
  );
}
