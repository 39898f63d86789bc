import type { Expression } from '../ast/expression.js';
import type { FunctionArgument, FunctionCall } from '../ast/function-call.js';
import type { OrderByItem } from '../ast/order-by.js';
import type { TypeName } from '../ast/type-name.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { internalName } from './built-in-type-names.js';
import { createBuiltInCall, createCall } from './function-parser.js';
import type { Rule } from './parser-base.js';
import { SpecialFormParser } from './special-form-parser.js';

const K = T.Keyword;

interface JsonArgument {
  readonly value: Expression;
  /** What stands behind a colon: then `value` is the key. */
  readonly entry: Expression | undefined;
}

/** What stands in the parentheses behind the first arguments. */
export interface JsonClauses {
  /** See `json-clauses.ts`. */
  readonly words: readonly string[];
  readonly returning: TypeName | undefined;
  readonly defaults: { readonly empty?: Expression; readonly error?: Expression };
  /** Keys and values. */
  readonly passing: readonly Expression[];
}

export const literal = (value: string, position: number): Expression => ({ kind: 'stringLiteral', value, position });

export function castTo(operand: Expression, type: TypeName, position: number): Expression {
  return { kind: 'cast', operand, type, tryCast: false, operatorPosition: position, position };
}

export function namedType(name: string, position: number): TypeName {
  return {
    kind: 'typeName',
    name: internalName(name, position),
    modifiers: [],
    arrayDimensions: [],
    intervalFields: undefined,
    position,
  };
}

export const nameOf = ({ name }: TypeName): string => name.parts.at(-1)!.name;

/** SQL/JSON's constructors and queries; each becomes calls of functions that JSON has otherwise, or of internal ones. */
export abstract class JsonFormParser extends SpecialFormParser {
  readonly jsonForm: Rule<Expression> = this.RULE('jsonForm', () => {
    const form = this.CONSUME(T.JsonForm) as SqlToken;
    return this.OR<Expression>([
      {
        ALT: () => {
          const query = this.SUBRULE(this.subquery);
          const position = form.startOffset;
          return this.ACTION(() =>
            withForm(form, createBuiltInCall('json_array_of', [{ kind: 'arraySubquery', query, position }], position)),
          );
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          const args: JsonArgument[] = [];
          this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.jsonArgument)) });
          const orderBy = this.OPTION(() => this.SUBRULE(this.orderBy)) ?? [];
          const clauses = this.SUBRULE(this.jsonClauses);
          this.CONSUME(T.RParen);
          const modifiers = this.SUBRULE(this.callModifiers);
          return this.ACTION(() => withForm(form, this.callOfForm(form, args, orderBy, clauses, modifiers)));
        },
      },
    ]);
  });

  readonly jsonArgument: Rule<JsonArgument> = this.RULE('jsonArgument', (): JsonArgument => {
    const value = this.SUBRULE(this.expression);
    const isJson = this.OPTION(() => this.CONSUME(T.JsonFormat)) !== undefined;
    const entry = this.OPTION1(() => {
      this.CONSUME(T.Colon);
      const behind = this.SUBRULE1(this.expression);
      return this.OPTION2(() => this.CONSUME1(T.JsonFormat)) === undefined ? behind : this.asJson(behind);
    });
    return { value: isJson ? this.asJson(value) : value, entry };
  });

  private asJson(value: Expression): Expression {
    return this.ACTION(() => castTo(value, namedType('json', value.position), value.position));
  }

  readonly jsonClauses: Rule<JsonClauses> = this.RULE('jsonClauses', (): JsonClauses => {
    const words: string[] = [];
    const passing: Expression[] = [];
    const defaults: { empty?: Expression; error?: Expression } = {};
    let returning: TypeName | undefined;
    this.MANY(() =>
      this.OR([
        { ALT: () => words.push((this.CONSUME(T.JsonClause) as SqlToken).text) },
        {
          ALT: () => {
            this.CONSUME(K.returning);
            returning = this.SUBRULE(this.typeName);
            this.OPTION(() => this.CONSUME(T.JsonFormat));
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.default);
            const value = this.SUBRULE(this.expression);
            const where = this.CONSUME1(T.JsonClause) as SqlToken;
            this.ACTION(() => {
              if (where.text === 'on empty') defaults.empty = value;
              else if (where.text === 'on error') defaults.error = value;
              else this.rejectToken(where, 'Write DEFAULT value ON EMPTY or ON ERROR.');
              words.push(`default ${where.text}`);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.JsonPassing);
            this.AT_LEAST_ONE_SEP({
              SEP: T.Comma,
              DEF: () => {
                const value = this.SUBRULE1(this.expression);
                this.CONSUME(K.as);
                const name = this.CONSUME(T.AnyLabel) as SqlToken;
                passing.push(literal(name.text, name.startOffset), value);
              },
            });
          },
        },
      ]),
    );
    return { words, returning, defaults, passing };
  });

  private callOfForm(
    form: SqlToken,
    args: readonly JsonArgument[],
    orderBy: readonly OrderByItem[],
    clauses: JsonClauses,
    modifiers: Parameters<typeof createCall>[2],
  ): Expression {
    const { text: name, startOffset: position } = form;
    const { words, returning } = clauses;
    const isPlain = words.length === 0 && returning === undefined && clauses.passing.length === 0;
    const hasEntries = args.some(({ entry }) => entry !== undefined);
    const typed = (value: Expression): Expression => (returning ? castTo(value, returning, position) : value);
    const kind = returning !== undefined && nameOf(returning) === 'jsonb' ? 'jsonb' : 'json';
    const values = args.map(({ value }) => value);
    switch (name) {
      case 'json_object': {
        if (isPlain && args.length > 0 && !hasEntries) break;
        const parts = args.flatMap(({ value, entry }) => [
          value,
          entry ?? this.rejectAt(value.position, 'Write key : value.'),
        ]);
        return typed(
          createBuiltInCall(`${kind}_object_of_entries`, [flags(words, 'null', position), ...parts], position),
        );
      }
      case 'json_array':
        return typed(
          createBuiltInCall(`${kind}_array_of_values`, [flags(words, 'absent', position), ...values], position),
        );
      case 'json_arrayagg':
      case 'json_objectagg': {
        const aggregate = aggregateOf(name, kind, words);
        const given =
          name === 'json_arrayagg' ? values : args.flatMap(({ value, entry }) => (entry ? [value, entry] : [value]));
        const call = { args: given.map(argumentOf), star: false, distinct: false, orderBy, nullTreatment: undefined };
        return typed(createCall(internalName(aggregate, position), call, modifiers));
      }
      case 'json': {
        if (values.length !== 1) break;
        const json = words.includes('with unique')
          ? createBuiltInCall(
              'text_with_unique_keys',
              [castTo(values[0]!, namedType('text', position), position)],
              position,
            )
          : values[0]!;
        return castTo(json, namedType('json', position), position);
      }
      case 'json_serialize': {
        if (values.length !== 1) break;
        return serialized(values[0]!, returning, position);
      }
      case 'json_value':
      case 'json_query':
      case 'json_exists':
        if (values.length !== 2) break;
        return queried(name, values as [Expression, Expression], clauses, position);
    }
    if (!isPlain || hasEntries) this.rejectToken(form, `${name} takes no such clauses.`);
    const call = { args: values.map(argumentOf), star: false, distinct: false, orderBy, nullTreatment: undefined };
    return createCall(internalName(name, position), call, modifiers);
  }
}

/** What stands for a form. */
const withForm = ({ text }: SqlToken, call: Expression): Expression =>
  call.kind === 'functionCall' || call.kind === 'cast' ? { ...call, form: text } : call;

const argumentOf = (value: Expression): FunctionArgument => ({
  kind: 'functionArgument',
  name: undefined,
  value,
  variadic: false,
  position: value.position,
});

/** `absent` or `null`, with ` unique` behind it. */
function flags(words: readonly string[], onNull: 'absent' | 'null', position: number): Expression {
  const treatment = words.find((word) => word.endsWith(' on null'))?.split(' ')[0] ?? onNull;
  return literal(words.includes('with unique') ? `${treatment} unique` : treatment, position);
}

function aggregateOf(name: string, kind: string, words: readonly string[]): string {
  const isArray = name === 'json_arrayagg';
  const isStrict = words.includes('absent on null') || (isArray && !words.includes('null on null'));
  const unique = words.includes('with unique') ? '_unique' : '';
  return `${kind}_${isArray ? 'agg' : 'object_agg'}${unique}${isStrict ? '_strict' : ''}`;
}

function serialized(value: Expression, returning: TypeName | undefined, position: number): Expression {
  const json = value.kind === 'stringLiteral' ? castTo(value, namedType('json', position), position) : value;
  const text = castTo(json, namedType('text', position), position);
  if (returning === undefined) return text;
  if (nameOf(returning) !== 'bytea') return castTo(text, returning, position);
  return createBuiltInCall('convert_to', [text, literal('UTF8', position)], position);
}

/** The result has the type of the last two arguments: the defaults, which are NULL where none is given. */
export function queried(
  name: 'json_value' | 'json_query' | 'json_exists',
  [target, path]: readonly [Expression, Expression],
  { words, returning, defaults, passing }: JsonClauses,
  position: number,
): FunctionCall {
  const ofDefault = { json_value: 'text', json_query: 'jsonb', json_exists: 'bool' }[name];
  const type = returning ?? namedType(ofDefault, position);
  const value = (given: Expression | undefined): Expression =>
    castTo(given ?? { kind: 'nullLiteral', position }, type, position);
  const variables: Expression =
    passing.length === 0
      ? { kind: 'nullLiteral', position }
      : createBuiltInCall('jsonb_build_object', passing, position);
  const jsonb = namedType('jsonb', position);
  return createBuiltInCall(
    `${name}_of_path`,
    [
      castTo(target, jsonb, position),
      castTo(path, namedType('text', path.position), path.position),
      castTo(variables, jsonb, position),
      literal(words.join(', '), position),
      value(defaults.empty),
      value(defaults.error),
    ],
    position,
  );
}
