import type { Expression } from '../ast/expression.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { createBuiltInCall } from './function-parser.js';
import { Precedence, precedenceOf } from './operator-precedence.js';
import type { Rule } from './parser-base.js';
import { type Continuation, type OperatorUse, PredicateParser } from './predicate-parser.js';

const K = T.Keyword;

const unlimited = 100;

/**
 * The highest level that may follow a node just built. Left-associative operators allow their own level, the others
 * only lower ones (`a < b < c` is an error); a form that ends in a closing word or bracket is as good as an operand.
 */
function levelAllowedAfter(node: Expression, level: number): number {
  switch (node.kind) {
    case 'binary':
      return level === Precedence.comparison ? level - 1 : level;
    case 'logical':
      return level;
    case 'between':
    case 'like':
    case 'isDistinctFrom':
      return level - 1;
    default:
      return unlimited;
  }
}

/**
 * Expressions by precedence climbing: one rule that calls itself with the level its operators must exceed, instead of a
 * rule for each level.
 */
export abstract class ExpressionParser extends PredicateParser {
  readonly expression: Rule<Expression, [minimum?: number]> = this.RULE('expression', (minimum = 0) => {
    let allowed: number = unlimited;
    let left = this.OR<Expression>([
      {
        ALT: () => {
          allowed = Precedence.not;
          return this.SUBRULE(this.notExpression);
        },
      },
      { ALT: () => this.SUBRULE(this.signedExpression) },
      { ALT: () => this.SUBRULE(this.prefixExpression), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.primary) },
    ]);
    this.MANY({
      GATE: () => {
        const level = precedenceOf(this.LA(1));
        return level > minimum && level <= allowed && !(this.nextIs(T.Dot) && this.nextIs(T.Star, 2));
      },
      DEF: () => {
        const level = precedenceOf(this.LA(1));
        left = this.SUBRULE(this.continuation, { ARGS: [left] });
        allowed = levelAllowedAfter(left, level);
      },
    });
    return left;
  });

  readonly notExpression: Rule<Expression> = this.RULE('notExpression', (): Expression => {
    const position = this.CONSUME(K.not).startOffset;
    const operand = this.SUBRULE(this.expression, { ARGS: [Precedence.not] });
    return { kind: 'not', operand, position };
  });

  readonly signedExpression: Rule<Expression> = this.RULE('signedExpression', (): Expression => {
    const token = this.OR([{ ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Plus) }]) as SqlToken;
    const operand = this.SUBRULE(this.expression, { ARGS: [Precedence.unaryMinus] });
    return { kind: 'unary', operator: token.text, operatorSchema: undefined, operand, position: token.startOffset };
  });

  readonly prefixExpression: Rule<Expression> = this.RULE('prefixExpression', (): Expression => {
    const { operator, schema, position } = this.OR<OperatorUse>([
      { ALT: () => this.operatorUse(this.CONSUME(T.OtherOperator)) },
      { ALT: () => this.SUBRULE(this.operatorCall) },
    ]);
    const operand = this.SUBRULE(this.expression, { ARGS: [Precedence.other] });
    return { kind: 'unary', operator, operatorSchema: schema, operand, position };
  });

  private operatorUse(token: unknown): OperatorUse {
    const { text, startOffset } = token as SqlToken;
    return { operator: text, schema: undefined, position: startOffset };
  }

  /** `OPERATOR(schema.+)`. */
  readonly operatorCall: Rule<OperatorUse> = this.RULE('operatorCall', (): OperatorUse => {
    const parts = [] as Identifier[];
    const position = this.CONSUME(T.OperatorCall).startOffset;
    this.CONSUME(T.LParen);
    this.MANY(() => {
      parts.push(this.toIdentifier(this.CONSUME(T.Name)));
      this.CONSUME(T.Dot);
    });
    const { text } = this.CONSUME(T.InfixOperator) as SqlToken;
    this.CONSUME(T.RParen);
    const schema: QualifiedName | undefined =
      parts.length === 0 ? undefined : { kind: 'qualifiedName', parts, position: parts[0]?.position ?? position };
    return { operator: text, schema, position };
  });

  readonly continuation: Continuation = this.RULE('continuation', (left: Expression) =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.infix, { ARGS: [left] }) },
      { ALT: () => this.SUBRULE(this.conjunction, { ARGS: [left] }) },
      { ALT: () => this.SUBRULE(this.disjunction, { ARGS: [left] }) },
      { ALT: () => this.SUBRULE(this.isTest, { ARGS: [left] }) },
      { ALT: () => this.SUBRULE(this.predicate, { ARGS: [left] }) },
      { ALT: () => this.SUBRULE(this.atTimeZone, { ARGS: [left] }) },
      { ALT: () => this.SUBRULE(this.postfix, { ARGS: [left] }) },
    ]),
  );

  readonly infix: Continuation = this.RULE('infix', (left: Expression) => {
    const level = precedenceOf(this.LA(1));
    const use = this.OR<OperatorUse>([
      { ALT: () => this.operatorUse(this.CONSUME(T.InfixOperator)) },
      { ALT: () => this.SUBRULE(this.operatorCall) },
    ]);
    return this.OR1<Expression>([
      { ALT: () => this.SUBRULE(this.quantified, { ARGS: [left, use] }) },
      {
        ALT: () => ({
          kind: 'binary',
          operator: use.operator,
          operatorPosition: use.position,
          operatorSchema: use.schema,
          left,
          right: this.SUBRULE(this.expression, { ARGS: [level] }),
          position: left?.position,
        }),
      },
    ]);
  });

  readonly conjunction: Continuation = this.RULE('conjunction', (left: Expression): Expression => {
    const operands = [left];
    this.AT_LEAST_ONE(() => {
      this.CONSUME(K.and);
      operands.push(this.SUBRULE(this.expression, { ARGS: [Precedence.and] }));
    });
    return { kind: 'logical', operator: 'and', operands, position: left?.position };
  });

  readonly disjunction: Continuation = this.RULE('disjunction', (left: Expression): Expression => {
    const operands = [left];
    this.AT_LEAST_ONE(() => {
      this.CONSUME(K.or);
      operands.push(this.SUBRULE(this.expression, { ARGS: [Precedence.or] }));
    });
    return { kind: 'logical', operator: 'or', operands, position: left?.position };
  });

  readonly atTimeZone: Continuation = this.RULE('atTimeZone', (left: Expression) => {
    const position = left?.position;
    this.CONSUME(K.at);
    return this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(K.local);
          return this.ACTION(() => createBuiltInCall('timezone', [left], position));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.time);
          this.CONSUME(K.zone);
          const zone = this.SUBRULE(this.expression, { ARGS: [Precedence.atTimeZone] });
          return this.ACTION(() => createBuiltInCall('timezone', [zone, left], position));
        },
      },
    ]);
  });

  /** COLLATE, `::`, subscripts and fields. */
  readonly postfix: Continuation = this.RULE('postfix', (operand: Expression) => {
    const position = operand?.position;
    return this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(K.collate);
          return { kind: 'collate', operand, collation: this.SUBRULE(this.qualifiedName), position };
        },
      },
      {
        ALT: () => {
          const operatorPosition = this.CONSUME(T.Typecast).startOffset;
          const type = this.SUBRULE(this.typeName);
          return { kind: 'cast', operand, type, tryCast: false, operatorPosition, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Dot);
          return this.OR1<Expression>([
            { ALT: () => ({ kind: 'field', operand, field: this.toIdentifier(this.CONSUME(T.AnyLabel)), position }) },
            { ALT: () => this.CONSUME(T.StarOfRow) && { kind: 'rowExpansion', operand, position } },
          ]);
        },
      },
      { ALT: () => this.SUBRULE(this.subscript, { ARGS: [operand] }) },
    ]);
  });

  /** `[index]` or `[lower:upper]`. */
  readonly subscript: Continuation = this.RULE('subscript', (operand: Expression): Expression => {
    const position = operand?.position;
    const isFurtherDimension = operand?.kind === 'slice' && this.LA(0).tokenType === T.RBracket;
    this.CONSUME(T.LBracket);
    const lower = this.OPTION(() => this.SUBRULE(this.expression));
    const slice = this.OPTION1(() => {
      this.CONSUME(T.Colon);
      return { upper: this.OPTION2(() => this.SUBRULE1(this.expression)) };
    });
    if (lower === undefined && slice === undefined) this.ACTION(() => this.rejectToken(this.LA(1)));
    this.CONSUME(T.RBracket);
    if (slice === undefined) {
      return { kind: 'subscript', operand, index: lower as Expression, isFurtherDimension, position };
    }
    return { kind: 'slice', operand, lower, upper: slice.upper, isFurtherDimension, position };
  });
}
