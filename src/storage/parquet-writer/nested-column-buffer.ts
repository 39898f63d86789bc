import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { Vector } from '../../vector/vector.js';
import { INTERVAL_PARTS } from '../interval-parts.js';
import { emptyBuffer, type GrowableBuffer } from './buffer-pool.js';
import { ColumnBuffer, type ColumnCollector, type RowRange } from './column-buffer.js';
import { notNullError } from './not-null-error.js';
import { leavesOf, type SchemaArray, type SchemaColumn, type SchemaMap, type SchemaNode } from './schema-node.js';
import type { WriterWorkspace } from './writer-workspace.js';

/** Rows are taken apart in slices of so many bytes, or one row: what that needs stays in the caches. */
const SLICE_BYTES = 2 ** 18;
/** Scratch of an entry: u32 pointer, u32 length, u8 repetition level, u8 definition level. */
const ENTRY_BYTES = 10;

/** The entries of a node, as `kernels/assembly/shred.ts` has them: pointers to parallel arrays. */
interface Entries {
  readonly count: number;
  readonly pointers: number;
  readonly lengths: number;
  readonly repetitions: number;
  readonly definitions: number;
}

/** Collects a list, struct, map or interval column: takes its values apart, node by node, into a buffer a leaf. */
export class NestedColumnBuffer implements ColumnCollector {
  readonly leaves: readonly ColumnBuffer[];
  rowCount = 0;
  nullCount = 0;
  private readonly workspace: WriterWorkspace;
  private readonly node: Exclude<SchemaNode, SchemaColumn>;
  private readonly buffers: ReadonlyMap<SchemaColumn, ColumnBuffer>;
  /** Scratch in use; given back when an append is over. */
  private readonly scratch: GrowableBuffer[] = [];

  constructor(workspace: WriterWorkspace, node: Exclude<SchemaNode, SchemaColumn>, dictionaryLimit: number) {
    this.workspace = workspace;
    this.node = node;
    this.buffers = new Map(leavesOf(node).map((leaf) => [leaf, new ColumnBuffer(workspace, leaf, dictionaryLimit)]));
    this.leaves = [...this.buffers.values()];
  }

  get heldBytes(): number {
    return this.leaves.reduce((bytes, leaf) => bytes + leaf.heldBytes, 0);
  }

  append(vector: Vector, { selection, from, count }: RowRange): void {
    const { kernels } = this.workspace;
    const { node } = this;
    try {
      const rows = this.reserve(count);
      const isConstant = vector.encoding === 'constant';
      const shredRows = node.kind === 'interval' ? kernels.shredIntervalRows : kernels.shredRows;
      const nulls = shredRows(
        vector.data,
        isConstant ? 0 : vector.codes,
        isConstant ? 0 : -1,
        vector.validity,
        selection,
        from,
        count,
        node.definition,
        rows.pointers,
        rows.lengths,
        rows.repetitions,
        rows.definitions,
      );
      if (nulls > 0 && !node.nullable) {
        throw notNullError(node.name);
      }
      this.shredSlices(rows);
      this.rowCount += count;
      this.nullCount += nulls;
    } finally {
      this.releaseScratch(0);
    }
  }

  clear(): void {
    for (const leaf of this.leaves) leaf.clear();
    this.rowCount = 0;
    this.nullCount = 0;
  }

  private shredSlices(rows: Entries): void {
    const { kernels } = this.workspace;
    const held = this.scratch.length;
    for (let at = 0; at < rows.count; ) {
      const lengths = rows.lengths + at * 4;
      const count = kernels.entriesWithin(lengths, rows.count - at, SLICE_BYTES);
      const { pointers, repetitions, definitions } = rows;
      this.shred(this.node, {
        count,
        pointers: pointers + at * 4,
        lengths,
        repetitions: repetitions + at,
        definitions: definitions + at,
      });
      this.releaseScratch(held);
      at += count;
    }
  }

  private shred(node: SchemaNode, entries: Entries): void {
    switch (node.kind) {
      case 'leaf':
        this.shredLeaf(node, entries);
        break;
      case 'struct':
        for (const [index, field] of node.fields.entries()) this.shredField(field, index, entries);
        break;
      case 'interval':
        for (const [index, part] of node.parts.entries()) this.shredPart(part, index, entries);
        break;
      case 'array':
        this.shredElements(node, node.element, entries);
        break;
      case 'map':
        this.shredMap(node, entries);
        break;
    }
  }

  private shredField(field: SchemaNode, index: number, { count, pointers, repetitions, definitions }: Entries): void {
    const { kernels } = this.workspace;
    const held = this.scratch.length;
    const of = { ...this.reserve(count), repetitions };
    const { definition } = field;
    kernels.shredFields(pointers, definitions, count, index, definition, of.pointers, of.lengths, of.definitions);
    this.shred(field, of);
    this.releaseScratch(held);
  }

  private shredPart(part: SchemaColumn, index: number, entries: Entries): void {
    const { offset, type } = INTERVAL_PARTS[index]!;
    const held = this.scratch.length;
    const { pointers, lengths } = this.reserve(entries.count);
    const width = byteWidthOf(physicalTypeOf(type));
    this.workspace.kernels.shredParts(entries.pointers, entries.count, offset, width, pointers, lengths);
    this.shredLeaf(part, { ...entries, pointers, lengths });
    this.releaseScratch(held);
  }

  private shredElements(
    { repetition }: SchemaArray | SchemaMap,
    element: SchemaNode,
    { count, pointers, repetitions, definitions }: Entries,
  ): void {
    const { kernels } = this.workspace;
    const held = this.scratch.length;
    const of = this.reserve(kernels.countElementEntries(pointers, count));
    kernels.shredArrays(
      pointers,
      repetitions,
      definitions,
      count,
      element.definition,
      repetition,
      of.pointers,
      of.lengths,
      of.repetitions,
      of.definitions,
    );
    this.shred(element, of);
    this.releaseScratch(held);
  }

  private shredMap(map: SchemaMap, entries: Entries): void {
    const held = this.scratch.length;
    const { pointers: keys, lengths: values } = this.reserve(entries.count);
    this.workspace.kernels.shredMaps(entries.pointers, entries.count, keys, values);
    this.shredElements(map, map.key, { ...entries, pointers: keys });
    this.shredElements(map, map.value, { ...entries, pointers: values });
    this.releaseScratch(held);
  }

  private shredLeaf(leaf: SchemaColumn, { count, pointers, lengths, repetitions, definitions }: Entries): void {
    const { kernels, pool } = this.workspace;
    const { physical } = leaf.type;
    const width = byteWidthOf(physical);
    const target = emptyBuffer();
    this.scratch.push(target);
    pool.reserve(target, count * width);
    const valueCount =
      physical === 'string'
        ? kernels.gatherLeafViews(pointers, lengths, count, target.pointer)
        : kernels.gatherLeafValues(pointers, count, width, target.pointer);
    const values = new Vector(physical);
    values.setFlat(target.pointer, 0);
    this.buffers.get(leaf)!.appendEntries(repetitions, definitions, count, values, valueCount);
    this.releaseScratch(this.scratch.length - 1);
  }

  private reserve(count: number): Entries {
    const buffer = emptyBuffer();
    this.scratch.push(buffer);
    this.workspace.pool.reserve(buffer, count * ENTRY_BYTES);
    const { pointer } = buffer;
    const lengths = pointer + count * 4;
    return { count, pointers: pointer, lengths, repetitions: lengths + count * 4, definitions: lengths + count * 5 };
  }

  /** Gives back what was reserved after the first `count` pieces. */
  private releaseScratch(count: number): void {
    while (this.scratch.length > count) this.workspace.pool.release(this.scratch.pop()!);
  }
}
