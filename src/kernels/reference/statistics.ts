// Reference twin of `assembly/statistics.ts`.

const REGISTER_BITS = 11;

export const REGISTER_COUNT: number = 2 ** REGISTER_BITS;

/** The registers of a HyperLogLog over hashes of 32 bits. */
export function registersOf(hashes: readonly number[]): number[] {
  const registers = new Array<number>(REGISTER_COUNT).fill(0);
  for (const hash of hashes) {
    const bits = hash.toString(2).padStart(32, '0');
    const register = Number.parseInt(bits.slice(0, REGISTER_BITS), 2);
    const zeros = /^0*/.exec(bits.slice(REGISTER_BITS))![0].length;
    registers[register] = Math.max(registers[register]!, zeros + 1);
  }
  return registers;
}

/** Counters of frequent values: by value, and what was taken off all of them so far. */
export interface FrequentValues {
  readonly counts: Map<number, number>;
  taken: number;
}

/** Misra and Gries, with the median taken off whenever `limit` counters are in use and another is needed. */
export function countFrequent(
  values: Iterable<{ readonly hash: number; readonly weight: number }>,
  limit: number,
): FrequentValues {
  const frequent: FrequentValues = { counts: new Map(), taken: 0 };
  for (const { hash, weight } of values) {
    if (weight === 0) continue;
    if (!frequent.counts.has(hash) && frequent.counts.size === limit) shrinkFrequent(frequent);
    frequent.counts.set(hash, (frequent.counts.get(hash) ?? 0) + weight);
  }
  return frequent;
}

function shrinkFrequent(frequent: FrequentValues): void {
  const { counts } = frequent;
  const taken = [...counts.values()].sort((left, right) => left - right)[counts.size >> 1]!;
  for (const [hash, count] of [...counts]) {
    if (count > taken) counts.set(hash, count - taken);
    else counts.delete(hash);
  }
  frequent.taken += taken;
}

/** How often each code occurs, and the number of NULLs. */
export function countCodes(
  codes: readonly number[],
  validity: readonly number[] | undefined,
  size: number,
): { readonly counts: number[]; readonly nulls: number } {
  const counts = new Array<number>(size).fill(0);
  let nulls = 0;
  codes.forEach((code, row) => {
    if (validity !== undefined && validity[row] === 0) nulls++;
    else counts[code]!++;
  });
  return { counts, nulls };
}

/** The finisher of SplitMix64, its first 31 bits. */
export function priorityOf(seed: bigint, row: bigint): number {
  let word = BigInt.asUintN(64, seed + row * 0x9e3779b97f4a7c15n);
  word = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n);
  word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn);
  return Number((word ^ (word >> 31n)) >> 33n);
}

/** A text in a slot of a sample: its length and as many of its bytes as fit. */
export function textSlot(bytes: Uint8Array, slotBytes: number): Uint8Array {
  const slot = new Uint8Array(slotBytes);
  new DataView(slot.buffer).setUint32(0, bytes.length, true);
  slot.set(bytes.subarray(0, slotBytes - 4), 4);
  return slot;
}

const MIN_I64 = -(2n ** 63n);
const MAX_I64 = 2n ** 63n - 1n;

/** The word of an integer, at the edge of 64 bits where it needs more. */
export function wordOfInteger(value: bigint): bigint {
  const nearest = value < MIN_I64 ? MIN_I64 : value > MAX_I64 ? MAX_I64 : value;
  return nearest - MIN_I64;
}

export function wordOfFloat(value: number): bigint {
  if (Number.isNaN(value)) return 2n ** 64n - 1n;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0);
  const bits = view.getBigUint64(0);
  return bits >= 2n ** 63n ? BigInt.asUintN(64, ~bits) : bits | (2n ** 63n);
}

/** The first 8 bytes, as a number that is written with the first digit first. */
export function wordOfText(bytes: Uint8Array): bigint {
  let word = 0n;
  for (let index = 0; index < 8; index++) word = (word << 8n) | BigInt(bytes[index] ?? 0);
  return word;
}
