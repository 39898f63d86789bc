import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { Assignment, Returning } from './modify-statement.js';
import type { Query, WithClause } from './query.js';

/** `INSERT INTO | OVERWRITE [TABLE] name [AS alias] [PARTITION (…) | ALL PARTITIONS] [(columns) | BY NAME] [OVERRIDING SYSTEM | USER VALUE] [REPLACE WHERE …] query | DEFAULT VALUES [ON CONFLICT …] [RETURNING …]`. */
export interface InsertStatement extends AstNode, AstRange {
  readonly kind: 'insert';
  /** What stands before the statement; a WITH behind the table's name belongs to the query. */
  readonly with: WithClause | undefined;
  readonly overwrite: boolean;
  readonly table: QualifiedName;
  /** `AS name`, for ON CONFLICT and RETURNING. */
  readonly alias: Identifier | undefined;
  readonly partition: PartitionClause | undefined;
  /** Empty where none are named. */
  readonly columns: readonly Identifier[];
  /** Fields and subscripts behind each of them, as an expression over the column; none where no column has any. */
  readonly parts?: readonly (Expression | undefined)[] | undefined;
  /** BY NAME: the columns are those that the query has, by their names. */
  readonly byName: boolean;
  /** Whose numbers identity columns get that the query supplies: OVERRIDING SYSTEM | USER VALUE. */
  readonly overriding: 'system' | 'user' | undefined;
  /** Undefined for DEFAULT VALUES. VALUES may hold DefaultValue nodes. */
  readonly source: Query | undefined;
  /** REPLACE WHERE: what all rows must fulfil. The DELETE that it stands for is in `with`. */
  readonly replaceWhere?: ReplaceWhere | undefined;
  readonly onConflict: OnConflict | undefined;
  readonly returning: Returning;
}

/** `REPLACE WHERE condition`; the range is that of the condition. */
export interface ReplaceWhere extends AstRange {
  readonly condition: Expression;
  readonly position: number;
}

/** `ON CONFLICT [(columns) [WHERE …] | ON CONSTRAINT name] DO NOTHING | DO UPDATE SET … [WHERE …]`. */
export interface OnConflict extends AstNode {
  readonly kind: 'onConflict';
  /** The key's columns, if it is one that there can be; empty where none are named. */
  readonly targets: readonly Expression[];
  /** Of a partial index, which PostgreSQL looks for then; a key of all rows will do. */
  readonly predicate: Expression | undefined;
  readonly constraint: Identifier | undefined;
  /** Undefined for DO NOTHING. */
  readonly update: { readonly assignments: readonly Assignment[]; readonly where: Expression | undefined } | undefined;
}

export interface PartitionClause extends AstNode {
  readonly kind: 'partitionClause';
  /** ALL PARTITIONS: the overwrite of a whole partitioned table says so; then `entries` is empty. */
  readonly all: boolean;
  readonly entries: readonly PartitionEntry[];
}

/** `column = value` is static; a column without a value is dynamic: the query's last columns supply it. */
export interface PartitionEntry extends AstNode {
  readonly kind: 'partitionEntry';
  readonly column: Identifier;
  readonly value: Expression | undefined;
}
