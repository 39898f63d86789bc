/** A lock in shared memory. It is held for microseconds: the main thread may not sleep on it. */
export class SpinLock {
  private readonly i32: Int32Array;
  private readonly index: number;

  /** `index` of a word that is 0 while nobody holds the lock. */
  constructor(i32: Int32Array, index: number) {
    this.i32 = i32;
    this.index = index;
  }

  hold<Result>(work: () => Result): Result {
    const { i32, index } = this;
    for (let spins = 0; Atomics.compareExchange(i32, index, 0, 1) !== 0; spins++) {
      if (spins > 1000) Atomics.wait(i32, index, 1, 1);
    }
    try {
      return work();
    } finally {
      Atomics.store(i32, index, 0);
    }
  }
}
