import type { AstNode, AstRange } from './ast-node.js';
import type { Identifier } from './identifier.js';

export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';

export interface TransactionModes {
  readonly isolationLevel: IsolationLevel | undefined;
  readonly readOnly: boolean | undefined;
  readonly deferrable: boolean | undefined;
}

export interface BeginStatement extends AstNode, AstRange {
  readonly kind: 'begin';
  readonly modes: TransactionModes;
}

/** COMMIT, END. */
export interface CommitStatement extends AstNode, AstRange {
  readonly kind: 'commit';
  readonly chain: boolean;
}

/** ROLLBACK, ABORT; with a savepoint, ROLLBACK TO. */
export interface RollbackStatement extends AstNode, AstRange {
  readonly kind: 'rollback';
  readonly savepoint: Identifier | undefined;
  readonly chain: boolean;
}

export interface SavepointStatement extends AstNode, AstRange {
  readonly kind: 'savepoint';
  readonly name: Identifier;
}

export interface ReleaseStatement extends AstNode, AstRange {
  readonly kind: 'release';
  readonly name: Identifier;
}

/** `SET TRANSACTION …`, `SET SESSION CHARACTERISTICS AS TRANSACTION …`. */
export interface SetTransactionStatement extends AstNode, AstRange {
  readonly kind: 'setTransaction';
  readonly scope: 'transaction' | 'session';
  readonly modes: TransactionModes;
}
