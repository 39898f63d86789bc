import { notSupportedError } from '../../common/errors.js';
import type {
  CheckConstraint,
  ColumnDefinition,
  DefaultClause,
  IdentityClause,
  KeyClause,
  LikeClause,
  SequenceOptions,
  TableConstraint,
} from '../ast/definition-statement.js';
import type { Identifier } from '../ast/identifier.js';
import type { StringLiteral } from '../ast/literal.js';
import type { TypeName } from '../ast/type-name.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { sequenceOptionsOf } from './sequence-options.js';
import { SqlFunctionParser } from './sql-function-parser.js';

const K = T.Keyword;

type LikeElement = Omit<LikeClause, 'columnsBefore'>;

/** An entry of CREATE TABLE's parentheses. Without a type it is a name for a column of a query. */
export type TableElement =
  | LikeElement
  | TableConstraint
  | CheckConstraint
  | (Omit<ColumnDefinition, 'type'> & { readonly type: TypeName | undefined });

const LIKE_PARTS: readonly string[] = [
  ...['all', 'comments', 'compression', 'constraints', 'defaults', 'generated', 'identity', 'indexes', 'statistics'],
  'storage',
];

/** What stands in the parentheses of CREATE TABLE: columns and constraints. */
export abstract class ColumnDefinitionParser extends SqlFunctionParser {
  readonly ifNotExists: Rule<boolean> = this.RULE('ifNotExists', () => {
    const found = this.OPTION(() => this.CONSUME(K.if) && this.CONSUME(K.not) && this.CONSUME(K.exists));
    return found !== undefined;
  });

  readonly ifExists: Rule<boolean> = this.RULE('ifExists', () => {
    const found = this.OPTION(() => this.CONSUME(K.if) && this.CONSUME(K.exists));
    return found !== undefined;
  });

  readonly tableElements: Rule<TableElement[]> = this.RULE('tableElements', () => {
    const elements: TableElement[] = [];
    this.CONSUME(T.LParen);
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () =>
        elements.push(
          this.OR<TableElement>([
            { ALT: () => this.SUBRULE(this.likeElement) },
            { ALT: () => this.SUBRULE(this.tableConstraint) },
            { ALT: () => this.SUBRULE(this.columnDefinition) },
          ]),
        ),
    });
    this.CONSUME(T.RParen);
    return elements;
  });

  readonly likeElement: Rule<LikeElement> = this.RULE('likeElement', (): LikeElement => {
    const position = this.CONSUME(K.like).startOffset;
    const table = this.SUBRULE(this.qualifiedName);
    const including = new Set<string>();
    this.MANY(() => {
      const includes = this.OR([
        { ALT: () => this.CONSUME(K.including) && true },
        { ALT: () => this.CONSUME(K.excluding) && false },
      ]);
      const word = this.CONSUME(T.AnyLabel) as SqlToken;
      this.ACTION(() => {
        if (!LIKE_PARTS.includes(word.text)) this.rejectToken(word, `Expected ${LIKE_PARTS.join(', ').toUpperCase()}.`);
        const parts = word.text === 'all' ? LIKE_PARTS : [word.text];
        for (const part of parts) includes ? including.add(part) : including.delete(part);
      });
    });
    return { kind: 'likeClause', table, including: [...including], position };
  });

  readonly tableConstraint: Rule<TableConstraint | CheckConstraint> = this.RULE(
    'tableConstraint',
    (): TableConstraint | CheckConstraint => {
      const position = this.here();
      const name = this.OPTION(() => this.CONSUME(K.constraint) && this.SUBRULE(this.name));
      return this.OR<TableConstraint | CheckConstraint>([
        { ALT: () => this.SUBRULE(this.check, { ARGS: [name] }) },
        {
          ALT: () => {
            const constraint = this.OR1<TableConstraint['constraint']>([
              { ALT: () => this.CONSUME(K.primary) && this.CONSUME(K.key) && 'primary key' },
              { ALT: () => this.CONSUME(K.unique) && 'unique' },
            ]);
            this.SUBRULE(this.nullsDistinct);
            const columns = this.SUBRULE(this.nameList);
            this.SUBRULE(this.constraintAttributes);
            return { kind: 'tableConstraint', name, constraint, columns, position };
          },
        },
      ]);
    },
  );

  readonly check: Rule<CheckConstraint, [name: Identifier | undefined]> = this.RULE(
    'check',
    (name: Identifier | undefined): CheckConstraint => {
      this.CONSUME(K.check);
      const { expression, position, end } = this.SUBRULE(this.expressionInParens);
      this.OPTION(() => {
        this.CONSUME(K.no);
        const word = this.CONSUME(T.Identifier) as SqlToken;
        this.ACTION(() => word.text === 'inherit' || this.rejectToken(word, 'Expected INHERIT.'));
      });
      return { kind: 'checkConstraint', name, expression, position, end };
    },
  );

  /** Keys are not enforced, neither now nor at the end of a block. */
  readonly constraintAttributes: Rule<void> = this.RULE('constraintAttributes', () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(K.deferrable) },
        {
          ALT: () => {
            this.CONSUME(K.initially);
            const word = this.CONSUME(T.Identifier) as SqlToken;
            const isKnown = word.text === 'deferred' || word.text === 'immediate';
            this.ACTION(() => isKnown || this.rejectToken(word, 'Expected DEFERRED or IMMEDIATE.'));
          },
        },
      ]),
    );
  });

  /** `NULLS [NOT] DISTINCT` */
  readonly nullsDistinct: Rule<void> = this.RULE('nullsDistinct', () => {
    this.OPTION(() => {
      this.CONSUME(K.nulls);
      this.OPTION1(() => this.CONSUME(K.not));
      this.CONSUME(K.distinct);
    });
  });

  /** Text compares by its bytes, which is what these collations say. */
  readonly columnCollation: Rule<void> = this.RULE('columnCollation', () => {
    const { startOffset: position } = this.CONSUME(K.collate);
    const { parts } = this.SUBRULE(this.qualifiedName);
    this.ACTION(() => {
      const { name } = parts.at(-1)!;
      if (['c', 'posix', 'default', 'ucs_basic'].includes(name.toLowerCase())) return;
      throw notSupportedError(`collation "${name}" is not supported`, {
        position,
        hint: 'Text compares by its bytes, as with the collation "C".',
      });
    });
  });

  readonly columnDefinition: Rule<TableElement> = this.RULE('columnDefinition', (): TableElement => {
    const name = this.SUBRULE(this.name);
    const type = this.OPTION(() => this.SUBRULE(this.typeName));
    let notNull = false;
    let primaryKey: KeyClause | undefined;
    let unique = false;
    const checks: CheckConstraint[] = [];
    let defaultValue: DefaultClause | undefined;
    let generated: DefaultClause | undefined;
    let identity: IdentityClause | undefined;
    let comment: StringLiteral | undefined;
    this.MANY(() => {
      const constraint = this.OPTION1(() => this.CONSUME(K.constraint) && this.SUBRULE1(this.name));
      this.OR([
        { ALT: () => checks.push(this.SUBRULE(this.check, { ARGS: [constraint] })) },
        {
          ALT: () => {
            this.CONSUME(K.not);
            this.CONSUME(K.null);
            notNull = true;
          },
        },
        { ALT: () => this.CONSUME1(K.null) },
        { ALT: () => this.SUBRULE(this.columnCollation) },
        {
          ALT: () => {
            const { startOffset } = this.CONSUME(K.primary);
            this.CONSUME(K.key);
            this.SUBRULE(this.constraintAttributes);
            primaryKey = { kind: 'key', name: constraint, position: startOffset };
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.unique);
            this.SUBRULE(this.nullsDistinct);
            this.SUBRULE1(this.constraintAttributes);
            unique = true;
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.default);
            defaultValue = this.SUBRULE(this.defaultClause);
          },
        },
        {
          ALT: () => {
            const clause = this.SUBRULE(this.generatedClause);
            this.ACTION(() => {
              if (clause.kind === 'identity') identity = clause;
              else generated = clause;
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.comment);
            comment = this.SUBRULE(this.stringLiteral);
          },
        },
      ]);
    });
    const { position } = name;
    return {
      kind: 'columnDefinition',
      name,
      type,
      notNull,
      default: defaultValue,
      generated,
      identity,
      primaryKey,
      unique,
      checks,
      comment,
      position,
    };
  });

  /** `GENERATED ALWAYS AS (…) [STORED | VIRTUAL]`, or `GENERATED ALWAYS | BY DEFAULT AS IDENTITY [(…)]`. */
  readonly generatedClause: Rule<DefaultClause | IdentityClause> = this.RULE(
    'generatedClause',
    (): DefaultClause | IdentityClause => {
      const position = this.CONSUME(K.generated).startOffset;
      const word = this.CONSUME(T.AnyLabel) as SqlToken;
      const isDefault = this.OPTION1(() => this.CONSUME(K.default)) !== undefined;
      const { text: given } = word;
      this.ACTION(() => {
        const isKnown = isDefault ? given === 'by' : given === 'always';
        if (!isKnown) this.rejectToken(word, 'Expected ALWAYS, or BY DEFAULT.');
      });
      this.CONSUME(K.as);
      return this.OR<DefaultClause | IdentityClause>([
        {
          ALT: () => {
            this.CONSUME(K.identity);
            const options = this.OPTION2(() => this.SUBRULE(this.sequenceOptions)) ?? {};
            return { kind: 'identity', always: !isDefault, options, position };
          },
        },
        {
          ALT: () => {
            const clause = this.SUBRULE(this.expressionInParens);
            this.OPTION(() =>
              this.OR1([{ ALT: () => this.CONSUME(K.stored) }, { ALT: () => this.CONSUME(K.virtual) }]),
            );
            this.ACTION(
              () => isDefault && this.rejectToken(word, 'Expected ALWAYS: only identity columns are BY DEFAULT.'),
            );
            return clause;
          },
        },
      ]);
    },
  );

  /** `(START WITH 1 INCREMENT BY 1 …)` */
  readonly sequenceOptions: Rule<SequenceOptions> = this.RULE('sequenceOptions', () => {
    const tokens: SqlToken[] = [];
    this.CONSUME(T.LParen);
    this.MANY(() =>
      tokens.push(
        this.OR([
          { ALT: () => this.CONSUME(T.AnyLabel) },
          { ALT: () => this.CONSUME(T.NumberLiteral) },
          { ALT: () => this.CONSUME(T.Minus) },
          { ALT: () => this.CONSUME(T.Dot) },
        ]) as SqlToken,
      ),
    );
    const end = this.CONSUME(T.RParen) as SqlToken;
    return this.ACTION(() => sequenceOptionsOf(tokens, end, (token, expected) => this.rejectToken(token, expected)));
  });

  /** An expression in parentheses, without them; one that is a subquery is parsed as well, to be refused by name. */
  readonly expressionInParens: Rule<DefaultClause> = this.RULE('expressionInParens', (): DefaultClause => {
    this.OR([{ ALT: () => this.CONSUME(T.LParen) }, { ALT: () => this.CONSUME(T.QueryParen) }]);
    const clause = this.SUBRULE(this.defaultClause);
    this.CONSUME(T.RParen);
    return clause;
  });

  /** Behind the word DEFAULT. */
  readonly defaultClause: Rule<DefaultClause> = this.RULE('defaultClause', (): DefaultClause => {
    const position = this.here();
    const expression = this.SUBRULE(this.expression);
    return { kind: 'default', expression, position, end: this.behind() };
  });
}
