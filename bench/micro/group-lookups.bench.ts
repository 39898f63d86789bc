// Groups that are more than the caches hold, looked up by hash, and lists of theirs that are appended to:
// `npm run bench -- micro group-lookups`.
import { AggregateProgram } from '../../src/exec/expression/aggregate-program.js';
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { GroupTable } from '../../src/exec/operators/group-table.js';
import { MergeTable } from '../../src/exec/operators/merge-table.js';
import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { createRowLayout } from '../../src/exec/rows/row-layout.js';
import { resolveAggregateFunction } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import { TEXT } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const GROUPS = 1 << 19;
const BATCHES = GROUPS / BATCH_ROWS;
const random = createRandomStream('micro group lookups');

function makeShared() {
  const shared = SharedMemory.create(2 ** 30);
  const owner = shared.createOwner();
  return { shared, owner, kernels: loadKernels(shared.memory), scope: new Scope(shared, owner) };
}

function measureLookups(): readonly CandidateFigures[] {
  const { shared, owner, kernels, scope } = makeShared();
  const layout = createRowLayout({ keys: ['i64'], nullableKeys: false, payload: [], stateBytes: 16 });
  const table = new GroupTable(shared, kernels, scope, owner, layout);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const batchOf = (keyOf: (row: number) => number): Vector => {
    const data = scope.allocate(BATCH_ROWS * 8);
    for (let row = 0; row < BATCH_ROWS; row++) shared.i64[data / 8 + row] = BigInt(keyOf(row));
    const vector = new Vector('i64');
    vector.setFlat(data, 0);
    return vector;
  };
  const batches = (keyOf: (row: number) => number): Vector[] =>
    Array.from({ length: BATCHES }, (_, batch) => batchOf((row) => keyOf(batch * BATCH_ROWS + row)));
  const inOrder = batches((row) => row);
  const known = batches((row) => drawInteger(random, row, 0, GROUPS - 1));
  const others = batches((row) => GROUPS + drawInteger(random, row, 0, GROUPS - 1));
  const groups = scope.allocate(BATCH_ROWS * 4);
  const rows = scope.allocate(GROUPS * 4);
  inOrder.forEach((key, batch) => {
    packer.pack([key], BATCH_ROWS);
    table.findOrInsert(packer, BATCH_ROWS, groups);
    for (let row = 0; row < BATCH_ROWS; row++) {
      shared.u32[rows / 4 + batch * BATCH_ROWS + row] = shared.u32[groups / 4 + row]! - layout.stateOffset;
    }
  });
  const over = (keys: readonly Vector[], look: () => unknown) => (): number => {
    for (const key of keys) {
      packer.pack([key], BATCH_ROWS);
      look();
    }
    return shared.u32[groups / 4]!;
  };
  const merged = new MergeTable(shared, kernels, scope, layout, GROUPS);
  const [survivors, targets, sources] = [
    scope.allocate(GROUPS * 4),
    scope.allocate(GROUPS * 4),
    scope.allocate(GROUPS * 4),
  ];
  const pairs = scope.allocate(4);
  return compareCandidates(
    [
      { name: 'keys packed and hashed', run: over(known, () => undefined) },
      { name: 'found or inserted, all known', run: over(known, () => table.findOrInsert(packer, BATCH_ROWS, groups)) },
      { name: 'found, all known', run: over(known, () => table.find(packer, BATCH_ROWS, groups)) },
      { name: 'found, none known', run: over(others, () => table.find(packer, BATCH_ROWS, groups)) },
      {
        name: 'merged, all new',
        run: () => {
          kernels.clearBytes(merged.slots, merged.slotBytes);
          return kernels.mergeGroups(merged.descriptor, rows, GROUPS, survivors, targets, sources, pairs);
        },
      },
    ],
    { title: `look-ups of ${GROUPS} groups`, rowCount: GROUPS, rounds: 5 },
  );
}

/** Each group's list gets another value, of groups in no order. */
function measureLists(): readonly CandidateFigures[] {
  const { shared, scope, kernels } = makeShared();
  const { overload, returns } = resolveAggregateFunction('string_agg', [TEXT, TEXT]);
  const column = { kind: 'column', type: TEXT, column: 0 } as const;
  const separator = { kind: 'constant', type: TEXT, value: ',' } as const;
  const makeProgram = (): AggregateProgram =>
    new AggregateProgram(new ExpressionContext({ shared, kernels, scope: new Scope(shared, shared.createOwner()) }), [
      {
        overload,
        type: returns,
        args: [column, separator],
        order: { by: 'value', descending: false, nullsFirst: false },
      },
    ]);
  const { stateBytes } = makeProgram();
  const states = scope.allocate(GROUPS * stateBytes);
  const pointers = scope.allocate(GROUPS * 4);
  for (let row = 0; row < GROUPS; row++) {
    shared.u32[pointers / 4 + row] = states + drawInteger(random, row, 0, GROUPS - 1) * stateBytes;
  }
  const data = scope.allocate(BATCH_ROWS * 16);
  for (let row = 0; row < BATCH_ROWS; row++) {
    shared.u32[data / 4 + row * 4] = 4;
    shared.u32[data / 4 + row * 4 + 1] = data + row * 16 + 8;
    shared.u32[data / 4 + row * 4 + 2] = 0x61616161;
    shared.u32[data / 4 + row * 4 + 3] = 0;
  }
  const values = new Vector('string');
  values.setFlat(data, 0);
  const batch = { rowCount: BATCH_ROWS, columns: [values] };
  const append = (touches: boolean) => (): number => {
    const program = makeProgram();
    shared.u8.fill(0, states, states + GROUPS * stateBytes);
    for (let pass = 0; pass < 2; pass++) {
      for (let from = 0; from < GROUPS; from += BATCH_ROWS) {
        if (touches) program.touchLists(pointers + from * 4, BATCH_ROWS);
        program.updateGrouped(batch, pointers + from * 4);
      }
    }
    program.forgetKept();
    return stateBytes;
  };
  return compareCandidates(
    [
      { name: 'appended to as they come', run: append(false) },
      { name: 'their ends loaded first', run: append(true) },
    ],
    { title: `lists of ${GROUPS} groups`, rowCount: GROUPS * 2, rounds: 5 },
  );
}

export const benchmark: MicroBenchmark = async () => [...measureLookups(), ...measureLists()];
