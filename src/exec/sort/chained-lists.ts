import type { EntryList } from './entry-list.js';
import type { MergeInput, MergeRange } from './merge-input.js';

/** Lists of which each begins where the one before ends, as one input of a merge. */
export class ChainedLists implements MergeInput {
  readonly isTransient = false;
  private readonly lists: readonly EntryList[];
  private current = 0;

  constructor(lists: readonly EntryList[]) {
    this.lists = lists;
  }

  /** Leaves out the first lists, as long as they have no more than `most` entries together; returns how many they have. */
  skip(most: number): number {
    let skipped = 0;
    for (; this.current < this.lists.length; this.current++) {
      const list = this.lists[this.current]!;
      if (skipped + list.count > most) break;
      skipped += list.count;
      list.close();
    }
    return skipped;
  }

  next(): MergeRange | undefined {
    for (; this.current < this.lists.length; this.current++) {
      const range = this.lists[this.current]!.next();
      if (range !== undefined) return range;
    }
    return undefined;
  }

  close(): void {
    for (const list of this.lists) list.close();
  }
}
