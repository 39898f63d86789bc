import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIgnoredName, joinLocation, parseLocation, relativeLocation } from '../../../src/storage/location.js';

test('what users write becomes an absolute location', () => {
  assert.equal(parseLocation('lake/', '/home/a'), '/home/a/lake');
  assert.equal(parseLocation('../b', '/home/a'), '/home/b');
  assert.equal(parseLocation('/x//y/', '/home/a'), '/x/y');
  assert.equal(parseLocation('file:///data/my%20lake/', '/'), '/data/my lake');
  assert.equal(parseLocation('/', '/home'), '/');
  assert.throws(() => parseLocation('', '/'), { code: '22023' });
  assert.throws(() => parseLocation('s3://bucket/key', '/'), { code: '0A000' });
  assert.throws(() => parseLocation('file://host/x', '/'), { code: '22023' });
});

test('locations join and are taken apart', () => {
  assert.equal(joinLocation('/', 'a', '', 'b'), '/a/b');
  assert.equal(joinLocation('/a', 'b/c'), '/a/b/c');
  assert.equal(relativeLocation('/a', '/a/b/c'), 'b/c');
  assert.equal(relativeLocation('/a', '/ab'), undefined);
  assert.equal(relativeLocation('/', '/ab'), 'ab');
  assert.equal(relativeLocation('/a', '/a'), '');
});

test('names that are no data', () => {
  for (const name of ['_SUCCESS', '.crc', '_millrace']) assert.ok(isIgnoredName(name), name);
  for (const name of ['_col=1', 'a=1', 'part.parquet']) assert.ok(!isIgnoredName(name), name);
});
