import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  HIVE_DEFAULT_PARTITION,
  parsePartitionFolder,
  partitionFolderName,
  relationFolderName,
  relationNameOfFolder,
} from '../../../src/catalog/hive-path.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('%', '=', '/', '.', '_', '2', 'F', 'é', '\0', ' ', '\\') }),
  fc.constantFrom(HIVE_DEFAULT_PARTITION, '', '.', '..', '%2F', '%5F_HIVE_DEFAULT_PARTITION__'),
);

test('partition folders give back the column and value', () => {
  fc.assert(
    fc.property(
      text.filter((column) => column !== ''),
      fc.option(text),
      (column, value) => {
        const folder = partitionFolderName(column, value);
        assert.ok(!/[/\0]/.test(folder));
        assert.deepEqual(parsePartitionFolder(folder), { column, value });
      },
    ),
  );
});

test('the folders of different values are different, also on disk', async (context) => {
  const folder = temporaryFolder(context);
  const values = ['a', 'a b', 'a/b', 'a%2Fb', '..', '', 'ä', '日本', '"\'', 'x=y', '\n', null, HIVE_DEFAULT_PARTITION];
  for (const value of values) await mkdir(join(folder, partitionFolderName('k', value)));
  const read = (await readdir(folder)).map((name) => parsePartitionFolder(name)?.value);
  assert.deepEqual(new Set(read), new Set(values));
});

test('what other engines write is understood', () => {
  assert.deepEqual(parsePartitionFolder('t=10%3A30'), { column: 't', value: '10:30' });
  assert.deepEqual(parsePartitionFolder('city=K%C3%B6ln'), { column: 'city', value: 'Köln' });
  assert.deepEqual(parsePartitionFolder('city=Köln'), { column: 'city', value: 'Köln' });
  assert.deepEqual(parsePartitionFolder('rate=100%'), { column: 'rate', value: '100%' });
  assert.deepEqual(parsePartitionFolder('bad=%FF'), { column: 'bad', value: '%FF' });
  assert.deepEqual(parsePartitionFolder(`k=${HIVE_DEFAULT_PARTITION}`), { column: 'k', value: null });
  assert.equal(parsePartitionFolder('plain'), undefined);
  assert.equal(parsePartitionFolder('=x'), undefined);
  assert.equal(partitionFolderName('date', '2026-03-22'), 'date=2026-03-22');
});

test('names of tables give back the name, and look like no ignored or partition folder', () => {
  fc.assert(
    fc.property(
      text.filter((name) => name !== ''),
      (name) => {
        const folder = relationFolderName(name);
        assert.ok(!/^[._]|[=/\0]/.test(folder));
        assert.equal(relationNameOfFolder(folder), name);
      },
    ),
  );
});
