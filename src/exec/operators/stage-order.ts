/** A test of rows that may come sooner or later. */
export interface OrderedStage {
  /** What can fail sees only rows that passed what cannot, in the order of the query. */
  readonly mayFail: boolean;
}

/** A stage, and what has been counted of it; whoever runs it counts. */
export interface StageEntry<Stage extends OrderedStage> {
  readonly stage: Stage;
  reached: number;
  passed: number;
  /** Of a row that reaches the stage, in reads of an integer: what its columns and its test take. */
  cost: number;
  /** Has the cost been found for the present row group? */
  isCostKnown: boolean;
}

/**
 * The order in which stages test rows: by the rows that each drops for its cost, as counted so far, since a stage spares
 * those behind it their reads. Until rows have been counted, the order is the given one.
 */
export class StageOrder<Stage extends OrderedStage> {
  entries: readonly StageEntry<Stage>[];
  private windows = 0;
  private nextSort = 1;

  constructor(stages: readonly Stage[]) {
    const inOrder = [...stages.filter(({ mayFail }) => !mayFail), ...stages.filter(({ mayFail }) => mayFail)];
    this.entries = inOrder.map((stage) => ({ stage, reached: 0, passed: 0, cost: 1, isCostKnown: false }));
  }

  /** To be called before each window: sorts anew now and then, the less often the more is known. */
  beginWindow(): void {
    this.windows++;
    if (this.windows <= this.nextSort || this.entries.length < 2) return;
    this.nextSort = this.windows * 2;
    this.entries = [...this.entries].sort((left, right) => {
      if (left.stage.mayFail || right.stage.mayFail) return Number(left.stage.mayFail) - Number(right.stage.mayFail);
      return worthOf(right) - worthOf(left);
    });
  }
}

/** A stage that no row has reached may be anything: it stays behind those that keep rows away. */
function worthOf({ reached, passed, cost }: StageEntry<OrderedStage>): number {
  return reached === 0 ? 0 : (1 - passed / reached) / cost;
}
