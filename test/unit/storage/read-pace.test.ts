import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReadPace } from '../../../src/storage/local/read-pace.js';

/** How many of the next reads a thread leaves to others, up to one that it would do itself. */
function countLeft(pace: ReadPace): number {
  let left = 0;
  while (!pace.expectsCached(4096)) left++;
  return left;
}

test('a thread reads by itself while the page cache answers', () => {
  const pace = new ReadPace();
  for (const byteLength of [1, 4096, 2 ** 20]) {
    assert.ok(pace.expectsCached(byteLength));
    pace.note(byteLength, 0.05 + byteLength / 2 ** 22);
  }
  assert.equal(countLeft(pace), 0);
});

test('after a read from the disk others read for a while, and then it tries again', () => {
  const pace = new ReadPace();
  pace.note(4096, 5);
  assert.equal(countLeft(pace), 64);
  pace.note(4096, 0.02);
  assert.equal(countLeft(pace), 0);
});

test('large reads are left to others, whatever smaller ones took', () => {
  const pace = new ReadPace();
  assert.ok(!pace.expectsCached(2 ** 20 + 1));
  assert.ok(pace.expectsCached(2 ** 20));
});
