import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { LaneContext } from './operator.js';

/** Finds the rows whose join keys can match at all: NULL keys match nothing, except under IS NOT DISTINCT FROM. */
export class NullKeySelector {
  readonly selection: number;
  private readonly context: LaneContext;
  private readonly nullsEqual: readonly boolean[];
  private readonly pointers: number;

  constructor(context: LaneContext, scope: Scope, nullsEqual: readonly boolean[]) {
    this.context = context;
    this.nullsEqual = nullsEqual;
    this.selection = scope.allocate(BATCH_ROWS * 4);
    this.pointers = scope.allocate(Math.max(1, nullsEqual.length) * 4);
  }

  /** The number of rows without NULL keys; when it is less than `rowCount`, `selection` lists them. */
  select(keys: readonly Vector[], rowCount: number): number {
    const { shared, kernels } = this.context;
    let tested = 0;
    for (let key = 0; key < keys.length; key++) {
      const vector = keys[key]!;
      if (this.nullsEqual[key] || vector.validity === 0) continue;
      if (vector.encoding === 'constant') {
        if (shared.u8[vector.validity] === 0) return 0;
        continue;
      }
      shared.u32[this.pointers / 4 + tested++] = vector.validity;
    }
    if (tested === 0) return rowCount;
    return kernels.selectValid(this.pointers, tested, rowCount, this.selection);
  }
}
