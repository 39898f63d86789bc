import { corruptError, MillraceError } from '../../common/errors.js';
import { encodeNested, type NestedValue } from '../../types/nested-codec.js';
import type { NestedType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { ColumnTarget } from './column-reader.js';
import type { LeafReader } from './leaf-reader.js';
import { leavesOf, type NestedNode } from './nested-schema.js';

/**
 * Reads a list, map or struct column from front to back: puts its leaves together to values, row by row (record assembly
 * of the Dremel paper). This is TypeScript, where flat columns are read by kernels.
 */
export class NestedColumnReader {
  readonly dictionary: undefined = undefined;
  private readonly shared: SharedMemory;
  private readonly scope: Scope;
  private readonly node: NestedNode;
  private readonly leaves: readonly LeafReader[];
  private readonly where: string;
  private rowsLeft: number;

  constructor(
    shared: SharedMemory,
    scope: Scope,
    node: NestedNode,
    leaves: readonly LeafReader[],
    rowCount: number,
    where: string,
  ) {
    this.shared = shared;
    this.scope = scope;
    this.node = node;
    this.leaves = leaves;
    this.rowsLeft = rowCount;
    this.where = where;
  }

  runRows(): number {
    return this.rowsLeft;
  }

  skip(rowCount: number): void {
    for (let row = 0; row < rowCount; row++) this.explain(() => this.skipRow());
  }

  /** As `ColumnReader.read`; values are 16-byte views. */
  read(rowCount: number, selection: number, selectedCount: number, target: ColumnTarget, at: number): boolean {
    const { u32 } = this.shared;
    let hasNulls = false;
    let out = at;
    let selected = 0;
    for (let row = 0; row < rowCount; row++) {
      const isWanted = selection === 0 || (selected < selectedCount && u32[(selection >>> 2) + selected] === row);
      if (!isWanted) {
        this.explain(() => this.skipRow());
        continue;
      }
      selected++;
      const value = this.explain(() => this.readRow());
      if (value === null) hasNulls = true;
      this.write(value, target.data + out * 16);
      if (target.validity !== 0) this.shared.u8[target.validity + out] = value === null ? 0 : 1;
      out++;
    }
    return hasNulls;
  }

  readCodes(): never {
    throw new TypeError('a nested column has no dictionary');
  }

  private write(value: NestedValue, view: number): void {
    const { shared, scope } = this;
    shared.u8.fill(0, view, view + 16);
    if (value === null) return;
    const bytes = encodeNested(value as readonly NestedValue[], this.node.type as NestedType);
    const pointer = scope.allocate(bytes.length);
    shared.u8.set(bytes, pointer);
    shared.view.setUint32(view, bytes.length, true);
    shared.view.setUint32(view + 4, pointer, true);
    shared.u8.set(bytes.subarray(0, 8), view + 8);
  }

  private readRow(): NestedValue {
    for (const leaf of this.leaves) if (leaf.repetition !== 0) throw corruptError('a row begins within a list');
    const value = this.value(this.node);
    for (const leaf of this.leaves) if (leaf.continuesRow) throw corruptError('its leaves do not fit together');
    this.rowsLeft--;
    return value;
  }

  private skipRow(): void {
    for (const leaf of this.leaves) {
      leaf.skip();
      while (leaf.continuesRow) leaf.skip();
    }
    this.rowsLeft--;
  }

  private value(node: NestedNode): NestedValue {
    if (node.kind === 'leaf') return this.leaves[node.leaf]!.take();
    const first = this.leaves[firstLeafOf(node)]!;
    const { definition } = first;
    if (definition < node.definition) {
      this.skipEntries(node);
      return null;
    }
    if (node.kind === 'struct') return node.fields.map((field) => this.value(field));
    const elements: NestedValue[] = [];
    if (definition < node.elementDefinition) {
      this.skipEntries(node);
      return elements;
    }
    do {
      elements.push(node.kind === 'array' ? this.value(node.element) : [this.value(node.key), this.value(node.value)]);
    } while (first.repeatsAt(node.repetition));
    return elements;
  }

  /** A NULL or an empty list is one entry in every leaf. */
  private skipEntries(node: NestedNode): void {
    for (const { leaf } of leavesOf(node)) this.leaves[leaf]!.skip();
  }

  private explain<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof MillraceError) || error.message.startsWith(this.where)) throw error;
      if (error.kind !== 'corrupt' && error.code !== '0A000') throw error;
      const { kind, code, message, detail, hint } = error;
      throw new MillraceError(kind, code, `${this.where}: ${message}`, { detail, hint, cause: error });
    }
  }
}

function firstLeafOf(node: NestedNode): number {
  switch (node.kind) {
    case 'leaf':
      return node.leaf;
    case 'struct':
      return firstLeafOf(node.fields[0]!);
    case 'array':
      return firstLeafOf(node.element);
    case 'map':
      return firstLeafOf(node.key);
  }
}
