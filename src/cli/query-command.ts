import { resolve } from 'node:path';
import { userError } from '../common/errors.js';
import type { CommandArguments } from './command.js';
import { CsvWriter } from './formats/csv-writer.js';
import { JsonWriter } from './formats/json-writer.js';
import type { ResultWriter } from './formats/result-writer.js';
import { TableWriter } from './formats/table-writer.js';
import { openEngine } from './open-engine.js';
import { Output } from './output.js';
import { parseVariables, usageError } from './parse-arguments.js';
import { PlanFiles } from './plan-files.js';
import { readSqlFile } from './read-file.js';
import type { SqlSource } from './report-error.js';
import { runSql } from './run-sql.js';

const FORMATS = ['table', 'csv', 'json', 'jsonl', 'arrow', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

/** `millrace query`: prints the rows of each statement. */
export async function runQueryCommand(args: CommandArguments): Promise<number> {
  const source = readSource(args);
  const format = readFormat(args);
  const variables = parseVariables(args.list('var'));
  const path = args.text('output');
  const plans = PlanFiles.of(args);
  if (format === 'parquet') return await writeParquet(args, source, variables, path, plans);
  if (format === 'arrow' && path === undefined && process.stdout.isTTY) {
    throw usageError('the format arrow is not for a terminal', 'Write it to a file with -o, or into a pipe.');
  }
  const engine = await openEngine(args, source.text);
  const output = path === undefined ? Output.standard() : Output.file(path);
  try {
    const writer = await createWriter(format, output);
    let resultCount = 0;
    const { exitStatus } = await runSql(
      engine,
      source,
      variables,
      {
        chooseFormat: (columns) => writer.chunkFormat(columns),
        beginRows: async (columns, statement) => {
          if (resultCount++ > 0) await beginNextResult(format, output, statement.offset);
          await writer.begin(columns);
        },
        visitChunk: (chunk) => writer.writeChunk(chunk),
        endRows: ({ rowCount = 0, elapsedMs }) => writer.end({ rowCount, elapsedMs }),
        // Other formats hold one result, and nothing beside it.
        ...(format === 'table' ? { echo: (text: string) => output.write(text) } : {}),
      },
      () => output.isClosedByReader,
      plans,
    );
    if (exitStatus === 0 && !output.isClosedByReader) await output.end();
    return exitStatus;
  } finally {
    output.discard();
    await engine.close();
  }
}

/** Several results are several tables; the other formats have no way to tell one from the next. */
async function beginNextResult(format: Format, output: Output, position: number): Promise<void> {
  if (format === 'table') return await output.write('\n');
  throw userError('22023', `the format ${format} takes one query that returns rows`, {
    position,
    hint: 'Run the queries one by one.',
  });
}

function readSource(args: CommandArguments): SqlSource {
  const file = args.text('file');
  const [sql, extra] = args.positionals;
  if (file !== undefined) {
    if (sql !== undefined) throw usageError('SQL is given twice: as an argument and with -f');
    return readSqlFile(file);
  }
  if (sql === undefined) throw usageError('there is no SQL to run', 'Give it in quotes, or a file with -f.');
  if (extra !== undefined) throw usageError(`"${extra}" is one argument too many`, 'Put all of the SQL in quotes.');
  return { path: undefined, text: sql };
}

function readFormat(args: CommandArguments): Format {
  const name = args.text('format') ?? formatOfFile(args.text('output')) ?? 'table';
  const format = FORMATS.find((candidate) => candidate === name);
  if (format === undefined) throw usageError(`there is no format "${name}"`, `There are ${FORMATS.join(', ')}.`);
  return format;
}

/** `-o report.csv` needs no `--format csv`. */
function formatOfFile(path: string | undefined): string | undefined {
  const extension = path === undefined ? undefined : /\.(csv|jsonl?|arrow|parquet)$/i.exec(path)?.[1];
  return extension?.toLowerCase();
}

async function createWriter(format: Exclude<Format, 'parquet'>, output: Output): Promise<ResultWriter> {
  switch (format) {
    case 'table':
      return new TableWriter(output);
    case 'csv':
      return new CsvWriter(output);
    case 'json':
      return new JsonWriter(output, 'array');
    case 'jsonl':
      return new JsonWriter(output, 'lines');
    case 'arrow':
      return new (await import('./formats/arrow-writer.js')).ArrowWriter(output);
  }
}

const COPY_PREFIX = 'copy (\n';

/** The engine itself writes Parquet: COPY (…) TO. */
async function writeParquet(
  args: CommandArguments,
  source: SqlSource,
  variables: Readonly<Record<string, string>>,
  path: string | undefined,
  plans: PlanFiles | undefined,
): Promise<number> {
  if (path === undefined) throw usageError('the format parquet needs a file', 'Name one with -o.');
  const sql = source.text.replace(/[;\s]+$/, '');
  const text = `${COPY_PREFIX}${sql}\n) to '${resolve(path).replaceAll("'", "''")}' (format parquet)`;
  const engine = await openEngine(args, source.text);
  try {
    const copy = { path: source.path, text, shown: { text: source.text, start: COPY_PREFIX.length } };
    const { exitStatus } = await runSql(
      engine,
      copy,
      variables,
      { chooseFormat: () => ({ kind: 'arrow' }) },
      () => false,
      plans,
    );
    return exitStatus;
  } finally {
    await engine.close();
  }
}
