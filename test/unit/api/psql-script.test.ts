import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runScript } from '../../../src/api/run-script.js';
import { decodeTextRows } from '../../../src/exec/result/decode-text-rows.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Run = (script: string, variables?: Record<string, string>) => Promise<string[]>;

/** Runs scripts, and answers what they print: rows and what is echoed. */
async function openRunner(context: TestContext): Promise<{ run: Run; folder: string }> {
  const folder = temporaryFolder(context);
  const engine = await openSharedEngine(context, join(folder, 'lake'), 1);
  const run: Run = async (script, variables = {}) => {
    const session = engine.openSession({ mayWriteFiles: true });
    const printed: string[] = [];
    const path = join(folder, 'main.sql');
    try {
      await runScript(
        session,
        script,
        variables,
        {
          chooseFormat: (columns) => ({ kind: 'postgres', formatCodes: columns.map(() => 0) }),
          visitChunk: ({ bytes }) => {
            for (const row of decodeTextRows(bytes)) printed.push(row.map((value) => value ?? 'NULL').join('|'));
          },
          echo: (text) => void printed.push(`> ${text}`),
        },
        path,
      );
    } finally {
      await session.close();
    }
    return printed;
  };
  return { run, folder };
}

test('variables are set, tested, and taken from queries', async (context) => {
  const { run } = await openRunner(context);
  assert.deepEqual(await run(`\\set a 'it''s' 1\n\\echo :a "x y" 'q\\tr'\nselect :'a';`), [
    `> it's1 x y q\tr\n`,
    `it's1`,
  ]);
  assert.deepEqual(await run('\\set t generate_series\nselect count(*) from :"t"(1, 4);'), ['4']);
  assert.deepEqual(await run('select 1 as a, null as b, 2 as c \\gset p_\nselect :p_a + :p_c, :{?p_b}, :{?p_a};'), [
    '3|f|t',
  ]);
  assert.deepEqual(await run('\\echo :n\n\\unset n\n\\echo :n', { n: '5' }), ['> 5\n', '> :n\n']);
  await assert.rejects(run('\\unset n\nselect :n;', { n: '5' }), { code: '42704', position: 16 });
  await assert.rejects(run('select 1 where false \\gset'), { code: '21000', position: 21 });
  await assert.rejects(run('select generate_series(1, 2) \\gset'), { code: '21000' });
  await assert.rejects(run('select 1;\n\\gset'), { code: '42601', position: 10 });
});

test('branches run, or are passed over with all that is in them', async (context) => {
  const { run } = await openRunner(context);
  const script = (first: string, second: string): string =>
    `\\if ${first}\n select 1; \\set x a\n\\elif ${second}\n select 2; \\nonsense\n\\else\n select 3;\n \\if true \\echo in\n \\endif\n\\endif\nselect 4;`;
  assert.deepEqual(await run(script('on', 'nonsense')), ['1', '4']);
  assert.deepEqual(await run(script('0', 'no')), ['3', '> in\n', '4']);
  await assert.rejects(run(script('false', 'true')), { code: '0A000' });
  await assert.rejects(run('\\if false\n\\if x\n\\endif\nselect 1;'), { code: '42601', position: 0 });
  await assert.rejects(run('select 1;\n\\else'), { code: '42601', position: 10 });
  await assert.rejects(run('\\if perhaps\n\\endif'), { code: '22023' });
});

test('a backslash in quotes and comments is none', async (context) => {
  const { run } = await openRunner(context);
  assert.deepEqual(await run(`select '\\d', E'\\x41', $$\\q$$; -- \\q\n/* \\q */ select 2; \\q\nselect 3;`), [
    '\\d|A|\\q',
    '2',
  ]);
});

test('other files are included, and copied', async (context) => {
  const { run, folder } = await openRunner(context);
  writeFileSync(join(folder, 'part.sql'), "select 'part', :v;\n\\set w 9");
  writeFileSync(join(folder, 'wrong.sql'), 'select 1;\nselect nope;');
  writeFileSync(join(folder, 'rows.csv'), 'a,b\n1,x\n2,y\n');
  assert.deepEqual(await run('\\set v 7\n\\ir part.sql\nselect :w;'), ['part|7', '9']);
  await assert.rejects(
    run('select 0;\n\\ir wrong.sql'),
    (error: { code: string; position: number; detail: string }) => {
      assert.deepEqual([error.code, error.position], ['42703', 10]);
      assert.match(error.detail, /wrong\.sql", line 2/);
      return true;
    },
  );
  await assert.rejects(run('\\i nowhere.sql'), { code: '58P01' });
  const path = join(folder, 'rows.csv');
  assert.deepEqual(
    await run(`create table t (a integer, b text);\n\\copy t from ${path} csv header\nselect * from t order by a;`),
    ['1|x', '2|y'],
  );
});

test('a statement goes on behind a command, and its errors stand where they are written', async (context) => {
  const { run } = await openRunner(context);
  assert.deepEqual(await run('select \\echo now\n 1;'), ['> now\n', '1']);
  await assert.rejects(run('select \\echo now\n nope;'), { code: '42703', position: 18 });
  await assert.rejects(run('\\set a 1\nbegin; insert into t values (1);'), { code: '42P01' });
  await assert.rejects(run('\\set a 1\nbegin; select :a;'), { code: '25P01', position: 16 });
  await assert.rejects(run('\\dt'), { code: '0A000' });
});
