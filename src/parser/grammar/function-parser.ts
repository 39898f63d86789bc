import type { Expression } from '../ast/expression.js';
import type {
  FunctionArgument,
  FunctionCall,
  LambdaExpression,
  SessionValue,
  SessionValueName,
} from '../ast/function-call.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { OrderByItem } from '../ast/order-by.js';
import type { WindowSpecification } from '../ast/window.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { internalName } from './built-in-type-names.js';
import type { Rule } from './parser-base.js';
import { WindowParser } from './window-parser.js';

const K = T.Keyword;

/** What stands between a call's parentheses. */
export interface CallArguments {
  readonly args: readonly FunctionArgument[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly OrderByItem[];
  /** `lag(x IGNORE NULLS)`; it may stand behind the parentheses as well. */
  readonly nullTreatment: FunctionCall['nullTreatment'];
}

/** What may follow a call's closing parenthesis. */
type CallModifiers = Pick<FunctionCall, 'withinGroup' | 'filter' | 'nullTreatment' | 'over'>;

const noModifiers: CallModifiers = {
  withinGroup: undefined,
  filter: undefined,
  nullTreatment: undefined,
  over: undefined,
};

export function createCall(name: QualifiedName, call: CallArguments, modifiers?: CallModifiers): FunctionCall {
  return {
    kind: 'functionCall',
    name,
    args: call.args,
    star: call.star,
    distinct: call.distinct,
    orderBy: call.orderBy,
    ...(modifiers ?? noModifiers),
    nullTreatment: modifiers?.nullTreatment ?? call.nullTreatment,
    position: name.position,
  };
}

/** The call that one of SQL's special forms stands for. */
export function createBuiltInCall(name: string, args: readonly Expression[], position: number): FunctionCall {
  return createCall(internalName(name, position), {
    args: args.map((value) => ({
      kind: 'functionArgument',
      name: undefined,
      value,
      variadic: false,
      position: value.position,
    })),
    star: false,
    distinct: false,
    orderBy: [],
    nullTreatment: undefined,
  });
}

/** Function calls with all their clauses, and the words that are calls without parentheses. */
export abstract class FunctionParser extends WindowParser {
  readonly callArguments: Rule<CallArguments> = this.RULE('callArguments', (): CallArguments => {
    const args: FunctionArgument[] = [];
    this.CONSUME(T.LParen);
    const star = this.OPTION(() => this.CONSUME(T.Star)) !== undefined;
    const distinct = this.OPTION1(() =>
      this.OR([{ ALT: () => this.CONSUME(K.distinct) && true }, { ALT: () => this.CONSUME(K.all) && false }]),
    );
    this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.functionArgument)) });
    const orderBy = this.OPTION2(() => this.SUBRULE(this.orderBy));
    const nullTreatment = this.OPTION3(() => this.SUBRULE(this.nullTreatment));
    if (star && args.length > 0) {
      this.ACTION(() => this.rejectToken(this.LA(1), 'A star is the only argument of a call: count(*).'));
    }
    this.CONSUME(T.RParen);
    return { args, star, distinct: distinct ?? false, orderBy: orderBy ?? [], nullTreatment };
  });

  readonly nullTreatment: Rule<FunctionCall['nullTreatment']> = this.RULE('nullTreatment', () => {
    const treatment = this.OR<'ignore' | 'respect'>([
      { ALT: () => this.CONSUME(K.ignore) && 'ignore' },
      { ALT: () => this.CONSUME(K.respect) && 'respect' },
    ]);
    this.CONSUME(K.nulls);
    return treatment;
  });

  readonly functionArgument: Rule<FunctionArgument> = this.RULE('functionArgument', (): FunctionArgument => {
    const position = this.here();
    const variadic = this.OPTION(() => this.CONSUME(K.variadic)) !== undefined;
    const name = this.OPTION1(() => {
      const identifier = this.toIdentifier(this.CONSUME(T.ArgumentName));
      this.OR([{ ALT: () => this.CONSUME(T.Arrow) }, { ALT: () => this.CONSUME(T.ColonEquals) }]);
      return identifier;
    });
    const value = this.OR1<Expression>([
      { ALT: () => this.SUBRULE(this.lambda) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
    // Spark's struct(x AS a).
    const label = this.OPTION2(() => {
      this.CONSUME(K.as);
      return this.SUBRULE(this.name);
    });
    return { kind: 'functionArgument', name: name ?? label, value, variadic, position };
  });

  readonly lambda: Rule<LambdaExpression> = this.RULE('lambda', (): LambdaExpression => {
    const position = this.here();
    const parameters = this.OR<readonly Identifier[]>([
      {
        ALT: () => {
          const only = [this.toIdentifier(this.CONSUME(T.LambdaParameter))];
          this.CONSUME(T.LambdaArrow);
          return only;
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LambdaParen);
          const names = this.SUBRULE(this.lambdaNames);
          this.CONSUME(T.RParen);
          this.CONSUME1(T.LambdaArrow);
          return names;
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LambdaWord);
          const names = this.SUBRULE1(this.lambdaNames);
          this.CONSUME(T.Colon);
          return names;
        },
      },
    ]);
    return { kind: 'lambda', parameters, body: this.SUBRULE(this.expression), position };
  });

  readonly lambdaNames: Rule<readonly Identifier[]> = this.RULE('lambdaNames', () => {
    const names: Identifier[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.SUBRULE(this.name)) });
    return names;
  });

  readonly callModifiers: Rule<CallModifiers | undefined> = this.RULE('callModifiers', () => {
    const withinGroup = this.OPTION(() => {
      this.CONSUME(K.within);
      this.CONSUME(K.group);
      this.CONSUME(T.LParen);
      const items = this.SUBRULE(this.orderBy);
      this.CONSUME(T.RParen);
      return items;
    });
    const filter = this.OPTION1(() => {
      this.CONSUME(K.filter);
      this.CONSUME1(T.LParen);
      this.CONSUME(K.where);
      const condition = this.SUBRULE(this.expression);
      this.CONSUME1(T.RParen);
      return condition;
    });
    const nullTreatment = this.OPTION2(() => this.SUBRULE(this.nullTreatment));
    const over = this.OPTION3(() => {
      this.CONSUME(K.over);
      return this.OR1<WindowSpecification | Identifier>([
        { ALT: () => this.SUBRULE(this.windowSpecification) },
        { ALT: () => this.SUBRULE(this.name) },
      ]);
    });
    return { withinGroup, filter, nullTreatment, over };
  });

  readonly sessionValue: Rule<SessionValue> = this.RULE('sessionValue', (): SessionValue => {
    const { text, startOffset } = this.CONSUME(T.SessionValueWord) as SqlToken;
    const precision = this.OPTION(() => {
      this.CONSUME(T.LParen);
      const digits = this.OPTION1(() => this.integerOf(this.CONSUME(T.NumberLiteral)));
      this.CONSUME(T.RParen);
      return digits;
    });
    return { kind: 'sessionValue', name: text as SessionValueName, precision, position: startOffset };
  });
}
