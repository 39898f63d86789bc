import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MEMO_WORDS } from '../../../src/exec/expression/memo-constants.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { generated, scope, shared } = memory;

/** As the kernels want what is known of a text. */
function knownOf(text: string): number {
  const bytes = Buffer.from(text);
  const pointer = scope.allocate(8 + bytes.length);
  shared.u32.set([bytes.length, 0], pointer / 4);
  shared.u8.set(bytes, pointer + 8);
  return pointer;
}

test('of a text is found what was put last, and of others that, or nothing', () => {
  const texts = fc.array(fc.oneof(fc.string({ maxLength: 20 }), fc.nat(2000).map(String)), { maxLength: 400 });
  fc.assert(
    fc
      .property(texts, (all) => {
        const table = scope.allocateCleared(MEMO_WORDS * 4);
        const known = new Map<string, number>();
        all.forEach((text, index) => {
          const found = generated.memoFind(table, memory.text(Buffer.from(text)));
          assert.ok(found === 0 || found === known.get(text));
          if (index > 0 && all[index - 1] === text) assert.notEqual(found, 0, 'nothing was put in between');
          if (found === 0) known.set(text, knownOf(text));
          const put = known.get(text)!;
          assert.equal(generated.memoPut(table, memory.text(Buffer.from(text)), put), put);
          assert.equal(generated.memoFind(table, memory.text(Buffer.from(text))), put);
        });
        const words = shared.u32.subarray(table / 4, table / 4 + MEMO_WORDS);
        assert.ok(new Set(words).size <= known.size + 1);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 100 },
  );
});
