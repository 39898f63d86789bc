import type { StatementResult } from '../statement-result.js';
import type { StatementContext } from './statement-context.js';

export function begin({ session }: StatementContext): StatementResult {
  if (session.transaction.isOpen) {
    session.notify({ severity: 'WARNING', code: '25001', message: 'there is already a transaction in progress' });
  }
  session.transaction.begin();
  return done('BEGIN');
}

export async function commit({ session }: StatementContext): Promise<StatementResult> {
  if (!session.transaction.isOpen) warnNoTransaction(session);
  return done(await session.transaction.commit());
}

export async function rollback({ session }: StatementContext): Promise<StatementResult> {
  if (!session.transaction.isOpen) warnNoTransaction(session);
  await session.transaction.rollBack();
  return done('ROLLBACK');
}

function warnNoTransaction(session: StatementContext['session']): void {
  session.notify({ severity: 'WARNING', code: '25P01', message: 'there is no transaction in progress' });
}

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
