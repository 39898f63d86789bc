import type { ResetStatement, SetStatement, SettingValue } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import type { StatementContext } from './statement-context.js';

export function setSetting({ session }: StatementContext, statement: SetStatement): StatementResult {
  if (statement.values.length === 0) session.settings.reset(statement.name);
  else session.settings.set(statement.name, statement.values.map(textOf).join(', '));
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
