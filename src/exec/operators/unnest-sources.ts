import type { Expression } from '../../planner/expression.js';
import type { UnnestNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import type { Vector } from '../../vector/vector.js';
import { VectorSource } from '../rows/vector-source.js';
import type { LaneContext } from './operator.js';

/** Five u32: see `takeFromColumns` in kernels/assembly/unnest.ts. */
const COLUMN_BYTES = 20;

/** Which elements: arrays of u32, row and place of each. */
export interface ChosenElements {
  readonly rows: number;
  readonly places: number;
  readonly count: number;
}

/** Where the elements of one of several arrays that are unnested come from: `vectors` are those of its expressions. */
export interface UnnestSource {
  readonly expressions: readonly Expression[];
  /** Elements that every row has. */
  readonly leastLength: number;
  /** Raises the u32 a row at `lengths` to the lengths of the arrays. */
  growLengths(vectors: readonly Vector[], rowCount: number, lengths: number): void;
  take(vectors: readonly Vector[], chosen: ChosenElements, target: Vector): void;
}

export function createUnnestSource(
  context: LaneContext,
  array: Expression,
  element: UnnestNode['elements'][number],
): UnnestSource {
  const parts = partsOf(array);
  return parts === undefined || (element && !isLaidOutAs(parts, element))
    ? new ArraySource(context, array)
    : new ConstructorSource(context, parts);
}

/** The elements of ARRAY[…]: then no array has to be made. */
function partsOf(array: Expression): readonly Expression[] | undefined {
  if (array.kind !== 'call' || array.overload !== 'list_value(any...)') return undefined;
  return array.args.length > 0 ? array.args : undefined;
}

function isLaidOutAs(parts: readonly Expression[], element: Expression['type']): boolean {
  return parts.every(({ type }) => physicalTypeOf(type) === physicalTypeOf(element));
}

/** Arrays as values. */
class ArraySource implements UnnestSource {
  readonly expressions: readonly Expression[];
  readonly leastLength = 0;
  private readonly context: LaneContext;
  private readonly source = new VectorSource();

  constructor(context: LaneContext, array: Expression) {
    this.context = context;
    this.expressions = [array];
  }

  growLengths([array]: readonly Vector[], rowCount: number, lengths: number): void {
    const { shared, kernels } = this.context;
    const { data, codes, step, validity, validityStep } = this.source.set(array!, shared);
    kernels.growToArrayLengths(data, codes, step, validity, validityStep, rowCount, lengths);
  }

  take([array]: readonly Vector[], { rows, places, count }: ChosenElements, target: Vector): void {
    const { shared, kernels } = this.context;
    const { data, codes, step, validity, validityStep } = this.source.set(array!, shared);
    kernels.takeElements(
      data,
      codes,
      step,
      validity,
      validityStep,
      rows,
      places,
      count,
      byteWidthOf(target.physical),
      target.data,
      target.validity,
    );
  }
}

/** Arrays that are not made: a column for each place. */
class ConstructorSource implements UnnestSource {
  readonly expressions: readonly Expression[];
  readonly leastLength: number;
  private readonly context: LaneContext;
  private readonly source = new VectorSource();
  private readonly columns: number;

  constructor(context: LaneContext, parts: readonly Expression[]) {
    this.context = context;
    this.expressions = parts;
    this.leastLength = parts.length;
    this.columns = context.scope.allocate(parts.length * COLUMN_BYTES);
  }

  growLengths(): void {}

  take(vectors: readonly Vector[], { rows, places, count }: ChosenElements, target: Vector): void {
    const { shared, kernels } = this.context;
    for (const [index, vector] of vectors.entries()) {
      const { data, codes, step, validity, validityStep } = this.source.set(vector, shared);
      shared.u32.set([data, codes, step, validity, validityStep], (this.columns + index * COLUMN_BYTES) / 4);
    }
    const width = byteWidthOf(target.physical);
    kernels.takeFromColumns(this.columns, vectors.length, rows, places, count, width, target.data, target.validity);
  }
}
