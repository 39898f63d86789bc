import type { CreateIndexStatement, DropIndexStatement } from '../ast/definition-statement.js';
import type { Expression } from '../ast/expression.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { AlterParser } from './alter-parser.js';
import type { Rule } from './parser-base.js';
import type { CreatePrefix } from './sql-function-parser.js';

const K = T.Keyword;

/** CREATE INDEX and DROP INDEX, of which nothing is kept. */
export abstract class IndexParser extends AlterParser {
  readonly createIndex: Rule<CreateIndexStatement, [prefix: CreatePrefix]> = this.RULE(
    'createIndex',
    (prefix: CreatePrefix): CreateIndexStatement => {
      const unique = this.OPTION(() => this.CONSUME(K.unique)) !== undefined;
      const word = this.CONSUME(K.index);
      this.ACTION(() => (prefix.orReplace || prefix.temporary) && this.rejectToken(word));
      this.OPTION1(() => this.CONSUME(K.concurrently));
      this.SUBRULE(this.ifNotExists);
      const name = this.OPTION2(() => this.SUBRULE(this.name));
      this.CONSUME(K.on);
      this.OPTION3(() => this.CONSUME(K.only));
      const table = this.SUBRULE(this.qualifiedName);
      this.OPTION4(() => this.CONSUME(K.using) && this.SUBRULE1(this.name));
      const expressions: Expression[] = [];
      this.CONSUME(T.LParen);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => expressions.push(this.SUBRULE(this.indexedExpression)),
      });
      this.CONSUME(T.RParen);
      this.OPTION5(() => {
        const word = this.CONSUME(T.Identifier) as SqlToken;
        this.ACTION(() => word.text === 'include' || this.rejectToken(word, 'Expected INCLUDE, WITH or WHERE.'));
        const names = this.SUBRULE(this.nameList);
        this.ACTION(() => {
          for (const column of names) {
            expressions.push({ kind: 'columnReference', parts: [column], position: column.position });
          }
        });
      });
      this.OPTION6(() => this.CONSUME(K.with) && this.SUBRULE(this.options));
      const where = this.OPTION7(() => this.CONSUME(K.where) && this.SUBRULE(this.expression));
      const { position } = prefix ?? {};
      return { kind: 'createIndex', unique, name, table, expressions, where, position, end: this.behind() };
    },
  );

  /** `expression [operator class] [ASC | DESC] [NULLS FIRST | LAST]` */
  readonly indexedExpression: Rule<Expression> = this.RULE('indexedExpression', () => {
    const expression = this.SUBRULE(this.expression);
    this.OPTION(() => this.SUBRULE(this.qualifiedName));
    this.OPTION1(() => this.OR([{ ALT: () => this.CONSUME(K.asc) }, { ALT: () => this.CONSUME(K.desc) }]));
    this.OPTION2(() => {
      this.CONSUME(K.nulls);
      this.OR1([{ ALT: () => this.CONSUME(K.first) }, { ALT: () => this.CONSUME(K.last) }]);
    });
    return expression;
  });

  readonly dropIndex: Rule<DropIndexStatement, [position: number]> = this.RULE(
    'dropIndex',
    (position: number): DropIndexStatement => {
      this.CONSUME(K.index);
      this.OPTION(() => this.CONSUME(K.concurrently));
      this.SUBRULE(this.ifExists);
      const names = this.SUBRULE(this.qualifiedNames);
      this.OPTION1(() => this.OR([{ ALT: () => this.CONSUME(K.cascade) }, { ALT: () => this.CONSUME(K.restrict) }]));
      return { kind: 'dropIndex', names, position, end: this.behind() };
    },
  );
}
