import type { Identifier } from '../ast/identifier.js';
import type { IntervalField, IntervalFields, TypeArgument, TypeName } from '../ast/type-name.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { createTypeName, internalName } from './built-in-type-names.js';
import { ParserBase, type Rule } from './parser-base.js';

const K = T.Keyword;

/** What stands between INTERVAL and its fields, or behind TIMESTAMP. */
interface DateTimeType {
  readonly name: string;
  readonly precision: number | undefined;
}

/** Type names: `numeric(15, 2)`, `timestamp(3) with time zone`, `interval day to second`, `text[]`. */
export abstract class TypeParser extends ParserBase {
  readonly typeName: Rule<TypeName> = this.RULE('typeName', () => {
    const base = this.OR<TypeName>([
      { ALT: () => this.SUBRULE(this.intervalType) },
      { ALT: () => this.SUBRULE(this.dateTimeType) },
      { ALT: () => this.SUBRULE(this.rowType) },
      { ALT: () => this.SUBRULE(this.namedType), IGNORE_AMBIGUITIES: true },
    ]);
    const arrayDimensions: (number | undefined)[] = [];
    this.OPTION(() => {
      this.CONSUME(K.array);
      arrayDimensions.push(undefined);
    });
    this.MANY(() => {
      this.CONSUME(T.LBracket);
      arrayDimensions.push(this.OPTION1(() => this.integerOf(this.CONSUME(T.NumberLiteral))));
      this.CONSUME(T.RBracket);
    });
    return arrayDimensions.length === 0 ? base : { ...base, arrayDimensions };
  });

  readonly namedType: Rule<TypeName> = this.RULE('namedType', () => {
    const parts: Identifier[] = [this.toIdentifier(this.CONSUME(T.Name))];
    this.MANY(() => {
      this.CONSUME(T.Dot);
      parts.push(this.toIdentifier(this.CONSUME(T.AnyLabel)));
    });
    const modifiers: number[] = [];
    const types: TypeArgument[] = [];
    this.OPTION(() => {
      this.CONSUME(T.LParen);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () =>
          this.OR([
            {
              ALT: () => {
                const sign = this.OPTION1(() => this.CONSUME(T.Minus)) === undefined ? 1 : -1;
                modifiers.push(sign * this.integerOf(this.CONSUME(T.NumberLiteral)));
              },
            },
            { ALT: () => types.push(this.SUBRULE(this.typeArgument)) },
          ]),
      });
      this.CONSUME(T.RParen);
    });
    return this.ACTION(() => {
      const type = createTypeName(parts, modifiers);
      return types.length === 0 ? type : { ...type, arguments: types };
    });
  });

  /** `row(a int, b text)`; any other name that takes types is a name like those of other types. */
  readonly rowType: Rule<TypeName> = this.RULE('rowType', () => {
    const { startOffset } = this.CONSUME(T.RowConstructor);
    const types: TypeArgument[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => types.push(this.SUBRULE(this.typeArgument)) });
    this.CONSUME(T.RParen);
    return this.ACTION(() => ({ ...createTypeName(internalName('row', startOffset).parts, []), arguments: types }));
  });

  /** `text`, or with the name of a field `a text`: a word that a type follows was no type but a name. */
  readonly typeArgument: Rule<TypeArgument> = this.RULE('typeArgument', () => {
    const first = this.LA(1);
    const type = this.SUBRULE(this.typeName);
    const last = this.LA(0);
    const named = this.OPTION(() => this.SUBRULE1(this.typeName));
    return this.ACTION((): TypeArgument => {
      if (named === undefined) return { label: undefined, type };
      if (first !== last) this.rejectToken(last);
      return { label: this.toIdentifier(first), type: named };
    });
  });

  readonly dateTimeType: Rule<TypeName> = this.RULE('dateTimeType', (): TypeName => {
    const position = this.here();
    const type = this.SUBRULE(this.dateTimeName);
    return {
      kind: 'typeName',
      name: internalName(type.name, position),
      modifiers: type.precision === undefined ? [] : [type.precision],
      arrayDimensions: [],
      intervalFields: undefined,
      position,
    };
  });

  readonly dateTimeName: Rule<DateTimeType> = this.RULE('dateTimeName', () => {
    const token = this.OR([{ ALT: () => this.CONSUME(K.timestamp) }, { ALT: () => this.CONSUME(K.time) }]) as SqlToken;
    const precision = this.OPTION(() => this.SUBRULE(this.precision));
    const zoned = this.OPTION1(() =>
      this.OR1([
        {
          ALT: () => {
            this.CONSUME(T.WithBeforeTime);
            this.CONSUME1(K.time);
            this.CONSUME(K.zone);
            return true;
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.without);
            this.CONSUME2(K.time);
            this.CONSUME1(K.zone);
            return false;
          },
        },
      ]),
    );
    return { name: zoned === true ? `${token.text}tz` : token.text, precision };
  });

  readonly intervalType: Rule<TypeName> = this.RULE('intervalType', (): TypeName => {
    const position = this.CONSUME(K.interval).startOffset;
    const first = this.OPTION(() => this.SUBRULE(this.precision));
    const fields = this.OPTION1(() => this.SUBRULE(this.intervalFields));
    const precision = this.OPTION2(() => this.SUBRULE1(this.precision)) ?? first;
    return {
      kind: 'typeName',
      name: internalName('interval', position),
      modifiers: precision === undefined ? [] : [precision],
      arrayDimensions: [],
      intervalFields: fields,
      position,
    };
  });

  readonly precision: Rule<number> = this.RULE('precision', () => {
    this.CONSUME(T.LParen);
    const precision = this.integerOf(this.CONSUME(T.NumberLiteral));
    this.CONSUME(T.RParen);
    return precision;
  });

  readonly intervalFields: Rule<IntervalFields> = this.RULE('intervalFields', () => {
    const from = this.SUBRULE(this.intervalField);
    const to = this.OPTION(() => {
      this.CONSUME(K.to);
      return this.SUBRULE1(this.intervalField);
    });
    return { from, to: to ?? from };
  });

  readonly intervalField: Rule<IntervalField> = this.RULE('intervalField', () => {
    const token = this.OR([
      { ALT: () => this.CONSUME(K.year) },
      { ALT: () => this.CONSUME(K.month) },
      { ALT: () => this.CONSUME(K.day) },
      { ALT: () => this.CONSUME(K.hour) },
      { ALT: () => this.CONSUME(K.minute) },
      { ALT: () => this.CONSUME(K.second) },
    ]) as SqlToken;
    return token.text as IntervalField;
  });
}
