import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { PartitionClause } from './insert-statement.js';
import type { StringLiteral } from './literal.js';
import type { Option } from './option.js';
import type { Query } from './query.js';
import type { TypeName } from './type-name.js';

export interface CreateSchemaStatement extends AstNode, AstRange {
  readonly kind: 'createSchema';
  readonly name: Identifier;
  readonly ifNotExists: boolean;
}

export interface CreateTableStatement extends AstNode, AstRange {
  readonly kind: 'createTable';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  readonly checks: readonly CheckConstraint[];
  readonly likes: readonly LikeClause[];
  readonly comment: StringLiteral | undefined;
  readonly partitionedBy: readonly PartitionColumn[];
  readonly options: readonly Option[];
  readonly ignored?: IgnoredClauses | undefined;
}

/** `LIKE t [INCLUDING what | EXCLUDING what] …` among the columns. */
export interface LikeClause extends AstNode {
  readonly kind: 'likeClause';
  readonly table: QualifiedName;
  /** What else is taken over: `defaults`, `comments`, `constraints` … */
  readonly including: readonly string[];
  /** How many of the statement's columns stand before it. */
  readonly columnsBefore: number;
  /** Spark's `CREATE TABLE t LIKE u`: partitioned as it is. */
  readonly withPartitions?: boolean | undefined;
}

/** What Spark's scripts say of a table and is not kept, for a notice. */
export type IgnoredClauses = readonly string[];

/** `CREATE TABLE name [(columns)] [PARTITIONED BY …] [WITH (…)] AS query [WITH [NO] DATA]`. */
export interface CreateTableAsStatement extends AstNode, AstRange {
  readonly kind: 'createTableAs';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  /** New names for the query's columns, from the first on, with types they are cast to; may be empty. */
  readonly columns: readonly CreatedColumn[];
  readonly constraints: readonly TableConstraint[];
  readonly comment: StringLiteral | undefined;
  readonly partitionedBy: readonly PartitionColumn[];
  readonly options: readonly Option[];
  readonly ignored?: IgnoredClauses | undefined;
  readonly query: Query;
  readonly withData: boolean;
}

export interface CreatedColumn {
  readonly name: Identifier;
  /** PostgreSQL has none here; other engines do. */
  readonly type: TypeName | undefined;
  readonly notNull: boolean;
  readonly primaryKey: KeyClause | undefined;
  readonly unique: boolean;
}

export interface ColumnDefinition extends AstNode {
  readonly kind: 'columnDefinition';
  readonly name: Identifier;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly default: DefaultClause | undefined;
  /** GENERATED ALWAYS AS (…): the text between the parentheses. */
  readonly generated: DefaultClause | undefined;
  readonly identity: IdentityClause | undefined;
  readonly primaryKey: KeyClause | undefined;
  readonly unique: boolean;
  readonly checks: readonly CheckConstraint[];
  readonly comment: StringLiteral | undefined;
}

/** `[CONSTRAINT name] PRIMARY KEY` of a column. */
export interface KeyClause extends AstNode {
  readonly kind: 'key';
  readonly name: Identifier | undefined;
}

/** Its text is `sql.slice(position, end)`: that is kept. */
export interface DefaultClause extends AstNode, AstRange {
  readonly kind: 'default';
  readonly expression: Expression;
}

/** `GENERATED ALWAYS | BY DEFAULT AS IDENTITY [(…)]`. */
export interface IdentityClause extends AstNode {
  readonly kind: 'identity';
  readonly always: boolean;
  readonly options: SequenceOptions;
}

/** Whole numbers as text. */
export interface SequenceOptions {
  readonly start?: string;
  readonly increment?: string;
  readonly least?: string;
  readonly greatest?: string;
  readonly cycles?: boolean;
}

/** `[CONSTRAINT name] CHECK (…)`: the text between the parentheses is `sql.slice(position, end)`. */
export interface CheckConstraint extends AstNode, AstRange {
  readonly kind: 'checkConstraint';
  readonly name: Identifier | undefined;
  readonly expression: Expression;
}

export interface TableConstraint extends AstNode {
  readonly kind: 'tableConstraint';
  readonly name: Identifier | undefined;
  readonly constraint: 'primary key' | 'unique';
  readonly columns: readonly Identifier[];
}

/** A column of PARTITIONED BY: with a type it is a further column (Hive's way), without one it names a column. */
export interface PartitionColumn extends AstNode {
  readonly kind: 'partitionColumn';
  readonly name: Identifier;
  readonly type: TypeName | undefined;
}

export interface CreateViewStatement extends AstNode, AstRange {
  readonly kind: 'createView';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly Identifier[];
  readonly comment?: StringLiteral | undefined;
  readonly ignored?: IgnoredClauses | undefined;
  /** CREATE RECURSIVE VIEW: the query names the view itself. */
  readonly recursive: boolean;
  /** Its text is `sql.slice(query.position, query.end)`. */
  readonly query: Query;
}

export interface DropStatement extends AstNode, AstRange {
  readonly kind: 'drop';
  readonly target: 'table' | 'view' | 'schema';
  readonly names: readonly QualifiedName[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

/** Indexes are not kept: `CREATE INDEX` is looked through, so that scripts run. */
export interface CreateIndexStatement extends AstNode, AstRange {
  readonly kind: 'createIndex';
  readonly unique: boolean;
  readonly name: Identifier | undefined;
  readonly table: QualifiedName;
  /** What it would be sorted by, and what else it would hold. */
  readonly expressions: readonly Expression[];
  readonly where: Expression | undefined;
}

export interface DropIndexStatement extends AstNode, AstRange {
  readonly kind: 'dropIndex';
  readonly names: readonly QualifiedName[];
}

/** A statement that has nothing to do here, and does no harm: `GRANT`, `VACUUM`, `REINDEX` … */
export interface IdleStatement extends AstNode, AstRange {
  readonly kind: 'idle';
  readonly command: string;
  readonly severity: 'NOTICE' | 'WARNING';
  readonly message: string;
  readonly hint: string | undefined;
}

export interface RenameTableStatement extends AstNode, AstRange {
  readonly kind: 'renameTable';
  readonly target: 'table' | 'view';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly newName: Identifier;
}

export interface RenameColumnStatement extends AstNode, AstRange {
  readonly kind: 'renameColumn';
  readonly table: QualifiedName;
  readonly ifExists: boolean;
  readonly column: Identifier;
  readonly newName: Identifier;
}

/** `ALTER TABLE t SET SCHEMA s`; of a view, too. */
export interface SetSchemaStatement extends AstNode, AstRange {
  readonly kind: 'setSchema';
  readonly target: 'table' | 'view';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly schema: Identifier;
}

/** `ALTER TABLE t ADD …, DROP …, ALTER …`: all actions, or none. */
export interface AlterTableStatement extends AstNode, AstRange {
  readonly kind: 'alterTable';
  readonly table: QualifiedName;
  readonly ifExists: boolean;
  readonly actions: readonly AlterAction[];
}

export type AlterAction =
  | { readonly kind: 'addColumn'; readonly column: ColumnDefinition; readonly ifNotExists: boolean }
  | { readonly kind: 'addConstraint'; readonly constraint: TableConstraint }
  | { readonly kind: 'addCheck'; readonly check: CheckConstraint }
  | { readonly kind: 'dropConstraint'; readonly name: Identifier; readonly ifExists: boolean }
  | { readonly kind: 'dropColumn'; readonly column: Identifier; readonly ifExists: boolean }
  | {
      readonly kind: 'alterType';
      readonly column: Identifier;
      readonly type: TypeName;
      readonly using: Expression | undefined;
    }
  /** Undefined for DROP DEFAULT. */
  | { readonly kind: 'setDefault'; readonly column: Identifier; readonly default: DefaultClause | undefined }
  | { readonly kind: 'setNotNull'; readonly column: Identifier; readonly notNull: boolean }
  | { readonly kind: 'addIdentity'; readonly column: Identifier; readonly identity: IdentityClause }
  | { readonly kind: 'dropIdentity'; readonly column: Identifier; readonly ifExists: boolean }
  /** RESTART [WITH number]; undefined for the first number. */
  | { readonly kind: 'restartIdentity'; readonly column: Identifier; readonly next: string | undefined };

/** `COMMENT ON TABLE | VIEW | COLUMN … IS 'text' | NULL`. */
export interface CommentStatement extends AstNode, AstRange {
  readonly kind: 'comment';
  readonly target: 'table' | 'view' | 'column';
  /** Of a column: its table, and then its own name. */
  readonly name: QualifiedName;
  /** Undefined for NULL. */
  readonly text: string | undefined;
}

export interface TruncateStatement extends AstNode, AstRange {
  readonly kind: 'truncate';
  readonly tables: readonly QualifiedName[];
  /** RESTART IDENTITY. */
  readonly restarts: boolean;
}

/** Delta's `OPTIMIZE t [WHERE condition on partitions]`: small files of a partition become fewer. */
export interface OptimizeStatement extends AstNode, AstRange {
  readonly kind: 'optimize';
  readonly table: QualifiedName;
  readonly where: Expression | undefined;
}

/**
 * `ANALYZE [VERBOSE] [TABLE] name [PARTITION (…)] [(columns)]`, or Spark's `… COMPUTE STATISTICS [FOR COLUMNS … | FOR ALL
 * COLUMNS]`; without a name, every table.
 */
export interface AnalyzeStatement extends AstNode, AstRange {
  readonly kind: 'analyze';
  readonly verbose: boolean;
  /** A path is parsed, and refused with the reason. */
  readonly target: QualifiedName | StringLiteral | undefined;
  readonly partition: PartitionClause | undefined;
  /** Empty for all. */
  readonly columns: readonly Identifier[];
}
