import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CHUNK_TABLE_WORDS, ChunkTable } from '../../../src/vector/chunk-table.js';

const FIRST = 3;
const CHUNKS = 120;

type Step =
  | { readonly kind: 'take'; readonly count: number; readonly owner: number }
  | { readonly kind: 'give'; readonly which: number }
  | { readonly kind: 'hand'; readonly which: number; readonly owner: number }
  | { readonly kind: 'giveAll'; readonly owner: number };

const owner = fc.integer({ min: 1, max: 4 });
const which = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 30 }), owner }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give' as const), which }) },
  fc.record({ kind: fc.constant('hand' as const), which, owner }),
  fc.record({ kind: fc.constant('giveAll' as const), owner }),
);

/** What a table is to do, with a list of runs. */
class Model {
  readonly owners: number[] = Array.from({ length: CHUNKS }, () => 0);
  runs: { start: number; count: number; owner: number }[] = [];

  set(start: number, count: number, to: number): void {
    this.owners.fill(to, start, start + count);
  }

  hasRoom(count: number): boolean {
    return this.owners.some(
      (_, at) => at >= FIRST && at + count <= CHUNKS && !this.owners.slice(at, at + count).some(Boolean),
    );
  }
}

test('chunks are found where there are any, and given back to the last, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const owners = new Int32Array(CHUNKS);
      const table = new ChunkTable(new Int32Array(CHUNK_TABLE_WORDS), owners, FIRST);
      table.initialize();
      const model = new Model();
      for (const each of steps) {
        if (each.kind === 'take') {
          const start = table.find(each.count);
          assert.equal(start >= 0, model.hasRoom(each.count));
          if (start < 0) continue;
          assert.ok(start >= FIRST && !model.owners.slice(start, start + each.count).some(Boolean));
          table.take(start, each.count, each.owner);
          model.set(start, each.count, each.owner);
          model.runs.push({ start, count: each.count, owner: each.owner });
        } else if (each.kind === 'giveAll') {
          const own = model.owners.filter((one) => one === each.owner).length;
          assert.equal(table.giveAll(each.owner), own);
          for (const run of model.runs.filter((one) => one.owner === each.owner)) model.set(run.start, run.count, 0);
          model.runs = model.runs.filter((one) => one.owner !== each.owner);
        } else if (model.runs.length > 0) {
          const run = model.runs[each.which % model.runs.length]!;
          if (each.kind === 'hand') {
            table.hand(run.start, run.count, each.owner);
            run.owner = each.owner;
            model.set(run.start, run.count, each.owner);
          } else {
            table.give(run.start, run.count);
            assert.throws(() => table.give(run.start, 1), { code: 'XX000' });
            model.set(run.start, run.count, 0);
            model.runs = model.runs.filter((one) => one !== run);
          }
        }
        assert.deepEqual([...owners], model.owners);
      }
    }),
    { numRuns: 500 },
  );
});
