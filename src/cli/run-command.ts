import { basename } from 'node:path';
import type { StatementSummary } from '../api/run-script.js';
import type { CommandArguments } from './command.js';
import { formatCount, formatDuration } from './format-duration.js';
import { TableWriter } from './formats/table-writer.js';
import { openEngine } from './open-engine.js';
import { Output } from './output.js';
import { parseVariables, usageError } from './parse-arguments.js';
import { PlanFiles } from './plan-files.js';
import { readSqlFile } from './read-file.js';
import { runSql } from './run-sql.js';

/** `millrace run`: the statements of a script in order, and a summary. Rows that it selects are printed as tables. */
export async function runRunCommand(args: CommandArguments): Promise<number> {
  const [path, extra] = args.positionals;
  if (path === undefined) throw usageError('there is no script to run', 'Name a file of SQL.');
  if (extra !== undefined) {
    throw usageError(`"${extra}" is one argument too many`, 'Variables are set with --var name=value.');
  }
  const source = readSqlFile(path);
  const variables = parseVariables(args.list('var'));
  const plans = PlanFiles.of(args);
  const engine = await openEngine(args, source.text);
  const output = Output.standard();
  const writer = new TableWriter(output);
  try {
    const started = performance.now();
    const { exitStatus, summaries } = await runSql(
      engine,
      source,
      variables,
      {
        chooseFormat: (columns) => writer.chunkFormat(columns),
        beginRows: (columns) => writer.begin(columns),
        visitChunk: (chunk) => writer.writeChunk(chunk),
        endRows: ({ rowCount = 0, elapsedMs }) => writer.end({ rowCount, elapsedMs }),
        echo: (text) => output.write(text),
        endStatement: (summary) => void process.stderr.write(formatSummary(summary)),
      },
      () => false,
      plans,
    );
    const time = formatDuration(performance.now() - started);
    const count = summaries.length === 1 ? '1 statement' : `${summaries.length} statements`;
    process.stderr.write(
      exitStatus === 0
        ? `${basename(path)}: ${count} done in ${time}\n`
        : `${basename(path)}: stopped after ${count} that succeeded; nothing of the one that failed was kept\n`,
    );
    return exitStatus;
  } finally {
    await engine.close();
  }
}

/** `line 12  INSERT              16,543 rows      84 ms`. */
export function formatSummary({ line, command, rowCount, elapsedMs }: StatementSummary): string {
  const rows = rowCount === undefined ? '' : rowCount === 1 ? '1 row' : `${formatCount(rowCount)} rows`;
  const time = formatDuration(elapsedMs);
  return `line ${String(line).padEnd(4)} ${command.padEnd(20)} ${rows.padStart(16)} ${time.padStart(12)}\n`;
}
