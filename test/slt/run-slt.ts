import { createHash } from 'node:crypto';
import { MillraceError } from '../../src/common/errors.js';
import type { Engine } from '../../src/session/engine.js';
import type { Session } from '../../src/session/session.js';
import { decodeDataRows } from '../support/decode-data-rows.js';
import { parseSltScript, type QueryRecord, type SltRecord, type SortMode, type StatementRecord } from './slt-script.js';

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

/** Runs a script record by record; after each one, all memory of the query must have been returned. */
export async function runSltScript(engine: Engine, text: string): Promise<SltOutcome> {
  const session = engine.openSession();
  const failures: SltFailure[] = [];
  const lines = text.split('\n');
  const replacements: { from: number; to: number; rows: readonly string[] }[] = [];
  let passed = 0;
  let skipped = 0;
  for (const record of parseSltScript(text)) {
    if (record.skipped) {
      skipped++;
      continue;
    }
    const chunksBefore = engine.executor.shared.allocatedChunks;
    const message = await runRecord(session, engine.lake.root, record, (rows) => {
      if (record.kind === 'query')
        replacements.push({ from: record.expectedLines[0], to: record.expectedLines[1], rows });
    });
    const leaked = engine.executor.shared.allocatedChunks - chunksBefore;
    if (message !== undefined) failures.push({ line: record.line, message: `${message}\n    ${record.sql}` });
    else if (leaked !== 0) failures.push({ line: record.line, message: `${leaked} chunks leaked\n    ${record.sql}` });
    else passed++;
  }
  await session.close();
  for (const { from, to, rows } of replacements.toReversed()) lines.splice(from, to - from, ...rows);
  return { passed, skipped, failures, updated: lines.join('\n') };
}

async function runRecord(
  session: Session,
  lake: string,
  record: SltRecord,
  onRows: (rows: readonly string[]) => void,
): Promise<string | undefined> {
  let rows: (string | null)[][];
  try {
    rows = await execute(session, record.sql.replaceAll('__LAKE__', lake));
  } catch (error) {
    return checkError(record, error);
  }
  if (record.kind === 'statement')
    return record.expectation === 'ok' ? undefined : 'expected an error, but it succeeded';
  const actual = formatRows(rows, record.sort);
  if (!sameRows(actual, rows, record)) {
    onRows(actual);
    return `expected:\n      ${record.expected.join('\n      ')}\n    but got:\n      ${actual.join('\n      ')}`;
  }
  return undefined;
}

/** Rows of the last statement, as PostgreSQL's text; NULL is null. */
export async function execute(session: Session, sql: string): Promise<(string | null)[][]> {
  let rows: (string | null)[][] = [];
  try {
    for (const statement of session.parse(sql)) {
      const prepared = await session.prepare(statement, []);
      const formatCodes = (prepared.columns ?? []).map(() => 0 as const);
      const execution = await session.execute(prepared, [], { kind: 'postgres', formatCodes });
      rows = [];
      for await (const chunk of execution.chunks()) rows.push(...decodeDataRows(chunk.bytes));
    }
  } catch (error) {
    await session.endStatementGroup('failed');
    throw error;
  }
  await session.endStatementGroup('succeeded');
  return rows;
}

function checkError(record: SltRecord, error: unknown): string | undefined {
  const shown = error instanceof MillraceError ? `${error.code}: ${error.message}` : String((error as Error).stack);
  if (record.kind !== 'statement' || record.expectation !== 'error') return shown;
  const { sqlState, message } = record as StatementRecord;
  if (!(error instanceof MillraceError)) return `not a MillraceError: ${shown}`;
  if (sqlState !== undefined && error.code !== sqlState) return `expected ${sqlState}, but got ${shown}`;
  const whole = error.hint === undefined ? error.message : `${error.message} HINT: ${error.hint}`;
  if (message !== undefined && !whole.includes(message))
    return `expected "${message}", but got ${error.code}: ${whole}`;
  return undefined;
}

const showValue = (value: string | null): string => (value === null ? 'NULL' : value === '' ? '(empty)' : value);

export function formatRows(rows: readonly (readonly (string | null)[])[], sort: SortMode): string[] {
  if (sort === 'valuesort') return rows.flat().map(showValue).sort();
  const lines = rows.map((row) => row.map(showValue).join('\t'));
  return sort === 'rowsort' ? lines.sort() : lines;
}

export function sameRows(
  actual: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  record: QueryRecord,
): boolean {
  const { expected } = record;
  const equal = (left: readonly string[], right: readonly string[]): boolean =>
    left.length === right.length && left.every((line, index) => line.trimEnd() === right[index]!.trimEnd());
  if (equal(actual, expected)) return true;
  const hashed = /^(\d+) values hashing to ([0-9a-f]{32})$/.exec(expected[0] ?? '');
  const values = record.sort === 'valuesort' ? actual : actual.flatMap((line) => line.split('\t'));
  if (hashed !== null) {
    const hash = createHash('md5')
      .update(values.map((value) => `${value}\n`).join(''))
      .digest('hex');
    return Number(hashed[1]) === values.length && hashed[2] === hash;
  }
  return (rows[0]?.length ?? 1) > 1 && equal(values, expected);
}
