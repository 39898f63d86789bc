export { execute } from './slt-database.js';

import { looselySameRows } from './loose-rows.js';
import type { SltDatabase } from './slt-database.js';
import { formatRows, hashValues, sameRows, type TextRow } from './slt-rows.js';
import { parseSltScript, type QueryRecord, type SltRecord } from './slt-script.js';

export interface SltFailure {
  readonly line: number;
  readonly message: string;
}

export interface SltOutcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly SltFailure[];
  /** The script with the actual rows in the place of the expected. */
  readonly updated: string;
}

export interface SltOptions {
  /**
   * `own`: values are PostgreSQL's text, and every query says what it expects. `any`: scripts of other engines too,
   * whose values are formatted by the letters of their types, or compared as DuckDB does.
   */
  readonly dialect: 'own' | 'any';
  readonly engineNames?: readonly string[] | undefined;
}

/** Runs a script record by record; after each one, all memory of the query must have been returned. */
export async function runSltScript(database: SltDatabase, text: string, options: SltOptions): Promise<SltOutcome> {
  const failures: SltFailure[] = [];
  const lines = text.split('\n');
  const replacements: { from: number; to: number; rows: readonly string[] }[] = [];
  const labels = new Map<string, string>();
  let passed = 0;
  let skipped = 0;
  for (const record of parseSltScript(text, options.engineNames)) {
    if (record.skipped || (options.dialect === 'any' && isForeignSwitch(record))) {
      skipped++;
      continue;
    }
    const onRows = (rows: readonly string[]): void => {
      if (record.kind !== 'query' || record.expectedLines === undefined) return;
      replacements.push({ from: record.expectedLines[0], to: record.expectedLines[1], rows });
    };
    const message = (await runRecord(database, record, options, labels, onRows)) ?? database.findLeak?.();
    if (message === undefined) passed++;
    else failures.push({ line: record.line, message: `${message}\n    ${record.sql}` });
  }
  for (const { from, to, rows } of replacements.toReversed()) lines.splice(from, to - from, ...rows);
  return { passed, skipped, failures, updated: lines.join('\n') };
}

/** DuckDB's scripts switch its checks on with PRAGMA. */
function isForeignSwitch(record: SltRecord): boolean {
  return record.kind === 'statement' && /^\s*pragma\b/i.test(record.sql);
}

async function runRecord(
  database: SltDatabase,
  record: SltRecord,
  options: SltOptions,
  labels: Map<string, string>,
  onRows: (rows: readonly string[]) => void,
): Promise<string | undefined> {
  if (record.kind === 'unknown') return 'not a sqllogictest record:';
  let rows: readonly TextRow[];
  try {
    rows = await database.execute(record.connection, record.sql);
  } catch (error) {
    return checkError(database, record, error, options);
  }
  if (record.kind === 'statement') {
    return record.expectation === 'error' ? 'expected an error, but it succeeded' : undefined;
  }
  if (record.expected === undefined) {
    return options.dialect === 'own' ? 'a query without ---- is not checked' : undefined;
  }
  const actual = formatRows(rows, record.sort);
  if (!isExpected(actual, rows, record, options)) {
    onRows(actual);
    return `expected:\n      ${record.expected.join('\n      ')}\n    but got:\n      ${actual.join('\n      ')}`;
  }
  return checkLabel(record, actual, labels);
}

function isExpected(
  actual: readonly string[],
  rows: readonly TextRow[],
  record: QueryRecord,
  options: SltOptions,
): boolean {
  if (sameRows(actual, rows, record)) return true;
  if (options.dialect === 'own') return false;
  return (
    sameRows(formatRows(rows, record.sort, 'sqllogictest', record.types), rows, record) || looselySameRows(rows, record)
  );
}

/** Queries of one label say the same in several ways. */
function checkLabel(record: QueryRecord, actual: readonly string[], labels: Map<string, string>): string | undefined {
  if (record.label === undefined) return undefined;
  const hash = hashValues(actual);
  const before = labels.get(record.label);
  labels.set(record.label, hash);
  return before === undefined || before === hash
    ? undefined
    : `another result than the last query labelled ${record.label}`;
}

function checkError(
  database: SltDatabase,
  record: Exclude<SltRecord, { kind: 'unknown' }>,
  error: unknown,
  options: SltOptions,
): string | undefined {
  const { code, message } = database.describeError(error);
  if (code === undefined) return `not an error of the engine: ${message}`;
  if (record.kind === 'query' || record.expectation === 'ok') return `${code}: ${message}`;
  if (record.expectation === 'any') return undefined;
  if (record.sqlState !== undefined && /^[0-9A-Z]{5}$/.test(record.sqlState)) {
    if (code !== record.sqlState) return `expected ${record.sqlState}, but got ${code}: ${message}`;
  } else if (record.sqlState !== undefined && options.dialect === 'own') {
    return `${record.sqlState} is no SQLSTATE`;
  }
  if (code === 'XX000') return `an internal error: ${message}`;
  if (record.message !== undefined && options.dialect === 'own' && !message.includes(record.message)) {
    return `expected "${record.message}", but got ${code}: ${message}`;
  }
  return undefined;
}
