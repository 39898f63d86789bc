/** A task gives its worker back after about this long, so that reads complete and new queries are begun. */
const QUANTUM_MS = 20;
/** The same while other queries run: what these wait for, once for each task of theirs. */
const SHARED_QUANTUM_MS = 4;

/** The time that a task may take of its worker, from its creation on; others have the worker while it waits for a read. */
export class Quantum {
  private readonly query: { readonly hasCompany: boolean };
  private readonly now: () => number;
  private startMs: number;

  /** `hasCompany`: do other queries run now? `now` gives milliseconds since some time. */
  constructor(query: { readonly hasCompany: boolean }, now: () => number = () => performance.now()) {
    this.query = query;
    this.now = now;
    this.startMs = now();
  }

  /** Waits for a read, which takes no time of the quantum. */
  async pauseFor<Value>(read: Promise<Value>): Promise<Value> {
    const usedMs = this.now() - this.startMs;
    const value = await read;
    this.startMs = this.now() - usedMs;
    return value;
  }

  get isOver(): boolean {
    return this.now() - this.startMs > (this.query.hasCompany ? SHARED_QUANTUM_MS : QUANTUM_MS);
  }
}
