import type { CreateIndexStatement, DropIndexStatement, IdleStatement } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import * as make from './make-syntax.js';
import { describeQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

const NO_INDEXES =
  'Files tell which of their rows may match. Partition the table, or sort it with ORDER BY in the INSERT that writes it.';

function done(command: string): StatementResult {
  return { kind: 'done', completion: { command, rowCount: undefined } };
}

/** Nothing is kept of an index, but what it is of must be there. */
export async function createIndex(
  context: StatementContext,
  { table, expressions, where, unique, name }: CreateIndexStatement,
): Promise<StatementResult> {
  await getTable(context, table);
  await describeQueryOf(context, make.query(expressions, [make.tableOf(table)], where), []);
  const index = name === undefined ? 'the index' : `index "${name.name}"`;
  context.session.notify(
    unique
      ? {
          severity: 'WARNING',
          code: '01000',
          message: `${index} is not kept, and UNIQUE is not enforced`,
          hint: NO_INDEXES,
        }
      : { severity: 'NOTICE', code: '00000', message: `${index} is not kept: there are no indexes`, hint: NO_INDEXES },
  );
  return done('CREATE INDEX');
}

export function dropIndexes({ session }: StatementContext, { names }: DropIndexStatement): StatementResult {
  for (const { parts } of names) {
    const message = `index "${parts.at(-1)!.name}" does not exist, skipping: there are no indexes`;
    session.notify({ severity: 'NOTICE', code: '00000', message });
  }
  return done('DROP INDEX');
}

/** What has nothing to do here says so, and why. */
export function standIdle({ session }: StatementContext, statement: IdleStatement): StatementResult {
  const { severity, message, hint, command } = statement;
  const code = severity === 'WARNING' ? '01000' : '00000';
  session.notify(hint === undefined ? { severity, code, message } : { severity, code, message, hint });
  return done(command);
}
