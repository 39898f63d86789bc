import { notSupportedError, userError } from '../common/errors.js';
import type { Statement } from '../parser/index.js';
import type { CommandCompletion, TransactionStatus } from './session.js';

/** A write that is complete but not yet visible. */
export interface StagedWrite {
  publish(): Promise<CommandCompletion>;
  abort(): Promise<void>;
}

/** Statements that may run in a block that has failed. */
const ALLOWED_AFTER_FAILURE: ReadonlySet<Statement['kind']> = new Set(['rollback', 'commit']);
/** Statements that may follow a write in a block: nothing that could read what is not there yet. */
const ALLOWED_AFTER_WRITE: ReadonlySet<Statement['kind']> = new Set([
  'rollback',
  'commit',
  'set',
  'reset',
  'showSetting',
  'listen',
  'unlisten',
  'deallocate',
  'fetchCursor',
  'closeCursor',
  'savepoint',
  'release',
]);
/** Statements that change what is stored, by the names that PostgreSQL's message gives them. */
export const WRITING_COMMANDS: Readonly<Partial<Record<Statement['kind'], string>>> = {
  insert: 'INSERT',
  createTable: 'CREATE TABLE',
  createTableAs: 'CREATE TABLE AS',
  createView: 'CREATE VIEW',
  createSchema: 'CREATE SCHEMA',
  drop: 'DROP',
  renameTable: 'ALTER TABLE',
  renameColumn: 'ALTER TABLE',
  truncate: 'TRUNCATE TABLE',
};

/** A place in a block to go back to, and the write that waited for COMMIT there. */
interface Savepoint {
  readonly name: string;
  readonly staged: StagedWrite | undefined;
}

/**
 * The transaction block of a session. A block may read as much as it likes and then write one table once: that write
 * becomes visible with COMMIT. Tables commit one by one, so more than one write could not stand or fall as one.
 */
export class Transaction {
  status: TransactionStatus = 'I';
  /** When the block was opened. */
  startedAt: Date | undefined;
  private staged: StagedWrite | undefined;
  private savepoints: Savepoint[] = [];

  /** Fails (25P02, 0A000) when a statement of this kind may not run now. */
  assertMayRun(kind: Statement['kind']): void {
    if (this.status === 'E' && !ALLOWED_AFTER_FAILURE.has(kind)) {
      throw userError('25P02', 'current transaction is aborted, commands ignored until end of transaction block', {
        hint: 'End the transaction with ROLLBACK.',
      });
    }
    if (this.staged !== undefined && !ALLOWED_AFTER_WRITE.has(kind)) {
      throw notSupportedError('a transaction block can do nothing after a write but COMMIT or ROLLBACK', {
        hint: 'Commit after each statement that writes: every one is atomic by itself.',
      });
    }
  }

  begin(): void {
    if (this.status !== 'I') return;
    this.status = 'T';
    this.startedAt = new Date();
  }

  get isOpen(): boolean {
    return this.status !== 'I';
  }

  /** Makes a write wait for COMMIT; outside a block it is published at once. */
  async stage(write: StagedWrite, completion: CommandCompletion): Promise<CommandCompletion> {
    if (this.status === 'I') return await write.publish();
    this.staged = write;
    return completion;
  }

  /** Answers which command tag is due: a failed block ends in ROLLBACK. */
  async commit(): Promise<'COMMIT' | 'ROLLBACK'> {
    const { staged, status } = this;
    this.leave();
    if (status === 'E') {
      await staged?.abort();
      return 'ROLLBACK';
    }
    await staged?.publish();
    return 'COMMIT';
  }

  async rollBack(): Promise<void> {
    const { staged } = this;
    this.leave();
    await staged?.abort();
  }

  get savepointCount(): number {
    return this.savepoints.length;
  }

  savepoint(name: string): void {
    if (this.status === 'I') throw outsideBlockError('SAVEPOINT');
    this.savepoints.push({ name, staged: this.staged });
  }

  release(name: string): void {
    this.savepoints.length = this.find(name, 'RELEASE SAVEPOINT');
  }

  /** Forgets a write that came after the savepoint, and a failure; the savepoint itself stays. */
  async rollBackTo(name: string): Promise<void> {
    const index = this.find(name, 'ROLLBACK TO SAVEPOINT');
    const { staged } = this;
    const kept = this.savepoints[index]!.staged;
    this.savepoints.length = index + 1;
    this.staged = kept;
    this.status = 'T';
    if (staged !== kept) await staged?.abort();
  }

  /** The last of the savepoints of that name. */
  private find(name: string, command: string): number {
    if (this.status === 'I') throw outsideBlockError(command);
    const index = this.savepoints.findLastIndex((savepoint) => savepoint.name === name);
    if (index < 0) throw userError('3B001', `savepoint "${name}" does not exist`);
    return index;
  }

  private leave(): void {
    this.savepoints = [];
    this.staged = undefined;
    this.startedAt = undefined;
    this.status = 'I';
  }

  /** A statement failed. */
  async fail(): Promise<void> {
    if (this.status !== 'T') return;
    this.status = 'E';
    // Which may be what a ROLLBACK TO goes back to.
    if (this.savepoints.length > 0) return;
    const { staged } = this;
    this.staged = undefined;
    await staged?.abort();
  }
}

function outsideBlockError(command: string): Error {
  return userError('25P01', `${command} can only be used in transaction blocks`, { hint: 'Write BEGIN before it.' });
}
