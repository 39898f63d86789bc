import { notSupportedError } from '../../common/errors.js';
import type {
  CommentStatement,
  CreateSchemaStatement,
  CreateViewStatement,
  DropIndexStatement,
  DropStatement,
  OptimizeStatement,
  TruncateStatement,
} from '../ast/definition-statement.js';
import type { DropFunctionStatement } from '../ast/function-statement.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { DeleteStatement } from '../ast/modify-statement.js';
import type { Statement } from '../ast/statement.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { IndexParser } from './index-parser.js';
import type { Rule } from './parser-base.js';
import type { CreatePrefix } from './sql-function-parser.js';

const K = T.Keyword;

/** CREATE, DROP, COMMENT, TRUNCATE. */
export abstract class DefinitionParser extends IndexParser {
  readonly create: Rule<Statement> = this.RULE('create', () => {
    const position = this.CONSUME(K.create).startOffset;
    const orReplace = this.OPTION(() => this.CONSUME(K.or) && this.CONSUME(K.replace)) !== undefined;
    const temporary = this.OPTION1(() => this.SUBRULE(this.persistence)) ?? false;
    const prefix: CreatePrefix = { position, orReplace, temporary };
    return this.OR1<Statement>([
      { ALT: () => this.SUBRULE(this.createTable, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createIndex, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createView, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createSchema, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createFunction, { ARGS: [prefix] }) },
    ]);
  });

  /** TEMP; or UNLOGGED, which every table is here. */
  readonly persistence: Rule<boolean> = this.RULE('persistence', () =>
    this.OR([
      { ALT: () => this.CONSUME(K.temp) && true },
      { ALT: () => this.CONSUME(K.temporary) && true },
      { ALT: () => this.CONSUME(K.unlogged) && false },
    ]),
  );

  readonly createSchema: Rule<CreateSchemaStatement, [prefix: CreatePrefix]> = this.RULE(
    'createSchema',
    (prefix: CreatePrefix): CreateSchemaStatement => {
      const word = this.CONSUME(K.schema);
      this.ACTION(() => (prefix.orReplace || prefix.temporary) && this.rejectToken(word));
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.name);
      return { kind: 'createSchema', name, ifNotExists, position: prefix?.position, end: this.behind() };
    },
  );

  readonly createView: Rule<CreateViewStatement, [prefix: CreatePrefix]> = this.RULE(
    'createView',
    (prefix: CreatePrefix): CreateViewStatement => {
      const recursive = this.OPTION1(() => this.CONSUME(K.recursive)) !== undefined;
      this.CONSUME(K.view);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.qualifiedName);
      const ignored: string[] = [];
      const columns = this.OPTION(() => this.SUBRULE(this.viewColumns, { ARGS: [ignored] })) ?? [];
      const comment = this.OPTION2(() => this.CONSUME(K.comment) && this.SUBRULE(this.stringLiteral));
      this.OPTION3(() => {
        this.CONSUME(K.tblproperties);
        const properties = this.SUBRULE(this.options);
        this.ACTION(() => ignored.push(...properties.map((property) => `property "${property.name}"`)));
      });
      this.CONSUME(K.as);
      const word = this.LA(0);
      const query = this.SUBRULE(this.query);
      const end = this.behind();
      this.ACTION(
        () => recursive && columns.length === 0 && this.rejectToken(word, 'Name its columns in parentheses.'),
      );
      const clauses = { columns, comment, ignored, recursive };
      return { kind: 'createView', name, ...prefix, ifNotExists, ...clauses, query, end };
    },
  );

  /** Names, and comments as Spark has them. */
  readonly viewColumns: Rule<Identifier[], [ignored: string[]]> = this.RULE('viewColumns', (ignored: string[]) => {
    const columns: Identifier[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const column = this.SUBRULE(this.name);
        columns.push(column);
        this.OPTION(() => {
          this.CONSUME(K.comment);
          this.SUBRULE(this.stringLiteral);
          this.ACTION(() => ignored.push(`comment on column "${column.name}"`));
        });
      },
    });
    this.CONSUME(T.RParen);
    return columns;
  });

  readonly drop: Rule<DropStatement | DropIndexStatement | DropFunctionStatement> = this.RULE('drop', () => {
    const position = this.CONSUME(K.drop).startOffset;
    return this.OR<DropStatement | DropIndexStatement | DropFunctionStatement>([
      { ALT: () => this.SUBRULE(this.dropIndex, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.dropRelation, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.dropFunction, { ARGS: [position] }) },
    ]);
  });

  readonly dropRelation: Rule<DropStatement, [position: number]> = this.RULE(
    'dropRelation',
    (position: number): DropStatement => {
      const target = this.OR<DropStatement['target']>([
        { ALT: () => this.CONSUME(K.table) && 'table' },
        { ALT: () => this.CONSUME(K.view) && 'view' },
        { ALT: () => this.CONSUME(K.schema) && 'schema' },
      ]);
      const ifExists = this.SUBRULE(this.ifExists);
      const names = this.SUBRULE(this.qualifiedNames);
      const cascade = this.OPTION(() =>
        this.OR1([{ ALT: () => this.CONSUME(K.cascade) && true }, { ALT: () => this.CONSUME(K.restrict) && false }]),
      );
      return { kind: 'drop', target, names, ifExists, cascade: cascade ?? false, position, end: this.behind() };
    },
  );

  readonly comment: Rule<CommentStatement> = this.RULE('comment', (): CommentStatement => {
    const position = this.CONSUME(K.comment).startOffset;
    this.CONSUME(K.on);
    const target = this.OR<CommentStatement['target']>([
      { ALT: () => this.CONSUME(K.table) && 'table' },
      { ALT: () => this.CONSUME(K.view) && 'view' },
      { ALT: () => this.CONSUME(K.column) && 'column' },
    ]);
    const name: QualifiedName = this.SUBRULE(this.qualifiedName);
    this.CONSUME(K.is);
    const text = this.OR1<string | undefined>([
      {
        ALT: () => {
          const literal = this.SUBRULE(this.stringLiteral);
          return this.ACTION(() => literal.value);
        },
      },
      { ALT: () => this.CONSUME(K.null) && undefined },
    ]);
    return { kind: 'comment', target, name, text, position, end: this.behind() };
  });

  readonly truncate: Rule<TruncateStatement | DeleteStatement> = this.RULE('truncate', () => {
    const position = this.CONSUME(K.truncate).startOffset;
    this.OPTION(() => this.CONSUME(K.table));
    const tables = this.SUBRULE(this.qualifiedNames);
    const word = this.LA(1);
    const partitions = this.OPTION3(() => this.SUBRULE(this.deletedPartitions));
    const restarts = this.OPTION1(() => {
      const isRestart = this.OR([
        { ALT: () => this.CONSUME(K.restart) && true },
        { ALT: () => this.CONSUME(K.continue) && false },
      ]);
      this.CONSUME(K.identity);
      return isRestart;
    });
    this.OPTION2(() => this.OR1([{ ALT: () => this.CONSUME(K.cascade) }, { ALT: () => this.CONSUME(K.restrict) }]));
    return this.ACTION((): TruncateStatement | DeleteStatement => {
      if (partitions !== undefined && tables.length > 1) this.rejectToken(word, 'Partitions are those of one table.');
      if (partitions !== undefined) return this.deleteFrom(tables[0]!, partitions, position);
      return { kind: 'truncate', tables, restarts: restarts === true, position, end: this.behind() };
    });
  });

  readonly optimize: Rule<OptimizeStatement> = this.RULE('optimize', (): OptimizeStatement => {
    const position = this.CONSUME(K.optimize).startOffset;
    const table = this.SUBRULE(this.qualifiedName);
    const where = this.OPTION(() => this.CONSUME(K.where) && this.SUBRULE(this.expression));
    this.OPTION1(() => {
      const word = this.CONSUME(T.Identifier) as SqlToken;
      this.ACTION(() => {
        if (word.text !== 'zorder') this.rejectToken(word);
        throw notSupportedError('ZORDER BY is not supported', {
          position: word.startOffset,
          hint: 'Leave it out; or sort the rows: INSERT OVERWRITE t [PARTITION …] SELECT * FROM t ORDER BY a, b.',
        });
      });
    });
    return { kind: 'optimize', table, where, position, end: this.behind() };
  });
}
