/*
 * Runs sqllogictest scripts as they are, of SQLite, of DuckDB or our own, and counts what passes:
 *
 *   npm run slt -- [--connect HOST:PORT] [--quiet] [--threads N] [--memory-limit SIZE] FILE | FOLDER …
 *
 * In process, each file has a lake of its own that is removed afterwards. With --connect all run against the server
 * there; PGUSER, PGPASSWORD and PGDATABASE say as whom. The exit status is 1 if a record fails.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseMemorySize } from '../../src/api/memory-size.js';
import { Engine } from '../../src/session/engine.js';
import { runSltScript, type SltOutcome } from './run-slt.js';
import { EngineDatabase } from './slt-database.js';
import { WireDatabase } from './wire-database.js';

const USAGE = 'npm run slt -- [--connect HOST:PORT] [--quiet] [--threads N] [--memory-limit SIZE] FILE | FOLDER …';

/** Of records that fail, in characters: an expected result may have a million rows. */
const MESSAGE_LIMIT = 2000;

interface SltArguments {
  readonly paths: readonly string[];
  readonly connect: string | undefined;
  readonly quiet: boolean;
  readonly threads: number | undefined;
  readonly memoryLimit: number;
}

function readArguments(): SltArguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      connect: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      threads: { type: 'string' },
      'memory-limit': { type: 'string', default: '1GB' },
    },
  });
  return {
    paths: positionals.flatMap(scriptsAt),
    connect: values.connect,
    quiet: values.quiet,
    threads: values.threads === undefined ? undefined : Number(values.threads),
    memoryLimit: parseMemorySize(values['memory-limit']),
  };
}

function scriptsAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.(slt|test)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function runFile(path: string, options: SltArguments): Promise<SltOutcome> {
  const text = readFileSync(path, 'utf8');
  if (options.connect !== undefined) {
    const database = new WireDatabase(options.connect);
    try {
      await database.execute('', 'select 1'); // that no server answers is no failure of a record
      return await runSltScript(database, text, { dialect: 'any' });
    } finally {
      await database.close();
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'millrace-slt-'));
  const { threads, memoryLimit } = options;
  const engine = await Engine.open({ lake: join(folder, 'lake'), create: true, threads, memoryLimit });
  const database = new EngineDatabase(engine);
  try {
    return await runSltScript(database, text.replaceAll('__TEST_DIR__', folder), { dialect: 'any' });
  } finally {
    await database.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(path: string, { passed, skipped, failures }: SltOutcome, quiet: boolean): void {
  if (!quiet) {
    for (const { line, message } of failures) {
      const shown = message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT)} …` : message;
      console.log(`${path}:${line}: ${shown}`);
    }
  }
  console.log(`${path}: ${passed} passed, ${failures.length} failed, ${skipped} skipped`);
}

async function main(): Promise<void> {
  const options = readArguments();
  if (options.paths.length === 0) throw new Error(USAGE);
  const total = { files: 0, cleanFiles: 0, passed: 0, failed: 0, skipped: 0 };
  for (const path of options.paths) {
    const outcome = await runFile(path, options);
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
