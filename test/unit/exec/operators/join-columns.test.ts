import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnsByKey, createJoinColumns, JoinColumnsWriter } from '../../../../src/exec/operators/join-columns.js';
import { JoinIndex, KeyBoundsCollector } from '../../../../src/exec/operators/join-index.js';
import { JOIN_BUILD_ROWS, JOIN_OWNER } from '../../../../src/exec/operators/join-layout.js';
import { codeBuildTexts } from '../../../../src/exec/operators/join-text-codes.js';
import { QueryBlock, type QueryShape } from '../../../../src/exec/query-block.js';
import { KeyPacker } from '../../../../src/exec/rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../../../src/exec/rows/row-layout.js';
import { PartitionSpill } from '../../../../src/exec/spill/partition-spill.js';
import { BATCH_ROWS } from '../../../../src/vector/vector.js';
import { createMemoryFixture, flatVector, readValue } from '../memory-fixture.js';

const MIB = 2 ** 20;

interface BuildRow {
  readonly key: number;
  readonly name: string | null;
  readonly size: bigint | null;
  readonly city: string | null;
}

interface Options {
  readonly probeRows?: number;
  readonly heldBytes?: number;
  readonly marksBuild?: boolean;
  readonly hashBytes?: number;
}

/** The table of a join, as a lane makes it: rows of a key, a text, a number and a text that gets codes. */
function buildTable(
  rows: readonly BuildRow[],
  { probeRows = 100_000, heldBytes = 0, marksBuild = false, hashBytes }: Options,
) {
  const fixture = createMemoryFixture(64 * MIB);
  const { shared, kernels, scope, owner } = fixture;
  const shape: QueryShape = { pipelineCount: 1, nodeCount: 1, laneCount: 1 };
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(shape)), shape);
  const node = { id: 0, probe: { estimatedRows: probeRows } };
  block.setWord(node.id, JOIN_OWNER, owner);
  block.setWord(node.id, JOIN_BUILD_ROWS, rows.length);
  const context = { shared, kernels, scope, owner, block, lane: 0 };
  const layout = createRowLayout({ keys: ['i32'], nullableKeys: false, payload: ['string', 'i64', 'string', 'i32'] });
  const [name, size, city, code] = layout.payload;
  const slots = new Map([layout.keys[0]!, name!, size!, city!].map((slot, ordinal) => [ordinal, slot]));
  const codedTexts = [{ ordinal: 3, text: city!, code: code! }];
  const joinLayout = { rows: layout, slots, codedTexts, marksBuild };
  const collection = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
  const [packer, appender] = [new KeyPacker(shared, kernels, scope, layout), new RowAppender(shared, kernels, scope)];
  const bounds = new KeyBoundsCollector(context, node);
  const batches: { readonly pointers: number; readonly rowCount: number }[] = [];
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    const batch = rows.slice(from, from + BATCH_ROWS);
    const keys = flatVector(
      fixture,
      'i32',
      batch.map(({ key }) => key),
    );
    bounds.add(keys, batch.length);
    packer.pack([keys], batch.length);
    const payload = [
      flatVector(fixture, 'string', batch.map((row) => row.name)), // biome-ignore format: one column a line
      flatVector(fixture, 'i64', batch.map((row) => row.size)), // biome-ignore format: one column a line
      flatVector(fixture, 'string', batch.map((row) => row.city)), // biome-ignore format: one column a line
      flatVector(fixture, 'i32', batch.map(() => 0)), // biome-ignore format: one column a line
    ];
    appender.append(collection, packer, payload, batch.length);
    const pointers = scope.allocate(batch.length * 4);
    kernels.copyBytes(appender.rows, batch.length * 4, pointers);
    batches.push({ pointers, rowCount: batch.length });
  }
  if (!JoinIndex.create(context, node, hashBytes ?? rows.length * 16)) return undefined;
  codeBuildTexts(
    context,
    node,
    joinLayout,
    [{ collection, spill: PartitionSpill.create(shared, scope, 1) }],
    rows.length,
  );
  const index = JoinIndex.attach(context, node, joinLayout)!;
  shared.allocateChunks(heldBytes / 65_536, owner);
  createJoinColumns(context, node, joinLayout, index, rows.length);
  const writer = JoinColumnsWriter.attach(context, node, joinLayout, index, scope);
  for (const { pointers, rowCount } of batches) {
    if (index.insert(pointers, rowCount)) writer?.add(pointers, rowCount);
  }
  return { fixture, index, columns: columnsByKey(context, node, joinLayout) };
}

type Table = NonNullable<ReturnType<typeof buildTable>>;

/** What probe rows take: for each that has a match its number, and the values of the columns. */
function probe({ fixture, index, columns }: Table, keys: readonly (number | null)[]): unknown[][] {
  const { shared, scope } = fixture;
  const vector = flatVector(fixture, 'i32', keys);
  const selected = keys.flatMap((key, row) => (key === null ? [] : [row]));
  const [selection, rows, places] = [0, 1, 2].map(() => scope.allocate(keys.length * 4 + 4)) as [
    number,
    number,
    number,
  ];
  shared.u32.set(selected, selection / 4);
  const found = index.findPlaces(vector, selected.length < keys.length ? selection : 0, selected.length, rows, places);
  const taken = [...columns!.values()].map((column) => column.take(places, found));
  return Array.from({ length: found }, (_, row) => [
    shared.u32[rows / 4 + row],
    ...taken.map((column) => readValue(shared, column, row)),
  ]);
}

const LONG = 'a text that has more bytes than a view';
const texts = fc.constantFrom(null, '', 'short', LONG, `${LONG}, and another`);
const buildRows = fc.uniqueArray(
  fc.record({
    key: fc.integer({ min: -20, max: 20 }),
    name: texts,
    size: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    city: texts,
  }),
  { selector: ({ key }) => key, minLength: 1 },
);
const probeKeys = fc.array(
  fc.option(fc.oneof(fc.integer({ min: -25, max: 25 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31)))),
);

test('probe rows take the values of the row that has their key', () => {
  fc.assert(
    fc.property(buildRows, probeKeys, (rows, keys) => {
      const byKey = new Map(rows.map((row) => [row.key, row]));
      const expected = keys.flatMap((key, row) => {
        const match = key === null ? undefined : byKey.get(key);
        return match === undefined ? [] : [[row, match.key, match.name, match.size, match.city]];
      });
      assert.deepEqual(probe(buildTable(rows, {})!, keys), expected);
    }),
    { numRuns: 60 },
  );
});

const rowsUpTo = (count: number, city: string | null = 'here'): BuildRow[] =>
  Array.from({ length: count }, (_, key) => ({ key, name: `row ${key}`, size: BigInt(key), city }));

test('a table of several batches, with and without holes', () => {
  for (const rows of [rowsUpTo(10_000), rowsUpTo(10_000).filter(({ key }) => key % 3 !== 1)]) {
    const table = buildTable(rows, { probeRows: 100_000 })!;
    const keys = [9_999, 0, 4_095, 4_096, 4_097, 10_000, -1, 9_999];
    const expected = keys.flatMap((key, row) =>
      rows.some((one) => one.key === key) ? [[row, key, `row ${key}`, BigInt(key), 'here']] : [],
    );
    assert.deepEqual(probe(table, keys), expected);
  }
});

test('texts with codes are dictionaries, and columns without NULLs have no validity', () => {
  const columnsOf = (city: string | null) => {
    const { columns, fixture } = buildTable([...rowsUpTo(100), { key: 100, name: 'x', size: 1n, city }], {})!;
    const places = fixture.scope.allocateCleared(4);
    return [...columns!.values()].map((column) => column.take(places, 1));
  };
  assert.deepEqual(
    columnsOf('there').map(({ encoding, dictionarySize, validity }) => [encoding, dictionarySize, validity]),
    [
      ['flat', 0, 0],
      ['flat', 0, 0],
      ['flat', 0, 0],
      ['dictionary', 2, 0],
    ],
  );
  assert.notEqual(columnsOf(null)[3]!.validity, 0);
});

test('there are none where a key repeats, where rows are marked, and where it would not pay', () => {
  const has = (rows: readonly BuildRow[], options: Options = {}): boolean =>
    buildTable(rows, options)?.columns !== undefined;
  const rows = rowsUpTo(500);
  assert.ok(has(rows));
  assert.ok(!has([...rows, { ...rows[3]!, name: 'the same key again' }]), 'a key repeats');
  assert.ok(!has(rows, { marksBuild: true }), 'probe rows mark build rows');
  assert.ok(!has(rows, { probeRows: 1999 }), 'few probe rows');
  assert.ok(has(rows, { probeRows: 2000 }));
  const sparse = rowsUpTo(20_000).map((row) => ({ ...row, key: row.key * 8 }));
  assert.ok(!has(sparse, { probeRows: 100_000, hashBytes: 2 ** 24 }), 'most numbers have no row');
  const many = rowsUpTo(20_000);
  assert.ok(has(many, { probeRows: 100_000 }));
  assert.ok(!has(many, { probeRows: 100_000, heldBytes: 54 * MIB }), 'memory is short');
});
