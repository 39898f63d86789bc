import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';

/** What breakers leave to scans, results, and what is allocated before anybody looks. */
const RESERVED_SHARE = 1 / 8;
/** A lane's breaker may always hold this much: spilling less would be all overhead. */
const LEAST_BREAKER_BYTES = 4 * 2 ** 20;
/** Several breakers hold that at a time, in each lane: in little memory, it is no more than such a part of it. */
const LEAST_BREAKER_PART = 16;
/** The same where memory is said to be scarce: see `SharedMemoryOptions`. */
const SCARCE_BREAKER_BYTES = 2 * CHUNK_BYTES;

function leastBytes(shared: SharedMemory): number {
  return shared.isScarce
    ? SCARCE_BREAKER_BYTES
    : Math.min(LEAST_BREAKER_BYTES, shared.capacityBytes / LEAST_BREAKER_PART);
}

/** Memory that breakers may still take. */
export function freeBreakerBytes(shared: SharedMemory): number {
  if (shared.isScarce) return 0;
  return Math.max(0, shared.capacityBytes * (1 - RESERVED_SHARE) - shared.allocatedBytes);
}

/**
 * Must a breaker that holds `ownBytes` in this lane spill? It must when it holds more than what is left: so whoever
 * comes later, of this query or another, finds as much as the largest holder has.
 */
export function mustSpill(shared: SharedMemory, ownBytes: number): boolean {
  return ownBytes > leastBytes(shared) && ownBytes > freeBreakerBytes(shared);
}

/** Is less left than lanes load of what was spilled, however little memory there is? Then breakers that are done spill. */
export function lacksLoadingRoom(shared: SharedMemory, laneCount: number): boolean {
  return freeBreakerBytes(shared) < leastBytes(shared) * laneCount;
}

/** Bytes that a lane may load of what was spilled, when all lanes do, who have `heldBytes`: one more share stays free. */
export function loadBudget(shared: SharedMemory, laneCount: number, heldBytes = 0): number {
  return Math.max(leastBytes(shared), (freeBreakerBytes(shared) + heldBytes) / (laneCount + 1));
}
