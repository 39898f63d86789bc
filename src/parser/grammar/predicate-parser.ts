import type { Expression } from '../ast/expression.js';
import type { QualifiedName } from '../ast/identifier.js';
import type { IsJsonExpression } from '../ast/predicate.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { createBuiltInCall } from './function-parser.js';
import { Precedence } from './operator-precedence.js';
import type { Rule } from './parser-base.js';
import { PrimaryParser } from './primary-parser.js';

const K = T.Keyword;

/** An operator between operands, or before one. */
export interface OperatorUse {
  readonly operator: string;
  readonly schema: QualifiedName | undefined;
  readonly position: number;
}

/** Parses what follows an operand, which chevrotain hands over as an argument. */
export type Continuation = Rule<Expression, [left: Expression]>;
type NegatableContinuation = Rule<Expression, [operand: Expression, negated: boolean]>;

/** What follows an operand and asks something of it: IS, BETWEEN, IN, LIKE, and an operator with ANY or ALL. */
export abstract class PredicateParser extends PrimaryParser {
  readonly isTest: Continuation = this.RULE('isTest', (left: Expression) => {
    const position = left?.position;
    return this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(K.isnull);
          return { kind: 'is', operand: left, test: 'null', negated: false, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.notnull);
          return { kind: 'is', operand: left, test: 'null', negated: true, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.is);
          const negated = this.OPTION(() => this.CONSUME(K.not)) !== undefined;
          return this.OR1<Expression>([
            {
              ALT: () => {
                const { text } = this.CONSUME(T.JsonTest) as SqlToken;
                const [of, unique] = (text ?? '').split(' ') as [IsJsonExpression['of'], string?];
                return { kind: 'isJson', operand: left, of, uniqueKeys: unique !== undefined, negated, position };
              },
            },
            {
              ALT: () => {
                const form = this.CONSUME(T.NormalizedTest) as SqlToken;
                return this.ACTION((): Expression => {
                  const name: Expression = { kind: 'stringLiteral', value: form.text, position: form.startOffset };
                  const test = createBuiltInCall('is_normalized', [left, name], position);
                  return negated ? { kind: 'not', operand: test, position } : test;
                });
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.distinct);
                this.CONSUME(K.from);
                const right = this.SUBRULE(this.expression, { ARGS: [Precedence.is] });
                return { kind: 'isDistinctFrom', left, right, negated, position };
              },
            },
            {
              ALT: () => {
                const token = this.OR2([
                  { ALT: () => this.CONSUME(K.null) },
                  { ALT: () => this.CONSUME(K.true) },
                  { ALT: () => this.CONSUME(K.false) },
                  { ALT: () => this.CONSUME(K.unknown) },
                ]) as SqlToken;
                const test = token.text as 'null' | 'true' | 'false' | 'unknown';
                return { kind: 'is', operand: left, test, negated, position };
              },
            },
          ]);
        },
      },
    ]);
  });

  /** BETWEEN, IN, LIKE, ILIKE, SIMILAR TO, each with or without NOT. */
  readonly predicate: Continuation = this.RULE('predicate', (left: Expression) => {
    const negated = this.OPTION(() => this.CONSUME(T.NotBeforePredicate)) !== undefined;
    return this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.between, { ARGS: [left, negated] }) },
      { ALT: () => this.SUBRULE(this.inPredicate, { ARGS: [left, negated] }) },
      { ALT: () => this.SUBRULE(this.like, { ARGS: [left, negated] }) },
    ]);
  });

  readonly between: NegatableContinuation = this.RULE(
    'between',
    (operand: Expression, negated: boolean): Expression => {
      this.CONSUME(K.between);
      const symmetric = this.OPTION(() =>
        this.OR([{ ALT: () => this.CONSUME(K.symmetric) && true }, { ALT: () => this.CONSUME(K.asymmetric) && false }]),
      );
      const low = this.SUBRULE(this.expression, { ARGS: [Precedence.predicate] });
      this.CONSUME(K.and);
      const high = this.SUBRULE1(this.expression, { ARGS: [Precedence.predicate] });
      return {
        kind: 'between',
        operand,
        low,
        high,
        negated,
        symmetric: symmetric ?? false,
        position: operand?.position,
      };
    },
  );

  readonly inPredicate: NegatableContinuation = this.RULE('inPredicate', (operand: Expression, negated: boolean) => {
    const operatorPosition = this.CONSUME(K.in).startOffset;
    const position = operand?.position;
    return this.OR<Expression>([
      {
        ALT: () => ({
          kind: 'inSubquery',
          operand,
          query: this.SUBRULE(this.subquery),
          negated,
          operatorPosition,
          position,
        }),
      },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          const items = this.SUBRULE(this.expressionList);
          this.CONSUME(T.RParen);
          return { kind: 'inList', operand, items, negated, operatorPosition, position };
        },
      },
    ]);
  });

  readonly like: NegatableContinuation = this.RULE('like', (operand: Expression, negated: boolean) => {
    const operatorPosition = this.here();
    const matching = this.OR<'like' | 'ilike' | 'similar'>([
      { ALT: () => this.CONSUME(K.like) && 'like' },
      { ALT: () => this.CONSUME(K.ilike) && 'ilike' },
      { ALT: () => this.CONSUME(K.similar) && this.CONSUME(K.to) && 'similar' },
    ]);
    const operator = (negated ? '!' : '') + (matching === 'ilike' ? '~~*' : '~~');
    return this.OR1<Expression>([
      {
        ALT: () =>
          this.SUBRULE(this.quantified, {
            ARGS: [operand, { operator, schema: undefined, position: operatorPosition }],
          }),
      },
      {
        ALT: () => {
          const pattern = this.SUBRULE(this.expression, { ARGS: [Precedence.predicate] });
          const escapeCharacter = this.OPTION(() => {
            this.CONSUME(K.escape);
            return this.SUBRULE1(this.expression, { ARGS: [Precedence.predicate] });
          });
          const position = operand?.position;
          return {
            kind: 'like',
            matching,
            operand,
            pattern,
            escape: escapeCharacter,
            negated,
            operatorPosition,
            position,
          };
        },
      },
    ]);
  });

  /** `ANY | SOME | ALL (query or array)`, behind an operator. */
  readonly quantified: Rule<Expression, [operand: Expression, use: OperatorUse]> = this.RULE(
    'quantified',
    (operand: Expression, use: OperatorUse) => {
      const quantifier = this.OR<'any' | 'all'>([
        { ALT: () => this.CONSUME(K.any) && 'any' },
        { ALT: () => this.CONSUME(K.some) && 'any' },
        { ALT: () => this.CONSUME(K.all) && 'all' },
      ]);
      const position = operand?.position;
      // No arguments are there while chevrotain records the grammar.
      const operator = use?.operator;
      const operatorPosition = use?.position;
      return this.OR1<Expression>([
        {
          ALT: () => {
            const query = this.SUBRULE(this.subquery);
            return { kind: 'quantifiedSubquery', operator, operatorPosition, quantifier, operand, query, position };
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.LParen);
            const elements = this.SUBRULE(this.expressionList);
            this.CONSUME(T.RParen);
            // Spark's LIKE ANY ('a', 'b').
            const array = elements?.length === 1 ? elements[0]! : ({ kind: 'array', elements, position } as const);
            return { kind: 'quantifiedArray', operator, operatorPosition, quantifier, operand, array, position };
          },
        },
      ]);
    },
  );
}
