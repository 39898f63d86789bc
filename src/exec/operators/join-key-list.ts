import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import type { StatisticsValue } from '../../storage/parquet-reader/parquet-metadata.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { JOIN_BUILD_ROWS, type JoinLayout } from './join-layout.js';
import { listJoinRows } from './join-rows.js';
import type { LaneContext } from './operator.js';

/** Of build sides with more rows, bounds and the Bloom filter have to do. */
const MAX_LISTED_ROWS = 64;

/**
 * The values of each key among the build rows of a join, where these are few: row groups are left out between them, which
 * bounds do not tell. Undefined where there are more, and for a key whose type has no statistics. NULLs are left out.
 */
export function listJoinKeys(
  context: LaneContext,
  node: HashJoinNode,
  layout: JoinLayout,
): readonly (readonly StatisticsValue[] | undefined)[] | undefined {
  const { shared, kernels, scope, block } = context;
  if (block.getWord(node.id, JOIN_BUILD_ROWS) > MAX_LISTED_ROWS) return undefined;
  const { keys } = layout.rows;
  const unpacker = new RowUnpacker(kernels, scope, keys);
  const pointers = scope.allocate(BATCH_ROWS * 4);
  const lists = keys.map((): StatisticsValue[] => []);
  for (const { collection } of listJoinRows(context, node, 'build', layout.rows)) {
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      collection.forEachBatch(partition, kernels, pointers, (rowCount) => {
        for (const [key, vector] of unpacker.unpack(pointers, rowCount).entries()) {
          lists[key]!.push(...readValues(shared, vector, rowCount));
        }
      });
    }
  }
  return lists.map((values, key) => (LISTED.has(keys[key]!.physical) ? values : undefined));
}

const LISTED: ReadonlySet<PhysicalType> = new Set<PhysicalType>(['i32', 'i64', 'i128', 'string']);

/** As statistics have them: see `StatisticsValue`. */
function readValues(shared: SharedMemory, { data, validity, physical }: Vector, rowCount: number): StatisticsValue[] {
  const { u8, u32, view } = shared;
  const values: StatisticsValue[] = [];
  for (let row = 0; row < rowCount; row++) {
    if (validity !== 0 && u8[validity + row] === 0) continue;
    const at = data + row * byteWidthOf(physical);
    if (physical === 'i32') values.push(view.getInt32(at, true));
    else if (physical === 'i64') values.push(view.getBigInt64(at, true));
    else if (physical === 'i128') values.push((view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true));
    else if (physical === 'string') values.push(u8.slice(u32[at / 4 + 1]!, u32[at / 4 + 1]! + u32[at / 4]!));
  }
  return values;
}
