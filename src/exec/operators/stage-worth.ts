/** Batches of a row group from which the worth of a stage is judged. */
const TRIAL_BATCHES = 2;
/** A stage that lets more than this share of the rows pass costs more than it saves. */
const WORTHWHILE_SHARE = 0.7;

/** Whether a stage that may only leave rows out, but need not, is worth its work in a row group. */
export class StageWorth {
  private batches = 0;
  private reached = 0;
  private passed = 0;

  beginRowGroup(): void {
    this.batches = 0;
    this.reached = 0;
    this.passed = 0;
  }

  /** Of `reached` rows of a batch, `passed` are left. */
  note(reached: number, passed: number): void {
    this.batches++;
    this.reached += reached;
    this.passed += passed;
  }

  get isPoor(): boolean {
    return this.batches >= TRIAL_BATCHES && this.passed > this.reached * WORTHWHILE_SHARE;
  }
}
