export { execute } from './slt-database.js';

import { looselySameRows } from './loose-rows.js';
import type { SltDatabase, SltResult } from './slt-database.js';
import type { QueryRecord, SltRecord, StatementRecord } from './slt-record.js';
import { formatRows, hashValues, sameRows } from './slt-rows.js';
import { parseSltScript } from './slt-script.js';

export interface SltFailure {
  readonly line: number;
  readonly message: string;
}

/** A record that took long. */
export interface SltTime {
  readonly line: number;
  readonly milliseconds: number;
}

export interface SltOutcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly SltFailure[];
  /** Those that took longer than `slowMs`. */
  readonly slow: readonly SltTime[];
  /** The script with the actual rows in the place of the expected. */
  readonly updated: string;
}

export interface SltOptions {
  /**
   * `own`: values are PostgreSQL's text, and every query says what it expects. `any`: scripts of other engines too,
   * whose values are formatted by the letters of their types, or compared as DuckDB does.
   */
  readonly dialect: 'own' | 'any';
  /** Names of `skipif` and `onlyif` that mean the database. */
  readonly engineNames?: readonly string[] | undefined;
  /** Text of what a script includes; without it, `include` is no line of a script. */
  readonly readIncluded?: ((pattern: string) => string) | undefined;
  readonly slowMs?: number | undefined;
}

/** Between attempts of a record that may be retried. */
const RETRY_MS = 100;

/** Runs a script record by record; after each one, all memory of the query must have been returned. */
export async function runSltScript(database: SltDatabase, text: string, options: SltOptions): Promise<SltOutcome> {
  const failures: SltFailure[] = [];
  const lines = text.split('\n');
  const replacements: { from: number; to: number; rows: readonly string[] }[] = [];
  const slow: SltTime[] = [];
  const labels = new Map<string, string>();
  let passed = 0;
  let skipped = 0;
  const records = parseSltScript(text, options.engineNames, options.readIncluded);
  for (const record of records) {
    if (record.skipped || (options.dialect === 'any' && isForeignSwitch(record))) {
      skipped++;
      continue;
    }
    const onRows = (rows: readonly string[]): void => {
      if (record.kind !== 'query' || record.expectedLines === undefined) return;
      replacements.push({ from: record.expectedLines[0], to: record.expectedLines[1], rows });
    };
    const start = performance.now();
    let message = await runRecord(database, record, options, labels, onRows);
    for (let attempt = 0; message !== undefined && attempt < record.retries; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      message = await runRecord(database, record, options, labels, onRows);
    }
    message ??= database.findLeak?.();
    const milliseconds = performance.now() - start;
    if (milliseconds > (options.slowMs ?? Number.POSITIVE_INFINITY)) slow.push({ line: record.line, milliseconds });
    if (message === undefined) passed++;
    else failures.push({ line: record.line, message: `${message}\n    ${record.sql}` });
  }
  for (const { from, to, rows } of replacements.toReversed()) lines.splice(from, to - from, ...rows);
  return { passed, skipped, failures, slow, updated: lines.join('\n') };
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
  let result: SltResult;
  try {
    result = await database.execute(record.connection, record.sql);
  } catch (error) {
    return checkError(database, record, error, options);
  }
  if (record.kind === 'statement') return checkStatement(record, result);
  if (options.dialect === 'any') result = withCountAsRow(result);
  if (record.expected === undefined) {
    return options.dialect === 'own' ? 'a query without ---- is not checked' : undefined;
  }
  const { rows } = result;
  const actual = formatRows(rows, record.sort);
  if (!isExpected(actual, result, record, options)) {
    onRows(actual);
    return `expected:\n      ${record.expected.join('\n      ')}\n    but got:\n      ${actual.join('\n      ')}`;
  }
  return checkLabel(record, actual, labels);
}

/** DuckDB and DataFusion answer an INSERT with a row that counts. */
function withCountAsRow(result: SltResult): SltResult {
  const { columnNames, rowCount } = result;
  return columnNames.length > 0 || rowCount === undefined ? result : { ...result, rows: [[String(rowCount)]] };
}

function checkStatement({ expectation, rowCount, sql }: StatementRecord, result: SltResult): string | undefined {
  if (expectation === 'error') return 'expected an error, but it succeeded';
  // Elsewhere CREATE TABLE … AS counts no rows.
  if (rowCount === 0 && /^\s*create\b/i.test(sql)) return undefined;
  if (rowCount === undefined || rowCount === (result.rowCount ?? 0)) return undefined;
  return `expected ${rowCount} rows, but got ${result.rowCount ?? 0}`;
}

function isExpected(
  actual: readonly string[],
  { rows, columnNames }: SltResult,
  record: QueryRecord,
  options: SltOptions,
): boolean {
  if (record.namesColumns) {
    const [names = '', ...expected] = record.expected ?? [];
    const plain = { ...record, namesColumns: false, expected };
    const sameNames = names.trim().split(/\s+/).join(' ') === columnNames.join(' ').split(/\s+/).join(' ');
    return sameNames && isExpected(actual, { rows, columnNames, rowCount: undefined }, plain, options);
  }
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
