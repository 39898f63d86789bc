/** What a suite measured, as it is saved: plain JSON. */
export interface SuiteReport {
  readonly figures: Readonly<Record<string, unknown>>;
  /** Anything that must make the run fail: an answer that differs, a query that does not run. */
  readonly failures: readonly string[];
}

export interface Suite {
  /** One line for the list of suites. */
  readonly description: string;
  /** Measures, prints its table, and reports. `args` are the command line's after the suite's name. */
  run(args: readonly string[]): Promise<SuiteReport>;
}
