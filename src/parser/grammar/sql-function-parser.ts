import type {
  CreateFunctionStatement,
  DropFunctionStatement,
  FunctionBody,
  FunctionParameter,
  FunctionResult,
} from '../ast/function-statement.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { TypeName } from '../ast/type-name.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { QueryParser } from './query-parser.js';

const K = T.Keyword;

/** What stands between CREATE and the kind of object. */
export interface CreatePrefix {
  readonly position: number;
  readonly orReplace: boolean;
  readonly temporary: boolean;
}

/** What follows a function's parameters, in any order. */
interface FunctionClauses {
  returns: FunctionResult | undefined;
  language: string | undefined;
  isStrict: boolean;
  body: FunctionBody | undefined;
}

/** CREATE and DROP of functions in SQL, and of macros. */
export abstract class SqlFunctionParser extends QueryParser {
  abstract readonly ifNotExists: Rule<boolean>;
  abstract readonly ifExists: Rule<boolean>;
  abstract readonly defaultClause: Rule<NonNullable<FunctionParameter['default']>>;

  readonly createFunction: Rule<CreateFunctionStatement, [prefix: CreatePrefix]> = this.RULE(
    'createFunction',
    (prefix: CreatePrefix): CreateFunctionStatement => {
      const isMacro = this.OR([
        { ALT: () => this.CONSUME(K.function) && false },
        { ALT: () => this.CONSUME(K.macro) && true },
      ]);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.qualifiedName);
      const parameters: FunctionParameter[] = [];
      this.CONSUME(T.LParen);
      this.MANY_SEP({
        SEP: T.Comma,
        DEF: () => parameters.push(this.SUBRULE(this.functionParameter, { ARGS: [isMacro] })),
      });
      this.CONSUME(T.RParen);
      const clauses: FunctionClauses = { returns: undefined, language: undefined, isStrict: false, body: undefined };
      this.AT_LEAST_ONE(() => this.SUBRULE(this.functionClause, { ARGS: [clauses] }));
      const end = this.behind();
      const next = this.LA(1);
      return this.ACTION((): CreateFunctionStatement => {
        const { body, ...rest } = clauses;
        if (body === undefined) return this.rejectToken(next, 'Expected AS and the SQL of the function, or RETURN.');
        return { kind: 'createFunction', name, ...prefix, ifNotExists, isMacro, parameters, ...rest, body, end };
      });
    },
  );

  readonly functionParameter: Rule<FunctionParameter, [isMacro: boolean]> = this.RULE(
    'functionParameter',
    (isMacro: boolean): FunctionParameter => {
      const position = this.here();
      this.OPTION({ GATE: () => !isMacro, DEF: () => this.CONSUME(K.in) });
      const isAlone = [T.Comma, T.RParen, T.LParen, T.LBracket, T.Equal, K.default].some((token) =>
        this.nextIs(token, 2),
      );
      const name = this.OPTION1({ GATE: () => isMacro || !isAlone, DEF: () => this.SUBRULE(this.name) });
      const type = this.OPTION2({
        GATE: () => !isMacro || !this.isDefaultNext(),
        DEF: () => this.SUBRULE(this.typeName),
      });
      const value = this.OPTION3(() => {
        this.OR([
          { ALT: () => this.CONSUME(K.default) },
          { ALT: () => this.CONSUME(T.Equal) },
          { ALT: () => this.CONSUME(T.ColonEquals) },
        ]);
        return this.SUBRULE(this.defaultClause);
      });
      return { kind: 'functionParameter', name, type, default: value, position };
    },
  );

  private isDefaultNext(): boolean {
    return this.nextIs(T.ColonEquals) || this.nextIs(T.Equal);
  }

  readonly functionClause: Rule<void, [clauses: FunctionClauses]> = this.RULE(
    'functionClause',
    (clauses: FunctionClauses) => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(K.returns);
            const returns = this.SUBRULE(this.functionResult);
            this.ACTION(() => {
              if (returns === undefined) clauses.isStrict = true;
              else clauses.returns = returns;
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.language);
            const language = this.OR1<string>([
              { ALT: () => this.SUBRULE(this.name).name },
              { ALT: () => this.SUBRULE(this.stringLiteral).value },
            ]);
            this.ACTION(() => {
              clauses.language = language;
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.as);
            const body = this.SUBRULE(this.functionBody);
            this.ACTION(() => {
              clauses.body = body;
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.return);
            const position = this.here();
            this.SUBRULE(this.expression);
            const end = this.behind();
            this.ACTION(() => {
              clauses.body = { kind: 'expression', position, end };
            });
          },
        },
        {
          // IMMUTABLE, STRICT, PARALLEL SAFE, COST 10, CALLED ON NULL INPUT …
          ALT: () => {
            const word = this.SUBRULE1(this.name);
            const takesWord = word?.name === 'parallel' || word?.name === 'security';
            this.OPTION({
              GATE: () => takesWord || this.nextIs(T.NumberLiteral) || this.nextIs(K.on),
              DEF: () =>
                this.OR2([
                  { ALT: () => this.CONSUME(T.NumberLiteral) },
                  { ALT: () => this.SUBRULE(this.onNullInput) },
                  { GATE: () => takesWord, ALT: () => this.SUBRULE2(this.name) },
                ]),
            });
            this.ACTION(() => {
              if (word.name === 'strict') clauses.isStrict = true;
            });
          },
          IGNORE_AMBIGUITIES: true,
        },
      ]);
    },
  );

  readonly onNullInput: Rule<void> = this.RULE('onNullInput', () => {
    this.CONSUME(K.on);
    this.CONSUME(K.null);
    this.SUBRULE(this.name);
  });

  /** Behind RETURNS; undefined for RETURNS NULL ON NULL INPUT. */
  readonly functionResult: Rule<FunctionResult | undefined> = this.RULE('functionResult', () =>
    this.OR<FunctionResult | undefined>([
      {
        ALT: () => {
          this.CONSUME(K.null);
          this.SUBRULE(this.onNullInput);
          return undefined;
        },
      },
      {
        ALT: () => this.CONSUME(K.setof) && { kind: 'set', type: this.SUBRULE(this.typeName) },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const columns: { name: Identifier; type: TypeName }[] = [];
          this.CONSUME(K.table);
          this.CONSUME(T.LParen);
          this.AT_LEAST_ONE_SEP({
            SEP: T.Comma,
            DEF: () => columns.push({ name: this.SUBRULE(this.name), type: this.SUBRULE1(this.typeName) }),
          });
          this.CONSUME(T.RParen);
          return { kind: 'table', columns };
        },
      },
      { ALT: () => ({ kind: 'value', type: this.SUBRULE2(this.typeName) }), IGNORE_AMBIGUITIES: true },
    ]),
  );

  /** Behind AS: SQL in a literal, an expression, or TABLE and a query. */
  readonly functionBody: Rule<FunctionBody> = this.RULE('functionBody', () => {
    const isTable = this.nextIs(K.table);
    const isText = this.nextIs(T.StringLiteralToken);
    return this.OR<FunctionBody>([
      {
        GATE: () => isTable,
        ALT: () => {
          this.CONSUME(K.table);
          const position = this.here();
          this.SUBRULE(this.query);
          return { kind: 'query', position, end: this.behind() };
        },
      },
      {
        GATE: () => isText,
        ALT: () => ({ kind: 'text', literal: this.SUBRULE(this.stringLiteral) }),
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const position = this.here();
          this.SUBRULE(this.expression);
          return { kind: 'expression', position, end: this.behind() };
        },
        IGNORE_AMBIGUITIES: true,
      },
    ]);
  });

  readonly dropFunction: Rule<DropFunctionStatement, [position: number]> = this.RULE(
    'dropFunction',
    (position: number): DropFunctionStatement => {
      const isMacro = this.OR([
        { ALT: () => this.CONSUME(K.function) && false },
        { ALT: () => this.CONSUME(K.macro) && true },
      ]);
      this.OPTION(() => this.CONSUME(K.table));
      const ifExists = this.SUBRULE(this.ifExists);
      const names: QualifiedName[] = [];
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          names.push(this.SUBRULE(this.qualifiedName));
          this.OPTION1(() => {
            this.CONSUME(T.LParen);
            this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.functionParameter, { ARGS: [false] }) });
            this.CONSUME(T.RParen);
          });
        },
      });
      this.OPTION2(() => this.OR1([{ ALT: () => this.CONSUME(K.cascade) }, { ALT: () => this.CONSUME(K.restrict) }]));
      return { kind: 'dropFunction', isMacro, names, ifExists, position, end: this.behind() };
    },
  );
}
