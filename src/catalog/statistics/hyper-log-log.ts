/** One byte each; see `assembly/statistics.ts`. */
export const REGISTER_COUNT: number = 2048;
/** Bits of a hash that a rank is taken of. */
const RANK_BITS = 21;

/**
 * Distinct values from registers, within 2.3 % (one standard deviation) at any number. O. Ertl, "New cardinality
 * estimation algorithms for HyperLogLog sketches" (2017), algorithm 6: needs no tables of corrections.
 */
export function estimateFromRegisters(registers: Uint8Array): number {
  const counts = new Array<number>(RANK_BITS + 2).fill(0);
  for (const rank of registers) counts[rank]!++;
  let sum = REGISTER_COUNT * tau(1 - counts[RANK_BITS + 1]! / REGISTER_COUNT);
  for (let rank = RANK_BITS; rank >= 1; rank--) sum = 0.5 * (sum + counts[rank]!);
  sum += REGISTER_COUNT * sigma(counts[0]! / REGISTER_COUNT);
  return REGISTER_COUNT ** 2 / (2 * Math.LN2 * sum);
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let power = share;
  let factor = 1;
  let sum = share;
  for (;;) {
    power *= power;
    const next = sum + power * factor;
    if (next === sum) return sum;
    sum = next;
    factor *= 2;
  }
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let root = share;
  let factor = 1;
  let sum = 1 - share;
  for (;;) {
    root = Math.sqrt(root);
    factor *= 0.5;
    const next = sum - (1 - root) ** 2 * factor;
    if (next === sum) return sum / 3;
    sum = next;
  }
}

/** The registers of the values of all; at least one. */
export function mergeRegisters(all: readonly Uint8Array[]): Uint8Array {
  const merged = Uint8Array.from(all[0]!);
  for (const registers of all.slice(1)) {
    for (let register = 0; register < REGISTER_COUNT; register++) {
      if (registers[register]! > merged[register]!) merged[register] = registers[register]!;
    }
  }
  return merged;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A digit a register; where few are set, three digits each: two of its number, one of its rank. */
export function encodeRegisters(registers: Uint8Array): string {
  let sparse = '';
  let dense = '';
  for (const [register, rank] of registers.entries()) {
    dense += DIGITS[rank]!;
    if (rank > 0) sparse += DIGITS[register >> 6]! + DIGITS[register & 63]! + DIGITS[rank]!;
  }
  return sparse.length < dense.length ? sparse : dense;
}

/** Undefined for what `encodeRegisters` does not write. */
export function decodeRegisters(text: string): Uint8Array | undefined {
  const registers = new Uint8Array(REGISTER_COUNT);
  const digits = Array.from(text, (digit) => DIGITS.indexOf(digit));
  if (digits.includes(-1)) return undefined;
  if (digits.length === REGISTER_COUNT) registers.set(digits);
  else {
    if (digits.length % 3 !== 0) return undefined;
    for (let at = 0; at < digits.length; at += 3) {
      const register = digits[at]! * 64 + digits[at + 1]!;
      if (register >= REGISTER_COUNT) return undefined;
      registers[register] = digits[at + 2]!;
    }
  }
  return registers.every((rank) => rank <= RANK_BITS + 1) ? registers : undefined;
}
