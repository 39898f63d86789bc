import { CYCLE_SECONDS, TABLE_END, type ZoneTable } from './zone-table.js';

/*
 * From instants to the clocks of a zone and back, as PostgreSQL does it. The twin of `kernels/assembly/zones.ts`.
 * Timestamps are µs since 1970-01-01; infinite ones stay as they are.
 */

const MAX = 2n ** 63n - 1n;
const isInfinite = (timestamp: bigint): boolean => timestamp === MAX || timestamp === -MAX - 1n;

/** Seconds since 1970, rounded down, moved into the table by whole cycles; and by how much. */
function intoTable(seconds: number): { readonly at: number; readonly shift: number } {
  if (seconds < TABLE_END) return { at: seconds, shift: 0 };
  const shift = (Math.floor((seconds - TABLE_END) / CYCLE_SECONDS) + 1) * CYCLE_SECONDS;
  return { at: seconds - shift, shift };
}

/** How many changes lie at or before a second. */
function changesUntil({ instants }: ZoneTable, second: number): number {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle]! <= second) low = middle + 1;
    else high = middle;
  }
  return low;
}

const offsetAfter = (zone: ZoneTable, changes: number): number =>
  changes === 0 ? zone.initialOffset : zone.offsets[changes - 1]!;

function floorSeconds(timestamp: bigint): number {
  const seconds = timestamp / 1_000_000n;
  return Number(timestamp % 1_000_000n < 0n ? seconds - 1n : seconds);
}

/** Seconds east of Greenwich at an instant. */
export function offsetAtInstant(zone: ZoneTable, instant: bigint): number {
  return offsetAfter(zone, changesUntil(zone, intoTable(floorSeconds(instant)).at));
}

/** What the clocks show at an instant. */
export function instantToLocal(zone: ZoneTable, instant: bigint): bigint {
  return isInfinite(instant) ? instant : instant + BigInt(offsetAtInstant(zone, instant)) * 1_000_000n;
}

/**
 * The offset that a local time has. Times that the clocks skip are read with the offset before the change, times that
 * they show twice with the offset after it (DetermineTimeZoneOffset of PostgreSQL).
 */
export function offsetOfLocal(zone: ZoneTable, local: bigint): number {
  const second = intoTable(floorSeconds(local)).at;
  const changes = changesUntil(zone, second - 86_400);
  const before = offsetAfter(zone, changes);
  const boundary = zone.instants[changes];
  if (boundary === undefined) return before;
  const after = offsetAfter(zone, changes + 1);
  const [withBefore, withAfter] = [second - before, second - after];
  if (withBefore < boundary && withAfter < boundary) return before;
  if (withBefore >= boundary && withAfter >= boundary) return after;
  return withBefore > withAfter ? before : after;
}

export function localToInstant(zone: ZoneTable, local: bigint): bigint {
  return isInfinite(local) ? local : local - BigInt(offsetOfLocal(zone, local)) * 1_000_000n;
}

/** `+02`, `-03:30`, `+00:53:28`. */
export function formatOffset(offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts[parts.length - 1] === 0) parts.pop();
  return (offset < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}
