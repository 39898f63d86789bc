import { corruptError, userError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { valueScaleOf, valueTagOf } from '../../types/value-tags.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { ColumnTarget } from './column-source.js';
import { reportingPlace } from './corruption-place.js';
import type { LeafReader, RowSelection, Slots } from './leaf-reader.js';
import type { ArrayNode, IntervalNode, MapNode, NestedNode, StructNode } from './nested-schema.js';
import { allocateClaimed } from './page-decompressor.js';

/** So many entries are put together at a time, or one row: what that needs stays in the caches. */
const SLICE_ENTRIES = 2 ** 14;
const FIELD_BYTES = 12;

/**
 * Reads a list, map, struct or interval column from front to back: puts its leaves together to values, node by node
 * (`kernels/assembly/assemble.ts`), a slice of rows at a time.
 */
export class NestedColumnReader {
  readonly dictionary: undefined = undefined;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  /** For the values that are handed out. */
  private readonly scope: Scope;
  private readonly scratch: Scope;
  private readonly node: NestedNode;
  private readonly leaves: readonly LeafReader[];
  private readonly where: string;
  private readonly sliceRows: number;
  private readonly result: number;
  private rowsLeft: number;

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    scope: Scope,
    node: NestedNode,
    leaves: readonly LeafReader[],
    rowCount: number,
    where: string,
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.scope = scope;
    this.scratch = scope.createChild();
    this.node = node;
    this.leaves = leaves;
    this.rowsLeft = rowCount;
    this.where = where;
    const entries = Math.max(...leaves.map((leaf) => leaf.entryCount));
    this.sliceRows = Math.max(1, Math.floor((SLICE_ENTRIES * rowCount) / Math.max(1, entries)));
    this.result = scope.allocate(4);
  }

  runRows(): number {
    return this.rowsLeft;
  }

  skip(rowCount: number): void {
    reportingPlace(this.where, '', () => {
      for (const leaf of this.leaves) leaf.skip(rowCount);
    });
    this.rowsLeft -= rowCount;
  }

  /** As `ColumnReader.read`; values are 16-byte views, or intervals. */
  read(rowCount: number, selection: number, selectedCount: number, target: ColumnTarget, at: number): boolean {
    const { u32 } = this.shared;
    let out = at;
    let nulls = 0;
    let selected = 0;
    for (let row = 0; row < rowCount; ) {
      const rows = Math.min(this.sliceRows, rowCount - row);
      const first = selected;
      if (selection === 0) selected += rows;
      else while (selected < selectedCount && u32[selection / 4 + selected]! < row + rows) selected++;
      const count = selected - first;
      if (count === 0) this.skip(rows);
      else {
        const chosen = { selection: selection === 0 ? 0 : selection + first * 4, count, from: row };
        nulls += reportingPlace(this.where, '', () => this.readSlice(rows, chosen, target, out));
        this.rowsLeft -= rows;
      }
      out += count;
      row += rows;
    }
    return nulls > 0;
  }

  readCodes(): never {
    throw new TypeError('a nested column has no dictionary');
  }

  /** Returns how many values are NULL. */
  private readSlice(rowCount: number, rows: RowSelection, target: ColumnTarget, at: number): number {
    const { scratch } = this;
    try {
      const leaves = this.leaves.map((leaf) => leaf.read(rowCount, rows, scratch));
      const slots = this.assemble(this.node, leaves, this.scope);
      if (slots.count !== rows.count) throw unfitting();
      const validity = target.validity === 0 ? 0 : target.validity + at;
      const data = target.data + at * 16;
      return this.node.kind === 'interval'
        ? this.kernels.intervalsOfSlots(slots.pointers, slots.count, data, validity)
        : this.kernels.viewsOfSlots(slots.pointers, slots.lengths, slots.count, data, validity);
    } finally {
      scratch.reset();
    }
  }

  /** The slots of a node, whose values lie in `heap`. */
  private assemble(node: NestedNode, leaves: readonly Slots[], heap: Scope): Slots {
    switch (node.kind) {
      case 'leaf':
        return leaves[node.leaf]!;
      case 'struct':
        return this.structs(node, leaves, heap);
      case 'interval':
        return this.intervals(node, leaves, heap);
      case 'array':
        return this.arrays(node, node.element, leaves, heap);
      case 'map':
        return this.maps(node, leaves, heap);
    }
  }

  private arrays(list: ArrayNode | MapNode, element: NestedNode, leaves: readonly Slots[], heap: Scope): Slots {
    const { kernels, shared, result } = this;
    const { repetition, definition, elementDefinition } = list;
    const [tag, scale] = [valueTagOf(element.type), valueScaleOf(element.type)];
    const of = this.assemble(element, leaves, this.scratch);
    const slots = this.slots(of.count);
    const { pointers, lengths, repetitions, definitions } = slots;
    const byteLength = kernels.measureArrays(
      of.lengths,
      of.repetitions,
      of.definitions,
      of.count,
      repetition,
      definition,
      elementDefinition,
      tag,
      lengths,
      repetitions,
      definitions,
      result,
    );
    kernels.assembleArrays(
      of.pointers,
      of.lengths,
      of.repetitions,
      of.definitions,
      of.count,
      repetition,
      elementDefinition,
      tag,
      scale,
      lengths,
      allocateMeasured(heap, byteLength),
      pointers,
    );
    return { ...slots, count: shared.u32[result / 4]! };
  }

  private structs(struct: StructNode, leaves: readonly Slots[], heap: Scope): Slots {
    const { kernels, shared } = this;
    const fields = struct.fields.map((field) => this.assemble(field, leaves, this.scratch));
    const [first] = fields as [Slots];
    const { count, repetitions, definitions } = first;
    if (fields.some((field) => field.count !== count)) throw unfitting();
    const table = this.scratch.allocate(fields.length * FIELD_BYTES);
    fields.forEach((field, i) => {
      const { type } = struct.fields[i]!;
      const at = table + i * FIELD_BYTES;
      shared.view.setUint32(at, field.pointers, true);
      shared.view.setUint32(at + 4, field.lengths, true);
      shared.view.setUint32(at + 8, valueTagOf(type) | (valueScaleOf(type) << 8), true);
    });
    const { pointers, lengths } = this.slots(count);
    const byteLength = kernels.measureStructs(table, fields.length, definitions, count, struct.definition, lengths);
    const target = allocateMeasured(heap, byteLength);
    kernels.assembleStructs(table, fields.length, count, lengths, target, pointers);
    return { count, pointers, lengths, repetitions, definitions };
  }

  private intervals({ parts }: IntervalNode, leaves: readonly Slots[], heap: Scope): Slots {
    const [months, days, microseconds] = parts.map(({ leaf }) => leaves[leaf]!) as [Slots, Slots, Slots];
    const { count, repetitions, definitions } = months;
    if (days.count !== count || microseconds.count !== count) throw unfitting();
    const { pointers, lengths } = this.slots(count);
    const failure = this.kernels.assembleIntervals(
      months.pointers,
      days.pointers,
      microseconds.pointers,
      count,
      allocateMeasured(heap, count * 16),
      pointers,
      lengths,
    );
    if (failure < 0) throw unfitting();
    return { count, pointers, lengths, repetitions, definitions };
  }

  private maps(map: MapNode, leaves: readonly Slots[], heap: Scope): Slots {
    const { kernels } = this;
    const keys = this.arrays(map, map.key, leaves, this.scratch);
    const values = this.arrays(map, map.value, leaves, this.scratch);
    const { count, repetitions, definitions } = keys;
    if (values.count !== count) throw unfitting();
    const { pointers, lengths } = this.slots(count);
    const byteLength = kernels.measureMaps(
      keys.pointers,
      keys.lengths,
      values.pointers,
      values.lengths,
      count,
      lengths,
    );
    const target = allocateMeasured(heap, byteLength);
    kernels.assembleMaps(keys.pointers, keys.lengths, values.pointers, count, lengths, target, pointers);
    return { count, pointers, lengths, repetitions, definitions };
  }

  private slots(count: number): Slots {
    const pointers = this.scratch.allocate(count * 10);
    const lengths = pointers + count * 4;
    return { count, pointers, lengths, repetitions: lengths + count * 4, definitions: lengths + count * 5 };
  }
}

/** Room for what a kernel measured. */
function allocateMeasured(heap: Scope, byteLength: number): number {
  if (byteLength === -1) throw userError('54000', 'array size exceeds the maximum allowed (1 GiB)');
  if (byteLength < 0) throw unfitting();
  return allocateClaimed(heap, byteLength);
}

function unfitting(): Error {
  return corruptError('its leaves do not fit together');
}
