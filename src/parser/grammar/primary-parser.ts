import type { CastExpression } from '../ast/cast-expression.js';
import type { RowExpression } from '../ast/composite-expression.js';
import type { CaseBranch, CaseExpression } from '../ast/conditional.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { TypedLiteral } from '../ast/literal.js';
import type { ExistsExpression, ScalarSubquery } from '../ast/subquery.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { createTypeName, internalName } from './built-in-type-names.js';
import { countedInterval, isIntervalUnit, sumOfIntervals } from './counted-interval.js';
import { type CallArguments, createBuiltInCall, createCall } from './function-parser.js';
import { JsonFormParser } from './json-form-parser.js';
import { type Comprehension, comprehended } from './list-comprehension.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

/** What stands in braces. */
interface Braces {
  readonly keys: readonly Expression[];
  readonly values: readonly Expression[];
  readonly position: number;
}

/** Operands: literals, names, calls, parentheses, CASE, casts, subqueries. */
export abstract class PrimaryParser extends JsonFormParser {
  private primaryAlternatives: { ALT: () => Expression; IGNORE_AMBIGUITIES?: boolean }[] | undefined;

  /** The first token decides. Names come last: every special form's word is also a name. */
  readonly primary: Rule<Expression> = this.RULE('primary', () => {
    this.primaryAlternatives ??= [
      { ALT: () => this.toNumber(this.CONSUME(T.NumberLiteral)) },
      { ALT: () => this.toStringLiteral(this.CONSUME(T.StringLiteralToken)) },
      { ALT: () => this.SUBRULE(this.parameter) },
      { ALT: () => ({ kind: 'booleanLiteral', value: true, position: this.CONSUME(K.true).startOffset }) },
      { ALT: () => ({ kind: 'booleanLiteral', value: false, position: this.CONSUME(K.false).startOffset }) },
      { ALT: () => ({ kind: 'nullLiteral', position: this.CONSUME(K.null).startOffset }) },
      { ALT: () => ({ kind: 'defaultValue', position: this.CONSUME(K.default).startOffset }) },
      { ALT: () => this.SUBRULE(this.parenthesized) },
      { ALT: () => this.SUBRULE(this.scalarSubquery) },
      { ALT: () => this.SUBRULE(this.caseExpression) },
      { ALT: () => this.SUBRULE(this.cast) },
      { ALT: () => this.SUBRULE(this.exists) },
      { ALT: () => this.SUBRULE(this.array) },
      { ALT: () => this.SUBRULE(this.arrayElements) },
      { ALT: () => this.structOf(this.SUBRULE(this.braces)) },
      { ALT: () => this.SUBRULE(this.rowConstructor) },
      { ALT: () => this.SUBRULE(this.extract) },
      { ALT: () => this.SUBRULE(this.substring) },
      { ALT: () => this.SUBRULE(this.positionCall) },
      { ALT: () => this.SUBRULE(this.trim) },
      { ALT: () => this.SUBRULE(this.overlay) },
      { ALT: () => this.SUBRULE(this.jsonForm) },
      { ALT: () => this.SUBRULE(this.sessionValue) },
      { ALT: () => this.SUBRULE(this.intervalLiteral) },
      { ALT: () => this.SUBRULE(this.dateTimeLiteral) },
      { ALT: () => this.SUBRULE(this.nameExpression), IGNORE_AMBIGUITIES: true },
    ];
    return this.OR(this.primaryAlternatives);
  });

  readonly parameter: Rule<Expression> = this.RULE('parameter', (): Expression => {
    const { text, startOffset } = this.CONSUME(T.Parameter) as SqlToken;
    return { kind: 'parameterReference', index: Number(text), position: startOffset };
  });

  /** A column, a call, or a literal of a named type: what follows the name decides. */
  readonly nameExpression: Rule<Expression> = this.RULE('nameExpression', () => {
    const parts: Identifier[] = [this.toIdentifier(this.CONSUME(T.Name))];
    this.MANY({
      GATE: () => !this.nextIs(T.Star, 2) && !this.nextIs(T.StarOfRow, 2),
      DEF: () => {
        this.CONSUME(T.Dot);
        parts.push(this.toIdentifier(this.CONSUME(T.AnyLabel)));
      },
    });
    return this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.callOfName, { ARGS: [parts] }) },
      { ALT: () => this.mapOf(parts, this.SUBRULE(this.braces)) },
      { ALT: () => this.typedLiteral(parts, [], this.CONSUME(T.StringLiteralToken)) },
      { ALT: () => this.columnReference(parts) },
    ]);
  });

  /** DuckDB's `{'a': 1, b: 2}` of rows, and `MAP {k: v}`. */
  readonly braces: Rule<Braces> = this.RULE('braces', (): Braces => {
    const position = this.CONSUME(T.LBrace).startOffset;
    const keys: Expression[] = [];
    const values: Expression[] = [];
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () => {
        keys.push(this.SUBRULE(this.expression));
        this.CONSUME(T.Colon);
        values.push(this.SUBRULE1(this.expression));
      },
    });
    this.CONSUME(T.RBrace);
    return { keys, values, position };
  });

  private structOf(braces: Braces): Expression {
    return this.ACTION(() => {
      const { keys, values, position } = braces;
      const args = keys.flatMap((key, i) => [this.fieldName(key), values[i] as Expression]);
      return createBuiltInCall('named_struct', args, position);
    });
  }

  /** A name stands for itself. */
  private fieldName(key: Expression): Expression {
    if (key.kind !== 'columnReference' || key.parts.length > 1) return key;
    return { kind: 'stringLiteral', value: (key.parts[0] as Identifier).name, position: key.position };
  }

  private mapOf(parts: readonly Identifier[], { keys, values, position }: Braces): Expression {
    return this.ACTION(() => {
      const [name] = parts as [Identifier];
      if (parts.length > 1 || name.name !== 'map') this.rejectAt(position, 'Write MAP {key: value}.');
      const arrays = [keys, values].map((elements): Expression => ({ kind: 'array', elements, position }));
      return createBuiltInCall('map', arrays, name.position);
    });
  }

  private columnReference(parts: readonly Identifier[]): Expression {
    return { kind: 'columnReference', parts, position: (parts[0] as Identifier).position };
  }

  private typedLiteral(parts: readonly Identifier[], modifiers: readonly number[], token: unknown): TypedLiteral {
    const type = createTypeName(parts, modifiers);
    return { kind: 'typedLiteral', type, value: this.toStringLiteral(token), position: type.position };
  }

  /** `f(…)`, or `numeric(5, 2) '1.50'`, which starts like a call. */
  readonly callOfName: Rule<Expression, [parts: readonly Identifier[]]> = this.RULE(
    'callOfName',
    (parts: readonly Identifier[]): Expression => {
      const call = this.SUBRULE(this.callArguments);
      const literal = this.OPTION(() => this.CONSUME(T.StringLiteralToken));
      const modifiers = this.SUBRULE(this.callModifiers);
      return this.ACTION(() => {
        if (literal !== undefined) return this.typedLiteral(parts, this.typeModifiers(call, literal), literal);
        const position = (parts[0] as Identifier).position;
        return createCall({ kind: 'qualifiedName', parts, position }, call, modifiers);
      });
    },
  );

  private typeModifiers({ args }: CallArguments, literal: { startOffset: number; image: string }): number[] {
    return args.map(({ value }) => {
      if (value.kind !== 'numericLiteral' || !/^\d+$/.test(value.text)) this.rejectToken(literal);
      return Number(value.text);
    });
  }

  /** `(a)`, or the row `(a, b)`. Parentheses around a single expression leave no trace. */
  readonly parenthesized: Rule<Expression> = this.RULE('parenthesized', (): Expression => {
    const position = this.CONSUME(T.LParen).startOffset;
    const elements = this.SUBRULE(this.expressionList);
    this.CONSUME(T.RParen);
    return this.ACTION(() =>
      elements.length === 1 ? (elements[0] as Expression) : { kind: 'row', elements, position },
    );
  });

  readonly rowConstructor: Rule<RowExpression> = this.RULE('rowConstructor', (): RowExpression => {
    const position = this.CONSUME(T.RowConstructor).startOffset;
    const elements: Expression[] = [];
    this.CONSUME(T.LParen);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => elements.push(this.SUBRULE(this.expression)) });
    this.CONSUME(T.RParen);
    return { kind: 'row', elements, position };
  });

  readonly scalarSubquery: Rule<ScalarSubquery> = this.RULE('scalarSubquery', (): ScalarSubquery => {
    const position = this.here();
    return { kind: 'scalarSubquery', query: this.SUBRULE(this.subquery), position };
  });

  readonly exists: Rule<ExistsExpression> = this.RULE('exists', (): ExistsExpression => {
    const position = this.CONSUME(K.exists).startOffset;
    return { kind: 'exists', query: this.SUBRULE(this.subquery), position };
  });

  readonly caseExpression: Rule<CaseExpression> = this.RULE('caseExpression', (): CaseExpression => {
    const position = this.CONSUME(K.case).startOffset;
    const operand = this.OPTION(() => this.SUBRULE(this.expression));
    const branches: CaseBranch[] = [];
    this.AT_LEAST_ONE(() => {
      const start = this.CONSUME(K.when).startOffset;
      const condition = this.SUBRULE1(this.expression);
      this.CONSUME(K.then);
      const result = this.SUBRULE2(this.expression);
      branches.push({ kind: 'caseBranch', condition, result, position: start });
    });
    const otherwise = this.OPTION1(() => {
      this.CONSUME(K.else);
      return this.SUBRULE3(this.expression);
    });
    this.CONSUME(K.end);
    return { kind: 'case', operand, branches, otherwise, position };
  });

  readonly cast: Rule<CastExpression> = this.RULE('cast', (): CastExpression => {
    const { tokenType, startOffset } = this.OR([
      { ALT: () => this.CONSUME(K.cast) },
      { ALT: () => this.CONSUME(K.try_cast) },
    ]);
    this.CONSUME(T.LParen);
    const operand = this.SUBRULE(this.expression);
    this.CONSUME(K.as);
    const type = this.SUBRULE(this.typeName);
    this.CONSUME(T.RParen);
    const tryCast = tokenType === K.try_cast;
    return { kind: 'cast', operand, type, tryCast, operatorPosition: startOffset, position: startOffset };
  });

  readonly array: Rule<Expression> = this.RULE('array', () => {
    const position = this.CONSUME(K.array).startOffset;
    return this.OR<Expression>([
      { ALT: () => ({ kind: 'arraySubquery', query: this.SUBRULE(this.subquery), position }) },
      { ALT: () => this.SUBRULE(this.arrayElements, { ARGS: [position] }) },
      {
        // Spark's array(a, b).
        ALT: () => {
          const elements: Expression[] = [];
          this.CONSUME(T.LParen);
          this.MANY_SEP({ SEP: T.Comma, DEF: () => elements.push(this.SUBRULE(this.expression)) });
          this.CONSUME(T.RParen);
          return { kind: 'array', elements, position };
        },
      },
    ]);
  });

  /** `[a, b]`, also without ARRAY before it, as in `ARRAY[[1, 2], [3, 4]]`. */
  readonly arrayElements: Rule<Expression, [position?: number]> = this.RULE(
    'arrayElements',
    (position?: number): Expression => {
      const open = this.CONSUME(T.LBracket).startOffset;
      const elements: Expression[] = [];
      this.MANY_SEP({
        SEP: T.Comma,
        DEF: () => elements.push(this.SUBRULE(this.expression)),
      });
      const comprehension = this.OPTION(() => this.SUBRULE(this.comprehension));
      this.CONSUME(T.RBracket);
      return this.ACTION(() => {
        if (!comprehension) return { kind: 'array', elements, position: position ?? open };
        if (elements.length !== 1) this.rejectAt(comprehension.position, 'Write [f(x) for x in a if p(x)].');
        return comprehended(elements[0]!, comprehension);
      });
    },
  );

  /** DuckDB's `[f(x) for x in a if p(x)]`, behind the first expression. */
  readonly comprehension: Rule<Comprehension> = this.RULE('comprehension', (): Comprehension => {
    const position = this.CONSUME(K.for).startOffset;
    const parameters = this.SUBRULE(this.lambdaNames);
    this.CONSUME(K.in);
    const array = this.SUBRULE(this.expression);
    const condition = this.OPTION(() => {
      // Before NOT and EXISTS the word is one of the grammar.
      this.OR([
        { ALT: () => this.CONSUME(K.if) },
        { GATE: () => this.LA(1).image === 'if', ALT: () => this.CONSUME(T.Identifier) },
      ]);
      return this.SUBRULE1(this.expression);
    });
    return { parameters, array, condition, position };
  });

  /** `3 months`, `-1 day`, `(n + 1) hours`, `1 day 2 hours`. */
  readonly countedIntervals: Rule<Expression> = this.RULE('countedIntervals', (): Expression => {
    const parts: Expression[] = [];
    const count = this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.signedNumber) },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          const value = this.SUBRULE(this.expression);
          this.CONSUME(T.RParen);
          return value;
        },
      },
    ]);
    const unit = this.SUBRULE(this.name);
    this.ACTION(() => parts.push(countedInterval(count, unit)));
    this.MANY(() => {
      const more = this.toNumber(this.CONSUME(T.NumberLiteral));
      const moreUnit = this.SUBRULE1(this.name);
      this.ACTION(() => parts.push(countedInterval(more, moreUnit)));
    });
    return this.ACTION(() => sumOfIntervals(parts));
  });

  /** Does a number and a unit follow, or what may be one in parentheses? Digits in parentheses are a precision. */
  private startsCount(): boolean {
    const [first, second, third, fourth] = [1, 2, 3, 4].map((at) => this.LA(at));
    if (first!.tokenType === T.NumberLiteral) return true;
    if (first!.tokenType === T.LParen) return fourth!.tokenType !== T.StringLiteralToken;
    return second!.tokenType === T.NumberLiteral && isIntervalUnit(third!.image);
  }

  /** `interval '…' [fields]`, `interval(3) '…'`, `interval 3 months`, or a column of that name. */
  readonly intervalLiteral: Rule<Expression> = this.RULE('intervalLiteral', (): Expression => {
    const word = this.CONSUME(K.interval);
    const position = word.startOffset;
    return this.OR<Expression>([
      {
        ALT: () => {
          const value = this.SUBRULE(this.stringLiteral);
          const fields = this.OPTION(() => this.SUBRULE(this.intervalFields));
          const precision = this.OPTION1(() => this.SUBRULE(this.precision));
          return { kind: 'intervalLiteral', value, fields, precision, position };
        },
      },
      {
        GATE: () => !this.startsCount(),
        ALT: () => {
          const precision = this.SUBRULE1(this.precision);
          const value = this.SUBRULE1(this.stringLiteral);
          return { kind: 'intervalLiteral', value, fields: undefined, precision, position };
        },
      },
      {
        GATE: () => this.startsCount(),
        ALT: () => this.SUBRULE(this.countedIntervals),
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.columnReference([this.toIdentifier(word)]) },
    ]);
  });

  /** `timestamp '…'`, `time(3) with time zone '…'`, or a column of that name. */
  readonly dateTimeLiteral: Rule<Expression> = this.RULE('dateTimeLiteral', (): Expression => {
    const token = this.LA(1);
    const { name, precision } = this.SUBRULE(this.dateTimeName);
    return this.OR<Expression>([
      {
        ALT: () => {
          const value = this.SUBRULE(this.stringLiteral);
          const position = token.startOffset;
          const typeName = internalName(name, position);
          const modifiers = precision === undefined ? [] : [precision];
          return {
            kind: 'typedLiteral',
            type: {
              kind: 'typeName',
              name: typeName,
              modifiers,
              arrayDimensions: [],
              intervalFields: undefined,
              position,
            },
            value,
            position,
          };
        },
      },
      {
        ALT: () => {
          this.ACTION(() => {
            if (precision !== undefined || name !== (token as SqlToken).text) this.rejectToken(this.LA(1));
          });
          return this.columnReference([this.toIdentifier(token)]);
        },
      },
    ]);
  });
}
