import { LEAST_KEYED_PROBES } from '../../planner/physical/join-tables.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { deriveDictionaryId } from '../expression/expression-context.js';
import type { ColumnSlot, RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { ColumnCompactor } from './batch-compactor.js';
import type { JoinIndex } from './join-index.js';
import { JOIN_COLUMNS, JOIN_REPEATS, type JoinLayout } from './join-layout.js';
import type { BuildColumn } from './join-row-columns.js';
import { type JoinId, joinOwner } from './join-rows.js';
import { textCodesOf } from './join-text-codes.js';
import type { LaneContext } from './operator.js';

/*
 * Columns of the build side of a join, by its key, beside a table by key: where no two build rows have the same key, a probe
 * row finds its values where its key says, and the rows are not looked at.
 *
 * The description of them, at the word JOIN_COLUMNS: for each of `columnsOf`
 *   0  u32 values: number i is of the row whose key is the least of the range + i; nothing where there is none
 *   4  u32 validity bytes, or 0     8  u32 1 when a value is NULL
 */
const COLUMN_BYTES = 12;
const VALIDITY = 1;
const HAS_NULLS = 2;

/** Columns of no more than this are always worth it; larger ones while they take no more than the rows. */
const SMALL_BYTES = 2 ** 18;
/** What they may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 8;

/** A column of build rows that probe rows take along. */
interface KeyedColumn {
  readonly ordinal: number;
  readonly physical: PhysicalType;
  /** What lies by key: values, texts as views, or codes of texts. */
  readonly slot: ColumnSlot;
  /** The texts that codes stand for. */
  readonly dictionary: { readonly entries: number; readonly entryCount: number } | undefined;
}

type ColumnsContext = Pick<LaneContext, 'shared' | 'kernels' | 'block'>;
type ColumnsLayout = Pick<JoinLayout, 'slots' | 'codedTexts' | 'marksBuild'> & {
  readonly rows: Pick<RowLayout, 'stride' | 'keys'>;
};

function columnsOf(
  context: Pick<ColumnsContext, 'shared' | 'block'>,
  node: JoinId,
  layout: Pick<ColumnsLayout, 'slots' | 'codedTexts'>,
): KeyedColumn[] {
  const codes = textCodesOf(context, node, layout);
  return [...layout.slots].map(([ordinal, own]) => {
    const dictionary = codes.get(ordinal);
    // A code is NULL where its text is.
    const slot = dictionary === undefined ? own : { ...dictionary.coded.code, validityOffset: own.validityOffset };
    return { ordinal, physical: own.physical, slot, dictionary };
  });
}

/** Makes them, empty, when all build rows are there, and their texts have codes; not where it would not pay. */
export function createJoinColumns(
  context: Pick<LaneContext, 'shared' | 'block'>,
  node: JoinId & { readonly probe: Pick<PhysicalNode, 'estimatedRows'> },
  layout: ColumnsLayout,
  { size }: Pick<JoinIndex, 'size'>,
  rowCount: number,
): void {
  if (layout.marksBuild || node.probe.estimatedRows < rowCount * LEAST_KEYED_PROBES || rowCount > size) return;
  const { shared, block } = context;
  const slots = columnsOf(context, node, layout).map(({ slot }) => slot);
  const byteLength = size * slots.reduce((sum, slot) => sum + bytesOf(slot), 0);
  if (byteLength > Math.max(SMALL_BYTES, rowCount * layout.rows.stride)) return;
  if (byteLength > freeBreakerBytes(shared) * SHARE_OF_FREE) return;
  const scope = new Scope(shared, joinOwner(context, node));
  const description = scope.allocateCleared(Math.max(1, slots.length) * COLUMN_BYTES);
  for (const [column, { physical, validityOffset }] of slots.entries()) {
    const field = (description + column * COLUMN_BYTES) / 4;
    shared.u32[field] = scope.allocate(size * byteWidthOf(physical));
    if (validityOffset < 0) continue;
    const validity = scope.allocate(size);
    shared.u8.fill(1, validity, validity + size);
    shared.u32[field + VALIDITY] = validity;
  }
  block.setWord(node.id, JOIN_COLUMNS, description);
}

function bytesOf({ physical, validityOffset }: ColumnSlot): number {
  return byteWidthOf(physical) + (validityOffset < 0 ? 0 : 1);
}

/** What takes the columns along, by their ordinals; undefined where there are none to be used. */
export function columnsByKey(
  context: ColumnsContext & Pick<LaneContext, 'scope'>,
  node: JoinId,
  layout: ColumnsLayout,
): Map<number, BuildColumn> | undefined {
  const { block, shared, kernels, scope } = context;
  const description = block.getWord(node.id, JOIN_COLUMNS);
  if (description === 0 || block.getWord(node.id, JOIN_REPEATS) !== 0) return undefined;
  const takers = new Map<number, BuildColumn>();
  for (const [column, { ordinal, physical, dictionary }] of columnsOf(context, node, layout).entries()) {
    const field = (description + column * COLUMN_BYTES) / 4;
    const values = shared.u32[field]!;
    const validity = shared.u32[field + HAS_NULLS] === 0 ? 0 : shared.u32[field + VALIDITY]!;
    const vector = new Vector(physical);
    if (dictionary === undefined) vector.setFlat(values, validity);
    else vector.setDictionary(dictionary.entries, dictionary.entryCount, deriveDictionaryId(), values, validity);
    const compactor = new ColumnCompactor(kernels, scope, physical);
    // Places are keys less the least of the range.
    takers.set(ordinal, { take: (places, rowCount) => compactor.compact(vector, places, rowCount) });
  }
  return takers;
}

/** Lays rows out by their keys, as they are inserted; every lane may have one at once. */
export class JoinColumnsWriter {
  private readonly context: ColumnsContext;
  private readonly index: JoinIndex;
  private readonly slots: readonly ColumnSlot[];
  /** Of the key, and the columns. */
  private readonly unpacker: RowUnpacker;
  private readonly description: number;
  private readonly places: number;

  private constructor(context: ColumnsContext, node: JoinId, layout: ColumnsLayout, index: JoinIndex, scope: Scope) {
    this.context = context;
    this.index = index;
    this.slots = columnsOf(context, node, layout).map(({ slot }) => slot);
    this.unpacker = new RowUnpacker(context.kernels, scope, [layout.rows.keys[0]!, ...this.slots]);
    this.description = context.block.getWord(node.id, JOIN_COLUMNS);
    this.places = scope.allocate(BATCH_ROWS * 4);
  }

  /** Undefined where there is nothing to lay out. */
  static attach(
    context: ColumnsContext,
    node: JoinId,
    layout: ColumnsLayout,
    index: JoinIndex,
    scope: Scope,
  ): JoinColumnsWriter | undefined {
    if (context.block.getWord(node.id, JOIN_COLUMNS) === 0 || layout.slots.size === 0) return undefined;
    return new JoinColumnsWriter(context, node, layout, index, scope);
  }

  /** Rows by their pointers. */
  add(rows: number, rowCount: number): void {
    const { places, description, slots, index } = this;
    const { kernels, shared } = this.context;
    const [key, ...columns] = this.unpacker.unpack(rows, rowCount);
    index.listPlaces(key!, rowCount, places);
    for (const [column, { data, validity }] of columns.entries()) {
      const field = (description + column * COLUMN_BYTES) / 4;
      kernels.scatter(data, byteWidthOf(slots[column]!.physical), places, rowCount, shared.u32[field]!);
      // Where nothing is written, all are valid.
      if (validity === 0) continue;
      kernels.scatter(validity, 1, places, rowCount, shared.u32[field + VALIDITY]!);
      shared.u32[field + HAS_NULLS] = 1;
    }
  }
}
