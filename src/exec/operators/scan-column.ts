import type { Kernels } from '../../kernels/kernels.js';
import type { ColumnReader } from '../../storage/parquet-reader/column-reader.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';

/** Buffers of one column of a scan, reused for all its row groups. */
export class ScanColumnBuffers {
  /** The column in the present window: set by `readWindow`. */
  readonly window: Vector;
  /** Rows gathered for the next batch: set by the append functions. */
  readonly output: Vector;
  private readonly kernels: Kernels;
  private readonly physical: PhysicalType;
  private readonly width: number;
  private readonly windowData: number;
  private readonly windowValidity: number;
  private readonly outputData: number;
  private readonly outputValidity: number;
  private readonly selectedCodes: number;
  private outputHasNulls = false;

  constructor(kernels: Kernels, scope: Scope, physical: PhysicalType) {
    this.kernels = kernels;
    this.physical = physical;
    this.width = byteWidthOf(physical);
    this.window = new Vector(physical);
    this.output = new Vector(physical);
    const dataBytes = BATCH_ROWS * Math.max(4, this.width);
    this.windowData = scope.allocate(dataBytes);
    this.windowValidity = scope.allocate(BATCH_ROWS);
    this.outputData = scope.allocate(dataBytes);
    this.outputValidity = scope.allocate(BATCH_ROWS);
    this.selectedCodes = scope.allocate(BATCH_ROWS * 4);
  }

  /**
   * Reads the next rows into `window`. Dictionary-encoded strings stay codes; so do other types where `keepCodes` (a
   * predicate is then evaluated per entry).
   */
  readWindow(reader: ColumnReader, rowCount: number, keepCodes: boolean): Vector {
    const dictionary = keepCodes || this.physical === 'string' ? dictionaryOf(reader, rowCount) : undefined;
    const target = { data: this.windowData, validity: this.windowValidity };
    if (dictionary === undefined) {
      const hasNulls = reader.read(rowCount, 0, 0, target, 0);
      this.window.setFlat(this.windowData, hasNulls ? this.windowValidity : 0);
    } else {
      const hasNulls = reader.readCodes(rowCount, 0, 0, target, 0);
      const validity = hasNulls ? this.windowValidity : 0;
      this.window.setDictionary(dictionary.data, dictionary.size, dictionary.id, this.windowData, validity);
    }
    return this.window;
  }

  /** Whether rows with this dictionary (0: none) can join the `at` rows that `output` holds already. */
  canAppend(dictionaryId: number, at: number): boolean {
    return at === 0 || this.output.dictionaryId === dictionaryId;
  }

  /** The dictionary id that `appendFromReader` will give `output`. */
  readerDictionaryId(reader: ColumnReader, rowCount: number): number {
    return this.physical === 'string' ? (dictionaryOf(reader, rowCount)?.id ?? 0) : 0;
  }

  /** The dictionary id that `appendVector` will give `output`. */
  vectorDictionaryId(vector: Vector): number {
    return this.physical === 'string' ? vector.dictionaryId : 0;
  }

  /** Reads the selected rows of the next `rowCount` behind the `at` rows of `output`. */
  appendFromReader(reader: ColumnReader, rowCount: number, selection: number, count: number, at: number): void {
    const dictionary = this.physical === 'string' ? dictionaryOf(reader, rowCount) : undefined;
    const target = { data: this.outputData, validity: this.outputValidity };
    const hasNulls =
      dictionary === undefined
        ? reader.read(rowCount, selection, count, target, at)
        : reader.readCodes(rowCount, selection, count, target, at);
    this.noteNulls(hasNulls, at);
    const validity = this.outputHasNulls ? this.outputValidity : 0;
    if (dictionary === undefined) this.output.setFlat(this.outputData, validity);
    else this.output.setDictionary(dictionary.data, dictionary.size, dictionary.id, this.outputData, validity);
  }

  /** Copies the selected rows of a vector behind the `at` rows of `output`; only dictionaries of strings stay such. */
  appendVector(vector: Vector, selection: number, count: number, at: number): void {
    const { kernels, output } = this;
    const isConstant = vector.encoding === 'constant';
    const validityTarget = this.outputValidity + at;
    if (vector.validity === 0) kernels.fillBytes(validityTarget, 1, count);
    else if (isConstant) kernels.packValidity(vector.validity, 0, 0, validityTarget, 1, count);
    else kernels.gather1(vector.validity, selection, count, validityTarget);
    this.noteNulls(vector.validity !== 0, at);
    const validity = this.outputHasNulls ? this.outputValidity : 0;
    if (vector.encoding === 'dictionary' && this.physical === 'string') {
      kernels.gather4(vector.codes, selection, count, this.outputData + at * 4);
      output.setDictionary(vector.data, vector.dictionarySize, vector.dictionaryId, this.outputData, validity);
      return;
    }
    let indexes = selection;
    if (isConstant) {
      kernels.clearBytes(this.selectedCodes, count * 4);
      indexes = this.selectedCodes;
    } else if (vector.encoding === 'dictionary') {
      kernels.gather4(vector.codes, selection, count, this.selectedCodes);
      indexes = this.selectedCodes;
    }
    this.gather(vector.data, indexes, count, this.outputData + at * this.width);
    output.setFlat(this.outputData, validity);
  }

  private noteNulls(hasNulls: boolean, at: number): void {
    this.outputHasNulls = hasNulls || (at > 0 && this.outputHasNulls);
  }

  private gather(data: number, selection: number, count: number, target: number): void {
    switch (this.width) {
      case 1:
        this.kernels.gather1(data, selection, count, target);
        return;
      case 4:
        this.kernels.gather4(data, selection, count, target);
        return;
      case 8:
        this.kernels.gather8(data, selection, count, target);
        return;
      default:
        this.kernels.gather16(data, selection, count, target);
    }
  }
}

/** The dictionary of the next `rowCount` rows, if all of them refer to it. */
function dictionaryOf(reader: ColumnReader, rowCount: number): ColumnReader['dictionary'] {
  return reader.runRows() >= rowCount ? reader.dictionary : undefined;
}
