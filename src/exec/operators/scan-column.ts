import type { Kernels } from '../../kernels/kernels.js';
import type { ColumnSource } from '../../storage/parquet-reader/column-source.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { packKernelOf } from '../rows/vector-source.js';

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
  private readonly keepsCodes: boolean;
  private outputHasNulls = false;

  /** `keepsCodes`: of texts, dictionaries are always handed on as such; of other types where this is set. */
  constructor(kernels: Kernels, scope: Scope, physical: PhysicalType, keepsCodes = false) {
    this.keepsCodes = keepsCodes || physical === 'string';
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
  }

  /**
   * Reads the rows of `selection` (0: all) among the next `rowCount` into `window`. Codes stay such where they are kept
   * anyway, and where `keepCodes` (a predicate is then evaluated per entry).
   */
  readWindow(reader: ColumnSource, rowCount: number, keepCodes: boolean, selection: number, count: number): Vector {
    const dictionary = keepCodes || this.keepsCodes ? dictionaryOf(reader, rowCount) : undefined;
    const target = { data: this.windowData, validity: this.windowValidity };
    if (dictionary === undefined) {
      const hasNulls = reader.read(rowCount, selection, count, target, 0);
      this.window.setFlat(this.windowData, hasNulls ? this.windowValidity : 0);
    } else {
      const hasNulls = reader.readCodes(rowCount, selection, count, target, 0);
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
  readerDictionaryId(reader: ColumnSource, rowCount: number): number {
    return this.keepsCodes ? (dictionaryOf(reader, rowCount)?.id ?? 0) : 0;
  }

  /** The dictionary id that `appendVector` will give `output`. */
  vectorDictionaryId(vector: Vector): number {
    return this.keepsCodes ? vector.dictionaryId : 0;
  }

  /** Reads the selected rows of the next `rowCount` behind the `at` rows of `output`. */
  appendFromReader(reader: ColumnSource, rowCount: number, selection: number, count: number, at: number): void {
    const dictionary = this.keepsCodes ? dictionaryOf(reader, rowCount) : undefined;
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

  /** Copies a vector behind the `at` rows of `output`; dictionaries stay such where codes are kept. */
  appendVector(vector: Vector, count: number, at: number): void {
    const { kernels, output, physical, width } = this;
    const step = vector.encoding === 'constant' ? 0 : 1;
    const validityTarget = this.outputValidity + at;
    kernels.packValidity(vector.validity, step, 0, validityTarget, 1, count);
    this.noteNulls(vector.validity !== 0, at);
    const validity = this.outputHasNulls ? this.outputValidity : 0;
    if (vector.encoding === 'dictionary' && this.keepsCodes) {
      kernels.copyBytes(vector.codes, count * 4, this.outputData + at * 4);
      output.setDictionary(vector.data, vector.dictionarySize, vector.dictionaryId, this.outputData, validity);
      return;
    }
    const pack = packKernelOf(kernels, physical, false);
    pack(vector.data, vector.codes, step, 0, 0, this.outputData + at * width, width, count);
    output.setFlat(this.outputData, validity);
  }

  private noteNulls(hasNulls: boolean, at: number): void {
    this.outputHasNulls = hasNulls || (at > 0 && this.outputHasNulls);
  }
}

/** The dictionary of the next `rowCount` rows, if all of them refer to it. */
function dictionaryOf(reader: ColumnSource, rowCount: number): ColumnSource['dictionary'] {
  return reader.runRows() >= rowCount ? reader.dictionary : undefined;
}
