import { userError } from '../common/errors.js';
import type { Statement } from '../parser/index.js';
import type { TransactionStatus } from './session.js';

/** Statements that may run in a block that has failed. */
const ALLOWED_AFTER_FAILURE: ReadonlySet<Statement['kind']> = new Set(['rollback', 'commit']);
/** Statements that change what is stored, by the names that PostgreSQL's message gives them. */
export const WRITING_COMMANDS: Readonly<Partial<Record<Statement['kind'], string>>> = {
  insert: 'INSERT',
  delete: 'DELETE',
  update: 'UPDATE',
  merge: 'MERGE',
  createTable: 'CREATE TABLE',
  createTableAs: 'CREATE TABLE AS',
  createView: 'CREATE VIEW',
  createIndex: 'CREATE INDEX',
  createSchema: 'CREATE SCHEMA',
  drop: 'DROP',
  createFunction: 'CREATE FUNCTION',
  dropFunction: 'DROP FUNCTION',
  renameTable: 'ALTER TABLE',
  renameColumn: 'ALTER TABLE',
  alterTable: 'ALTER TABLE',
  setSchema: 'ALTER TABLE',
  comment: 'COMMENT',
  truncate: 'TRUNCATE TABLE',
  optimize: 'OPTIMIZE',
};

/** The transaction block of a session: where it stands. What it has written is the catalog's (`session-block.ts`). */
export class Transaction {
  status: TransactionStatus = 'I';
  /** When the block was opened. */
  startedAt: Date | undefined;
  /** Names, the first that was made first. */
  private savepoints: string[] = [];

  /** Fails (25P02) when a statement of this kind may not run now. */
  assertMayRun(kind: Statement['kind']): void {
    if (this.status !== 'E' || ALLOWED_AFTER_FAILURE.has(kind)) return;
    throw userError('25P02', 'current transaction is aborted, commands ignored until end of transaction block', {
      hint: 'End the transaction with ROLLBACK.',
    });
  }

  begin(): void {
    if (this.status !== 'I') return;
    this.status = 'T';
    this.startedAt = new Date();
  }

  get isOpen(): boolean {
    return this.status !== 'I';
  }

  /** The end of the block. */
  leave(): void {
    this.savepoints = [];
    this.startedAt = undefined;
    this.status = 'I';
  }

  get savepointCount(): number {
    return this.savepoints.length;
  }

  savepoint(name: string): void {
    if (this.status === 'I') throw outsideBlockError('SAVEPOINT');
    this.savepoints.push(name);
  }

  release(name: string): void {
    this.savepoints.length = this.find(name, 'RELEASE SAVEPOINT');
  }

  /** Forgets a failure; the savepoint itself stays. */
  rollBackTo(name: string): void {
    this.savepoints.length = this.find(name, 'ROLLBACK TO SAVEPOINT') + 1;
    this.status = 'T';
  }

  /** The last of the savepoints of that name. */
  private find(name: string, command: string): number {
    if (this.status === 'I') throw outsideBlockError(command);
    const index = this.savepoints.lastIndexOf(name);
    if (index < 0) throw userError('3B001', `savepoint "${name}" does not exist`);
    return index;
  }

  /** A statement failed. */
  fail(): void {
    if (this.status === 'T') this.status = 'E';
  }
}

function outsideBlockError(command: string): Error {
  return userError('25P01', `${command} can only be used in transaction blocks`, { hint: 'Write BEGIN before it.' });
}
