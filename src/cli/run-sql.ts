import { runScript, type ScriptVisitor, type StatementSummary } from '../api/run-script.js';
import type { Engine } from '../session/engine.js';
import type { Notice } from '../session/session.js';
import { Interrupt } from './interrupt.js';
import type { PlanFiles } from './plan-files.js';
import { ProgressBar } from './progress-bar.js';
import { formatError, type SqlSource } from './report-error.js';

export interface SqlRun {
  /** 0 only if everything committed. */
  readonly exitStatus: number;
  /** Of the statements that ended, in order. */
  readonly summaries: readonly StatementSummary[];
}

/**
 * Runs SQL for a command: notices, progress and errors go to standard error, Ctrl-C cancels. `isQuiet` tells of failures
 * that are none, a reader of the output that has gone. Plans are written when all statements have ended.
 */
export async function runSql(
  engine: Engine,
  source: SqlSource,
  variables: Readonly<Record<string, string>>,
  visitor: ScriptVisitor,
  isQuiet: () => boolean,
  plans?: PlanFiles,
): Promise<SqlRun> {
  const session = engine.openSession({ settings: { application_name: 'millrace' }, mayWriteFiles: true });
  const interrupt = new Interrupt(() => session.cancel());
  const progress = new ProgressBar();
  const summaries: StatementSummary[] = [];
  plans?.observe(session);
  session.onNotice((notice) => {
    progress.clear();
    process.stderr.write(formatNotice(notice));
  });
  try {
    await runScript(
      session,
      source.text,
      variables,
      {
        ...visitor,
        visitChunk: async (chunk) => {
          progress.clear();
          await visitor.visitChunk?.(chunk);
        },
        endStatement: async (summary) => {
          progress.clear();
          summaries.push(summary);
          await visitor.endStatement?.(summary);
        },
        onProgress: (state) => progress.update(state),
        echo: async (text, stream) => {
          progress.clear();
          if (stream === 'out' && visitor.echo !== undefined) await visitor.echo(text, stream);
          else process.stderr.write(text);
        },
      },
      source.path,
    );
    plans?.write();
    return { exitStatus: interrupt.exitStatus ?? 0, summaries };
  } catch (error) {
    progress.clear();
    if (isQuiet()) return { exitStatus: 0, summaries };
    process.stderr.write(formatError(error, source));
    return { exitStatus: interrupt.exitStatus ?? 1, summaries };
  } finally {
    interrupt.stop();
    await session.close();
  }
}

function formatNotice({ severity, message, detail, hint }: Notice): string {
  const lines = [`${severity.toLowerCase()}: ${message}`];
  if (detail !== undefined) lines.push(`  DETAIL: ${detail}`);
  if (hint !== undefined) lines.push(`  HINT: ${hint}`);
  return `${lines.join('\n')}\n`;
}
