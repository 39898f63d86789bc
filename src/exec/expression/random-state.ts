import type { SharedMemory } from '../../vector/shared-memory.js';

// The state of the random bits of a program: kernels/assembly/random-bits.ts draws its layout.

export const RANDOM_STATE_BYTES = 384;
const KEY_BYTES = 32;
const NONCE = 40;
const TAKEN = 48;
const CLOCK = 56;
const OUTPUT_BYTES = 256;

/** A key and a nonce that nobody can guess; no output is left to be drawn, so that it is made first. */
export function seedRandomState(shared: SharedMemory, state: number): void {
  // crypto fills no shared memory.
  const bits = crypto.getRandomValues(new Uint8Array(KEY_BYTES + 8));
  shared.u8.set(bits.subarray(0, KEY_BYTES), state);
  shared.u8.set(bits.subarray(KEY_BYTES), state + NONCE);
  shared.u32[(state + TAKEN) >>> 2] = OUTPUT_BYTES;
}

/** The time of the rows that are about to be computed. */
export function setRandomClock(shared: SharedMemory, state: number): void {
  shared.view.setFloat64(state + CLOCK, Math.floor((performance.timeOrigin + performance.now()) * 1000), true);
}
