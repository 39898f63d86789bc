import { bugError } from '../../common/errors.js';
import { oncePer } from '../../common/once-per.js';
import type { Expression } from '../../planner/expression.js';
import type { SortKey, SortNode } from '../../planner/physical/physical-plan.js';
import { isNestedType, type PhysicalType, physicalTypeOf } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { type ColumnSlot, createRowLayout, type RowLayout } from '../rows/row-layout.js';

/*
 * What a lane publishes, u32 each:
 *
 *   0  partition table of the rows in memory   4  pointers to lists of their entries, each sorted   8  number of lists
 *   12  first of the runs on disk, or 0
 */
export const SORT_ROWS = 0;
export const SORT_LISTS = 1;
export const SORT_LIST_COUNT = 2;
export const SORT_RUNS = 3;
export const SORT_SINK_BYTES = 16;

/** The first of two words of the node in the query block: the bound of a top-N (`assembly/sort-bound.ts`). */
export const SORT_BOUND = 0;
/** The ranges in which lanes sort again what all have collected (`sort/sort-ranges.ts`), or 0; the next to be sorted. */
export const SORT_RANGES = 2;
export const SORT_NEXT_RANGE = 3;

export interface SortLayout {
  readonly rows: RowLayout;
  /** Sort keys that are not columns of the input: computed, and stored after them. */
  readonly computedKeys: readonly Expression[];
}

export const sortLayoutOf: (node: SortNode) => SortLayout = oncePer(({ keys, input }) => {
  const computedKeys = keys.map((key) => key.expression).filter((expression) => expression.kind !== 'column');
  const types = [...input.columns.map((column) => column.type), ...computedKeys.map((key) => key.type)];
  return { rows: createRowLayout({ keys: [], nullableKeys: false, payload: types.map(physicalTypeOf) }), computedKeys };
});

/** Kinds of values as `assembly/row-compare.ts` numbers them. */
const SORT_KINDS: Readonly<Record<PhysicalType, number>> = {
  bool: 0,
  i32: 1,
  i64: 2,
  f32: 3,
  f64: 4,
  i128: 5,
  string: 6,
  uuid: 7,
  interval: 8,
};

const NESTED_KIND = 9;

export function sortKindOf(physical: PhysicalType): number {
  return SORT_KINDS[physical];
}

/** Flags of a key, see `assembly/row-compare.ts`. */
export function sortFlagsOf({ descending, nullsFirst }: SortKey): number {
  return (descending ? 1 : 0) | (nullsFirst ? 2 : 0);
}

/** The descriptor that sort kernels read: see `assembly/row-compare.ts`. */
export function writeSortDescriptor(shared: SharedMemory, scope: Scope, node: SortNode, layout: SortLayout): number {
  let computed = node.input.columns.length;
  const slots = node.keys.map(({ expression }) => {
    const column = expression.kind === 'column' ? expression.column : computed++;
    const slot = layout.rows.payload[column];
    if (slot === undefined) throw bugError(`sort key ${column} is not in the row`);
    return slot;
  });
  return writeKeyDescriptor(shared, scope, node.keys, slots);
}

/** The same, given where each key lies in the row. */
export function writeKeyDescriptor(
  shared: SharedMemory,
  scope: Scope,
  keys: readonly SortKey[],
  slots: readonly ColumnSlot[],
): number {
  const words = [keys.length];
  for (const [index, key] of keys.entries()) {
    const slot = slots[index]!;
    const kind = isNestedType(key.expression.type) ? NESTED_KIND : SORT_KINDS[slot.physical];
    words.push(slot.offset, slot.validityOffset, kind, sortFlagsOf(key));
  }
  const descriptor = scope.allocate(words.length * 4);
  shared.u32.set(words, descriptor / 4);
  return descriptor;
}
