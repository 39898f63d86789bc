import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { deriveDictionaryId } from '../expression/expression-context.js';
import type { ColumnSlot, RowLayout } from '../rows/row-layout.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { ColumnCompactor } from './batch-compactor.js';
import type { JoinIndex } from './join-index.js';
import { JOIN_COLUMNS, JOIN_REPEATS, type JoinLayout } from './join-layout.js';
import type { BuildColumn } from './join-row-columns.js';
import { type JoinId, joinOwner } from './join-rows.js';
import { textCodesOf } from './join-text-codes.js';
import type { LaneContext } from './operator.js';

/*
 * The description of the columns by key, at the word JOIN_COLUMNS: for each of `columnsOf`
 *   0  u32 values: number i is of the row whose key is the least of the range + i; nothing where there is none
 *   4  u32 validity bytes, or 0     8  u32 1 when a value is NULL
 */
const COLUMN_BYTES = 12;
const VALIDITY = 1;
const HAS_NULLS = 2;

/** To lay a row out costs what a few probe rows save that meet build rows in order; others save more. */
const LEAST_PROBES = 4;
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
  /** Where NULL is marked, or -1. */
  readonly validityOffset: number;
  /** The texts that codes stand for. */
  readonly dictionary: { readonly entries: number; readonly entryCount: number } | undefined;
}

type ColumnsContext = Pick<LaneContext, 'shared' | 'kernels' | 'block'>;
type ColumnsLayout = Pick<JoinLayout, 'slots' | 'codedTexts' | 'marksBuild'> & {
  readonly rows: Pick<RowLayout, 'stride'>;
};

function columnsOf(
  context: Pick<ColumnsContext, 'shared' | 'block'>,
  node: JoinId,
  layout: Pick<ColumnsLayout, 'slots' | 'codedTexts'>,
): KeyedColumn[] {
  const codes = textCodesOf(context, node, layout);
  return [...layout.slots].map(([ordinal, slot]) => {
    const dictionary = codes.get(ordinal);
    const { physical, validityOffset } = slot;
    return { ordinal, physical, slot: dictionary?.coded.code ?? slot, validityOffset, dictionary };
  });
}

/**
 * Columns of the build side of a join, by its key, beside a table by key: where no two build rows have the same key, a probe
 * row finds its values where its key says, and the rows are not looked at.
 */
export const JoinColumns = {
  /** Made, empty, when all build rows are there, and their texts have codes; not where it would not pay. */
  create(
    context: Pick<LaneContext, 'shared' | 'block'>,
    node: JoinId & { readonly probe: Pick<PhysicalNode, 'estimatedRows'> },
    layout: ColumnsLayout,
    index: Pick<JoinIndex, 'size'>,
    rowCount: number,
  ): void {
    if (layout.marksBuild || node.probe.estimatedRows < rowCount * LEAST_PROBES || rowCount > index.size) return;
    const { shared, block } = context;
    const columns = columnsOf(context, node, layout);
    const rowBytes = columns.reduce(
      (sum, { slot, validityOffset }) => sum + byteWidthOf(slot.physical) + (validityOffset < 0 ? 0 : 1),
      0,
    );
    const byteLength = rowBytes * index.size;
    if (byteLength > Math.max(SMALL_BYTES, rowCount * layout.rows.stride)) return;
    if (byteLength > freeBreakerBytes(shared) * SHARE_OF_FREE) return;
    const scope = new Scope(shared, joinOwner(context, node));
    const description = scope.allocateCleared(Math.max(1, columns.length) * COLUMN_BYTES);
    for (const [column, { slot, validityOffset }] of columns.entries()) {
      const field = (description + column * COLUMN_BYTES) / 4;
      shared.u32[field] = scope.allocate(index.size * byteWidthOf(slot.physical));
      if (validityOffset >= 0) shared.u32[field + VALIDITY] = scope.allocate(index.size);
    }
    block.setWord(node.id, JOIN_COLUMNS, description);
  },

  /** What takes the columns along, by their ordinals; undefined where there are none to be used. */
  attach(
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
      takers.set(ordinal, new KeyedColumnTaker(vector, new ColumnCompactor(kernels, scope, physical)));
    }
    return takers;
  },
};

/** Takes values of a column by their places. Owns its buffers: they are valid until the next call. */
class KeyedColumnTaker implements BuildColumn {
  private readonly column: Vector;
  private readonly compactor: ColumnCompactor;

  constructor(column: Vector, compactor: ColumnCompactor) {
    this.column = column;
    this.compactor = compactor;
  }

  /** `places` are keys less the least of the range. */
  unpack(places: number, rowCount: number): readonly Vector[] {
    return [this.compactor.compact(this.column, places, rowCount)];
  }
}

/** Lays rows out by their keys, as they are inserted; every lane may have one at once. */
export class JoinColumnsWriter {
  private readonly context: ColumnsContext;
  private readonly columns: readonly KeyedColumn[];
  private readonly index: JoinIndex;
  private readonly description: number;
  private readonly places: number;

  private constructor(
    context: ColumnsContext,
    columns: readonly KeyedColumn[],
    index: JoinIndex,
    description: number,
    places: number,
  ) {
    this.context = context;
    this.columns = columns;
    this.index = index;
    this.description = description;
    this.places = places;
  }

  /** Undefined where there is nothing to lay out. */
  static attach(
    context: ColumnsContext,
    node: JoinId,
    layout: ColumnsLayout,
    index: JoinIndex,
    scope: Scope,
  ): JoinColumnsWriter | undefined {
    const description = context.block.getWord(node.id, JOIN_COLUMNS);
    if (description === 0) return undefined;
    const columns = columnsOf(context, node, layout);
    return new JoinColumnsWriter(context, columns, index, description, scope.allocate(BATCH_ROWS * 4));
  }

  /** Rows by their pointers. */
  add(rows: number, rowCount: number): void {
    const { places, description } = this;
    const { kernels, shared } = this.context;
    if (this.columns.length === 0) return;
    this.index.listPlaces(rows, rowCount, places);
    for (const [column, { slot, validityOffset, physical, dictionary }] of this.columns.entries()) {
      const field = (description + column * COLUMN_BYTES) / 4;
      const values = shared.u32[field]!;
      if (physical === 'string' && dictionary === undefined) {
        kernels.placeStrings(rows, slot.offset, places, rowCount, values);
      } else kernels.placeValues(rows, slot.offset, byteWidthOf(slot.physical), places, rowCount, values);
      if (validityOffset < 0) continue;
      const validity = shared.u32[field + VALIDITY]!;
      if (kernels.placeValidity(rows, validityOffset, places, rowCount, validity)) shared.u32[field + HAS_NULLS] = 1;
    }
  }
}
