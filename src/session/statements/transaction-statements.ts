import { userError } from '../../common/errors.js';
import type {
  BeginStatement,
  CommitStatement,
  ReleaseStatement,
  RollbackStatement,
  SavepointStatement,
  TransactionModes,
} from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import { setTransactionModes } from './setting-statements.js';
import type { StatementContext } from './statement-context.js';

export function begin({ session }: StatementContext, { modes }: BeginStatement): StatementResult {
  if (session.transaction.isOpen) {
    session.notify({ severity: 'WARNING', code: '25001', message: 'there is already a transaction in progress' });
  }
  open(session);
  setTransactionModes(session, modes);
  return done('BEGIN');
}

function open({ transaction, settings }: StatementContext['session']): void {
  if (transaction.isOpen) return;
  transaction.begin();
  settings.beginBlock();
  settings.setLocal('transaction_read_only', settings.get('default_transaction_read_only') ?? 'off');
  settings.setLocal('transaction_isolation', settings.get('default_transaction_isolation') ?? 'read committed');
}

/** AND CHAIN: the next block has the modes of the one that ended. */
function modesOf({ settings }: StatementContext['session']): TransactionModes {
  const isolationLevel = settings.get('transaction_isolation') as TransactionModes['isolationLevel'];
  return { isolationLevel, readOnly: settings.get('transaction_read_only') === 'on', deferrable: undefined };
}

function chainBlock(session: StatementContext['session'], modes: TransactionModes): void {
  open(session);
  setTransactionModes(session, modes);
}

export async function commit({ session }: StatementContext, { chain }: CommitStatement): Promise<StatementResult> {
  if (!session.transaction.isOpen) outsideBlock(session, 'COMMIT', chain);
  const modes = modesOf(session);
  const isFailed = session.transaction.status === 'E';
  let outcome: BlockOutcome = 'rolled back';
  try {
    if (isFailed) await session.catalog.abortBlock();
    else await session.catalog.commitBlock();
    if (!isFailed) outcome = 'committed';
  } finally {
    await leaveBlock(session, outcome);
  }
  if (chain) chainBlock(session, modes);
  return done(isFailed ? 'ROLLBACK' : 'COMMIT');
}

/** A block for one statement that publishes several changes at once; within a block of the user's, nothing. */
export function ownBlock(session: StatementContext['session']): { commit(): Promise<void>; abort(): Promise<void> } {
  if (session.transaction.isOpen) return { commit: async () => undefined, abort: async () => undefined };
  session.transaction.begin();
  let isOpen = true;
  const leave = (): void => {
    isOpen = false;
    session.transaction.leave();
  };
  return {
    commit: async () => {
      if (!isOpen) return;
      leave();
      await session.catalog.commitBlock();
    },
    abort: async () => {
      if (!isOpen) return;
      leave();
      await session.catalog.abortBlock();
    },
  };
}

type BlockOutcome = 'committed' | 'rolled back';

async function leaveBlock(session: StatementContext['session'], outcome: BlockOutcome): Promise<void> {
  session.transaction.leave();
  session.settings.endBlock(outcome);
  await session.cursors.endBlock(outcome);
}

export async function rollback({ session }: StatementContext, statement: RollbackStatement): Promise<StatementResult> {
  const { savepoint: to, chain } = statement;
  if (to !== undefined) {
    session.transaction.rollBackTo(to.name);
    const depth = session.transaction.savepointCount - 1;
    session.settings.rollBackTo(depth);
    session.catalog.rollBackTo(depth);
    await session.cursors.rollBackTo(depth + 1);
    return done('ROLLBACK');
  }
  if (!session.transaction.isOpen) outsideBlock(session, 'ROLLBACK', chain);
  const modes = modesOf(session);
  await leaveBlock(session, 'rolled back');
  await session.catalog.abortBlock();
  if (chain) chainBlock(session, modes);
  return done('ROLLBACK');
}

export function savepoint({ session }: StatementContext, { name }: SavepointStatement): StatementResult {
  const depth = session.transaction.savepointCount;
  session.transaction.savepoint(name.name);
  session.settings.keepSavepoint(depth);
  session.catalog.keepSavepoint(depth);
  return done('SAVEPOINT');
}

export function release({ session }: StatementContext, { name }: ReleaseStatement): StatementResult {
  session.transaction.release(name.name);
  return done('RELEASE');
}

function outsideBlock(session: StatementContext['session'], command: string, chain: boolean): void {
  if (chain) throw userError('25P01', `${command} AND CHAIN can only be used in transaction blocks`);
  session.notify({ severity: 'WARNING', code: '25P01', message: 'there is no transaction in progress' });
}

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
