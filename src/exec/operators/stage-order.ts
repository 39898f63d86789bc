/** What a stage of a scan's filter is known by, before any rows were seen. */
export interface OrderedStage {
  /** Of a row that reaches the stage, in reads of an integer: what its columns and its test take. */
  readonly cost: number;
  /** What can fail sees only rows that passed what cannot, in the order of the query. */
  readonly mayFail: boolean;
}

interface StageCounts {
  reached: number;
  passed: number;
}

/**
 * The order in which stages test rows: by the rows that each drops for its cost, as counted so far, since a stage spares
 * those behind it their reads. Until rows have been counted, the order is the given one.
 */
export class StageOrder<Stage extends OrderedStage> {
  stages: readonly Stage[];
  private readonly counts: ReadonlyMap<Stage, StageCounts>;
  private windows = 0;
  private nextSort = 1;

  constructor(stages: readonly Stage[]) {
    this.stages = [...stages.filter(({ mayFail }) => !mayFail), ...stages.filter(({ mayFail }) => mayFail)];
    this.counts = new Map(stages.map((stage) => [stage, { reached: 0, passed: 0 }]));
  }

  note(stage: Stage, reached: number, passed: number): void {
    const counts = this.counts.get(stage)!;
    counts.reached += reached;
    counts.passed += passed;
  }

  /** To be called before each window: sorts anew now and then, the less often the more is known. */
  beginWindow(): void {
    this.windows++;
    if (this.windows <= this.nextSort || this.stages.length < 2) return;
    this.nextSort = this.windows * 2;
    this.stages = [...this.stages].sort((left, right) => {
      if (left.mayFail || right.mayFail) return Number(left.mayFail) - Number(right.mayFail);
      return this.worthOf(right) - this.worthOf(left);
    });
  }

  /** A stage that few rows have reached may be anything: it stays behind those that keep them away. */
  private worthOf(stage: Stage): number {
    const { reached, passed } = this.counts.get(stage)!;
    return reached === 0 ? 0 : (1 - passed / reached) / stage.cost;
  }
}
