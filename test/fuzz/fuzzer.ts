import type { Verdict } from './judge.js';

export interface FuzzFailure {
  readonly seed: number;
  readonly query: number;
  readonly what: string;
  /** Ready to be put into an slt file. */
  readonly record: string;
}

export class FuzzCounts {
  queries = 0;
  agreed = 0;
  /** What we do not have, by message. */
  readonly unsupported: Map<string, number> = new Map();
  /** What the oracle could not answer. */
  readonly oracleFailed: Map<string, number> = new Map();

  add({ kind, what }: Verdict): void {
    this.queries++;
    const count = (counts: Map<string, number>): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    if (kind === 'agree') this.agreed++;
    else if (kind === 'unsupported') count(this.unsupported);
    else if (kind === 'oracle failed') count(this.oracleFailed);
  }
}

/** Runs the queries of a seed, or one of them, until the time is over. Making a failure smaller changes the tables. */
export async function failuresOf(
  queries: { readonly count: number; readonly only: number | undefined; readonly until: number },
  run: (index: number) => Promise<FuzzFailure | undefined>,
  loadTables: () => Promise<void>,
): Promise<FuzzFailure[]> {
  const { count, only, until } = queries;
  await loadTables();
  const failures: FuzzFailure[] = [];
  for (const index of only === undefined ? Array.from({ length: count }).keys() : [only]) {
    if (Date.now() > until) break;
    const failure = await run(index);
    if (failure === undefined) continue;
    failures.push(failure);
    await loadTables();
  }
  return failures;
}

/** Random queries beside one oracle. */
export interface Fuzzer {
  readonly oracle: string;
  readonly counts: FuzzCounts;
  describeCapabilities(): string;
  /** All queries of a seed, or one of them; `until` ends it early. Failures come shrunk. */
  runSeed(seed: number, only?: number, until?: number): Promise<FuzzFailure[]>;
  close(): Promise<void>;
}
