// Reference twin of `assembly/join-filter.ts`.

/** What a build side tells of its keys: the two bits of each hash in its word. */
export class JoinFilterReference {
  private readonly bits = new Set<string>();
  private readonly shift: number;

  constructor(shift: number) {
    this.shift = shift;
  }

  add(hash: number): void {
    for (const bit of this.bitsOf(hash)) this.bits.add(bit);
  }

  /** Whether a row may have a match: bit p of `deferred` is set for partitions that the filter does not know. */
  passes(hash: number, deferred: number): boolean {
    const isDeferred = Math.floor(deferred / 2 ** Math.floor(hash / 2 ** 27)) % 2 === 1;
    return isDeferred || this.bitsOf(hash).every((bit) => this.bits.has(bit));
  }

  private bitsOf(hash: number): string[] {
    const word = Math.floor(hash / 2 ** this.shift);
    return [hash % 64, Math.floor(hash / 64) % 64].map((bit) => `${word} ${bit}`);
  }
}

/** The least and the greatest of integers, and of the bounds that were known. */
export function widenBounds(values: readonly bigint[], least: bigint, greatest: bigint): [bigint, bigint] {
  const ascending = (left: bigint, right: bigint): number => (left < right ? -1 : 1);
  return [[least, ...values].sort(ascending)[0]!, [greatest, ...values].sort(ascending).at(-1)!];
}
