import { EmbeddedActionsParser, type IParserErrorMessageProvider, type ParserMethod, type TokenType } from 'chevrotain';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { BooleanLiteral, NumericLiteral, StringLiteral } from '../ast/literal.js';
import type { Option, OptionList, OptionValue } from '../ast/option.js';
import { syntaxErrorAt } from '../tokens/lexical-error.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { LookaheadFunction } from './decision.js';
import { type DecisionTables, decodeDecisions } from './decision-tables.js';
import { FirstTokenLookahead } from './first-token-lookahead.js';

const K = T.Keyword;

export interface ParserSettings {
  /** Decisions known beforehand: the grammar is then not recorded. */
  readonly decisions?: DecisionTables;
  /** Tests validate the grammar, by chevrotain's own analysis; at run time that would only cost start-up time. */
  readonly validate: boolean;
  readonly errorMessageProvider: IParserErrorMessageProvider;
}

/** Grammar rules are shared between the layers of the parser's class hierarchy under this type. */
export type Rule<Result, Args extends unknown[] = []> = ParserMethod<Args, Result>;

type SimpleValue = StringLiteral | NumericLiteral | BooleanLiteral | Identifier;

/** Thrown where a parser that did not record its grammar would have to say what it expected. */
export class GrammarNotRecordedError extends Error {}

/** Of chevrotain's parser, what its types leave out. */
interface ParserInternals {
  definedRulesNames: string[];
  lookAheadFuncsCache: Map<number, LookaheadFunction>;
}

/** Names, literals and option lists: what every part of the grammar uses. */
export abstract class ParserBase extends EmbeddedActionsParser {
  private readonly knownDecisions: DecisionTables | undefined;

  constructor(settings: ParserSettings) {
    super([...T.allTokenTypes], {
      maxLookahead: 1,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
      skipValidations: !settings.validate,
      ...(settings.validate ? {} : { lookaheadStrategy: new FirstTokenLookahead() }),
      errorMessageProvider: settings.errorMessageProvider,
    });
    this.knownDecisions = settings.decisions;
  }

  /** To be called when all rules are defined. */
  protected finishGrammar(): void {
    const internals = this as unknown as ParserInternals;
    if (this.knownDecisions === undefined) {
      this.performSelfAnalysis();
      return;
    }
    // Without rules there is nothing to record, and the rest of the analysis is as it should be.
    const names = internals.definedRulesNames;
    internals.definedRulesNames = [];
    this.performSelfAnalysis();
    internals.definedRulesNames = names;
    internals.lookAheadFuncsCache = decodeDecisions(this.knownDecisions);
  }

  /** The decisions of a parser that recorded its grammar, by chevrotain's keys. */
  get decisionFunctions(): ReadonlyMap<number, LookaheadFunction> {
    return (this as unknown as ParserInternals).lookAheadFuncsCache;
  }

  override getGAstProductions(): ReturnType<EmbeddedActionsParser['getGAstProductions']> {
    if (this.knownDecisions !== undefined) throw new GrammarNotRecordedError();
    return super.getGAstProductions();
  }

  /** The next token's offset. */
  protected here(): number {
    return this.LA(1).startOffset;
  }

  /** The offset behind the last token consumed. */
  protected behind(): number {
    return (this.LA(0).endOffset as number) + 1;
  }

  protected nextIs(type: TokenType, distance = 1): boolean {
    return this.LA(distance).tokenType === type;
  }

  /** Raises PostgreSQL's syntax error at a token that the grammar let through. */
  protected rejectToken(token: { readonly startOffset: number; readonly image: string }, hint?: string): never {
    const message = token.image === '' ? 'syntax error at end of input' : `syntax error at or near "${token.image}"`;
    throw syntaxErrorAt('42601', message, token.startOffset, hint === undefined ? {} : { hint });
  }

  /** The same at an offset that is behind the parser already. */
  protected rejectAt(position: number, hint: string): never {
    const token = (this.input as SqlToken[]).find(({ startOffset }) => startOffset === position);
    this.rejectToken({ startOffset: position, image: token?.image ?? '' }, hint);
  }

  protected toIdentifier(token: unknown): Identifier {
    const { text, startOffset, tokenType } = token as SqlToken;
    return { kind: 'identifier', name: text, quoted: tokenType === T.QuotedIdentifier, position: startOffset };
  }

  protected toNumber(token: unknown): NumericLiteral {
    const { text, startOffset } = token as SqlToken;
    return { kind: 'numericLiteral', text, position: startOffset };
  }

  protected toStringLiteral(token: unknown): StringLiteral {
    const { text, startOffset } = token as SqlToken;
    return { kind: 'stringLiteral', value: text, position: startOffset };
  }

  protected integerOf(token: unknown): number {
    const { text, startOffset } = token as SqlToken;
    const value = Number(text);
    return this.ACTION(() => {
      if (!/^\d+$/.test(text) || value > 0x7fffffff) {
        throw syntaxErrorAt('42601', `syntax error at or near "${text}"`, startOffset, {
          hint: 'Expected an integer.',
        });
      }
      return value;
    });
  }

  readonly name: Rule<Identifier> = this.RULE('name', () => this.toIdentifier(this.CONSUME(T.Name)));

  readonly stringLiteral: Rule<StringLiteral> = this.RULE('stringLiteral', () =>
    this.toStringLiteral(this.CONSUME(T.StringLiteralToken)),
  );

  readonly qualifiedName: Rule<QualifiedName> = this.RULE('qualifiedName', (): QualifiedName => {
    const first = this.toIdentifier(this.CONSUME(T.Name));
    const parts = [first];
    this.MANY(() => {
      this.CONSUME(T.Dot);
      parts.push(this.toIdentifier(this.CONSUME(T.AnyLabel)));
    });
    return { kind: 'qualifiedName', parts, position: first.position };
  });

  readonly qualifiedNames: Rule<QualifiedName[]> = this.RULE('qualifiedNames', () => {
    const names: QualifiedName[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.SUBRULE(this.qualifiedName)) });
    return names;
  });

  /** `(a, b)`: at least one name in parentheses. */
  readonly nameList: Rule<Identifier[]> = this.RULE('nameList', () => {
    const names: Identifier[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.SUBRULE(this.name)) });
    this.CONSUME(T.RParen);
    return names;
  });

  /** `name`, `name.part`, as one string in lower case: settings and options. */
  readonly dottedName: Rule<string> = this.RULE('dottedName', () => {
    let name = (this.CONSUME(T.AnyLabel) as SqlToken).text;
    this.MANY(() => {
      this.CONSUME(T.Dot);
      name += `.${(this.CONSUME1(T.AnyLabel) as SqlToken).text}`;
    });
    return name ?? '';
  });

  /** A literal, a signed number or a word. */
  readonly simpleValue: Rule<SimpleValue> = this.RULE('simpleValue', () =>
    this.OR<SimpleValue>([
      { ALT: () => this.SUBRULE(this.stringLiteral) },
      { ALT: () => this.SUBRULE(this.signedNumber) },
      { ALT: () => ({ kind: 'booleanLiteral', value: true, position: this.CONSUME(K.true).startOffset }) },
      { ALT: () => ({ kind: 'booleanLiteral', value: false, position: this.CONSUME(K.false).startOffset }) },
      { ALT: () => this.toIdentifier(this.CONSUME(T.AnyLabel)), IGNORE_AMBIGUITIES: true },
    ]),
  );

  readonly signedNumber: Rule<NumericLiteral> = this.RULE('signedNumber', (): NumericLiteral => {
    const position = this.here();
    let sign = '';
    this.OPTION(() =>
      this.OR([
        { ALT: () => this.CONSUME(T.Plus) },
        {
          ALT: () => {
            this.CONSUME(T.Minus);
            sign = '-';
          },
        },
      ]),
    );
    const { text } = this.CONSUME(T.NumberLiteral) as SqlToken;
    return { kind: 'numericLiteral', text: sign + text, position };
  });

  /** `(name [=] [value], …)`. */
  readonly options: Rule<Option[]> = this.RULE('options', () => {
    const options: Option[] = [];
    this.CONSUME(T.LParen);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => options.push(this.SUBRULE(this.optionEntry)) });
    this.CONSUME(T.RParen);
    return options;
  });

  readonly optionEntry: Rule<Option> = this.RULE('optionEntry', (): Option => {
    const position = this.here();
    const name = this.OR<string>([
      { ALT: () => (this.CONSUME(T.StringLiteralToken) as SqlToken).text },
      { ALT: () => this.SUBRULE(this.dottedName) },
    ]);
    this.OPTION(() => this.CONSUME(T.Equal));
    const value = this.OPTION1(() => this.SUBRULE(this.optionValue));
    return { kind: 'option', name: this.ACTION(() => name.toLowerCase()), value, position };
  });

  readonly optionValue: Rule<OptionValue> = this.RULE('optionValue', () =>
    this.OR<OptionValue>([
      { ALT: () => this.SUBRULE(this.optionList) },
      { ALT: () => ({ kind: 'optionList', all: true, items: [], position: this.CONSUME(T.Star).startOffset }) },
      { ALT: () => this.SUBRULE(this.simpleValue) },
    ]),
  );

  readonly optionList: Rule<OptionList> = this.RULE('optionList', (): OptionList => {
    const items: SimpleValue[] = [];
    const position = this.CONSUME(T.LParen).startOffset;
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.simpleValue)) });
    this.CONSUME(T.RParen);
    return { kind: 'optionList', all: false, items, position };
  });
}
