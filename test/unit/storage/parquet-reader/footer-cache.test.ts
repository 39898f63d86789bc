import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PinnedFile } from '../../../../src/storage/object-store.js';
import { FooterCache } from '../../../../src/storage/parquet-reader/footer-cache.js';
import type { ParquetMetadata } from '../../../../src/storage/parquet-reader/parquet-metadata.js';

const pinOf = (path: string, version = '1'): PinnedFile => ({ path, version, byteLength: 100 });

/** A footer of so many row groups of ten columns: about 5 kB each. */
function footerOf(path: string, rowGroups: number): ParquetMetadata {
  const ofLength = (length: number): never[] => Array.from({ length }) as never[];
  return {
    path,
    byteLength: 100,
    rowCount: 0,
    columns: ofLength(10),
    rowGroups: ofLength(rowGroups),
    keyValueMetadata: {},
    createdBy: undefined,
  };
}

test('footers are found by path, version and length', () => {
  const cache = new FooterCache(2 ** 20);
  const footer = footerOf('a', 1);
  cache.set(pinOf('a'), footer);
  assert.equal(cache.get(pinOf('a')), footer);
  assert.equal(cache.get(pinOf('a', '2')), undefined);
  assert.equal(cache.get({ ...pinOf('a'), byteLength: 99 }), undefined);
  assert.equal(cache.get(pinOf('b')), undefined);
});

test('the footer that was not used for longest goes first, and large ones count for more', () => {
  const cache = new FooterCache(100_000);
  for (const path of ['a', 'b', 'c', 'd', 'e', 'f']) cache.set(pinOf(path), footerOf(path, 1));
  assert.ok(cache.get(pinOf('a')), 'six small ones fit');
  cache.set(pinOf('wide'), footerOf('wide', 10));
  const left = ['a', 'b', 'c', 'd', 'e', 'f'].filter((path) => cache.get(pinOf(path)) !== undefined);
  assert.deepEqual(left, ['a', 'f'], 'the one that was asked for, and the last one set');
  cache.set(pinOf('huge'), footerOf('huge', 1000));
  assert.equal(cache.get(pinOf('huge')), undefined, 'what exceeds the limit by itself is not kept');
});

test('a footer that is set again counts once', () => {
  const cache = new FooterCache(40_000);
  for (let time = 0; time < 10; time++) cache.set(pinOf('a'), footerOf('a', 1));
  cache.set(pinOf('b'), footerOf('b', 1));
  assert.ok(cache.get(pinOf('a')) && cache.get(pinOf('b')));
});
