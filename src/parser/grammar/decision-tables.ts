import { type DecisionKind, type FirstTokens, type LookaheadFunction, lookaheadFunction } from './decision.js';

/**
 * All decisions of the grammar as the build writes them down, so that a start needs neither the grammar's recording nor
 * its analysis: those take longer than `select 1`. Tokens go by their numbers, which follow from the order in which the
 * token types are made.
 */
export interface DecisionTables {
  /** Distinct sets of token types. */
  readonly sets: readonly (readonly number[])[];
  /** Chevrotain's key of the place, the kind, and for each alternative twice its set's number, plus one if it can be empty. */
  readonly decisions: readonly (readonly [key: number, kind: DecisionKind, ...alternatives: number[]])[];
}

export function encodeDecisions(functions: ReadonlyMap<number, LookaheadFunction>): DecisionTables {
  const numbers = new Map<string, number>();
  const sets: number[][] = [];
  const encode = ({ types, empty }: FirstTokens): number => {
    const set = [...types].sort((a, b) => a - b);
    const text = set.join();
    let number = numbers.get(text);
    if (number === undefined) {
      number = sets.push(set) - 1;
      numbers.set(text, number);
    }
    return 2 * number + Number(empty);
  };
  const decisions = [...functions].map(([key, { kind, firstTokens }]): [number, DecisionKind, ...number[]] => [
    key,
    kind,
    ...firstTokens().map(encode),
  ]);
  return { sets, decisions };
}

export function decodeDecisions({ sets, decisions }: DecisionTables): Map<number, LookaheadFunction> {
  const decode = (alternative: number): FirstTokens => ({
    types: new Set(sets[alternative >> 1]),
    empty: (alternative & 1) !== 0,
  });
  return new Map(
    decisions.map(([key, kind, ...alternatives]) => [key, lookaheadFunction(kind, () => alternatives.map(decode))]),
  );
}
