import { type MillraceError, notSupportedError } from '../../common/errors.js';
import type {
  CheckConstraint,
  ColumnDefinition,
  CreatedColumn,
  CreateTableAsStatement,
  CreateTableStatement,
  LikeClause,
  PartitionColumn,
  TableConstraint,
} from '../ast/definition-statement.js';
import type { StringLiteral } from '../ast/literal.js';
import type { Option } from '../ast/option.js';
import type { Query } from '../ast/query.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { ColumnDefinitionParser, type TableElement } from './column-definition-parser.js';
import type { Rule } from './parser-base.js';
import type { CreatePrefix } from './sql-function-parser.js';

const K = T.Keyword;

interface TableClauses {
  partitionedBy: PartitionColumn[] | undefined;
  options: Option[] | undefined;
  comment: StringLiteral | undefined;
  /** Clauses and properties of Spark that nothing comes of. */
  readonly ignored: string[];
}

const KEPT_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['compression', 'compression'],
  ['parquet.compression', 'compression'],
]);

const sparkClauses: ReadonlySet<string> = new Set(['clustered', 'cluster', 'options']);

const NO_CHECK = 'CREATE TABLE … AS holds its rows to no CHECK: filter them with WHERE.';

function partitionOfError(position: number): MillraceError {
  return notSupportedError('PARTITION OF is not supported', {
    position,
    hint: 'Write PARTITIONED BY (column) in the table: its partitions come with their rows.',
  });
}

/** CREATE TABLE, with columns or of a query. */
export abstract class CreateTableParser extends ColumnDefinitionParser {
  readonly createTable: Rule<CreateTableStatement | CreateTableAsStatement, [prefix: CreatePrefix]> = this.RULE(
    'createTable',
    (prefix: CreatePrefix): CreateTableStatement | CreateTableAsStatement => {
      this.CONSUME(K.table);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.qualifiedName);
      const elements = this.OPTION(() =>
        this.OR<readonly TableElement[]>([
          { ALT: () => this.SUBRULE(this.tableElements) },
          { ALT: () => [this.SUBRULE(this.likeTable)] },
        ]),
      );
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
        ignored: clauses?.ignored ?? [],
        end: this.behind(),
      };
      return this.ACTION((): CreateTableStatement | CreateTableAsStatement => {
        if (source !== undefined) {
          return { kind: 'createTableAs', ...head, ...this.createdColumns(elements ?? []), ...source };
        }
        if (elements === undefined && next.tokenType === K.partition) throw partitionOfError(next.startOffset);
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
      else if (element.kind === 'likeClause') this.rejectAt(element.position, 'The query gives the columns.');
      else if (element.kind === 'checkConstraint') this.rejectAt(element.position, NO_CHECK);
      else if (element.checks[0]) this.rejectAt(element.checks[0].position, NO_CHECK);
      else if (element.default) this.rejectAt(element.default.position, 'The query gives each column its values.');
      else if (element.generated) this.rejectAt(element.generated.position, 'The query gives each column its values.');
      else if (element.identity) this.rejectAt(element.identity.position, 'The query gives each column its values.');
      else columns.push(element);
    }
    return { columns, constraints };
  }

  private typedColumns(
    elements: readonly TableElement[],
  ): Pick<CreateTableStatement, 'columns' | 'constraints' | 'checks' | 'likes'> {
    const columns: ColumnDefinition[] = [];
    const constraints: TableConstraint[] = [];
    const checks: CheckConstraint[] = [];
    const likes: LikeClause[] = [];
    for (const element of elements) {
      if (element.kind === 'tableConstraint') constraints.push(element);
      else if (element.kind === 'checkConstraint') checks.push(element);
      else if (element.kind === 'likeClause') likes.push({ ...element, columnsBefore: columns.length });
      else if (element.type !== undefined) columns.push({ ...element, type: element.type });
      else this.rejectAt(element.position, `Give column "${element.name.name}" a type.`);
    }
    return { columns, constraints, checks, likes };
  }

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
    const clauses: TableClauses = { partitionedBy: undefined, options: undefined, comment: undefined, ignored: [] };
    this.MANY({
      GATE: () => !this.nextIs(T.Identifier) || sparkClauses.has((this.LA(1) as SqlToken).text),
      DEF: () => {
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
              const properties = this.SUBRULE1(this.options);
              this.ACTION(() => this.takeProperties(properties, clauses));
            },
          },
          { ALT: () => this.SUBRULE(this.sparkClause, { ARGS: [clauses] }) },
          { ALT: () => this.SUBRULE(this.onCommit) },
          { ALT: () => this.CONSUME(K.using) && this.SUBRULE(this.parquetWord) },
          { ALT: () => this.CONSUME(K.stored) && this.CONSUME(K.as) && this.SUBRULE1(this.parquetWord) },
          {
            ALT: () => {
              this.CONSUME(K.comment);
              clauses.comment = this.SUBRULE(this.stringLiteral);
            },
          },
        ]);
      },
    });
    return clauses;
  });

  /** Spark keeps whatever is said of a table; here only what the files are written by. */
  private takeProperties(properties: readonly Option[], clauses: TableClauses): void {
    const kept: Option[] = [];
    for (const property of properties) {
      const { name, value } = property;
      const known = KEPT_PROPERTIES.get(name);
      if (known === undefined) clauses.ignored.push(`property "${name}"`);
      else if (value?.kind !== 'stringLiteral') kept.push({ ...property, name: known });
      else kept.push({ ...property, name: known, value: { ...value, value: value.value.toLowerCase() } });
    }
    clauses.options = kept;
  }

  /**
   * `CLUSTERED BY (a) [SORTED BY (b)] INTO 4 BUCKETS`, `CLUSTER BY (a)`: how files are laid out, which no plan looks at. `OPTIONS`
   * are properties.
   */
  readonly sparkClause: Rule<void, [clauses: TableClauses]> = this.RULE('sparkClause', (clauses: TableClauses) => {
    const word = this.LA(1) as SqlToken;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Distribute);
          this.CONSUME(K.by);
          this.SUBRULE(this.nameList);
        },
      },
      {
        GATE: () => this.nextIs(K.by, 2),
        ALT: () => {
          this.CONSUME(T.Identifier);
          this.CONSUME1(K.by);
          this.SUBRULE1(this.nameList);
          this.SUBRULE(this.buckets);
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          this.CONSUME1(T.Identifier);
          const properties = this.SUBRULE(this.options);
          this.ACTION(() => {
            if (word.text !== 'options' || clauses.options) this.rejectToken(word);
            this.takeProperties(properties, clauses);
          });
        },
      },
    ]);
    this.ACTION(() => {
      if (word.text === 'options') return;
      if (!sparkClauses.has(word.text)) this.rejectToken(word);
      clauses.ignored.push(`${word.text.toUpperCase()} BY`);
    });
  });

  readonly buckets: Rule<void> = this.RULE('buckets', () => {
    this.OPTION(() => {
      const word = this.CONSUME(T.Identifier) as SqlToken;
      this.ACTION(() => word.text === 'sorted' || this.rejectToken(word, 'Expected SORTED BY or INTO.'));
      this.CONSUME(K.by);
      this.CONSUME(T.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.orderByItem) });
      this.CONSUME(T.RParen);
    });
    this.CONSUME(K.into);
    this.CONSUME(T.NumberLiteral);
    const unit = this.CONSUME1(T.Identifier) as SqlToken;
    this.ACTION(() => unit.text === 'buckets' || this.rejectToken(unit, 'Expected BUCKETS.'));
  });

  /** Spark's `CREATE TABLE t LIKE u`: its columns with what belongs to them, and its partitions. */
  readonly likeTable: Rule<TableElement> = this.RULE('likeTable', (): TableElement => {
    const position = this.CONSUME(K.like).startOffset;
    const table = this.SUBRULE(this.qualifiedName);
    const including = ['defaults', 'generated', 'comments'];
    return { kind: 'likeClause', table, including, withPartitions: true, position };
  });

  /** Temporary tables keep their rows until the session ends. */
  readonly onCommit: Rule<void> = this.RULE('onCommit', () => {
    const { startOffset: position } = this.CONSUME(K.on);
    this.CONSUME(K.commit);
    const word = this.CONSUME(T.AnyLabel) as SqlToken;
    this.OPTION(() => this.CONSUME(K.rows));
    this.ACTION(() => {
      if (word.text === 'preserve') return;
      throw notSupportedError(`ON COMMIT ${word.text.toUpperCase()} is not supported`, {
        position,
        hint: 'Temporary tables stay until the session ends: DROP or TRUNCATE them.',
      });
    });
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
}
