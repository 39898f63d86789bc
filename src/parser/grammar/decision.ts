import type { IToken } from 'chevrotain';

/** The types of token a production can start with, categories resolved, and whether it can be empty. */
export interface FirstTokens {
  readonly types: ReadonlySet<number>;
  readonly empty: boolean;
}

/** `choose` an alternative, the same where alternatives have gates, or `enter` something optional. */
export type DecisionKind = 'choose' | 'chooseGated' | 'enter';

/** What chevrotain binds lookahead functions to. */
interface TokenSource {
  LA(distance: number): IToken;
}

interface GatedAlternative {
  readonly GATE?: () => boolean;
}

/** Decides at one place of the grammar, by the next token. */
export interface LookaheadFunction {
  // biome-ignore lint/suspicious/noExplicitAny: chevrotain types choices and entries apart, and stores them alike.
  (this: TokenSource, alternatives?: GatedAlternative[]): any;
  readonly kind: DecisionKind;
  /** One for each alternative; a single one for what can be entered. */
  readonly firstTokens: () => readonly FirstTokens[];
}

/** `compute` is called when the decision is first taken. */
export function lookaheadFunction(kind: DecisionKind, compute: () => readonly FirstTokens[]): LookaheadFunction {
  let known: readonly FirstTokens[] | undefined;
  const firstTokens = (): readonly FirstTokens[] => {
    known ??= compute();
    return known;
  };
  return Object.assign(createDecision(kind, firstTokens), { kind, firstTokens });
}

function createDecision(
  kind: DecisionKind,
  firstTokens: () => readonly FirstTokens[],
): (this: TokenSource, alternatives?: GatedAlternative[]) => unknown {
  switch (kind) {
    case 'enter':
      return function enter() {
        return firstTokens()[0]!.types.has(this.LA(1).tokenTypeIdx);
      };
    case 'chooseGated':
      return function chooseGated(alternatives) {
        const type = this.LA(1).tokenTypeIdx;
        const index = firstTokens().findIndex(
          ({ types, empty }, place) => (empty || types.has(type)) && alternatives?.[place]?.GATE?.() !== false,
        );
        return index < 0 ? undefined : index;
      };
    case 'choose': {
      let table: { readonly byType: ReadonlyMap<number, number>; readonly otherwise: number | undefined } | undefined;
      return function choose() {
        table ??= tabulate(firstTokens());
        return table.byType.get(this.LA(1).tokenTypeIdx) ?? table.otherwise;
      };
    }
  }
}

function tabulate(sets: readonly FirstTokens[]): { byType: Map<number, number>; otherwise: number | undefined } {
  const byType = new Map<number, number>();
  for (const [index, { types, empty }] of sets.entries()) {
    for (const type of types) if (!byType.has(type)) byType.set(type, index);
    if (empty) return { byType, otherwise: index };
  }
  return { byType, otherwise: undefined };
}
