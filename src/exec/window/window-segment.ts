import type { Kernels } from '../../kernels/kernels.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { PositionList } from './position-list.js';

/** Which rows are a partition, or peers: see `assembly/window-rows.ts`. */
export class Peering {
  readonly ordinals: PositionList;
  readonly starts: PositionList;
  /** How many there are. */
  count = 0;
  /** Of the keys that they agree in. */
  readonly descriptor: number;

  constructor(shared: SharedMemory, owner: number, descriptor: number) {
    this.ordinals = new PositionList(shared, owner);
    this.starts = new PositionList(shared, owner);
    this.descriptor = descriptor;
  }

  /** The first row of the partition, or group, of a row. */
  startOf(row: number): number {
    return this.starts.at(this.ordinals.at(row));
  }

  /** The first row of the last one, to which rows may still be added. */
  get lastStart(): number {
    return this.count === 0 ? 0 : this.starts.at(this.count - 1);
  }
}

/**
 * A stretch of the rows of a window, in order: those that are not handed on yet, and those before them that are still
 * looked at. Positions count from its first row.
 */
export class WindowSegment {
  count = 0;
  /** Rows that were dropped at the front, over all. */
  dropped = 0;
  /** All rows are there. */
  isComplete = false;
  readonly rows: PositionList;
  readonly partitions: Peering;
  private readonly kernels: Kernels;
  private readonly peerings: readonly Peering[];

  /** `peerings`: the partitions first, then the groups of peers. */
  constructor(shared: SharedMemory, kernels: Kernels, owner: number, peerings: readonly Peering[]) {
    this.kernels = kernels;
    this.rows = new PositionList(shared, owner);
    this.partitions = peerings[0]!;
    this.peerings = peerings;
  }

  /** Appends the rows of sorted entries; before them lies the entry of the row before. */
  append(entries: number, count: number): void {
    const { kernels, rows } = this;
    const total = this.count + count;
    rows.ensure(total, this.count);
    kernels.entryRows(entries, count, rows.pointer + this.count * 4);
    for (const peering of this.peerings) {
      peering.ordinals.ensure(total, this.count);
      peering.starts.ensure(peering.count + count + 1, peering.count);
      peering.count = kernels.markPeers(
        peering.descriptor,
        entries,
        this.count,
        total,
        peering.ordinals.pointer,
        peering.starts.pointer,
        peering.count,
      );
    }
    this.count = total;
  }

  /** Forgets the first rows, at least one of which stays. */
  drop(count: number): void {
    const { kernels, rows } = this;
    const left = this.count - count;
    for (const peering of this.peerings) {
      const first = peering.ordinals.at(count);
      kernels.shiftPositions(peering.ordinals.pointer, count, left, first);
      peering.count -= first;
      kernels.shiftPositions(peering.starts.pointer, first, peering.count + 1, count);
    }
    kernels.shiftPositions(rows.pointer, count, left, 0);
    this.count = left;
    this.dropped += count;
  }

  /** All rows are gone, and others may come. */
  clear(): void {
    this.count = 0;
    this.dropped = 0;
    this.isComplete = false;
    for (const peering of this.peerings) peering.count = 0;
  }

  free(): void {
    this.rows.free();
    for (const { ordinals, starts } of this.peerings) {
      ordinals.free();
      starts.free();
    }
  }
}
