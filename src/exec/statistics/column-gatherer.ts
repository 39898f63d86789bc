import type { Kernels } from '../../kernels/kernels.js';
import { byteWidthOf, type PhysicalType, physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { LaneContext } from '../operators/operator.js';
import { KeyPacker } from '../rows/key-packer.js';
import { createRowLayout } from '../rows/row-layout.js';
import type { FileSketch } from './file-sketch.js';
import { boundsKindOf, COLUMN_BOUNDS, type SketchColumn, TEXT_SLOT_BYTES } from './sketch-layout.js';

/** The values of a column as samples are taken of them: see `takeSampleValues`. */
interface Source {
  readonly codes: number;
  readonly step: number;
  readonly hashes: number;
}

/**
 * Adds a column, batch by batch, to the sketch of a file. Of a dictionary, codes are counted, and entries hashed once;
 * they are added with their counts when another dictionary comes, or the file ends.
 */
export class ColumnGatherer {
  private readonly column: SketchColumn;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly packer: KeyPacker;
  /** Of the present batch, one u32 a row: the packer is shared with other columns. */
  private readonly hashes: number;
  private readonly boundsKind: number | undefined;
  private readonly entries: Vector;
  private readonly dictionaryScope: Scope;
  private dictionaryId = -1;
  private dictionarySize = 0;
  /** One u32 an entry of the dictionary. */
  private dictionaryHashes = 0;
  private dictionaryCounts = 0;
  private source: Source = { codes: 0, step: 1, hashes: 0 };

  constructor(
    { shared, kernels, scope, owner }: Pick<LaneContext, 'shared' | 'kernels' | 'scope' | 'owner'>,
    column: SketchColumn,
    packers: Map<PhysicalType, KeyPacker>,
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.column = column;
    const physical = physicalTypeOf(column.type);
    let packer = packers.get(physical);
    if (packer === undefined) {
      const layout = createRowLayout({ keys: [physical], nullableKeys: false, payload: [] });
      packer = new KeyPacker(shared, kernels, scope, layout);
      packers.set(physical, packer);
    }
    this.packer = packer;
    this.hashes = scope.allocate(BATCH_ROWS * 4);
    this.boundsKind = boundsKindOf(column.type);
    this.entries = new Vector(physical);
    this.dictionaryScope = new Scope(shared, owner);
  }

  /** `sampleRows` may follow, for the same vector, until the next call. */
  add(sketch: FileSketch, vector: Vector, rowCount: number): void {
    switch (vector.encoding) {
      case 'flat':
        this.addFlat(sketch, vector, rowCount);
        return;
      case 'dictionary':
        this.addCodes(sketch, vector, rowCount);
        return;
      case 'constant':
        this.addConstant(sketch, vector, rowCount);
        return;
    }
  }

  private addFlat(sketch: FileSketch, vector: Vector, rowCount: number): void {
    const { packer, column, hashes } = this;
    packer.pack([vector], rowCount);
    this.kernels.copyBytes(packer.hashes, rowCount * 4, hashes);
    this.source = { codes: 0, step: 1, hashes };
    sketch.addNulls(column, sketch.addHashes(column, hashes, vector.validity, 0, rowCount));
    this.widenBounds(sketch, vector.data, vector.validity, rowCount);
  }

  private addCodes(sketch: FileSketch, vector: Vector, rowCount: number): void {
    if (vector.dictionaryId !== this.dictionaryId) {
      this.flush(sketch);
      this.openDictionary(sketch, vector);
    }
    const { codes, validity } = vector;
    sketch.addNulls(this.column, this.kernels.countCodes(codes, validity, rowCount, this.dictionaryCounts));
    this.source = { codes, step: 1, hashes: this.dictionaryHashes };
  }

  private openDictionary(sketch: FileSketch, { data, dictionarySize, dictionaryId, physical }: Vector): void {
    const { kernels, packer, dictionaryScope, entries } = this;
    dictionaryScope.reset();
    this.dictionaryId = dictionaryId;
    this.dictionarySize = dictionarySize;
    this.dictionaryHashes = dictionaryScope.allocate(dictionarySize * 4);
    this.dictionaryCounts = dictionaryScope.allocateCleared(dictionarySize * 4);
    for (let from = 0; from < dictionarySize; from += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, dictionarySize - from);
      entries.setFlat(data + from * byteWidthOf(physical), 0);
      packer.pack([entries], count);
      kernels.copyBytes(packer.hashes, count * 4, this.dictionaryHashes + from * 4);
    }
    this.widenBounds(sketch, data, 0, dictionarySize);
  }

  private addConstant(sketch: FileSketch, vector: Vector, rowCount: number): void {
    const { packer, column, hashes } = this;
    this.entries.setConstant(vector.data, vector.validity);
    packer.pack([this.entries], 1);
    this.kernels.copyBytes(packer.hashes, 4, hashes);
    this.source = { codes: 0, step: 0, hashes };
    if (vector.validity !== 0 && this.shared.u8[vector.validity] === 0) {
      sketch.addNulls(column, rowCount);
      return;
    }
    this.shared.u32[hashes / 4 + 1] = rowCount; // the weight of the one value, behind its hash
    sketch.addHashes(column, hashes, 0, hashes + 4, 1);
    this.widenBounds(sketch, vector.data, 0, 1);
  }

  /** The file ends: what is counted of its dictionary is added. */
  flush(sketch: FileSketch): void {
    if (this.dictionaryId === -1) return;
    sketch.addHashes(this.column, this.dictionaryHashes, 0, this.dictionaryCounts, this.dictionarySize);
    this.dictionaryId = -1;
  }

  private widenBounds(sketch: FileSketch, data: number, validity: number, count: number): void {
    if (this.boundsKind === undefined) return;
    const bounds = sketch.pointer + this.column.header + COLUMN_BOUNDS;
    this.kernels.widenBounds(this.boundsKind, data, validity, count, bounds);
  }

  /** Copies the values of rows, listed in `rows`, behind those that the sample has. */
  sampleRows(sketch: FileSketch, vector: Vector, rows: number, count: number): void {
    const { kernels, column } = this;
    const { codes, step, hashes } = this.source;
    const at = sketch.sampledRows;
    kernels.takeSampleValues(hashes, 4, codes, step, rows, count, sketch.pointer + column.hashes + at * 4);
    const validity = sketch.pointer + column.validity + at;
    if (vector.validity === 0) this.shared.u8.fill(1, validity, validity + count);
    else kernels.takeSampleValues(vector.validity, 1, 0, step, rows, count, validity);
    if (column.valueBytes === 0) return;
    const values = sketch.pointer + column.values + at * column.valueBytes;
    if (vector.physical === 'string') {
      kernels.takeSampleTexts(vector.data, codes, step, rows, count, TEXT_SLOT_BYTES, values);
    } else kernels.takeSampleValues(vector.data, column.valueBytes, codes, step, rows, count, values);
  }

  free(): void {
    this.dictionaryScope.free();
  }
}
