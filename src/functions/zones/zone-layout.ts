import type { ZoneTable } from './zone-table.js';

/** A zone's changes as kernels read them: `kernels/assembly/zone-table.ts` draws the layout. */
export function zoneBytes({ initialOffset, instants, offsets }: ZoneTable): Uint8Array {
  const bytes = new Uint8Array(8 + 12 * instants.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, instants.length, true);
  view.setInt32(4, initialOffset, true);
  instants.forEach((instant, index) => {
    view.setBigInt64(8 + 8 * index, BigInt(instant) * 1_000_000n, true);
    view.setInt32(8 + 8 * instants.length + 4 * index, offsets[index]!, true);
  });
  return bytes;
}
