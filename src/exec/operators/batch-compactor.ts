import type { Kernels } from '../../kernels/kernels.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';

/** Compacts columns to the rows of a selection vector. Owns its buffers: results are valid until the next call. */
export class ColumnCompactor {
  readonly result: Vector;
  private readonly kernels: Kernels;
  private readonly scope: Scope;
  private data = 0;
  private codes = 0;
  private validity = 0;

  constructor(kernels: Kernels, scope: Scope, physical: PhysicalType) {
    this.kernels = kernels;
    this.scope = scope;
    this.result = new Vector(physical);
  }

  /** result[i] = vector[selection[i]]; dictionaries stay dictionaries, constants stay constants. */
  compact(vector: Vector, selection: number, count: number): Vector {
    const { result, kernels, scope } = this;
    if (vector.encoding === 'constant') {
      result.setConstant(vector.data, vector.validity);
      return result;
    }
    let validity = 0;
    if (vector.validity !== 0) {
      this.validity ||= scope.allocate(BATCH_ROWS);
      validity = this.validity;
      kernels.gather1(vector.validity, selection, count, validity);
    }
    if (vector.encoding === 'dictionary') {
      this.codes ||= scope.allocate(BATCH_ROWS * 4);
      kernels.gather4(vector.codes, selection, count, this.codes);
      result.setDictionary(vector.data, vector.dictionarySize, vector.dictionaryId, this.codes, validity);
      return result;
    }
    this.data ||= scope.allocate(BATCH_ROWS * byteWidthOf(vector.physical));
    gatherKernelOf(kernels, vector.physical)(vector.data, selection, count, this.data);
    result.setFlat(this.data, validity);
    return result;
  }
}

function gatherKernelOf(kernels: Kernels, physical: PhysicalType): Kernels['gather4'] {
  switch (byteWidthOf(physical)) {
    case 1:
      return kernels.gather1;
    case 4:
      return kernels.gather4;
    case 8:
      return kernels.gather8;
    default:
      return kernels.gather16;
  }
}

/** Compacts all columns of a batch. */
export class BatchCompactor {
  private readonly columns: ColumnCompactor[];
  private readonly output: { rowCount: number; columns: Vector[] };

  constructor(kernels: Kernels, scope: Scope, physicals: readonly PhysicalType[]) {
    this.columns = physicals.map((physical) => new ColumnCompactor(kernels, scope, physical));
    this.output = { rowCount: 0, columns: this.columns.map((column) => column.result) };
  }

  compact(columns: readonly Vector[], selection: number, count: number): { rowCount: number; columns: Vector[] } {
    for (let index = 0; index < this.columns.length; index++) {
      this.columns[index]!.compact(columns[index]!, selection, count);
    }
    this.output.rowCount = count;
    return this.output;
  }
}
