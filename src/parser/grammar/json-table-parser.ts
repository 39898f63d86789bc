import type { Expression } from '../ast/expression.js';
import type { Query } from '../ast/query.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { type JsonTableColumn, jsonTableQuery } from './json-table.js';
import { LateralViewParser } from './lateral-view-parser.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

/** `JSON_TABLE (json, path COLUMNS (…))`, which becomes a query. */
export abstract class JsonTableParser extends LateralViewParser {
  readonly jsonTable: Rule<Query> = this.RULE('jsonTable', (): Query => {
    const position = this.CONSUME(T.JsonTable).startOffset;
    this.CONSUME(T.LParen);
    const target = this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(T.JsonFormat));
    this.CONSUME(T.Comma);
    const path = this.SUBRULE1(this.expression);
    this.OPTION1(() => this.CONSUME(K.as) && this.SUBRULE(this.name));
    const { passing } = this.SUBRULE(this.jsonClauses) ?? {};
    const columns = this.SUBRULE(this.jsonTableColumns);
    const onError = this.OPTION2(() => this.CONSUME(T.JsonClause) as SqlToken);
    this.CONSUME(T.RParen);
    return this.ACTION(() => {
      const word = onError?.text ?? 'empty on error';
      if (!/^(error|empty|empty array) on error$/.test(word)) {
        this.rejectToken(onError!, 'Write ERROR ON ERROR or EMPTY ON ERROR.');
      }
      const errorOnError = word === 'error on error';
      return jsonTableQuery({
        target,
        path,
        passing: passing as readonly Expression[],
        errorOnError,
        columns,
        position,
      });
    });
  });

  readonly jsonTableColumns: Rule<JsonTableColumn[]> = this.RULE('jsonTableColumns', () => {
    const columns: JsonTableColumn[] = [];
    this.CONSUME(K.columns);
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => columns.push(this.SUBRULE(this.jsonTableColumn)) });
    this.CONSUME(T.RParen);
    return columns;
  });

  readonly jsonTableColumn: Rule<JsonTableColumn> = this.RULE('jsonTableColumn', () =>
    this.OR<JsonTableColumn>([
      { GATE: () => this.isNestedPath(), ALT: () => this.SUBRULE(this.nestedPath) },
      { ALT: () => this.SUBRULE(this.plainColumn), IGNORE_AMBIGUITIES: true },
    ]),
  );

  private isNestedPath(): boolean {
    const isWord = (this.LA(1) as SqlToken).text === 'nested';
    return isWord && (this.nextIs(T.StringLiteralToken, 2) || this.nextIs(T.StringLiteralToken, 3));
  }

  readonly nestedPath: Rule<JsonTableColumn> = this.RULE('nestedPath', (): JsonTableColumn => {
    this.CONSUME(T.Identifier);
    this.OPTION(() => this.CONSUME1(T.Identifier));
    const path = this.SUBRULE(this.stringLiteral);
    this.OPTION1(() => this.CONSUME(K.as) && this.SUBRULE(this.name));
    const columns = this.SUBRULE(this.jsonTableColumns);
    return { kind: 'nested', path: path?.value, columns };
  });

  /** `name FOR ORDINALITY`, `name type [EXISTS] [FORMAT JSON] [PATH '…'] …`. */
  readonly plainColumn: Rule<JsonTableColumn> = this.RULE('plainColumn', (): JsonTableColumn => {
    const name = this.SUBRULE(this.name);
    return this.OR<JsonTableColumn>([
      { ALT: () => this.CONSUME(K.for) && this.CONSUME(K.ordinality) && { kind: 'ordinality', name } },
      {
        ALT: () => {
          const type = this.SUBRULE(this.typeName);
          const exists = this.OPTION(() => this.CONSUME(K.exists)) !== undefined;
          const isJson = this.OPTION1(() => this.CONSUME(T.JsonFormat)) !== undefined;
          const path = this.OPTION2(() => {
            const word = this.CONSUME(T.Identifier) as SqlToken;
            this.ACTION(() => word.text === 'path' || this.rejectToken(word, 'Expected PATH.'));
            return this.SUBRULE(this.stringLiteral);
          });
          const clauses = this.SUBRULE(this.jsonClauses);
          return { kind: exists ? 'exists' : isJson ? 'json' : 'value', name, type, path: path?.value, clauses };
        },
      },
    ]);
  });
}
