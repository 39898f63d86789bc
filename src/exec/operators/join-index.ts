import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import type { Vector } from '../../vector/vector.js';
import { VectorSource } from '../rows/vector-source.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { JOIN_BUILD_ROWS, JOIN_HEADS, JOIN_INDEX, JOIN_REPEATS, type JoinLayout } from './join-layout.js';
import { type JoinId, type JoinMember, joinOwner, listKeyBounds, publishKeyBounds } from './join-rows.js';
import type { LaneContext } from './operator.js';
import { boundsOf } from './whole-numbers.js';

/*
 * The description of an index, at the word JOIN_INDEX:
 *   0  i64 the least key     8  f64 size of the range
 */
const INDEX_BYTES = 16;
const HEAD_BYTES = 4;
/** A range may take this many times the bytes of a table by hash: to look up a key takes less than to hash it. */
const MAX_GROWTH = 2;
/** An index of no more than this is always worth it. */
const SMALL_BYTES = 2 ** 18;
/** What it may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 8;

type IndexContext = JoinMember & Pick<LaneContext, 'kernels'>;
type IndexLayout = Pick<JoinLayout, 'rows'>;

/** Can the table of a join be an index by its key: one whole number, of which NULL is none? */
export function isIndexable({ nullsEqual }: HashJoinNode, { rows }: JoinLayout): boolean {
  const [key, ...others] = rows.keys;
  if (key === undefined || others.length > 0 || nullsEqual[0] === true) return false;
  return key.physical === 'i32' || key.physical === 'i64';
}

/** The least and the greatest key of a lane's build rows. */
export class KeyBoundsCollector {
  private readonly context: IndexContext;
  /** Two i64 that other lanes read when this one is done. */
  private readonly bounds: number;
  private readonly ofBatch: number;

  constructor(context: IndexContext, node: JoinId) {
    this.context = context;
    this.bounds = publishKeyBounds(context, node);
    this.ofBatch = context.scope.allocate(16);
  }

  /** Of a dictionary all entries count, those that no row refers to as well. */
  add(key: Vector, rowCount: number): void {
    const { context, bounds, ofBatch } = this;
    const { i64 } = context.shared;
    const found = boundsOf(context, key, rowCount, ofBatch);
    if (found === undefined) return;
    if (found.least < i64[bounds / 8]!) i64[bounds / 8] = found.least;
    if (found.greatest > i64[bounds / 8 + 1]!) i64[bounds / 8 + 1] = found.greatest;
  }
}

/**
 * The table of a join by its key, where that is one whole number and the numbers lie close together: a u32 for each number
 * of the range, the first of the rows that have it.
 */
export class JoinIndex {
  private readonly context: IndexContext;
  private readonly heads: number;
  private readonly least: bigint;
  /** Numbers of the range. */
  readonly size: number;
  private readonly node: JoinId;
  private readonly offset: number;
  private readonly validity: number;
  private readonly width: number;
  /** Has every number of the range a row, where no two rows have the same? */
  private readonly isFull: boolean;
  private readonly source = new VectorSource();

  private constructor(context: IndexContext, node: JoinId, { rows }: IndexLayout, pointer: number) {
    const { shared, block } = context;
    const [key] = rows.keys;
    this.context = context;
    this.node = node;
    this.heads = block.getWord(node.id, JOIN_HEADS);
    this.least = shared.i64[pointer / 8]!;
    this.size = shared.f64[pointer / 8 + 1]!;
    this.offset = key!.offset;
    this.validity = Math.max(0, key!.validityOffset);
    this.width = byteWidthOf(key!.physical);
    this.isFull = block.getWord(node.id, JOIN_BUILD_ROWS) === this.size;
  }

  /** Made, empty, when all build rows are there; not if a table by hash of `hashBytes` is better. Answers whether it was. */
  static create(context: IndexContext, node: JoinId, hashBytes: number): boolean {
    const { shared, kernels, block } = context;
    const { i64, f64 } = shared;
    const bounds = listKeyBounds(context, node)
      .map((lane) => [i64[lane / 8]!, i64[lane / 8 + 1]!] as const)
      .filter(([least, greatest]) => least <= greatest)
      .flat()
      .sort((a, b) => (a < b ? -1 : 1));
    const [least, greatest] = [bounds[0], bounds.at(-1)];
    if (least === undefined || greatest === undefined) return false;
    const byteLength = Number(greatest - least + 1n) * HEAD_BYTES;
    const isCompact = byteLength <= Math.max(hashBytes * MAX_GROWTH, SMALL_BYTES);
    if (!isCompact || byteLength > freeBreakerBytes(shared) * SHARE_OF_FREE) return false;
    const scope = new Scope(shared, joinOwner(context, node));
    const heads = scope.allocate(byteLength);
    kernels.clearBytes(heads, byteLength);
    const pointer = scope.allocate(INDEX_BYTES);
    i64[pointer / 8] = least;
    f64[pointer / 8 + 1] = byteLength / HEAD_BYTES;
    block.setWord(node.id, JOIN_HEADS, heads);
    block.setWord(node.id, JOIN_INDEX, pointer);
    return true;
  }

  /** Undefined where the table is one by hash. */
  static attach(context: IndexContext, node: JoinId, layout: IndexLayout): JoinIndex | undefined {
    const pointer = context.block.getWord(node.id, JOIN_INDEX);
    return pointer === 0 ? undefined : new JoinIndex(context, node, layout, pointer);
  }

  /** Rows by their pointers; those with a NULL key are in no chain. Answers whether all keys so far have one row only. */
  insert(rows: number, rowCount: number): boolean {
    const { heads, least, offset, width, validity, node } = this;
    const { kernels, block } = this.context;
    const repeats = kernels.insertIndexedRows(heads, least, offset, width, validity, rows, rowCount);
    if (repeats > 0) block.setWord(node.id, JOIN_REPEATS, 1);
    return block.getWord(node.id, JOIN_REPEATS) === 0;
  }

  /** For each of these keys, which are in the range, itself less the least, at `places`. */
  listPlaces({ data }: Vector, rowCount: number, places: number): void {
    const { least, size, width } = this;
    this.context.kernels.combineValues(data, width, 0, least, size, places, true, rowCount);
  }

  /**
   * Lists the rows, of the `valid` ones that `selection` lists (0 = all), whose key some build row has, at `probeRows`, and
   * the first of these at `chains`. Returns how many.
   */
  find(key: Vector, selection: number, valid: number, probeRows: number, chains: number): number {
    const { heads } = this;
    const found = this.findInRange(heads, key, selection, valid, probeRows, chains);
    this.context.kernels.gather4(heads, chains, found, chains);
    return found;
  }

  /** The same, with the places of the keys instead of rows. For joins whose keys have one row only. */
  findPlaces(key: Vector, selection: number, valid: number, probeRows: number, places: number): number {
    const heads = this.isFull ? 0 : this.heads;
    return this.findInRange(heads, key, selection, valid, probeRows, places);
  }

  private findInRange(
    heads: number,
    key: Vector,
    selection: number,
    valid: number,
    probeRows: number,
    places: number,
  ): number {
    const { shared, kernels } = this.context;
    const { data, codes, step } = this.source.set(key, shared);
    const { least, size, width } = this;
    return kernels.findPlaces(heads, least, size, data, codes, step, width, selection, valid, probeRows, places);
  }
}
