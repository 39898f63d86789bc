/*
 * Runs the SQL text tests against PostgreSQL (PGlite), so that what they expect is its answer and not our opinion:
 *
 *   node build/test/slt/check-oracle.js [--write] [FILE | FOLDER …]
 *
 * `--write` puts PostgreSQL's answers into the files: rows, the types behind `query`, and the SQLSTATE and message of
 * errors. A file says `# oracle: pglite`, or `# oracle: none (why)` to be left alone. Read the diff.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { openPostgres } from '../support/open-postgres.js';
import type { SltRecord } from './slt-record.js';
import { formatRows, sameRows } from './slt-rows.js';
import { parseSltScript } from './slt-script.js';

interface Answer {
  readonly rows: readonly (readonly (string | null)[])[];
  /** One letter a column, as sqllogictest has them: I integer, R fractional, T text and all else. */
  readonly types: string;
}

type Outcome = Answer | { readonly code: string; readonly message: string };

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const TYPE_LETTERS: Readonly<Record<number, string>> = { 20: 'I', 21: 'I', 23: 'I', 700: 'R', 701: 'R', 1700: 'R' };

/** Leaves the values of every built-in type as the text that PostgreSQL sent. */
const asText: Record<number, (text: string) => string> = {};
for (let oid = 16; oid < 4096; oid++) asText[oid] = (text) => text;

async function ask(oracle: PGlite, sql: string): Promise<Outcome> {
  try {
    const results = await oracle.exec(sql, { rowMode: 'array', parsers: asText });
    const last = results.at(-1);
    const types = (last?.fields ?? []).map(({ dataTypeID }) => TYPE_LETTERS[dataTypeID] ?? 'T').join('');
    return { rows: (last?.rows ?? []) as unknown as (string | null)[][], types };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    await oracle.exec('rollback');
    return { code: code ?? 'XX000', message };
  }
}

/** What is wrong with a record, and the edit that puts it right. */
function compare(record: SltRecord, header: string, outcome: Outcome): { problem: string; edit?: Edit } | undefined {
  if (record.kind === 'unknown') return { problem: 'not a sqllogictest record' };
  if (record.kind === 'statement') {
    if (record.expectation !== 'error') {
      return 'code' in outcome ? { problem: `${outcome.code}: ${outcome.message}` } : undefined;
    }
    if (!('code' in outcome)) return { problem: 'no error' };
    const { sqlState, message } = record;
    if (sqlState === outcome.code && message !== undefined && outcome.message.includes(message)) return undefined;
    const line = `statement error ${outcome.code} ${outcome.message.split('\n')[0]}`;
    return { problem: line, edit: { from: record.line - 1, to: record.line, lines: [line] } };
  }
  if ('code' in outcome) return { problem: `${outcome.code}: ${outcome.message}` };
  const [, types, ...rest] = header.split(/\s+/);
  const actual = formatRows(outcome.rows, record.sort);
  if (record.expected !== undefined && types === outcome.types && sameRows(actual, outcome.rows, record))
    return undefined;
  if (record.expectedLines === undefined) return { problem: `expected rows:\n    ${actual.join('\n    ')}` };
  const [from, to] = record.expectedLines;
  const headerLine = ['query', outcome.types, ...rest].join(' ');
  const sql = record.sql.split('\n');
  const edit = { from: record.line - 1, to, lines: [headerLine, ...sql, '----', ...actual] };
  return { problem: `expected rows (line ${from + 1}):\n    ${actual.join('\n    ')}`, edit };
}

async function checkFile(oracle: PGlite, path: string, write: boolean): Promise<number> {
  const text = readFileSync(path, 'utf8');
  const holder = /^# oracle: (\w+)/m.exec(text)?.[1];
  if (holder === 'none') return 0;
  if (holder !== 'pglite') throw new Error(`${path}: say "# oracle: pglite" or "# oracle: none (why)"`);
  await oracle.exec('discard all');
  await oracle.exec('drop schema public cascade; create schema public; set timezone to utc');
  const lines = text.split('\n');
  const edits: Edit[] = [];
  let problems = 0;
  for (const record of parseSltScript(text, ['pglite'])) {
    if (record.skipped) continue;
    const difference = compare(record, lines[record.line - 1]!, await ask(oracle, record.sql));
    if (difference === undefined) continue;
    if (write && difference.edit !== undefined) {
      edits.push(difference.edit);
    } else {
      problems++;
      console.log(`${path}:${record.line}: ${difference.problem}\n    ${record.sql}`);
    }
  }
  for (const { from, to, lines: replacement } of edits.reverse()) lines.splice(from, to - from, ...replacement);
  if (edits.length > 0) {
    writeFileSync(path, lines.join('\n'));
    console.log(`${path}: ${edits.length} records written`);
  }
  return problems;
}

function scriptsAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.slt'));
  return names.sort().map((name) => join(path, name));
}

const options = process.argv.slice(2);
const paths = options.filter((option) => !option.startsWith('--'));
const folder = fileURLToPath(new URL('../../../test/slt', import.meta.url));
const oracle = await openPostgres();
let problems = 0;
for (const path of (paths.length === 0 ? [folder] : paths).flatMap(scriptsAt)) {
  problems += await checkFile(oracle, path, options.includes('--write'));
}
await oracle.close();
console.log(`${problems} records differ from PostgreSQL`);
process.exitCode = problems === 0 ? 0 : 1;
