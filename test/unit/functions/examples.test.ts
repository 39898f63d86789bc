import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PGlite } from '@electric-sql/pglite';
import type { FunctionExample } from '../../../src/functions/function-types.js';
import { listFunctions } from '../../../src/functions/registry.js';
import { windowFunctions } from '../../../src/functions/window/window-functions.js';
import { Engine } from '../../../src/session/engine.js';
import { execute } from '../../slt/run-slt.js';
import { openPostgres } from '../../support/open-postgres.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Leaves the values of every built-in type as the text that PostgreSQL sent. */
const asText: Record<number, (text: string) => string> = {};
for (let oid = 16; oid < 5000; oid++) asText[oid] = (text) => text;

const { scalar, aggregate } = listFunctions();
const documented: readonly { readonly name: string; readonly example?: FunctionExample }[] = [
  ...scalar.filter((one) => !one.internal),
  ...aggregate,
  ...windowFunctions,
];

const show = (rows: readonly (readonly (string | null)[])[]): string =>
  rows.map((row) => row.map((value) => value ?? 'NULL').join('\t')).join('\n');

async function ask(postgres: PGlite, sql: string): Promise<string> {
  try {
    const { rows } = await postgres.query<(string | null)[]>(sql, [], { rowMode: 'array' });
    return show(rows);
  } catch (error) {
    return `error ${(error as { code: string }).code}`;
  }
}

/** What PostgreSQL says of what it does not have: functions, syntax, types. */
const NOT_THERE = ['error 42883', 'error 42601', 'error 42704', 'error 42703'];

test('every function has an example, which gives what it says, in PostgreSQL too', async (context) => {
  const lake = temporaryFolder(context);
  const engine = await Engine.open({ lake, create: true, threads: 1, memoryLimit: 2 ** 28, checked: true });
  const postgres = await openPostgres(asText);
  context.after(async () => {
    await engine.close();
    await postgres.close();
  });
  await postgres.exec("set time zone 'UTC'");
  const session = engine.openSession();
  const wrong: string[] = [];
  for (const { name, example } of documented) {
    if (example === undefined) {
      wrong.push(`${name} has no example`);
      continue;
    }
    const sql = `select ${example.sql}`;
    const actual = await execute(session, sql).then(show, (error: Error) => `error ${error.message}`);
    if (actual !== example.result)
      wrong.push(`${sql}: ${JSON.stringify(actual)}, not ${JSON.stringify(example.result)}`);
    const expected = await ask(postgres, sql);
    const differs = expected !== example.result && !NOT_THERE.includes(expected);
    if (differs && example.differs === undefined) wrong.push(`${sql}: PostgreSQL says ${JSON.stringify(expected)}`);
    if (!differs && example.differs !== undefined) wrong.push(`${sql}: PostgreSQL does not differ`);
  }
  await session.close();
  assert.deepEqual(wrong, []);
});

test('at least 300 names of functions and operators are documented', () => {
  const names = new Set(
    [...scalar.filter((one) => !one.internal), ...aggregate].flatMap((one) => [
      one.name,
      ...('aliases' in one ? (one.aliases ?? []) : []),
    ]),
  );
  assert.ok(names.size >= 300, `${names.size} names`);
});
