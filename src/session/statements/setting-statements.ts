import type { ResetStatement, SetStatement, SettingValue } from '../../parser/index.js';
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

export function reset({ session }: StatementContext, statement: ResetStatement): StatementResult {
  if (statement.name === undefined) session.settings.resetAll();
  else session.settings.reset(statement.name);
  return done('RESET');
}

export function discard({ session }: StatementContext): StatementResult {
  session.settings.resetAll();
  session.preparedStatements.clear();
  return done('DISCARD ALL');
}

/** Isolation levels are accepted: every statement reads one snapshot of each table, whatever the level. */
export function setTransaction(): StatementResult {
  return done('SET');
}

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}
