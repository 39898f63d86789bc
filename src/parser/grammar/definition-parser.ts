import type { IToken } from 'chevrotain';
import { notSupportedError } from '../../common/errors.js';
import type {
  AlterAction,
  CheckConstraint,
  ColumnDefinition,
  CommentStatement,
  CreatedColumn,
  CreateSchemaStatement,
  CreateTableAsStatement,
  CreateTableStatement,
  CreateViewStatement,
  DefaultClause,
  DropStatement,
  PartitionColumn,
  TableConstraint,
  TruncateStatement,
} from '../ast/definition-statement.js';
import type { DropFunctionStatement } from '../ast/function-statement.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { StringLiteral } from '../ast/literal.js';
import type { Option } from '../ast/option.js';
import type { Query } from '../ast/query.js';
import type { Statement } from '../ast/statement.js';
import type { TypeName } from '../ast/type-name.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { type CreatePrefix, SqlFunctionParser } from './sql-function-parser.js';

const K = T.Keyword;

/** An entry of CREATE TABLE's parentheses. Without a type it is a name for a column of a query. */
type TableElement =
  | TableConstraint
  | CheckConstraint
  | (Omit<ColumnDefinition, 'type'> & { readonly type: TypeName | undefined });

interface TableClauses {
  partitionedBy: PartitionColumn[] | undefined;
  options: Option[] | undefined;
  comment: StringLiteral | undefined;
}

/** What stands between ALTER and what is altered. */
interface AlterHead {
  readonly target: 'table' | 'view';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly position: number;
}

function constraintAction(constraint: TableConstraint | CheckConstraint): AlterAction {
  return constraint?.kind === 'checkConstraint'
    ? { kind: 'addCheck', check: constraint }
    : { kind: 'addConstraint', constraint };
}

const NO_CHECK = 'CREATE TABLE … AS holds its rows to no CHECK: filter them with WHERE.';

/** CREATE, DROP, ALTER, COMMENT, TRUNCATE. */
export abstract class DefinitionParser extends SqlFunctionParser {
  readonly create: Rule<Statement> = this.RULE('create', () => {
    const position = this.CONSUME(K.create).startOffset;
    const orReplace = this.OPTION(() => this.CONSUME(K.or) && this.CONSUME(K.replace)) !== undefined;
    const temporary =
      this.OPTION1(() => this.OR([{ ALT: () => this.CONSUME(K.temp) }, { ALT: () => this.CONSUME(K.temporary) }])) !==
      undefined;
    const prefix: CreatePrefix = { position, orReplace, temporary };
    return this.OR1<Statement>([
      { ALT: () => this.SUBRULE(this.createTable, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createView, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createSchema, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.createFunction, { ARGS: [prefix] }) },
    ]);
  });

  readonly ifNotExists: Rule<boolean> = this.RULE('ifNotExists', () => {
    const found = this.OPTION(() => this.CONSUME(K.if) && this.CONSUME(K.not) && this.CONSUME(K.exists));
    return found !== undefined;
  });

  readonly ifExists: Rule<boolean> = this.RULE('ifExists', () => {
    const found = this.OPTION(() => this.CONSUME(K.if) && this.CONSUME(K.exists));
    return found !== undefined;
  });

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
      this.CONSUME(K.view);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.qualifiedName);
      const columns = this.OPTION(() => this.SUBRULE(this.nameList)) ?? [];
      this.CONSUME(K.as);
      const query = this.SUBRULE(this.query);
      return { kind: 'createView', name, ...prefix, ifNotExists, columns, query, end: this.behind() };
    },
  );

  readonly createTable: Rule<CreateTableStatement | CreateTableAsStatement, [prefix: CreatePrefix]> = this.RULE(
    'createTable',
    (prefix: CreatePrefix): CreateTableStatement | CreateTableAsStatement => {
      this.CONSUME(K.table);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.qualifiedName);
      const elements = this.OPTION(() => this.SUBRULE(this.tableElements));
      const clauses = this.SUBRULE(this.tableClauses);
      const next = this.LA(1);
      const source = this.OPTION1(() => this.SUBRULE(this.tableSource));
      const head = {
        name,
        ...prefix,
        ifNotExists,
        partitionedBy: clauses?.partitionedBy ?? [],
        options: clauses?.options ?? [],
        comment: clauses?.comment,
        end: this.behind(),
      };
      return this.ACTION((): CreateTableStatement | CreateTableAsStatement => {
        if (source !== undefined) {
          return { kind: 'createTableAs', ...head, ...this.createdColumns(elements ?? []), ...source };
        }
        if (elements === undefined) this.rejectToken(next, 'Expected columns in parentheses, or AS and a query.');
        return { kind: 'createTable', ...head, ...this.typedColumns(elements) };
      });
    },
  );

  private createdColumns(elements: readonly TableElement[]): Pick<CreateTableAsStatement, 'columns' | 'constraints'> {
    const columns: CreatedColumn[] = [];
    const constraints: TableConstraint[] = [];
    for (const element of elements) {
      if (element.kind === 'tableConstraint') constraints.push(element);
      else if (element.kind === 'checkConstraint') this.rejectAt(element.position, NO_CHECK);
      else if (element.checks[0]) this.rejectAt(element.checks[0].position, NO_CHECK);
      else if (element.default) this.rejectAt(element.default.position, 'The query gives each column its values.');
      else columns.push(element);
    }
    return { columns, constraints };
  }

  private typedColumns(
    elements: readonly TableElement[],
  ): Pick<CreateTableStatement, 'columns' | 'constraints' | 'checks'> {
    const columns: ColumnDefinition[] = [];
    const constraints: TableConstraint[] = [];
    const checks: CheckConstraint[] = [];
    for (const element of elements) {
      if (element.kind === 'tableConstraint') constraints.push(element);
      else if (element.kind === 'checkConstraint') checks.push(element);
      else if (element.type !== undefined) columns.push({ ...element, type: element.type });
      else this.rejectAt(element.position, `Give column "${element.name.name}" a type.`);
    }
    return { columns, constraints, checks };
  }

  readonly tableElements: Rule<TableElement[]> = this.RULE('tableElements', () => {
    const elements: TableElement[] = [];
    this.CONSUME(T.LParen);
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () =>
        elements.push(
          this.OR<TableElement>([
            { ALT: () => this.SUBRULE(this.tableConstraint) },
            { ALT: () => this.SUBRULE(this.columnDefinition) },
          ]),
        ),
    });
    this.CONSUME(T.RParen);
    return elements;
  });

  readonly tableConstraint: Rule<TableConstraint | CheckConstraint> = this.RULE(
    'tableConstraint',
    (): TableConstraint | CheckConstraint => {
      const position = this.here();
      const name = this.OPTION(() => this.CONSUME(K.constraint) && this.SUBRULE(this.name));
      return this.OR<TableConstraint | CheckConstraint>([
        { ALT: () => this.SUBRULE(this.check, { ARGS: [name] }) },
        {
          ALT: () => {
            const constraint = this.OR1<TableConstraint['constraint']>([
              { ALT: () => this.CONSUME(K.primary) && this.CONSUME(K.key) && 'primary key' },
              { ALT: () => this.CONSUME(K.unique) && 'unique' },
            ]);
            return { kind: 'tableConstraint', name, constraint, columns: this.SUBRULE(this.nameList), position };
          },
        },
      ]);
    },
  );

  readonly check: Rule<CheckConstraint, [name: Identifier | undefined]> = this.RULE(
    'check',
    (name: Identifier | undefined): CheckConstraint => {
      this.CONSUME(K.check);
      this.CONSUME(T.LParen);
      const position = this.here();
      const expression = this.SUBRULE(this.expression);
      const end = this.behind();
      this.CONSUME(T.RParen);
      return { kind: 'checkConstraint', name, expression, position, end };
    },
  );

  readonly columnDefinition: Rule<TableElement> = this.RULE('columnDefinition', (): TableElement => {
    const name = this.SUBRULE(this.name);
    const type = this.OPTION(() => this.SUBRULE(this.typeName));
    let notNull = false;
    let primaryKey = false;
    let unique = false;
    const checks: CheckConstraint[] = [];
    let defaultValue: DefaultClause | undefined;
    let comment: StringLiteral | undefined;
    this.MANY(() => {
      const constraint = this.OPTION1(() => this.CONSUME(K.constraint) && this.SUBRULE1(this.name));
      this.OR([
        { ALT: () => checks.push(this.SUBRULE(this.check, { ARGS: [constraint] })) },
        {
          ALT: () => {
            this.CONSUME(K.not);
            this.CONSUME(K.null);
            notNull = true;
          },
        },
        { ALT: () => this.CONSUME1(K.null) },
        {
          ALT: () => {
            this.CONSUME(K.primary);
            this.CONSUME(K.key);
            primaryKey = true;
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.unique);
            unique = true;
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.default);
            defaultValue = this.SUBRULE(this.defaultClause);
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.comment);
            comment = this.SUBRULE(this.stringLiteral);
          },
        },
      ]);
    });
    const { position } = name;
    return {
      kind: 'columnDefinition',
      name,
      type,
      notNull,
      default: defaultValue,
      primaryKey,
      unique,
      checks,
      comment,
      position,
    };
  });

  /** Behind the word DEFAULT. */
  readonly defaultClause: Rule<DefaultClause> = this.RULE('defaultClause', (): DefaultClause => {
    const position = this.here();
    const expression = this.SUBRULE(this.expression);
    return { kind: 'default', expression, position, end: this.behind() };
  });

  /** Spark's USING parquet, and Hive's STORED AS PARQUET. */
  readonly parquetWord: Rule<void> = this.RULE('parquetWord', () => {
    const { name, position } = this.SUBRULE(this.name);
    this.ACTION(() => {
      if (name === 'parquet') return;
      throw notSupportedError(`tables of the format "${name}" are not supported`, {
        position,
        hint: 'Tables are Parquet: write USING parquet, or leave it out. Files of CSV and JSON are read by read_csv and read_json.',
      });
    });
  });

  /** PARTITIONED BY, WITH and the like, in any order. */
  readonly tableClauses: Rule<TableClauses> = this.RULE('tableClauses', () => {
    const clauses: TableClauses = { partitionedBy: undefined, options: undefined, comment: undefined };
    this.MANY(() => {
      const word = this.LA(1);
      this.OR([
        {
          ALT: () => {
            this.ACTION(() => clauses.partitionedBy && this.rejectToken(word));
            this.CONSUME(K.partitioned);
            this.CONSUME(K.by);
            clauses.partitionedBy = this.SUBRULE(this.partitionColumns);
          },
        },
        {
          ALT: () => {
            this.ACTION(() => clauses.options && this.rejectToken(word));
            this.CONSUME(K.with);
            clauses.options = this.SUBRULE(this.options);
          },
        },
        {
          ALT: () => {
            this.ACTION(() => clauses.options && this.rejectToken(word));
            this.CONSUME(K.tblproperties);
            clauses.options = this.SUBRULE1(this.options);
          },
        },
        { ALT: () => this.CONSUME(K.using) && this.SUBRULE(this.parquetWord) },
        { ALT: () => this.CONSUME(K.stored) && this.CONSUME(K.as) && this.SUBRULE1(this.parquetWord) },
        {
          ALT: () => {
            this.CONSUME(K.comment);
            clauses.comment = this.SUBRULE(this.stringLiteral);
          },
        },
      ]);
    });
    return clauses;
  });

  readonly partitionColumns: Rule<PartitionColumn[]> = this.RULE('partitionColumns', () => {
    const columns: PartitionColumn[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.name);
        const type = this.OPTION(() => this.SUBRULE(this.typeName));
        columns.push({ kind: 'partitionColumn', name, type, position: name?.position });
      },
    });
    this.CONSUME(T.RParen);
    return columns;
  });

  readonly tableSource: Rule<{ query: Query; withData: boolean }> = this.RULE('tableSource', () => {
    this.CONSUME(K.as);
    const query = this.SUBRULE(this.query);
    let withData = true;
    this.OPTION(() => {
      this.CONSUME(K.with);
      this.OPTION1(() => {
        this.CONSUME(K.no);
        withData = false;
      });
      this.CONSUME(K.data);
    });
    return { query, withData };
  });

  readonly drop: Rule<DropStatement | DropFunctionStatement> = this.RULE('drop', () => {
    const position = this.CONSUME(K.drop).startOffset;
    return this.OR<DropStatement | DropFunctionStatement>([
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

  readonly alter: Rule<Statement> = this.RULE('alter', (): Statement => {
    const position = this.CONSUME(K.alter).startOffset;
    const target = this.OR<'table' | 'view'>([
      { ALT: () => this.CONSUME(K.table) && 'table' },
      { ALT: () => this.CONSUME(K.view) && 'view' },
    ]);
    const ifExists = this.SUBRULE(this.ifExists);
    const name: QualifiedName = this.SUBRULE(this.qualifiedName);
    const head: AlterHead = { target, name, ifExists, position };
    return this.OR1<Statement>([
      { ALT: () => this.SUBRULE(this.rename, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.setSchema, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.alterTable, { ARGS: [head] }) },
    ]);
  });

  readonly rename: Rule<Statement, [head: AlterHead]> = this.RULE('rename', (head: AlterHead): Statement => {
    this.CONSUME(K.rename);
    const column = this.OPTION(() => {
      this.OPTION1(() => this.CONSUME(K.column));
      return this.SUBRULE(this.name);
    });
    this.CONSUME(K.to);
    const newName = this.SUBRULE1(this.name);
    const end = this.behind();
    return this.ACTION((): Statement => {
      if (column === undefined) return { kind: 'renameTable', ...head, newName, end };
      const { name: table, ifExists, position } = head;
      return { kind: 'renameColumn', table, ifExists, column, newName, position, end };
    });
  });

  readonly setSchema: Rule<Statement, [head: AlterHead]> = this.RULE('setSchema', (head: AlterHead): Statement => {
    this.CONSUME(K.set);
    this.CONSUME(K.schema);
    const schema = this.SUBRULE(this.name);
    return { kind: 'setSchema', ...head, schema, end: this.behind() };
  });

  readonly alterTable: Rule<Statement, [head: AlterHead]> = this.RULE('alterTable', (head: AlterHead): Statement => {
    const word = this.LA(1);
    const actions: AlterAction[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const added = this.SUBRULE(this.alterAction);
        this.ACTION(() => actions.push(...added));
      },
    });
    return this.ACTION((): Statement => {
      const { target, name: table, ifExists, position } = head;
      if (target === 'view') this.rejectToken(word, 'Views are replaced, by CREATE OR REPLACE VIEW.');
      return { kind: 'alterTable', table, ifExists, actions, position, end: this.behind() };
    });
  });

  readonly alterAction: Rule<readonly AlterAction[]> = this.RULE('alterAction', () =>
    this.OR<readonly AlterAction[]>([
      { ALT: () => this.SUBRULE(this.addAction) },
      { ALT: () => this.SUBRULE(this.dropAction) },
      { ALT: () => this.SUBRULE(this.alterColumn) },
    ]),
  );

  readonly addAction: Rule<readonly AlterAction[]> = this.RULE('addAction', () => {
    this.CONSUME(K.add);
    return this.OR<readonly AlterAction[]>([
      {
        // Spark's.
        GATE: () => this.LA(2).tokenType === T.LParen,
        ALT: () => {
          this.CONSUME(K.columns);
          const elements = this.SUBRULE(this.tableElements);
          const next = this.LA(1);
          return this.ACTION(() => elements.map((element) => this.addOf(element, false, next)));
        },
      },
      {
        ALT: () => {
          const constraint = this.SUBRULE(this.tableConstraint);
          return this.ACTION(() => [constraintAction(constraint)]);
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(K.column));
          const ifNotExists = this.SUBRULE(this.ifNotExists);
          const element = this.SUBRULE(this.columnDefinition);
          const next = this.LA(1);
          return this.ACTION(() => [this.addOf(element, ifNotExists, next)]);
        },
        IGNORE_AMBIGUITIES: true,
      },
    ]);
  });

  private addOf(element: TableElement, ifNotExists: boolean, next: IToken): AlterAction {
    if (element.kind !== 'columnDefinition') return constraintAction(element);
    const { type } = element;
    if (type === undefined) this.rejectToken(next, `Give column "${element.name.name}" a type.`);
    return { kind: 'addColumn', column: { ...element, type }, ifNotExists };
  }

  readonly dropAction: Rule<readonly AlterAction[]> = this.RULE('dropAction', () => {
    this.CONSUME(K.drop);
    const isConstraint =
      this.OPTION(() =>
        this.OR([{ ALT: () => this.CONSUME(K.column) && false }, { ALT: () => this.CONSUME(K.constraint) && true }]),
      ) ?? false;
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.name);
    this.OPTION1(() => this.OR1([{ ALT: () => this.CONSUME(K.cascade) }, { ALT: () => this.CONSUME(K.restrict) }]));
    const action: AlterAction = isConstraint
      ? { kind: 'dropConstraint', name, ifExists }
      : { kind: 'dropColumn', column: name, ifExists };
    return [action];
  });

  readonly alterColumn: Rule<readonly AlterAction[]> = this.RULE('alterColumn', () => {
    this.CONSUME(K.alter);
    this.OPTION(() => this.CONSUME(K.column));
    const column = this.SUBRULE(this.name);
    return [
      this.OR<AlterAction>([
        { ALT: () => this.SUBRULE(this.columnType, { ARGS: [column] }) },
        {
          ALT: () => {
            this.CONSUME(K.set);
            return this.OR1<AlterAction>([
              { ALT: () => this.CONSUME(K.data) && this.SUBRULE1(this.columnType, { ARGS: [column] }) },
              {
                ALT: () => {
                  this.CONSUME(K.default);
                  return { kind: 'setDefault', column, default: this.SUBRULE(this.defaultClause) };
                },
              },
              {
                ALT: () => this.CONSUME(K.not) && this.CONSUME(K.null) && { kind: 'setNotNull', column, notNull: true },
              },
            ]);
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.drop);
            return this.OR2<AlterAction>([
              { ALT: () => this.CONSUME1(K.default) && { kind: 'setDefault', column, default: undefined } },
              {
                ALT: () =>
                  this.CONSUME1(K.not) && this.CONSUME1(K.null) && { kind: 'setNotNull', column, notNull: false },
              },
            ]);
          },
        },
      ]),
    ];
  });

  readonly columnType: Rule<AlterAction, [column: Identifier]> = this.RULE(
    'columnType',
    (column: Identifier): AlterAction => {
      this.CONSUME(K.type);
      const type = this.SUBRULE(this.typeName);
      const using = this.OPTION(() => this.CONSUME(K.using) && this.SUBRULE(this.expression));
      return { kind: 'alterType', column, type, using };
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

  readonly truncate: Rule<TruncateStatement> = this.RULE('truncate', (): TruncateStatement => {
    const position = this.CONSUME(K.truncate).startOffset;
    this.OPTION(() => this.CONSUME(K.table));
    const tables = this.SUBRULE(this.qualifiedNames);
    this.OPTION1(() => {
      this.OR([{ ALT: () => this.CONSUME(K.restart) }, { ALT: () => this.CONSUME(K.continue) }]);
      this.CONSUME(K.identity);
    });
    this.OPTION2(() => this.OR1([{ ALT: () => this.CONSUME(K.cascade) }, { ALT: () => this.CONSUME(K.restrict) }]));
    return { kind: 'truncate', tables, position, end: this.behind() };
  });
}
