import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import { syntaxErrorAt } from '../tokens/lexical-error.js';

const UNITS = 'microsecond millisecond second minute hour day week month quarter year decade century millennium'.split(
  ' ',
);
const PLURALS: Readonly<Record<string, string>> = { century: 'centuries', millennium: 'millennia' };
/** By the word that stands for it, what an interval of one is written as. */
const lengths: ReadonlyMap<string, string> = new Map(
  UNITS.flatMap((unit) => {
    const length = unit === 'quarter' ? '3 months' : `1 ${unit}`;
    return [unit, PLURALS[unit] ?? `${unit}s`].map((word) => [word, length] as const);
  }),
);

export function isIntervalUnit(word: string): boolean {
  return lengths.has(word.toLowerCase());
}

/** `INTERVAL 3 MONTH`, as Spark and DuckDB write it: so many times an interval of one. */
export function countedInterval(count: Expression, unit: Identifier): Expression {
  const { position } = unit;
  const length = lengths.get(unit.name.toLowerCase());
  if (length === undefined) {
    throw syntaxErrorAt('42601', `syntax error at or near "${unit.name}"`, position, {
      hint: `Expected a unit of time: ${UNITS.join(', ')}.`,
    });
  }
  const value = { kind: 'stringLiteral', value: length, position } as const;
  const one: Expression = { kind: 'intervalLiteral', value, fields: undefined, precision: undefined, position };
  return combine('*', count, one);
}

/** `INTERVAL 1 DAY 2 HOURS`. */
export function sumOfIntervals(parts: readonly Expression[]): Expression {
  return parts.reduce((sum, part) => combine('+', sum, part));
}

function combine(operator: string, left: Expression, right: Expression): Expression {
  const { position } = left;
  return { kind: 'binary', operator, operatorPosition: position, operatorSchema: undefined, left, right, position };
}
