import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LocalObjectStore } from '../../../src/storage/local/local-object-store.js';
import { MetadataPace } from '../../../src/storage/local/metadata-pace.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('a thread asks the file system by itself for a part of each turn of the event loop', async () => {
  const pace = new MetadataPace();
  let calls = 0;
  for (; pace.isQuick; calls++) pace.note(0.2);
  assert.equal(calls, 3, 'so many take a millisecond, with what is done with the answers');
  await nextTurn();
  assert.ok(pace.isQuick);
});

test('after a call that took long others make the next ones', async () => {
  const pace = new MetadataPace();
  pace.note(3);
  await nextTurn();
  let left = 0;
  while (!pace.isQuick) left++;
  assert.equal(left, 64);
});

test('other work goes on while a table of many folders is listed', async (context) => {
  const root = temporaryFolder(context);
  for (let folder = 0; folder < 600; folder++) {
    mkdirSync(join(root, `part=${folder}`));
    writeFileSync(join(root, `part=${folder}`, 'a.parquet'), 'PAR1');
  }
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const listed = await new LocalObjectStore().list(root);
  clearInterval(timer);
  assert.equal(listed.length, 600);
  assert.ok(turns >= 3, `${turns} turns of the event loop`);
});
