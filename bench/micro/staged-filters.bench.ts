// The filters of a scan in stages, each column read only for the rows that passed before, against one filter over all of
// its columns, and against a filter behind a scan that reads everything.
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { FilterOperator } from '../../src/exec/operators/filter-operator.js';
import type { LaneContext, Operator, Source } from '../../src/exec/operators/operator.js';
import { ScanSource } from '../../src/exec/operators/scan-source.js';
import { QueryBlock } from '../../src/exec/query-block.js';
import { openSpillDirectory, SpillContext } from '../../src/exec/spill/spill-context.js';
import { FileCache } from '../../src/exec/worker/file-cache.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { Expression } from '../../src/planner/expression.js';
import type { ScanNode } from '../../src/planner/physical/physical-plan.js';
import { ParquetFileWriter } from '../../src/storage/parquet-writer/parquet-file-writer.js';
import { BIGINT, BOOLEAN } from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import type { CandidateFigures, MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 2 ** 20;
const FILTER_COLUMNS = 3;
const PAYLOAD_COLUMNS = 3;
/** Filter columns repeat their values, and come as dictionaries; the others are as good as distinct. */
const FILTER_VALUES = 2500;
const PAYLOAD_VALUES = 10_000_000;
const ROUNDS = 7;

const shared = SharedMemory.create(2 ** 28);
const kernels = loadKernels(shared.memory);
const files = new FileCache();
const random = createRandomStream('micro staged filters');
const names = Array.from({ length: FILTER_COLUMNS + PAYLOAD_COLUMNS }, (_, column) => `c${column}`);

async function writeFile(path: string): Promise<void> {
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const handle = await open(path, 'w');
  const writer = new ParquetFileWriter({
    shared,
    kernels,
    owner,
    sink: { write: async (bytes) => void (await handle.write(bytes)) },
    columns: names.map((name) => ({ name, type: BIGINT, nullable: false })),
  });
  const data = names.map(() => scope.allocate(BATCH_ROWS * 8));
  const columns = data.map((pointer) => {
    const vector = new Vector('i64');
    vector.setFlat(pointer, 0);
    return vector;
  });
  for (let first = 0; first < ROW_COUNT; first += BATCH_ROWS) {
    for (const [column, pointer] of data.entries()) {
      for (let row = 0; row < BATCH_ROWS; row++) {
        const limit = column < FILTER_COLUMNS ? FILTER_VALUES : PAYLOAD_VALUES;
        const value = drawInteger(random, (first + row) * names.length + column, 0, limit - 1);
        shared.i64[pointer / 8 + row] = BigInt(value);
      }
    }
    if (writer.append({ rowCount: BATCH_ROWS, columns })) await writer.flushRowGroup();
  }
  await writer.close();
  writer.dispose();
  await handle.close();
  shared.freeOwner(owner);
}

/** `c0 < bound`, `c1 < bound`, `c2 < bound`. */
function filtersOf(passShare: number): readonly Expression[] {
  return names.slice(0, FILTER_COLUMNS).map((_, place): Expression => {
    const column: Expression = { kind: 'column', type: BIGINT, column: PAYLOAD_COLUMNS + place };
    const bound: Expression = { kind: 'constant', type: BIGINT, value: BigInt(Math.round(FILTER_VALUES * passShare)) };
    return { kind: 'comparison', type: BOOLEAN, operator: '<', left: column, right: bound };
  });
}

const conjunction = (operands: readonly Expression[]): Expression => ({ kind: 'and', type: BOOLEAN, operands });

/** Payload first: a scan hands its first columns on. */
async function scanOf(path: string, filters: readonly Expression[], outputs = PAYLOAD_COLUMNS): Promise<ScanNode> {
  const { mtimeNs, size } = await stat(path, { bigint: true });
  const scanned = [...names.slice(FILTER_COLUMNS), ...names.slice(0, FILTER_COLUMNS)];
  return {
    kind: 'scan',
    id: 0,
    columns: scanned.slice(0, outputs).map((name) => ({ name, type: BIGINT })),
    estimatedRows: ROW_COUNT,
    table: 'micro',
    files: [{ path, byteLength: Number(size), version: String(mtimeNs), partitionValues: [] }],
    scanColumns: scanned.map((name) => ({ kind: 'file', name, type: BIGINT })),
    filters,
    totalFiles: 1,
  };
}

async function runScan(node: ScanNode, behind: Expression | undefined): Promise<number> {
  const owner = shared.createOwner();
  const scope = new Scope(shared, owner);
  const shape = { pipelineCount: 1, nodeCount: 1, laneCount: 1 };
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(shape)), shape);
  const expressions = new ExpressionContext({ shared, kernels, scope });
  const spill = new SpillContext(shared, kernels, scope, openSpillDirectory(shared, { directory: tmpdir() }));
  const context: LaneContext = {
    shared,
    kernels,
    scope,
    owner,
    expressions,
    spill,
    files,
    block,
    pipeline: 0,
    lane: 0,
    unit: { current: 0 },
  };
  let rows = 0;
  const sink: Operator = {
    push: (batch) => {
      rows += batch.rowCount;
    },
    finish: () => {},
  };
  const next =
    behind === undefined
      ? sink
      : new FilterOperator(context, { ...node, kind: 'filter', input: node, predicate: behind }, sink);
  const source: Source = new ScanSource(context, node, [], new Set(), next);
  while (await source.step());
  await source.close?.();
  shared.freeOwner(owner);
  return rows;
}

export const benchmark: MicroBenchmark = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-micro-'));
  const path = join(folder, 'rows.parquet');
  const figures: CandidateFigures[] = [];
  try {
    await writeFile(path);
    for (const passShare of [0.02, 0.3, 0.9]) {
      const title = `scan of 6 columns, each of 3 filters passes ${passShare * 100} %`;
      const filters = filtersOf(passShare);
      const staged = await scanOf(path, filters);
      const together = await scanOf(path, [conjunction(filters)]);
      const everything = await scanOf(path, [], names.length);
      const candidates: Readonly<Record<string, () => Promise<number>>> = {
        'a stage each': () => runScan(staged, undefined),
        'one filter in the scan': () => runScan(together, undefined),
        'a filter behind the scan': () => runScan(everything, conjunction(filters)),
      };
      const times = Object.keys(candidates).map((): number[] => []);
      const rowCounts = new Set<number>();
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [index, run] of Object.values(candidates).entries()) {
          const started = performance.now();
          rowCounts.add(await run());
          if (round > 0) times[index]!.push(performance.now() - started);
        }
      }
      if (rowCounts.size > 1) throw new Error('the candidates disagree');
      const own = Object.keys(candidates).map((name, index) => ({
        title,
        name,
        nsPerRow: (median(times[index]!) * 1e6) / ROW_COUNT,
      }));
      printTable(
        [title, 'ns/row', 'ratio'],
        own.map(({ name, nsPerRow }) => [name, nsPerRow.toFixed(2), (nsPerRow / own[0]!.nsPerRow).toFixed(2)]),
      );
      console.log();
      figures.push(...own);
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
