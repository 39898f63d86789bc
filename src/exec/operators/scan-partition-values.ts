import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { Vector } from '../../vector/vector.js';
import { ZEROS } from '../rows/vector-source.js';
import { writeConstant } from '../rows/write-constant.js';
import type { LaneContext } from './operator.js';
import type { ScanMorsel } from './scan-morsels.js';

/** The values in the paths of files, as columns that are the same in all their rows. */
export class PartitionValues {
  private readonly context: Pick<LaneContext, 'shared' | 'scope'>;
  private readonly vectors: Map<string, Vector> = new Map();

  constructor(context: Pick<LaneContext, 'shared' | 'scope'>) {
    this.context = context;
  }

  /** Of a morsel's file, its partition column of that number. */
  vectorOf(morsel: ScanMorsel, partition: number): Vector {
    const key = `${morsel.fileIndex} ${partition}`;
    let vector = this.vectors.get(key);
    if (vector !== undefined) return vector;
    const { shared, scope } = this.context;
    const constant = morsel.file.partitionValues[partition]!;
    const physical = physicalTypeOf(constant.type);
    vector = new Vector(physical);
    if (constant.value === null) {
      vector.setConstant(ZEROS, ZEROS);
    } else {
      const data = scope.allocate(byteWidthOf(physical));
      writeConstant(shared, scope, physical, constant.value, data);
      vector.setConstant(data, 0);
    }
    this.vectors.set(key, vector);
    return vector;
  }
}
