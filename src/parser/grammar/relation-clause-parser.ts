import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { Relation } from '../ast/relation.js';
import type { SelectExpression } from '../ast/select.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { TableAliasParser } from './table-alias-parser.js';

const K = T.Keyword;

/** What stands behind an entry of FROM and makes another of it: PIVOT, UNPIVOT, TABLESAMPLE. */
export abstract class RelationClauseParser extends TableAliasParser {
  abstract readonly columnAlias: Rule<Identifier>;

  readonly pivotClause: Rule<Relation, [relation: Relation]> = this.RULE(
    'pivotClause',
    (relation: Relation): Relation => {
      const position = this.CONSUME(T.Pivot).startOffset;
      this.CONSUME(T.LParen);
      const aggregates: SelectExpression[] = [];
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => aggregates.push(this.SUBRULE(this.namedExpression)) });
      this.CONSUME(K.for);
      const columns = this.SUBRULE(this.pivotedColumns);
      this.CONSUME(K.in);
      this.CONSUME1(T.LParen);
      const values: SelectExpression[] = [];
      this.AT_LEAST_ONE_SEP1({ SEP: T.Comma, DEF: () => values.push(this.SUBRULE1(this.namedExpression)) });
      this.CONSUME(T.RParen);
      this.CONSUME1(T.RParen);
      const alias = this.SUBRULE(this.tableAlias);
      return { kind: 'pivot', relation, aggregates, columns, values, alias, position };
    },
  );

  /** `FOR a`, or `FOR (a, b)`. */
  readonly pivotedColumns: Rule<readonly Identifier[]> = this.RULE('pivotedColumns', () => {
    const columns: Identifier[] = [];
    this.OR([
      { ALT: () => columns.push(this.SUBRULE(this.name)) },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => columns.push(this.SUBRULE1(this.name)) });
          this.CONSUME(T.RParen);
        },
      },
    ]);
    return columns;
  });

  readonly namedExpression: Rule<SelectExpression> = this.RULE('namedExpression', (): SelectExpression => {
    const expression = this.SUBRULE(this.expression);
    const alias = this.OPTION(() => this.SUBRULE(this.columnAlias));
    return { kind: 'selectExpression', expression, alias, position: expression?.position };
  });

  readonly unpivotClause: Rule<Relation, [relation: Relation]> = this.RULE(
    'unpivotClause',
    (relation: Relation): Relation => {
      const position = this.CONSUME(T.Unpivot).startOffset;
      const nulls = this.OPTION(() => {
        const word = this.CONSUME(T.AnyLabel) as SqlToken;
        this.ACTION(() => ['include', 'exclude'].includes(word.text) || this.rejectToken(word));
        this.CONSUME(K.nulls);
        return word;
      });
      this.CONSUME(T.LParen);
      const value = this.SUBRULE(this.name);
      this.CONSUME(K.for);
      const name = this.SUBRULE1(this.name);
      this.CONSUME(K.in);
      this.CONSUME1(T.LParen);
      const columns: { column: Identifier; label: string | undefined }[] = [];
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          const column = this.SUBRULE2(this.name);
          const label = this.OPTION1(() => {
            this.CONSUME(K.as);
            return this.OR<string | undefined>([
              { ALT: () => this.SUBRULE(this.stringLiteral)?.value },
              { ALT: () => this.SUBRULE3(this.name)?.name },
            ]);
          });
          columns.push({ column, label });
        },
      });
      this.CONSUME(T.RParen);
      this.CONSUME1(T.RParen);
      const alias = this.SUBRULE(this.tableAlias);
      const includeNulls = nulls?.text === 'include';
      return { kind: 'unpivot', relation, includeNulls, value, name, columns, alias, position };
    },
  );

  /** TABLESAMPLE behind a table or a query. */
  readonly sampleClause: Rule<Relation, [relation: Relation]> = this.RULE(
    'sampleClause',
    (relation: Relation): Relation => {
      const position = this.CONSUME(K.tablesample).startOffset;
      const named = this.OPTION1(() => this.SUBRULE(this.name));
      this.CONSUME(T.LParen);
      const percent = this.OR<Expression>([
        {
          GATE: () => this.nextIs(T.NumberLiteral, 2),
          ALT: () => this.SUBRULE(this.bucketOf),
          IGNORE_AMBIGUITIES: true,
        },
        { ALT: () => this.SUBRULE(this.expression) },
      ]);
      const ofRows = this.OPTION2(() => this.SUBRULE(this.sampleUnit));
      this.CONSUME(T.RParen);
      const method = named ?? this.rowByRow(position);
      const seed = this.OPTION(() => {
        this.CONSUME(K.repeatable);
        this.CONSUME1(T.LParen);
        const value = this.SUBRULE1(this.expression);
        this.CONSUME1(T.RParen);
        return value;
      });
      return { kind: 'sample', relation, method, percent, ofRows: ofRows ?? false, seed, position } satisfies Relation;
    },
  );

  /** Spark's `BUCKET 1 OUT OF 4`: that part of the rows, as a percentage. */
  readonly bucketOf: Rule<Expression> = this.RULE('bucketOf', (): Expression => {
    const word = this.CONSUME(T.Identifier) as SqlToken;
    const bucket = this.integerOf(this.CONSUME(T.NumberLiteral));
    const out = this.CONSUME1(T.Identifier) as SqlToken;
    this.CONSUME(K.of);
    const count = this.integerOf(this.CONSUME1(T.NumberLiteral));
    this.ACTION(() => word.text === 'bucket' || this.rejectToken(word));
    this.ACTION(() => out.text === 'out' || this.rejectToken(out, 'Expected OUT OF.'));
    return { kind: 'numericLiteral', text: String((100 * bucket) / count), position: word.startOffset };
  });

  /** How a sample is taken where nothing is said. */
  protected rowByRow(position: number): Identifier {
    return { kind: 'identifier', name: 'bernoulli', quoted: false, position };
  }

  /** `PERCENT` or `ROWS` behind a number. */
  readonly sampleUnit: Rule<boolean> = this.RULE('sampleUnit', () =>
    this.OR([
      { ALT: () => this.CONSUME(K.rows) && true },
      {
        ALT: () => {
          const word = this.CONSUME(T.Identifier) as SqlToken;
          this.ACTION(() => word.text === 'percent' || this.rejectToken(word, 'Expected PERCENT or ROWS.'));
          return false;
        },
      },
    ]),
  );
}
