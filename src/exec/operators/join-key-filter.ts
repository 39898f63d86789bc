import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { JOIN_FILTER, type JoinLayout } from './join-layout.js';
import { joinOwner } from './join-rows.js';
import type { LaneContext } from './operator.js';

/*
 * What a build side tells the scans of its probe side, at the pointer it publishes:
 *
 *   0    u32 shift: the word of a hash is hash >> shift
 *   64   16 bytes a key: i64 least, i64 greatest; only of keys of 4 or 8 bytes
 *   ...  aligned to 64: u64 words of a Bloom filter (assembly/join-filter.ts)
 */
const HEADER_BYTES = 64;
const BOUNDS_BYTES = 16;
const WORD_BYTES = 8;
/** Every partition has a word of its own. */
const MIN_WORD_BITS = 5;
/** A word holds the keys of four to eight rows: two to eight in a hundred rows without a match pass. */
const MAX_ROWS_PER_WORD = 8;

const LEAST_I64 = -(2n ** 63n);
const GREATEST_I64 = 2n ** 63n - 1n;

export interface KeyBounds {
  readonly least: bigint;
  readonly greatest: bigint;
}

/** The filter of a join, as its build side made it. */
export class JoinKeyFilter {
  readonly words: number;
  readonly shift: number;
  private readonly context: LaneContext;
  private readonly layout: JoinLayout;
  private readonly bounds: number;

  private constructor(context: LaneContext, layout: JoinLayout, pointer: number) {
    this.context = context;
    this.layout = layout;
    this.shift = context.shared.u32[pointer / 4]!;
    this.bounds = pointer + HEADER_BYTES;
    this.words = pointer + wordsOffset(layout);
  }

  /** Made, empty, before the rows are inserted into the table. */
  static create(context: LaneContext, node: HashJoinNode, layout: JoinLayout, rowCount: number): void {
    const { shared, block } = context;
    const wordBits = Math.max(MIN_WORD_BITS, Math.ceil(Math.log2(Math.max(1, rowCount / MAX_ROWS_PER_WORD))));
    const byteLength = wordsOffset(layout) + WORD_BYTES * 2 ** wordBits;
    const pointer = new Scope(shared, joinOwner(context, node)).allocateCleared(byteLength);
    shared.u32[pointer / 4] = 32 - wordBits;
    for (let key = 0; key < layout.rows.keys.length; key++) {
      const at = (pointer + HEADER_BYTES + key * BOUNDS_BYTES) / 8;
      shared.i64[at] = GREATEST_I64;
      shared.i64[at + 1] = LEAST_I64;
    }
    block.setWord(node.id, JOIN_FILTER, pointer);
  }

  /** Undefined where no scan asked for one. */
  static attach(context: LaneContext, node: HashJoinNode, layout: JoinLayout): JoinKeyFilter | undefined {
    const pointer = context.block.getWord(node.id, JOIN_FILTER);
    return pointer === 0 ? undefined : new JoinKeyFilter(context, layout, pointer);
  }

  /** The bounds of a key among the rows that are in the filter; undefined where none are kept. No rows: least > greatest. */
  boundsOf(key: number): KeyBounds | undefined {
    if (!hasBounds(this.layout, key)) return undefined;
    const { i64 } = this.context.shared;
    const at = (this.bounds + key * BOUNDS_BYTES) / 8;
    return { least: i64[at]!, greatest: i64[at + 1]! };
  }

  /** Widens the bounds of a key; lanes do so at the same time. */
  widen(key: number, least: bigint, greatest: bigint): void {
    const { i64 } = this.context.shared;
    const at = (this.bounds + key * BOUNDS_BYTES) / 8;
    replaceWhile(i64, at, least, (known) => least < known);
    replaceWhile(i64, at + 1, greatest, (known) => greatest > known);
  }
}

/** Adds rows to a filter, as one lane does it. */
export class JoinFilterBuilder {
  private readonly context: LaneContext;
  private readonly layout: JoinLayout;
  private readonly filter: JoinKeyFilter;
  private readonly bounds: number;

  constructor(context: LaneContext, layout: JoinLayout, filter: JoinKeyFilter, scope: Scope) {
    this.context = context;
    this.layout = layout;
    this.filter = filter;
    const keyCount = layout.rows.keys.length;
    this.bounds = scope.allocate(keyCount * BOUNDS_BYTES);
    const { i64 } = context.shared;
    for (let key = 0; key < keyCount; key++) {
      i64[this.bounds / 8 + key * 2] = GREATEST_I64;
      i64[this.bounds / 8 + key * 2 + 1] = LEAST_I64;
    }
  }

  /** Rows by their pointers. */
  add(rows: number, rowCount: number): void {
    const { kernels } = this.context;
    const { words, shift } = this.filter;
    kernels.addToJoinFilter(words, shift, rows, rowCount);
    for (const [key, slot] of this.layout.rows.keys.entries()) {
      if (!hasBounds(this.layout, key)) continue;
      kernels.boundRowKeys(rows, slot.offset, byteWidthOf(slot.physical), rowCount, this.bounds + key * BOUNDS_BYTES);
    }
  }

  finish(): void {
    const { i64 } = this.context.shared;
    for (let key = 0; key < this.layout.rows.keys.length; key++) {
      const at = this.bounds / 8 + key * 2;
      if (hasBounds(this.layout, key)) this.filter.widen(key, i64[at]!, i64[at + 1]!);
    }
  }
}

function hasBounds({ rows }: JoinLayout, key: number): boolean {
  const { physical } = rows.keys[key]!;
  return physical === 'i32' || physical === 'i64';
}

function wordsOffset({ rows }: JoinLayout): number {
  return (HEADER_BYTES + rows.keys.length * BOUNDS_BYTES + 63) & ~63;
}

function replaceWhile(i64: BigInt64Array, at: number, value: bigint, isBetter: (known: bigint) => boolean): void {
  let known = Atomics.load(i64, at);
  while (isBetter(known)) {
    const before = Atomics.compareExchange(i64, at, known, value);
    if (before === known) return;
    known = before;
  }
}
