/*
 * Runs sqllogictest scripts as they are, of SQLite, of DuckDB or our own, and counts what passes:
 *
 *   npm run slt -- [options] FILE | FOLDER …
 *
 *   --connect HOST:PORT   a running server; PGUSER, PGPASSWORD and PGDATABASE say as whom
 *   --engine NAME         the name that skipif and onlyif know the database by, instead of millrace, postgresql and
 *                         postgres; may be given several times
 *   --timeout SECONDS     of each statement, 60 by default; 0 is none
 *   --slow SECONDS        tells records that took longer
 *   --quiet               tells no failures, only counts
 *   --threads N, --memory-limit SIZE
 *
 * In process, each file has a lake of its own that is removed afterwards. A file that cannot be read, or that has no
 * record at all, is one failure. The exit status is 1 if a record fails.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseMemorySize } from '../../src/api/memory-size.js';
import { Engine } from '../../src/session/engine.js';
import { runSltScript, type SltOptions, type SltOutcome } from './run-slt.js';
import { EngineDatabase } from './slt-database.js';
import { WireDatabase } from './wire-database.js';

const USAGE =
  'npm run slt -- [--connect HOST:PORT] [--engine NAME]… [--timeout SECONDS] [--slow SECONDS] [--quiet] [--threads N] ' +
  '[--memory-limit SIZE] FILE | FOLDER …';

/** Of records that fail, in characters: an expected result may have a million rows. */
const MESSAGE_LIMIT = 2000;

interface SltArguments {
  readonly paths: readonly string[];
  readonly connect: string | undefined;
  readonly engineNames: readonly string[] | undefined;
  /** Of a session, in PostgreSQL's words. */
  readonly opening: string;
  readonly slowMs: number | undefined;
  readonly quiet: boolean;
  readonly threads: number | undefined;
  readonly memoryLimit: number;
}

function readArguments(): SltArguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      connect: { type: 'string' },
      engine: { type: 'string', multiple: true },
      timeout: { type: 'string', default: '60' },
      slow: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      threads: { type: 'string' },
      'memory-limit': { type: 'string', default: '1GB' },
    },
  });
  if (positionals.length === 0) throw new Error(USAGE);
  return {
    paths: positionals.flatMap(scriptsAt),
    connect: values.connect,
    engineNames: values.engine,
    opening: `set statement_timeout = ${Math.round(Number(values.timeout) * 1000)}`,
    slowMs: values.slow === undefined ? undefined : Number(values.slow) * 1000,
    quiet: values.quiet,
    threads: values.threads === undefined ? undefined : Number(values.threads),
    memoryLimit: parseMemorySize(values['memory-limit']),
  };
}

function scriptsAt(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.(slt|test)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Text of the files that a pattern means, which may have a `*` in their name. */
function readIncluded(folder: string, pattern: string): string {
  const path = join(folder, pattern);
  if (!path.includes('*')) return readFileSync(path, 'utf8');
  const [before = '', after = ''] = path.slice(dirname(path).length + 1).split('*');
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort()
    .map((name) => readFileSync(join(dirname(path), name), 'utf8'))
    .join('\n');
}

async function runFile(path: string, options: SltArguments): Promise<SltOutcome> {
  const text = readFileSync(path, 'utf8');
  const { engineNames, slowMs, opening } = options;
  const script: SltOptions = {
    dialect: 'any',
    engineNames,
    slowMs,
    readIncluded: (pattern) => readIncluded(dirname(path), pattern),
  };
  if (options.connect !== undefined) {
    const database = new WireDatabase(options.connect, opening);
    try {
      await database.execute('', 'select 1'); // that no server answers is no failure of a record
      return await runSltScript(database, text, script);
    } finally {
      await database.close();
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'millrace-slt-'));
  const { threads, memoryLimit } = options;
  const engine = await Engine.open({ lake: join(folder, 'lake'), create: true, threads, memoryLimit });
  const database = new EngineDatabase(engine, opening);
  try {
    return await runSltScript(database, text.replace(/__TEST_DIR__|\{TEST_DIR\}/g, folder), script);
  } finally {
    await database.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that cannot be run has failed, and the others go on. */
async function tryFile(path: string, options: SltArguments): Promise<SltOutcome> {
  const failed = (message: string): SltOutcome => {
    return { passed: 0, skipped: 0, failures: [{ line: 1, message }], slow: [], updated: '' };
  };
  try {
    const outcome = await runFile(path, options);
    const recordCount = outcome.passed + outcome.skipped + outcome.failures.length;
    return recordCount === 0 && !/^halt\b/m.test(readFileSync(path, 'utf8')) ? failed('no record') : outcome;
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function report(path: string, { passed, skipped, failures, slow }: SltOutcome, quiet: boolean): void {
  if (!quiet) {
    for (const { line, message } of failures) {
      const shown = message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT)} …` : message;
      console.log(`${path}:${line}: ${shown}`);
    }
  }
  for (const { line, milliseconds } of slow) console.log(`${path}:${line}: took ${Math.round(milliseconds)} ms`);
  console.log(`${path}: ${passed} passed, ${failures.length} failed, ${skipped} skipped`);
}

async function main(): Promise<void> {
  const options = readArguments();
  const total = { files: 0, cleanFiles: 0, passed: 0, failed: 0, skipped: 0 };
  for (const path of options.paths) {
    const outcome = await tryFile(path, options);
    report(path, outcome, options.quiet);
    total.files++;
    if (outcome.failures.length === 0) total.cleanFiles++;
    total.passed += outcome.passed;
    total.failed += outcome.failures.length;
    total.skipped += outcome.skipped;
  }
  console.log(
    `total: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped; ` +
      `${total.cleanFiles} of ${total.files} files without failures`,
  );
  if (total.failed > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
