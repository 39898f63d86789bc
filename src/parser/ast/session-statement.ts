import type { AstNode, AstRange } from './ast-node.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { PartitionClause } from './insert-statement.js';
import type { BooleanLiteral, NumericLiteral, StringLiteral } from './literal.js';
import type { Query } from './query.js';

/**
 * `SET [SESSION | LOCAL] name TO | = value, …`. `SET TIME ZONE x` sets `timezone`, `SET NAMES x` sets
 * `client_encoding`, `SET SCHEMA x` sets `search_path`.
 */
export interface SetStatement extends AstNode, AstRange {
  readonly kind: 'set';
  readonly local: boolean;
  /** In lower case, dots included. */
  readonly name: string;
  /** Empty for TO DEFAULT. */
  readonly values: readonly SettingValue[];
}

export type SettingValue = StringLiteral | NumericLiteral | BooleanLiteral | Identifier;

export interface ResetStatement extends AstNode, AstRange {
  readonly kind: 'reset';
  /** Undefined for RESET ALL. */
  readonly name: string | undefined;
}

/** `SHOW name` of a setting; `SHOW TIME ZONE` is `timezone`, `SHOW TRANSACTION ISOLATION LEVEL` is `transaction_isolation`. */
export interface ShowSettingStatement extends AstNode, AstRange {
  readonly kind: 'showSetting';
  /** Undefined for SHOW ALL. */
  readonly name: string | undefined;
}

/** `SHOW TABLES | VIEWS | SCHEMAS | FUNCTIONS [FROM | IN schema] [[LIKE] 'pattern']`; SHOW DATABASES is SHOW SCHEMAS. */
export interface ShowObjectsStatement extends AstNode, AstRange {
  readonly kind: 'showObjects';
  readonly objects: 'tables' | 'views' | 'schemas' | 'functions';
  readonly schema: Identifier | undefined;
  readonly pattern: StringLiteral | undefined;
}

/** `USE [SCHEMA | DATABASE] s`: sets `search_path`. */
export interface UseStatement extends AstNode, AstRange {
  readonly kind: 'use';
  readonly schema: Identifier;
}

/** `SUMMARIZE t | select …`. */
export interface SummarizeStatement extends AstNode, AstRange {
  readonly kind: 'summarize';
  readonly target: QualifiedName | Query;
}

/** `SHOW PARTITIONS [FROM] t [PARTITION (…)]`, `SHOW COLUMNS FROM | IN t`, `SHOW CREATE TABLE t`, `SHOW TBLPROPERTIES t`. */
export interface ShowTableStatement extends AstNode, AstRange {
  readonly kind: 'showTable';
  readonly what: 'partitions' | 'columns' | 'create' | 'properties';
  readonly table: QualifiedName;
  /** Only these partitions. */
  readonly partition?: PartitionClause | undefined;
}

/** `DESCRIBE t [column]`, `DESCRIBE select …`. */
export interface DescribeStatement extends AstNode, AstRange {
  readonly kind: 'describe';
  readonly target: QualifiedName | StringLiteral | Query;
  readonly column?: Identifier | undefined;
}

export interface DiscardStatement extends AstNode, AstRange {
  readonly kind: 'discard';
  readonly target: 'all' | 'plans' | 'sequences' | 'temp';
}

export interface ListenStatement extends AstNode, AstRange {
  readonly kind: 'listen';
  readonly channel: Identifier;
}

export interface UnlistenStatement extends AstNode, AstRange {
  readonly kind: 'unlisten';
  /** Undefined for `UNLISTEN *`. */
  readonly channel: Identifier | undefined;
}

export interface NotifyStatement extends AstNode, AstRange {
  readonly kind: 'notify';
  readonly channel: Identifier;
  readonly payload: StringLiteral | undefined;
}
