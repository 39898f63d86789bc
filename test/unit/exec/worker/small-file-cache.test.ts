import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldFile } from '../../../../src/exec/worker/held-file.js';
import { SmallFileCache } from '../../../../src/exec/worker/small-file-cache.js';
import type { PinnedFile } from '../../../../src/storage/object-store.js';

const pin = (path: string, byteLength: number, version = '1'): PinnedFile => ({ path, byteLength, version });

test('small files are kept up to 8 MiB, those that were used last', () => {
  const cache = new SmallFileCache();
  const size = 32 * 1024;
  const bytes = new Uint8Array(size);
  const names = Array.from({ length: 256 }, (_, i) => `f${i}`);
  for (const name of names) cache.set(pin(name, size), bytes);
  assert.equal(cache.get(pin('f0', size)), bytes);
  cache.set(pin('g', size), bytes);
  assert.equal(cache.get(pin('f1', size)), undefined);
  assert.equal(cache.get(pin('f0', size)), bytes);
  assert.equal(cache.get(pin('g', size)), bytes);
});

test('another version of a file is another file, and a file that is set twice counts once', () => {
  const cache = new SmallFileCache();
  const size = 32 * 1024;
  for (let i = 0; i < 1000; i++) cache.set(pin('f', size), new Uint8Array(size));
  cache.set(pin('g', size), new Uint8Array(size));
  assert.ok(cache.get(pin('f', size)));
  assert.equal(cache.get(pin('f', size, '2')), undefined);
  assert.equal(SmallFileCache.isSmall(pin('f', size)), true);
  assert.equal(SmallFileCache.isSmall(pin('f', size + 1)), false);
});

test('a file that is held is read like any other, to its end and not beyond', async () => {
  const file = new HeldFile('t/f.parquet', Uint8Array.of(1, 2, 3, 4));
  const target = new Uint8Array(2);
  await file.read(2, target);
  assert.deepEqual(target, Uint8Array.of(3, 4));
  await assert.rejects(file.read(3, target), { code: 'XX001', message: /t\/f\.parquet.*beyond its end/ });
  await assert.rejects(file.read(-1, target), { code: 'XX001' });
});
