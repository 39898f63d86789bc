import type { FunctionCall } from '../ast/function-call.js';
import type { Identifier } from '../ast/identifier.js';
import type { FunctionColumn, TableAlias } from '../ast/relation.js';
import * as T from '../tokens/token-types.js';
import { JsonTableParser } from './json-table-parser.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

/** An alias as parsed: only functions may give their columns types, and go without a name. */
export interface ParsedAlias {
  readonly name: Identifier | undefined;
  readonly columns: readonly (Identifier | FunctionColumn)[];
  readonly position: number;
}

/** `AS t (a, b)` behind an entry of FROM. */
export abstract class TableAliasParser extends JsonTableParser {
  readonly tableAlias: Rule<TableAlias | undefined> = this.RULE('tableAlias', () => {
    const alias = this.OPTION(() => this.SUBRULE(this.parsedAlias));
    return this.ACTION(() => this.plainAlias(alias));
  });

  readonly parsedAlias: Rule<ParsedAlias> = this.RULE('parsedAlias', (): ParsedAlias => {
    const position = this.here();
    return this.OR<ParsedAlias>([
      {
        ALT: () => {
          this.CONSUME(K.as);
          const name = this.OPTION(() => this.SUBRULE(this.name));
          const columns = this.OPTION1(() => this.SUBRULE(this.aliasColumns));
          if (name === undefined && columns === undefined) this.ACTION(() => this.rejectToken(this.LA(1)));
          return { name, columns: columns ?? [], position: name?.position ?? position };
        },
      },
      {
        ALT: () => {
          const name = this.SUBRULE1(this.name);
          const columns = this.OPTION2(() => this.SUBRULE1(this.aliasColumns));
          return { name, columns: columns ?? [], position };
        },
      },
    ]);
  });

  readonly aliasColumns: Rule<(Identifier | FunctionColumn)[]> = this.RULE('aliasColumns', () => {
    const columns: (Identifier | FunctionColumn)[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.name);
        const type = this.OPTION(() => this.SUBRULE(this.typeName));
        columns.push(type === undefined ? name : { kind: 'functionColumn', name, type, position: name.position });
      },
    });
    this.CONSUME(T.RParen);
    return columns;
  });

  protected plainAlias(alias: ParsedAlias | undefined): TableAlias | undefined {
    if (alias === undefined) return undefined;
    const columns: Identifier[] = [];
    for (const column of alias.columns) {
      if (column.kind === 'functionColumn')
        this.rejectAt(column.type.position, 'Only a function’s columns take types.');
      columns.push(column);
    }
    if (alias.name === undefined) this.rejectAt(alias.position, 'Expected a name after AS.');
    return { kind: 'tableAlias', name: alias.name, columns, position: alias.position };
  }

  /** Columns that all must have types. */
  protected definitionsOf(columns: readonly (Identifier | FunctionColumn)[]): FunctionColumn[] {
    const untyped = columns.find((column) => column.kind === 'identifier');
    if (untyped !== undefined) this.rejectAt(untyped.position, 'Give every column of the list a type, or none.');
    return columns.filter((column) => column.kind === 'functionColumn');
  }

  protected functionAlias(
    call: FunctionCall,
    alias: ParsedAlias | undefined,
  ): { alias: TableAlias | undefined; columnDefinitions: FunctionColumn[] } {
    if (alias === undefined || !alias.columns.some((column) => column.kind === 'functionColumn'))
      return { alias: this.plainAlias(alias), columnDefinitions: [] };
    const columnDefinitions = this.definitionsOf(alias.columns);
    const name = alias.name ?? (call.name.parts.at(-1) as Identifier);
    return { alias: { kind: 'tableAlias', name, columns: [], position: alias.position }, columnDefinitions };
  }
}
