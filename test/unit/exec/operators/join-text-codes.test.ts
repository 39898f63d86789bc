import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOIN_OWNER } from '../../../../src/exec/operators/join-layout.js';
import { codeBuildTexts, TextCodeUnpacker, textCodesOf } from '../../../../src/exec/operators/join-text-codes.js';
import { QueryBlock, type QueryShape } from '../../../../src/exec/query-block.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../../../src/exec/rows/row-layout.js';
import { PartitionSpill } from '../../../../src/exec/spill/partition-spill.js';
import { BATCH_ROWS, type Vector } from '../../../../src/vector/vector.js';
import { createMemoryFixture, flatVector, readValue } from '../memory-fixture.js';

const MIB = 2 ** 20;
const JOIN = { id: 0 };

/** Build rows with a text, and what a probe takes of them, some rows several times; undefined where they have no codes. */
function codedRows(values: readonly (string | null)[], heldBytes = 0): { vector: Vector; read: unknown[] } | undefined {
  const fixture = createMemoryFixture(64 * MIB);
  const { shared, kernels, scope, owner } = fixture;
  const shape: QueryShape = { pipelineCount: 1, nodeCount: 1, laneCount: 1 };
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(shape)), shape);
  block.setWord(JOIN.id, JOIN_OWNER, owner);
  const layout = createRowLayout({ keys: [], nullableKeys: false, payload: ['string', 'i32'] });
  const [text, code] = layout.payload;
  const collection = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
  const appender = new RowAppender(shared, kernels, scope);
  const pointers: number[] = [];
  for (let from = 0; from < values.length; from += BATCH_ROWS) {
    const batch = values.slice(from, from + BATCH_ROWS);
    const hashes = scope.allocate(batch.length * 4);
    batch.forEach((_, row) => {
      shared.u32[hashes / 4 + row] = Math.imul(from + row + 1, 0x9e3779b1);
    });
    const noCodes = flatVector(
      fixture,
      'i32',
      batch.map(() => 0),
    );
    appender.append(collection, { keys: 0, hashes }, [flatVector(fixture, 'string', batch), noCodes], batch.length);
    pointers.push(...shared.u32.subarray(appender.rows / 4, appender.rows / 4 + batch.length));
  }
  shared.allocateChunks(heldBytes / 65_536, owner);
  const coded = { codedTexts: [{ ordinal: 3, text: text!, code: code! }] };
  const context = { shared, kernels, scope, owner, block };
  const rows = [{ collection, spill: PartitionSpill.create(shared, scope, PARTITION_COUNT) }];
  codeBuildTexts(context, JOIN, coded, rows, values.length);
  const codes = textCodesOf(context, JOIN, coded).get(3);
  if (codes === undefined) return undefined;
  const unpacker = new TextCodeUnpacker(context, codes);
  const taken = [...pointers.slice(0, 40), ...pointers.slice(0, 40).reverse()];
  const addresses = scope.allocate(taken.length * 4);
  shared.u32.set(taken, addresses / 4);
  const vector = unpacker.take(addresses, taken.length);
  return { vector, read: taken.map((_, row) => readValue(shared, vector, row)) };
}

const NAMES = ['north', 'a name of more than a word', null, 'north', '', 'a name of more than a wort', null, 'south'];

test('probe rows take codes of the different texts, and NULL where there is none', () => {
  const values = Array.from({ length: 5000 }, (_, row) => NAMES[row % NAMES.length]!);
  const { vector, read } = codedRows(values)!;
  assert.deepEqual(read, [...values.slice(0, 40), ...values.slice(0, 40).reverse()]);
  assert.equal(vector.encoding, 'dictionary');
  assert.equal(vector.dictionarySize, 5);
  assert.notEqual(vector.dictionaryId, 0);
});

test('without NULLs there is no validity to look at', () => {
  assert.equal(codedRows(['x', 'y', 'x', 'x'])!.vector.validity, 0);
});

test('there are no codes of too many texts, of none, and where memory is short', () => {
  const numbered = (count: number): string[] => Array.from({ length: count }, (_, row) => `number ${row}`);
  assert.equal(codedRows(numbered(16_384))?.vector.dictionarySize, 16_384);
  assert.equal(codedRows(numbered(16_385)), undefined);
  assert.equal(codedRows(numbered(30_000)), undefined);
  assert.equal(codedRows([null, null]), undefined);
  assert.equal(codedRows(['x', 'x'], 48 * MIB)?.vector.dictionarySize, 1);
  assert.equal(codedRows(numbered(16_384), 48 * MIB), undefined);
});
