import { CONSTANT_TABLES, type SharedMemory } from '../vector/shared-memory.js';

/*
 * Kernels own no data segments, so the tables they read lie in a reserved chunk of the shared memory, computed when
 * first asked for. Threads may compute one at the same time: they write equal bytes.
 *
 *   0     u32 flags, one a table: 1 = complete
 *   64    powers of ten (9,872 bytes)
 */
const POWERS_OF_TEN_FLAG = CONSTANT_TABLES;
/** Where the table lies; `powersOfTenTable` fills it. */
export const POWERS_OF_TEN: number = CONSTANT_TABLES + 64;

const SMALLEST_POWER = -292;
const LARGEST_POWER = 324;

/**
 * Pointer to 10^−292 … 10^324 for printing floating point numbers (`assembly/format.ts`): 16 bytes each, low half
 * first, normalised to 128 bits and rounded up.
 */
export function powersOfTenTable(shared: SharedMemory): number {
  if (Atomics.load(shared.i32, POWERS_OF_TEN_FLAG / 4) === 1) return POWERS_OF_TEN;
  let magnitude = 1n;
  for (let power = 0; power <= LARGEST_POWER; power++) {
    const bits = BigInt(((power * 1_741_647) >> 19) + 1);
    const excess = bits - 128n;
    writePower(shared, power, excess <= 0n ? magnitude << -excess : -(-magnitude >> excess));
    if (power > 0 && -power >= SMALLEST_POWER) {
      writePower(shared, -power, ((1n << (127n + bits)) + magnitude - 1n) / magnitude);
    }
    magnitude *= 10n;
  }
  Atomics.store(shared.i32, POWERS_OF_TEN_FLAG / 4, 1);
  return POWERS_OF_TEN;
}

function writePower(shared: SharedMemory, power: number, value: bigint): void {
  const pointer = POWERS_OF_TEN + (power - SMALLEST_POWER) * 16;
  shared.view.setBigUint64(pointer, value & 0xffff_ffff_ffff_ffffn, true);
  shared.view.setBigUint64(pointer + 8, value >> 64n, true);
}
