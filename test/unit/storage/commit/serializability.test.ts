import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MillraceError } from '../../../../src/common/errors.js';
import { type Replacement, TableTransaction } from '../../../../src/storage/commit/table-transaction.js';
import { LocalObjectStore } from '../../../../src/storage/local/local-object-store.js';
import { readTexts, stageFile } from '../../../support/table-files.js';

const store = new LocalObjectStore();
const PARTITIONS = ['a=1/b=1', 'a=1/b=2', 'a=2/b=1'];

interface Operation {
  /** Which of three sessions; a session's transaction begins when its one before has ended. */
  readonly session: number;
  readonly action: 'append' | 'overwrite' | 'overwrite prefix' | 'overwrite table' | 'begin anew';
  readonly partition: string;
}

/** Independent of the implementation: what a commit replaces and what it touches, as lists of partitions. */
function effect({ action, partition }: Operation): { replaced: string[]; touched: string[]; request: Replacement } {
  const folders = partition.split('/');
  switch (action) {
    case 'overwrite':
      return { replaced: [partition], touched: [partition], request: { kind: 'written partitions' } };
    case 'overwrite prefix': {
      const beneath = PARTITIONS.filter((other) => other.startsWith(`${folders[0]}/`));
      const request: Replacement = { kind: 'partitions', partitions: [folders.slice(0, 1)] };
      return { replaced: beneath, touched: beneath, request };
    }
    case 'overwrite table':
      return { replaced: PARTITIONS, touched: PARTITIONS, request: { kind: 'table' } };
    default:
      return { replaced: [], touched: [partition], request: { kind: 'nothing' } };
  }
}

async function runHistory(operations: readonly Operation[]): Promise<void> {
  const lake = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  const table = { lake, name: 'public.t', folder: 't' };
  const begin = async () => ({ transaction: await TableTransaction.begin(store, table), since: history.length });
  const history: string[][] = [];
  let rows: { partition: string; text: string }[] = [];
  try {
    const sessions = [await begin(), await begin(), await begin()];
    for (const [index, operation] of operations.entries()) {
      const { transaction, since } = sessions[operation.session]!;
      if (operation.action !== 'begin anew') {
        const { replaced, touched, request } = effect(operation);
        const conflicts = history.slice(since).some((other) => other.some((partition) => replaced.includes(partition)));
        const text = String(index);
        const file = await stageFile(store, transaction, operation.partition.split('/'), text);
        const failure = await transaction.commit([file], { replace: request }).then(
          () => undefined,
          (thrown: MillraceError) => thrown.code,
        );
        assert.equal(failure, conflicts ? '40001' : undefined);
        if (!conflicts) {
          rows = rows.filter(({ partition }) => !replaced.includes(partition));
          rows.push({ partition: operation.partition, text });
          history.push(touched);
        }
      }
      sessions[operation.session] = await begin();
    }
    assert.deepEqual(await readTexts(store, table), rows.map(({ partition, text }) => `${partition}: ${text}`).sort());
  } finally {
    rmSync(lake, { recursive: true, force: true });
  }
}

test('a history of racing commits equals running those that succeeded one after the other', async () => {
  const operation: fc.Arbitrary<Operation> = fc.record({
    session: fc.nat({ max: 2 }),
    action: fc.constantFrom('append', 'overwrite', 'overwrite prefix', 'overwrite table', 'begin anew'),
    partition: fc.constantFrom(...PARTITIONS),
  });
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 9 }), runHistory), { numRuns: 20 });
});
