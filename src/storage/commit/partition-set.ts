import type { PartitionFolders, TouchedPartitions } from './intent.js';

/** A set of partitions given by canonical prefixes; `null` stands for the whole table. */
export class PartitionSet {
  readonly #prefixes: ReadonlySet<string> | null;
  /** Every folder on the way to a prefix. */
  readonly #ancestors: ReadonlySet<string> = new Set();

  constructor(touched: TouchedPartitions) {
    if (touched === null) {
      this.#prefixes = null;
      return;
    }
    this.#prefixes = new Set(touched.map((folders) => folders.join('/')));
    this.#ancestors = new Set(
      touched.flatMap((folders) => folders.map((_, depth) => folders.slice(0, depth).join('/'))),
    );
  }

  /** Is the partition, or all of the folder, in the set? */
  contains(folders: PartitionFolders): boolean {
    if (this.#prefixes === null) return true;
    for (let depth = folders.length; depth >= 0; depth--) {
      if (this.#prefixes.has(folders.slice(0, depth).join('/'))) return true;
    }
    return false;
  }

  /** Is any partition in the folder in the set? */
  overlaps(folders: PartitionFolders): boolean {
    return this.contains(folders) || this.#ancestors.has(folders.join('/'));
  }
}

/** Do two commits touch a partition both? */
export function touchesOverlap(left: TouchedPartitions, right: TouchedPartitions): boolean {
  if (left === null) return right === null || right.length > 0;
  if (right === null) return left.length > 0;
  const set = new PartitionSet(left);
  return right.some((folders) => set.overlaps(folders));
}
