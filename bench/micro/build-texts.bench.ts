// Texts of build rows: taken along by probe rows as texts or as codes, and grouped by. And what codes cost a build row.

import { GroupFinder } from '../../src/exec/operators/group-finder.js';
import { GroupTable } from '../../src/exec/operators/group-table.js';
import { JOIN_OWNER } from '../../src/exec/operators/join-layout.js';
import { codeBuildTexts, TextCodeUnpacker, textCodesOf } from '../../src/exec/operators/join-text-codes.js';
import type { LaneContext } from '../../src/exec/operators/operator.js';
import { QueryBlock, type QueryShape } from '../../src/exec/query-block.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../src/exec/rows/row-unpacker.js';
import { PartitionSpill } from '../../src/exec/spill/partition-spill.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const JOIN = { id: 0 };
const SHAPE: QueryShape = { pipelineCount: 1, nodeCount: 1, laneCount: 1 };
const PROBE_BATCHES = 16;
const TEXT_BYTES = 14;
const random = createRandomStream('micro build texts');

/** Rows of a build side, each with one of so many texts. */
function measure(rowCount: number, textCount: number): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 28);
  const kernels = loadKernels(shared.memory);
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(SHAPE)), SHAPE);
  block.setWord(JOIN.id, JOIN_OWNER, owner);
  const layout = createRowLayout({ keys: [], nullableKeys: false, payload: ['string', 'i32'] });
  const [text, code] = layout.payload;
  const collection = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
  const appender = new RowAppender(shared, kernels, scope);
  const entries = scope.allocate(textCount * 16);
  for (let entry = 0; entry < textCount; entry++) {
    const bytes = Buffer.from(`name ${entry}`.padEnd(TEXT_BYTES, '.'));
    const at = scope.allocate(TEXT_BYTES);
    shared.u8.set(bytes, at);
    shared.u32.set([bytes.length, at], entries / 4 + entry * 4);
    shared.u8.set(bytes.subarray(0, 8), entries + entry * 16 + 8);
  }
  const [texts, noCodes] = [new Vector('string'), new Vector('i32')];
  noCodes.setConstant(scope.allocateCleared(16), 0);
  const [codes, hashes] = [scope.allocate(BATCH_ROWS * 4), scope.allocate(BATCH_ROWS * 4)];
  texts.setDictionary(entries, textCount, 1, codes, 0);
  const pointers: number[] = [];
  for (let from = 0; from < rowCount; from += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, rowCount - from);
    for (let row = 0; row < count; row++) {
      shared.u32[codes / 4 + row] = drawInteger(random, from + row, 0, textCount - 1);
      shared.u32[hashes / 4 + row] = Math.imul(from + row + 1, 0x9e3779b1);
    }
    appender.append(collection, { keys: 0, hashes }, [texts, noCodes], count);
    pointers.push(...shared.u32.subarray(appender.rows / 4, appender.rows / 4 + count));
  }
  const coded = { codedTexts: [{ ordinal: 0, text: text!, code: code! }] };
  const rows = [{ collection, spill: PartitionSpill.create(shared, scope, PARTITION_COUNT) }];
  const context = { shared, kernels, scope, owner, block };
  codeBuildTexts(context, JOIN, coded, rows, rowCount);
  const groupLayout = createRowLayout({ keys: ['string'], nullableKeys: true, payload: [], stateBytes: 16 });
  const findGroups = (): GroupFinder => {
    const table = new GroupTable(shared, kernels, scope, owner, groupLayout);
    return new GroupFinder(context as unknown as LaneContext, groupLayout, table);
  };
  const batches = Array.from({ length: PROBE_BATCHES }, (_, batch) => {
    const addresses = scope.allocate(BATCH_ROWS * 4);
    for (let row = 0; row < BATCH_ROWS; row++) {
      shared.u32[addresses / 4 + row] = pointers[drawInteger(random, batch * BATCH_ROWS + row, 0, rowCount - 1)]!;
    }
    return addresses;
  });
  const grouped = (take: (rows: number) => readonly Vector[]) => {
    const finder = findGroups();
    return (): number => batches.reduce((sum, batch) => sum + finder.find(take(batch), BATCH_ROWS), 0);
  };
  /** Dictionaries last as long as the join: here, as its owner. */
  const coding = (): number => {
    const join = shared.createOwner();
    block.setWord(JOIN.id, JOIN_OWNER, join);
    codeBuildTexts(context, JOIN, coded, rows, rowCount);
    shared.freeOwner(join);
    return rowCount;
  };
  const title = `${rowCount} build rows with ${textCount} texts`;
  const [coder, unpacker] = [textCodesOf(context, JOIN, coded).get(0), new RowUnpacker(kernels, scope, [text!])];
  const byCodes = coder && new TextCodeUnpacker(context, coder);
  return [
    ...compareCandidates(
      [
        ...(byCodes === undefined
          ? []
          : [{ name: 'as codes', run: grouped((rows) => [byCodes.take(rows, BATCH_ROWS)]) }]),
        { name: 'as texts', run: grouped((rows) => unpacker.unpack(rows, BATCH_ROWS)) },
      ],
      { title: `probe rows grouped by a text of ${title}`, rowCount: PROBE_BATCHES * BATCH_ROWS },
    ),
    ...compareCandidates([{ name: 'their codes', run: coding }], { title, rowCount }),
  ];
}

export const benchmark: MicroBenchmark = async () => [
  ...measure(25, 25),
  ...measure(10_000, 25),
  ...measure(100_000, 10_000),
  ...measure(1_000_000, 10_000),
  // Too many: they are given up.
  ...measure(1_000_000, 100_000),
];
