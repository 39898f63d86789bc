import type { CreateTableAsStatement } from '../ast/definition-statement.js';
import type { Expression } from '../ast/expression.js';
import type { InsertStatement } from '../ast/insert-statement.js';
import type {
  Assignment,
  MergeAction,
  MergeClause,
  MergeStatement,
  WritingStatement,
} from '../ast/modify-statement.js';
import type { Query, WithClause } from '../ast/query.js';
import type { QueryStatement } from '../ast/statement.js';
import { intoTable } from '../into-table.js';
import { multiInsert } from '../multi-insert.js';
import { joinedClauses } from '../replace-where.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { WriteParser } from './write-parser.js';

const K = T.Keyword;

/** A query under a further WITH: one that has its own, in parentheses, stays what it is. */
function withClauseOf(query: Query, clause: WithClause): Query {
  if (query.with === undefined) return { ...query, with: clause };
  return { ...query, with: clause, body: query, orderBy: [], limit: undefined, offset: undefined };
}

/** MERGE, and WITH before what writes. */
export abstract class MergeParser extends WriteParser {
  readonly merge: Rule<MergeStatement> = this.RULE('merge', (): MergeStatement => {
    const position = this.CONSUME(K.merge).startOffset;
    this.CONSUME(K.into);
    const table = this.SUBRULE(this.qualifiedName);
    const alias = this.OPTION(() => this.SUBRULE(this.targetAlias));
    this.CONSUME(K.using);
    const source = this.SUBRULE(this.relation);
    this.CONSUME(K.on);
    const condition = this.SUBRULE(this.expression);
    const clauses: MergeClause[] = [];
    this.AT_LEAST_ONE(() => clauses.push(this.SUBRULE(this.mergeClause)));
    const returning = this.OPTION1(() => this.SUBRULE(this.returning));
    const end = this.behind();
    return { kind: 'merge', with: undefined, table, alias, source, condition, clauses, returning, position, end };
  });

  readonly writingStatement: Rule<WritingStatement> = this.RULE('writingStatement', () =>
    this.OR<WritingStatement>([
      { ALT: () => this.SUBRULE(this.insert) },
      { ALT: () => this.SUBRULE(this.delete) },
      { ALT: () => this.SUBRULE(this.update) },
      { ALT: () => this.SUBRULE(this.merge) },
    ]),
  );

  /** WITH at the beginning of a statement: of a query, or of one that writes. */
  readonly withStatement: Rule<WritingStatement | QueryStatement | CreateTableAsStatement> = this.RULE(
    'withStatement',
    (): WritingStatement | QueryStatement | CreateTableAsStatement => {
      const position = this.here();
      const clause = this.SUBRULE(this.withClause);
      const word = this.LA(1);
      return this.OR<WritingStatement | QueryStatement | CreateTableAsStatement>([
        {
          ALT: () => {
            const statement = this.SUBRULE(this.writingStatement);
            return this.ACTION(() => ({ ...statement, with: joinedClauses(clause, statement.with), position }));
          },
        },
        {
          ALT: () => {
            const query = this.SUBRULE(this.query);
            const inserts = this.SUBRULE(this.insertsOfSource);
            const end = this.behind();
            return this.ACTION(() => {
              if (word.tokenType === K.with) this.rejectToken(word, 'A statement has one WITH: write a comma.');
              const read = { ...withClauseOf(query, clause), position, end };
              const statement: QueryStatement = { kind: 'queryStatement', query: read, position, end };
              if (inserts.length === 0) return intoTable(statement);
              return multiInsert(statement, inserts, (at, hint) => this.rejectAt(at, hint));
            });
          },
        },
      ]);
    },
  );

  /** What follows FROM and a source in the place of one SELECT. */
  readonly insertsOfSource: Rule<InsertStatement[]> = this.RULE('insertsOfSource', () => {
    const inserts: InsertStatement[] = [];
    this.MANY({
      GATE: () => this.nextIs(T.InsertOfSource),
      DEF: () => inserts.push(this.SUBRULE(this.insert)),
    });
    return inserts;
  });

  readonly mergeClause: Rule<MergeClause> = this.RULE('mergeClause', (): MergeClause => {
    const position = this.CONSUME(K.when).startOffset;
    const isMatched = this.OPTION(() => this.CONSUME(K.not)) === undefined;
    this.CONSUME(K.matched);
    const side = this.OPTION1(() => {
      this.CONSUME(K.by);
      return this.OR<'source' | 'target'>([
        { ALT: () => this.CONSUME(K.source) && 'source' },
        { ALT: () => this.CONSUME(K.target) && 'target' },
      ]);
    });
    const condition = this.OPTION2(() => this.CONSUME(K.and) && this.SUBRULE(this.expression));
    this.CONSUME(K.then);
    const word = this.LA(1);
    const action = this.SUBRULE(this.mergeAction);
    const when = isMatched ? 'matched' : side === 'source' ? 'not matched by source' : 'not matched';
    this.ACTION(() => {
      if (isMatched && side !== undefined) this.rejectToken(word, 'BY SOURCE and BY TARGET follow NOT MATCHED.');
      const isInsert = action.kind === 'insert';
      if (action.kind === 'nothing' || isInsert === (when === 'not matched')) return;
      this.rejectToken(
        word,
        when === 'not matched'
          ? 'WHEN NOT MATCHED there is no row of the table: INSERT one, or DO NOTHING.'
          : 'There is a row of the table: UPDATE or DELETE it, or DO NOTHING.',
      );
    });
    return { kind: 'mergeClause', when, condition, action, position };
  });

  readonly mergeAction: Rule<MergeAction> = this.RULE('mergeAction', () =>
    this.OR<MergeAction>([
      { ALT: () => this.CONSUME(K.delete) && { kind: 'delete' } },
      { ALT: () => this.CONSUME(K.do) && this.CONSUME(K.nothing) && { kind: 'nothing' } },
      { ALT: () => this.SUBRULE(this.mergeUpdate) },
      { ALT: () => this.SUBRULE(this.mergeInsert) },
    ]),
  );

  readonly mergeUpdate: Rule<MergeAction> = this.RULE('mergeUpdate', (): MergeAction => {
    this.CONSUME(K.update);
    this.CONSUME(K.set);
    return this.OR<MergeAction>([
      { ALT: () => this.CONSUME(T.Star) && { kind: 'update', assignments: '*' } },
      {
        ALT: () => {
          const assignments: Assignment[] = [];
          this.AT_LEAST_ONE_SEP({
            SEP: T.Comma,
            DEF: () => {
              const added = this.SUBRULE(this.assignments);
              this.ACTION(() => assignments.push(...added));
            },
          });
          return { kind: 'update', assignments };
        },
      },
    ]);
  });

  readonly mergeInsert: Rule<MergeAction> = this.RULE('mergeInsert', (): MergeAction => {
    const word = this.CONSUME(K.insert);
    const columns = this.OPTION(() => this.SUBRULE(this.nameList)) ?? [];
    const overriding = this.OPTION1({
      GATE: () => (this.LA(1) as SqlToken).text === 'overriding',
      DEF: () => this.SUBRULE(this.overriding),
    });
    const first = this.LA(1);
    const values = this.OR<readonly Expression[] | '*' | undefined>([
      { ALT: () => this.CONSUME(T.Star) && '*' },
      { ALT: () => this.CONSUME(K.default) && this.CONSUME(K.values) && undefined },
      {
        ALT: () => {
          this.CONSUME1(K.values);
          this.CONSUME(T.LParen);
          const list = this.SUBRULE(this.expressionList);
          this.CONSUME(T.RParen);
          return list;
        },
      },
    ]);
    this.ACTION(() => {
      if (!Array.isArray(values)) {
        if (columns.length > 0 || overriding !== undefined) this.rejectToken(first, 'Expected VALUES.');
        return;
      }
      if (columns.length === 0 || columns.length === values.length) return;
      this.rejectToken(word, 'INSERT needs as many values as columns.');
    });
    return { kind: 'insert', columns, overriding, values };
  });
}
