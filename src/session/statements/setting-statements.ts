import { userError } from '../../common/errors.js';
import type {
  DiscardStatement,
  ResetStatement,
  SetStatement,
  SetTransactionStatement,
  SettingValue,
  TransactionModes,
  UseStatement,
} from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import type { StatementContext } from './statement-context.js';

export function setSetting({ session }: StatementContext, statement: SetStatement): StatementResult {
  const { settings } = session;
  const { name, local } = statement;
  const value = statement.values.length === 0 ? undefined : statement.values.map(textOf).join(', ');
  if (local && !session.transaction.isOpen) {
    const message = 'SET LOCAL can only be used in transaction blocks';
    session.notify({ severity: 'WARNING', code: '25P01', message });
  } else if (value === undefined) {
    if (local) settings.resetLocal(name);
    else settings.reset(name);
  } else if (local) settings.setLocal(name, value);
  else settings.set(name, value);
  return done('SET');
}

function textOf(value: SettingValue): string {
  switch (value.kind) {
    case 'identifier':
      return value.name;
    case 'booleanLiteral':
      return value.value ? 'on' : 'off';
    case 'numericLiteral':
      return value.text;
    case 'stringLiteral':
      return value.value;
  }
}

/** USE: names without a schema are looked up there. */
export async function useSchema({ session }: StatementContext, { schema }: UseStatement): Promise<StatementResult> {
  const { name, position } = schema;
  if (!(await session.catalog.lake.schemaExists(name))) {
    throw userError('3F000', `schema "${name}" does not exist`, { position, hint: 'SHOW SCHEMAS lists them.' });
  }
  session.settings.set('search_path', `"${name.replaceAll('"', '""')}"`);
  return done('USE');
}

export function reset({ session }: StatementContext, statement: ResetStatement): StatementResult {
  if (statement.name === undefined) session.settings.resetAll();
  else session.settings.reset(statement.name);
  return done('RESET');
}

export async function discard(
  { session }: StatementContext,
  { target, position }: DiscardStatement,
): Promise<StatementResult> {
  if (target === 'all') {
    if (session.transaction.isOpen) {
      throw userError('25001', 'DISCARD ALL cannot run inside a transaction block', {
        position,
        hint: 'End the block with COMMIT or ROLLBACK first.',
      });
    }
    session.settings.resetAll();
    session.preparedStatements.clear();
    await session.cursors.closeAll();
  }
  if (target === 'all' || target === 'temp') await session.catalog.dropTemporary();
  return done(`DISCARD ${target.toUpperCase()}`);
}

/** `SET TRANSACTION` for the block that is open, `SET SESSION CHARACTERISTICS` for those to come. */
export function setTransaction({ session }: StatementContext, statement: SetTransactionStatement): StatementResult {
  const { modes, scope } = statement;
  if (scope === 'session') {
    const { isolationLevel, readOnly } = modes;
    if (isolationLevel !== undefined) session.settings.set('default_transaction_isolation', isolationLevel);
    if (readOnly !== undefined) session.settings.set('default_transaction_read_only', readOnly ? 'on' : 'off');
  } else if (session.transaction.isOpen) {
    setTransactionModes(session, modes);
  } else {
    const message = 'SET TRANSACTION can only be used in transaction blocks';
    session.notify({ severity: 'WARNING', code: '25P01', message });
  }
  return done('SET');
}

/** Isolation levels are kept for SHOW: every statement reads one snapshot of each table, whatever the level. */
export function setTransactionModes(session: StatementContext['session'], modes: TransactionModes): void {
  const { isolationLevel, readOnly } = modes;
  if (isolationLevel !== undefined) session.settings.setLocal('transaction_isolation', isolationLevel);
  if (readOnly !== undefined) session.settings.setLocal('transaction_read_only', readOnly ? 'on' : 'off');
}

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
