import type { RowLayout } from '../rows/row-layout.js';
import { JOIN_NEWS } from './join-layout.js';
import { attachJoinRows, type JoinId, type JoinMember, type JoinRows, listOffers, publishOffer } from './join-rows.js';
import { listSlices, type RowSlice } from './partition-rows.js';

/*
 * The offer of a lane, in the shared memory; u32 words. Those from NEXT on are written while it is not open.
 *   0 the lane takes partitions, or has one in hand     1 open: others may come     2 others that have come
 *   3 next slice   4 partition   5 level   6 heads   7 shift   8 marks   9 last part
 *  10 number of collections with probe rows, and then the two tables of each
 */
const BUSY = 0;
const OPEN = 1;
const HELPERS = 2;
const NEXT = 3;
const PARTITION = 4;
const LEVEL = 5;
const HEADS = 6;
const SHIFT = 7;
const MARKS = 8;
const LAST_PART = 9;
const PROBE_COUNT = 10;
const PROBE = 11;

/** A table of a partition, or of a part of one, and the probe rows that it waits for. */
export interface OfferedTable {
  readonly partition: number;
  /** How often its rows were partitioned before. */
  readonly level: number;
  readonly heads: number;
  readonly shift: number;
  /** One byte a probe row, for what they have found in parts before; 0 when all build rows are in this one. */
  readonly marks: number;
  readonly isLastPart: boolean;
  readonly probe: readonly JoinRows[];
}

/** Hands out each slice once, to whichever lane asks first. */
export interface SliceQueue {
  next(): RowSlice | undefined;
}

/** Another lane's partition, whose probe rows this one may take slices of. */
export interface Help {
  readonly table: OfferedTable;
  readonly slices: SliceQueue;
  /** Says that all slices that were taken are done, and nothing of the table is used any more. */
  leave(): void;
}

/**
 * The partition that a lane joins is open to others: a lane that has no more partitions of its own takes slices of its
 * probe rows. However many rows have the same key, all lanes are at them, and nobody has to know the key.
 */
export class JoinOffers {
  private readonly context: JoinMember;
  private readonly node: JoinId;
  private readonly probeLayout: RowLayout;
  private readonly words: Uint32Array;
  /** Index of this lane's offer in `words`. */
  private readonly own: number;

  constructor(context: JoinMember, node: JoinId, probeLayout: RowLayout) {
    const { shared, scope, block } = context;
    this.context = context;
    this.node = node;
    this.probeLayout = probeLayout;
    this.words = shared.u32;
    this.own = scope.allocateCleared((PROBE + 2 * block.shape.laneCount) * 4) / 4;
    publishOffer(context, node, this.own * 4);
  }

  /** Before the first partition is taken: others wait for what may be offered. */
  enter(): void {
    Atomics.store(this.words, this.own + BUSY, 1);
  }

  /** This lane will offer nothing any more. */
  leave(): void {
    Atomics.store(this.words, this.own + BUSY, 0);
    this.announce();
  }

  /** Lets other lanes take slices. */
  open(table: OfferedTable): SliceQueue {
    const { words, own } = this;
    words[own + PARTITION] = table.partition;
    words[own + LEVEL] = table.level;
    words[own + HEADS] = table.heads;
    words[own + SHIFT] = table.shift;
    words[own + MARKS] = table.marks;
    words[own + LAST_PART] = table.isLastPart ? 1 : 0;
    words[own + PROBE_COUNT] = table.probe.length;
    for (const [index, { collection, spill }] of table.probe.entries()) {
      words[own + PROBE + 2 * index] = collection.table;
      words[own + PROBE + 2 * index + 1] = spill.table;
    }
    Atomics.store(words, own + NEXT, 0);
    Atomics.store(words, own + OPEN, 1);
    this.announce();
    return this.queueOf(own, table);
  }

  /** When no slice is left: nobody comes any more. */
  close(): void {
    Atomics.store(this.words, this.own + OPEN, 0);
  }

  /** Are those gone who had come? */
  get isDeserted(): boolean {
    return Atomics.load(this.words, this.own + HELPERS) === 0;
  }

  /** What another lane offers now. */
  findHelp(): Help | undefined {
    const { words } = this;
    for (const offer of listOffers(this.context, this.node).map((address) => address / 4)) {
      if (Atomics.load(words, offer + OPEN) === 0) continue;
      // Only who is counted may look: the lane waits for all who are before it changes what it offers.
      Atomics.add(words, offer + HELPERS, 1);
      const table = Atomics.load(words, offer + OPEN) === 0 ? undefined : this.readTable(offer);
      const slices = table && this.queueOf(offer, table);
      if (table !== undefined && slices !== undefined && !slices.isEmpty) {
        return { table, slices, leave: () => this.leaveOffer(offer) };
      }
      this.leaveOffer(offer);
    }
    return undefined;
  }

  /** Does another lane still take partitions, which it may offer? */
  get othersAreBusy(): boolean {
    return listOffers(this.context, this.node).some((address) => Atomics.load(this.words, address / 4 + BUSY) !== 0);
  }

  /** How often anything has changed: to be read before looking at offers, for `waitForNews`. */
  get news(): number {
    return this.context.block.getWord(this.node.id, JOIN_NEWS);
  }

  /** Waits until something has changed since `news` was read, a moment at most. */
  waitForNews(seen: number): Promise<void> {
    return this.context.block.awaitAnnouncement(this.node.id, JOIN_NEWS, seen);
  }

  private announce(): void {
    this.context.block.announce(this.node.id, JOIN_NEWS);
  }

  private leaveOffer(offer: number): void {
    Atomics.sub(this.words, offer + HELPERS, 1);
    this.announce();
  }

  private readTable(offer: number): OfferedTable {
    const { words } = this;
    return {
      partition: words[offer + PARTITION]!,
      level: words[offer + LEVEL]!,
      heads: words[offer + HEADS]!,
      shift: words[offer + SHIFT]!,
      marks: words[offer + MARKS]!,
      isLastPart: words[offer + LAST_PART] === 1,
      probe: Array.from({ length: words[offer + PROBE_COUNT]! }, (_, index) => {
        const [rows, spilled] = words.subarray(offer + PROBE + 2 * index, offer + PROBE + 2 * index + 2);
        return attachJoinRows(this.context, this.node, this.probeLayout, rows!, spilled!);
      }),
    };
  }

  private queueOf(offer: number, { probe, partition }: OfferedTable): SliceQueue & { readonly isEmpty: boolean } {
    const { words } = this;
    const slices = listSlices(this.context.shared, probe, partition);
    return {
      get isEmpty() {
        return Atomics.load(words, offer + NEXT) >= slices.length;
      },
      next: () => slices[Atomics.add(words, offer + NEXT, 1)],
    };
  }
}
