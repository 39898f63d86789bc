import type { StatementResult } from '../statement-result.js';
import type { StatementContext } from './statement-context.js';

export function begin({ session }: StatementContext): StatementResult {
  if (session.transaction.isOpen) {
    session.notify({ severity: 'WARNING', code: '25001', message: 'there is already a transaction in progress' });
  }
  session.transaction.begin();
  session.settings.beginBlock();
  return done('BEGIN');
}

export async function commit({ session }: StatementContext): Promise<StatementResult> {
  if (!session.transaction.isOpen) warnNoTransaction(session);
  try {
    const command = await session.transaction.commit();
    session.settings.endBlock(command === 'COMMIT' ? 'committed' : 'rolled back');
    return done(command);
  } catch (error) {
    session.settings.endBlock('rolled back');
    throw error;
  }
}

export async function rollback({ session }: StatementContext): Promise<StatementResult> {
  if (!session.transaction.isOpen) warnNoTransaction(session);
  session.settings.endBlock('rolled back');
  await session.transaction.rollBack();
  return done('ROLLBACK');
}

function warnNoTransaction(session: StatementContext['session']): void {
  session.notify({ severity: 'WARNING', code: '25P01', message: 'there is no transaction in progress' });
}

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
