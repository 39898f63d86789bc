import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { expandPattern, globMatcher } from '../../../src/catalog/glob.js';
import { LocalObjectStore } from '../../../src/storage/local/local-object-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('one segment', () => {
  const cases: [string, string[], string[]][] = [
    ['*.parquet', ['a.parquet'], ['.a.parquet', '_a.parquet', 'a.parquet2']],
    ['part-?.{parquet,parq}', ['part-1.parquet', 'part-ü.parq'], ['part-12.parquet', 'part-1.pq']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '[a-c]x']],
    ['[!a]x', ['bx'], ['ax']],
    ['a+(b)|c*', ['a+(b)|cd'], ['aab']],
    ['_*', ['_a'], ['a']],
    ['a,b*', ['a,bc'], ['a', 'b']],
  ];
  for (const [glob, matching, others] of cases) {
    const matches = globMatcher(glob);
    for (const name of matching) assert.ok(matches(name), `${glob} ${name}`);
    for (const name of others) assert.ok(!matches(name), `${glob} ${name}`);
  }
  assert.throws(() => globMatcher('{a,b'), { code: '22023' });
});

test('patterns find files and the keys on their way', async (context) => {
  const base = temporaryFolder(context);
  const files = [
    'data/a.parquet',
    'data/b.parquet',
    'data/_hidden.parquet',
    'data/deep/er/c.parquet',
    'events/y=1/m=1/x.parquet',
    'events/y=1/m=2/x.parquet',
    'events/y=2/m=1/x.parquet',
    'events/_millrace/x.parquet',
    'odd[1]/x.parquet',
  ];
  for (const file of files) {
    await mkdir(dirname(join(base, file)), { recursive: true });
    await writeFile(join(base, file), '');
  }
  const store = new LocalObjectStore();
  const find = async (pattern: string, enters?: (folders: readonly string[]) => boolean) =>
    (await expandPattern(store, pattern, base, enters)).map((file) => file.path.slice(base.length + 1));
  assert.deepEqual(await find('data/a.parquet'), ['data/a.parquet']);
  assert.deepEqual(await find('data/*.parquet'), ['data/a.parquet', 'data/b.parquet']);
  assert.deepEqual(await find('data'), ['data/a.parquet', 'data/b.parquet']);
  assert.deepEqual(await find(`${base}/data/`), ['data/a.parquet', 'data/b.parquet']);
  assert.deepEqual(await find('data/**'), ['data/a.parquet', 'data/b.parquet', 'data/deep/er/c.parquet']);
  assert.deepEqual(await find('**/c.parquet'), ['data/deep/er/c.parquet']);
  assert.deepEqual(await find('odd[1]/*'), [], 'a pattern in a folder that looks like one');
  assert.deepEqual(await find('odd[1]/x.parquet'), ['odd[1]/x.parquet']);
  assert.deepEqual(await find('events'), files.slice(4, 7));
  assert.deepEqual(await find('events/**/*.parquet'), files.slice(4, 7));
  assert.deepEqual(await find('events/y=*/m=1/*', (folders) => folders[0] !== 'y=1'), [files[6]]);
  const [first] = await expandPattern(store, 'events/y=1/*/*', base);
  assert.deepEqual(first?.folders, ['y=1', 'm=1']);
  assert.deepEqual(await find('nothing/*'), []);
});
