import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadWebAssemblyZstd, loadZstd } from '../../../../src/storage/compression/zstd.js';

test('zstd returns what went in, from shared memory too', async () => {
  for (const zstd of [await loadZstd(), await loadWebAssemblyZstd()]) {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000, max: 7 }), fc.integer({ min: 1, max: 9 }), (bytes, level) => {
        const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
        shared.set(bytes);
        const compressed = zstd.compress(shared, level);
        const sharedCompressed = new Uint8Array(new SharedArrayBuffer(compressed.length));
        sharedCompressed.set(compressed);
        assert.deepEqual(Buffer.from(zstd.decompress(sharedCompressed, bytes.length)), Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  }
});

test('corrupted, truncated and lying zstd data are XX001', async () => {
  for (const zstd of [await loadZstd(), await loadWebAssemblyZstd()]) {
    const compressed = zstd.compress(new Uint8Array(10_000).map((_, index) => (index * index) % 251));
    assert.throws(() => zstd.decompress(compressed, 9999), { code: 'XX001' });
    assert.throws(() => zstd.decompress(compressed, 20_000), { code: 'XX001' });
    assert.throws(() => zstd.decompress(compressed.subarray(0, 100), 10_000), { code: 'XX001' });
    assert.throws(() => zstd.decompress(new Uint8Array(3), 1), { code: 'XX001' });
    for (let index = 0; index < compressed.length; index += 7) {
      const mutated = new Uint8Array(compressed);
      mutated[index]! ^= 0x55;
      try {
        assert.equal(zstd.decompress(mutated, 10_000).length, 10_000);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'XX001');
      }
    }
    assert.equal(zstd.decompress(compressed, 10_000).length, 10_000);
  }
});
