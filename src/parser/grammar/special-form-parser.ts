import type { Expression } from '../ast/expression.js';
import type { FunctionCall } from '../ast/function-call.js';
import type { NumericLiteral, StringLiteral } from '../ast/literal.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { createBuiltInCall, FunctionParser } from './function-parser.js';
import { Precedence } from './operator-precedence.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

function integerLiteral(text: string, position: number): NumericLiteral {
  return { kind: 'numericLiteral', text, position };
}

/** SQL's functions whose arguments are set apart by words; each becomes an ordinary call (see FunctionCall). */
export abstract class SpecialFormParser extends FunctionParser {
  private append(args: Expression[], more: readonly Expression[]): Expression[] {
    // While chevrotain records the grammar, rules return placeholders.
    this.ACTION(() => args.push(...more));
    return args;
  }

  readonly extract: Rule<FunctionCall> = this.RULE('extract', () => {
    const position = this.CONSUME(K.extract).startOffset;
    this.CONSUME(T.LParen);
    const token = this.OR([
      { ALT: () => this.CONSUME(T.AnyLabel) },
      { ALT: () => this.CONSUME(T.StringLiteralToken) },
    ]) as SqlToken;
    const field: StringLiteral = { kind: 'stringLiteral', value: token.text, position: token.startOffset };
    this.CONSUME(K.from);
    const source = this.SUBRULE(this.expression);
    this.CONSUME(T.RParen);
    return createBuiltInCall('extract', [field, source], position);
  });

  /** `substring(s from 2 for 3)` in all its variants, and with commas. */
  readonly substring: Rule<FunctionCall> = this.RULE('substring', () => {
    const position = this.CONSUME(K.substring).startOffset;
    this.CONSUME(T.LParen);
    // SIMILAR must end the first operand, so nothing of its level may be in it.
    const args: Expression[] = [this.SUBRULE(this.expression, { ARGS: [Precedence.predicate] })];
    let name = 'substring';
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(K.from);
            args.push(this.SUBRULE1(this.expression));
            this.OPTION1(() => {
              this.CONSUME(K.for);
              args.push(this.SUBRULE2(this.expression));
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME1(K.for);
            const length = this.SUBRULE3(this.expression);
            const start = this.OPTION2(() => {
              this.CONSUME1(K.from);
              return this.SUBRULE4(this.expression);
            });
            args.push(start ?? integerLiteral('1', length.position), length);
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.similar);
            args.push(this.SUBRULE5(this.expression));
            this.CONSUME(K.escape);
            args.push(this.SUBRULE6(this.expression));
            name = 'substring_similar';
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Comma);
            this.append(args, this.SUBRULE(this.expressionList));
          },
        },
      ]),
    );
    this.CONSUME(T.RParen);
    return this.ACTION(() => createBuiltInCall(name, args, position));
  });

  readonly positionCall: Rule<FunctionCall> = this.RULE('positionCall', () => {
    const position = this.CONSUME(K.position).startOffset;
    this.CONSUME(T.LParen);
    // IN must end the first operand, so nothing of its level may be in it.
    const part = this.SUBRULE(this.expression, { ARGS: [Precedence.predicate] });
    // With a comma, as Spark has it too.
    this.OR([{ ALT: () => this.CONSUME(K.in) }, { ALT: () => this.CONSUME(T.Comma) }]);
    const whole = this.SUBRULE1(this.expression);
    this.CONSUME(T.RParen);
    return createBuiltInCall('position', [whole, part], position);
  });

  readonly trim: Rule<FunctionCall> = this.RULE('trim', () => {
    const position = this.CONSUME(K.trim).startOffset;
    this.CONSUME(T.LParen);
    const name = this.OPTION(() =>
      this.OR<string>([
        { ALT: () => this.CONSUME(K.both) && 'btrim' },
        { ALT: () => this.CONSUME(K.leading) && 'ltrim' },
        { ALT: () => this.CONSUME(K.trailing) && 'rtrim' },
      ]),
    );
    let args: Expression[] = [];
    this.OPTION1(() => this.append(args, this.SUBRULE(this.expressionList)));
    this.OPTION2(() => {
      this.CONSUME(K.from);
      args = [...this.append([], this.SUBRULE1(this.expressionList)), ...args];
    });
    this.ACTION(() => {
      if (args.length === 0) this.rejectToken(this.LA(1), 'Expected the text to trim.');
    });
    this.CONSUME(T.RParen);
    return this.ACTION(() => createBuiltInCall(name ?? 'btrim', args, position));
  });

  readonly overlay: Rule<FunctionCall> = this.RULE('overlay', () => {
    const position = this.CONSUME(K.overlay).startOffset;
    this.CONSUME(T.LParen);
    const args: Expression[] = [this.SUBRULE(this.expression)];
    this.OR([
      {
        ALT: () => {
          this.CONSUME(K.placing);
          args.push(this.SUBRULE1(this.expression));
          this.CONSUME(K.from);
          args.push(this.SUBRULE2(this.expression));
          this.OPTION(() => {
            this.CONSUME(K.for);
            args.push(this.SUBRULE3(this.expression));
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Comma);
          this.append(args, this.SUBRULE(this.expressionList));
        },
      },
    ]);
    this.CONSUME(T.RParen);
    return this.ACTION(() => createBuiltInCall('overlay', args, position));
  });
}
