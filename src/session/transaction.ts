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
]);

/**
 * The transaction block of a session. A block may read as much as it likes and then write one table once: that write
 * becomes visible with COMMIT. Tables commit one by one, so more than one write could not stand or fall as one.
 */
export class Transaction {
  status: TransactionStatus = 'I';
  /** When the block was opened. */
  startedAt: Date | undefined;
  private staged: StagedWrite | undefined;

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

  private leave(): void {
    this.staged = undefined;
    this.startedAt = undefined;
    this.status = 'I';
  }

  /** A statement failed. */
  async fail(): Promise<void> {
    if (this.status !== 'T') return;
    this.status = 'E';
    const { staged } = this;
    this.staged = undefined;
    await staged?.abort();
  }
}
