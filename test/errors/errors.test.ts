import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { PGlite } from '@electric-sql/pglite';
import { MillraceError } from '../../src/common/errors.js';
import { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { execute } from '../slt/slt-database.js';
import { openPostgres } from '../support/open-postgres.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// What people get wrong (`statements.sql`, one statement a line): SQLSTATE, wording and position are PostgreSQL's, and
// where it has a hint, so have we. Where ours is another on purpose, `-- differs: why` stands before the statement.

interface Failure {
  readonly code: string;
  readonly message: string;
  /** In characters, from 1. */
  readonly position: number | undefined;
  readonly hint: string | undefined;
}

const lines = readFileSync(new URL('../../../test/errors/statements.sql', import.meta.url), 'utf8').split('\n');

const TABLES = ['create table t (a integer, b text, c numeric(10, 2), d date)', 'create table u (a integer, x text)'];

let postgres: PGlite;
before(async () => {
  postgres = await openPostgres();
  for (const table of TABLES) await postgres.exec(table);
});
after(() => postgres.close());

async function askPostgres(sql: string): Promise<Failure | undefined> {
  await postgres.exec('begin');
  try {
    await postgres.query(sql);
    return undefined;
  } catch (error) {
    const { code, message, position, hint } = error as {
      code: string;
      message: string;
      position?: string;
      hint?: string;
    };
    return { code, message, position: position === undefined ? undefined : Number(position), hint };
  } finally {
    await postgres.exec('rollback');
  }
}

async function askMillrace(session: EngineSession, sql: string): Promise<Failure | undefined> {
  try {
    await execute(session, sql);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MillraceError, String((error as Error).stack));
    const { code, message, position, hint } = error;
    return { code, message, position: position === undefined ? undefined : position + 1, hint };
  }
}

const show = (failure: Failure | undefined): string =>
  failure === undefined
    ? 'no error'
    : `${failure.code} ${failure.message} (at ${failure.position})${failure.hint === undefined ? '' : ` HINT: ${failure.hint}`}`;

/** We may say more: a position or a hint where PostgreSQL has none. */
function isAsGood(ours: Failure | undefined, theirs: Failure | undefined): boolean {
  if (ours === undefined || theirs === undefined) return ours === theirs;
  return (
    ours.code === theirs.code &&
    ours.message === theirs.message &&
    (theirs.position === undefined || ours.position === theirs.position) &&
    (theirs.hint === undefined || ours.hint !== undefined)
  );
}

test('errors are those of PostgreSQL', async (context) => {
  const engine = await Engine.open({ lake: temporaryFolder(context), threads: 1, memoryLimit: 256 * 2 ** 20 });
  context.after(() => engine.close());
  const session = engine.openSession();
  for (const table of TABLES) await execute(session, table);
  const problems: string[] = [];
  let count = 0;
  let differs = false;
  let expected = true;
  let missing = 0;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('-- differs:')) {
      differs = true;
      continue;
    }
    if (line.startsWith('-- not yet:')) {
      expected = false;
      continue;
    }
    if (line === '' || line.startsWith('--')) continue;
    const sql = line.replace(/;$/, '');
    const [theirs, ours] = [await askPostgres(sql), await askMillrace(session, sql)];
    count++;
    if (!expected) {
      if (!isAsGood(ours, theirs)) missing++;
    } else if (isAsGood(ours, theirs) === differs) {
      const problem = differs ? 'no longer differs' : `PostgreSQL: ${show(theirs)}`;
      problems.push(`statements.sql:${index + 1}: ${sql}\n    ${problem}\n    Millrace:   ${show(ours)}`);
    }
    differs = false;
    expected = true;
  }
  await session.close();
  assert.equal(problems.length, 0, `\n${problems.join('\n')}`);
  context.diagnostic(`${count} statements, ${missing} of them not yet right`);
});
