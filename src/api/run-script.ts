import { userError } from '../common/errors.js';
import type { Session } from '../session/session.js';
import { PsqlScript } from './psql-script.js';
import { runStatements, type ScriptVisitor, type StatementSummary } from './run-statements.js';
import { findCommand } from './script-parts.js';

export type { ScriptProgress, ScriptVisitor, StatementSummary } from './run-statements.js';

/**
 * Runs the statements of a script in order; each commits on its own unless the script opens a transaction. Nothing runs
 * unless all of it parses, but in scripts with commands of psql, whose statements follow from what ran before. Stops at
 * the first failure; the error's position is that in `script` as written, the start of the statement if nothing more is
 * known.
 */
export async function runScript(
  session: Session,
  script: string,
  variables: Readonly<Record<string, string>>,
  visitor: ScriptVisitor,
  path?: string,
): Promise<StatementSummary[]> {
  const summaries: StatementSummary[] = [];
  let lastStart: number | undefined;
  if (findCommand(script) >= 0) {
    const runner = new PsqlScript(session, new Map(Object.entries(variables)), visitor, summaries);
    lastStart = await runner.run(script, path);
  } else {
    lastStart = await runStatements(session, { script, text: script, offset: 0 }, variables, visitor, summaries);
  }
  if (session.transactionStatus === 'I') return summaries;
  throw userError('25P01', 'the script ended inside a transaction block: it has been rolled back', {
    hint: 'End it with COMMIT.',
    position: lastStart,
  });
}
