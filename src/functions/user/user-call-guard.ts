/*
 * Two words a worker, shared with the main thread: is the worker within a function of the user, and in which call? Such a
 * function may never return, and nothing can interrupt it. The main thread then ends the worker, which is safe nowhere
 * else: it might be in the middle of a write to memory that others share.
 *
 *   IDLE ⇄ CALLING      by the worker, around each call, and the other way round where the call allocates memory
 *   CALLING → CONDEMNED by the main thread, before it ends the worker; if the function returns after all, the worker waits
 */
export const GUARD_BYTES = 8;

const STATE = 0;
const CALL = 1;

const IDLE = 0;
const CALLING = 1;
const CONDEMNED = 2;

/** That of this thread; undefined on the main thread, which is never ended. */
let guard: Int32Array | undefined;

export function setUserCallGuard(words: SharedArrayBuffer): void {
  guard = new Int32Array(words);
}

/** Runs what is the user's: the thread may be ended meanwhile. */
export function guarded<Result>(work: () => Result): Result {
  if (guard === undefined) return work();
  Atomics.add(guard, CALL, 1);
  Atomics.store(guard, STATE, CALLING);
  try {
    return work();
  } finally {
    if (Atomics.compareExchange(guard, STATE, CALLING, IDLE) === CONDEMNED) Atomics.wait(guard, STATE, CONDEMNED);
  }
}

/** Within `guarded`, what must not be interrupted: it changes what threads share. */
export function unguarded<Result>(work: () => Result): Result {
  if (guard === undefined) return work();
  if (Atomics.compareExchange(guard, STATE, CALLING, IDLE) === CONDEMNED) Atomics.wait(guard, STATE, CONDEMNED);
  try {
    return work();
  } finally {
    Atomics.store(guard, STATE, CALLING);
  }
}

/** The call that a worker is within, or was last. */
export function lastCallOf(words: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(words), CALL);
}

/** Is the worker within this call still? Then it does not leave it any more, and may be ended. */
export function condemn(words: SharedArrayBuffer, call: number): boolean {
  if (lastCallOf(words) !== call) return false;
  return Atomics.compareExchange(new Int32Array(words), STATE, CALLING, CONDEMNED) === CALLING;
}
