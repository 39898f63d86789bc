import {
  Alternation,
  type Alternative,
  type ILookaheadStrategy,
  type IProduction,
  NonTerminal,
  Option,
  type OptionalProductionType,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';
import { type FirstTokens, type LookaheadFunction, lookaheadFunction } from './decision.js';

/**
 * Decides by one token, by look-up in a table that is made when a decision is first taken. Chevrotain's own strategy
 * works out every decision of the grammar at start, which for this grammar takes longer than most queries; it still
 * validates the grammar in the tests. Among alternatives that match, the first one wins.
 */
export class FirstTokenLookahead implements ILookaheadStrategy {
  private readonly firstByRule = new Map<Rule, FirstTokens>();

  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation(options: {
    prodOccurrence: number;
    rule: Rule;
    hasPredicates: boolean;
  }): LookaheadFunction {
    const { prodOccurrence, rule, hasPredicates } = options;
    return lookaheadFunction(hasPredicates ? 'chooseGated' : 'choose', () =>
      findProduction(rule, Alternation, prodOccurrence).definition.map((alternative) => this.first(alternative)),
    );
  }

  buildLookaheadForOptional(options: {
    prodOccurrence: number;
    prodType: OptionalProductionType;
    rule: Rule;
  }): LookaheadFunction {
    const { prodOccurrence, prodType, rule } = options;
    return lookaheadFunction('enter', () => [
      this.firstOfSequence(findProduction(rule, optionalKinds[prodType], prodOccurrence).definition),
    ]);
  }

  private firstOfSequence(productions: readonly IProduction[]): FirstTokens {
    const types = new Set<number>();
    for (const production of productions) {
      const first = this.first(production);
      for (const type of first.types) types.add(type);
      if (!first.empty) return { types, empty: false };
    }
    return { types, empty: true };
  }

  private first(production: IProduction): FirstTokens {
    if (production instanceof Terminal) return { types: withMembers(production.terminalType), empty: false };
    if (production instanceof NonTerminal) return this.firstOfRule(production.referencedRule);
    if (production instanceof Alternation) {
      const alternatives = production.definition.map((alternative) => this.first(alternative));
      return {
        types: new Set(alternatives.flatMap(({ types }) => [...types])),
        empty: alternatives.some(({ empty }) => empty),
      };
    }
    const first = this.firstOfSequence((production as Alternative).definition);
    const optional =
      production instanceof Option || production instanceof Repetition || production instanceof RepetitionWithSeparator;
    return optional ? { types: first.types, empty: true } : first;
  }

  private firstOfRule(rule: Rule): FirstTokens {
    let first = this.firstByRule.get(rule);
    if (first === undefined) {
      first = this.firstOfSequence(rule.definition);
      this.firstByRule.set(rule, first);
    }
    return first;
  }
}

const optionalKinds = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const;

/** A token type and, if it is a category, its members. */
function withMembers(type: TokenType): Set<number> {
  return new Set([type.tokenTypeIdx as number, ...(type.categoryMatches ?? [])]);
}

interface NumberedProduction {
  readonly idx: number;
  readonly definition: IProduction[];
}

/** The production of a kind that was written with a given number, as in `this.OPTION2(…)`. */
function findProduction<Kind extends NumberedProduction>(
  container: { readonly definition: IProduction[] },
  kind: new (...args: never[]) => Kind,
  occurrence: number,
): Kind {
  const found = searchProduction(container.definition, kind, occurrence);
  if (found === undefined) throw new Error(`no production ${kind.name}${occurrence} in the grammar`);
  return found;
}

function searchProduction<Kind extends NumberedProduction>(
  productions: readonly IProduction[],
  kind: new (...args: never[]) => Kind,
  occurrence: number,
): Kind | undefined {
  for (const production of productions) {
    if (production instanceof kind && production.idx === occurrence) return production;
    if (production instanceof Terminal || production instanceof NonTerminal) continue;
    const inner = searchProduction((production as Alternative).definition, kind, occurrence);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
