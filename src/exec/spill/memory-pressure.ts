import type { SharedMemory } from '../../vector/shared-memory.js';

/** What breakers leave to scans, results, and what is allocated before anybody looks. */
const RESERVED_SHARE = 1 / 8;
/** A lane's breaker may always hold this much: spilling less would be all overhead. */
export const LEAST_BREAKER_BYTES: number = 4 * 2 ** 20;

/** Memory that breakers may still take. */
export function freeBreakerBytes(shared: SharedMemory): number {
  return Math.max(0, shared.capacityBytes * (1 - RESERVED_SHARE) - shared.allocatedBytes);
}

/**
 * Must a breaker that holds `ownBytes` in this lane spill? It must when it holds more than what is left: so whoever
 * comes later, of this query or another, finds as much as the largest holder has.
 */
export function mustSpill(shared: SharedMemory, ownBytes: number): boolean {
  return ownBytes > LEAST_BREAKER_BYTES && ownBytes > freeBreakerBytes(shared);
}
