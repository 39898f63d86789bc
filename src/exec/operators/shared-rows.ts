import { oncePer } from '../../common/once-per.js';
import type { PhysicalColumn, SharedNode, WorkingTableNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { type ColumnLayout, createColumnLayout } from '../columns/column-layout.js';
import { KeptColumns } from '../columns/kept-columns.js';
import type { QueryBlock } from '../query-block.js';
import { PartitionSpill } from '../spill/partition-spill.js';

/** What a lane publishes: u32 table of the columns it keeps, u32 table of what it has spilled. */
export const SHARED_ROWS = 0;
export const SHARED_SPILL = 1;
export const SHARED_SINK_BYTES = 8;

/** Rows that are collected, and known by a node's id: those of a shared plan, or of the round before. */
export interface CollectedRows {
  readonly id: number;
  readonly columns: readonly PhysicalColumn[];
}

/** What reads some of their columns, in a node of its own. */
export interface RowsReader {
  readonly id: number;
  readonly rows: CollectedRows;
  readonly outputs: readonly number[];
}

export function readerOf(node: SharedNode | WorkingTableNode): RowsReader {
  const rows =
    node.kind === 'shared'
      ? { id: node.share, columns: node.input.columns }
      : { id: node.recursion, columns: node.rowColumns };
  return { id: node.id, rows, outputs: node.outputs };
}

export const sharedLayoutOf: (collected: CollectedRows) => ColumnLayout = ({ columns }) => layoutOf(columns);

const layoutOf = oncePer(
  (columns: readonly PhysicalColumn[]): ColumnLayout =>
    createColumnLayout(columns.map((column) => physicalTypeOf(column.type))),
);

/** A block in memory, or all that a lane has on disk, which can only be read one after the other. */
export type SharedMorsel =
  | { readonly kind: 'block'; readonly block: number }
  | { readonly kind: 'spill'; readonly spill: PartitionSpill };

/** What there is to read, once it is collected: the same list in every lane. */
export function listSharedMorsels(shared: SharedMemory, block: QueryBlock, collected: CollectedRows): SharedMorsel[] {
  const layout = sharedLayoutOf(collected);
  const morsels: SharedMorsel[] = [];
  for (let lane = 0; lane < block.shape.laneCount; lane++) {
    const published = block.getSink(collected.id, lane) / 4;
    if (published === 0) continue;
    const kept = KeptColumns.attach(shared, layout, shared.u32[published + SHARED_ROWS]!);
    for (const address of kept.blocksOf(0)) morsels.push({ kind: 'block', block: address });
    const spill = PartitionSpill.attach(shared, shared.u32[published + SHARED_SPILL]!);
    if (spill.rowCountOf(0) > 0) morsels.push({ kind: 'spill', spill });
  }
  return morsels;
}
