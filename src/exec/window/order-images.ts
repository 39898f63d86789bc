import type { SortKey } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { LaneContext } from '../operators/operator.js';
import { writeKeyDescriptor } from '../operators/sort-layout.js';
import { KeyPacker } from '../rows/key-packer.js';
import { RowAppender, RowCollection } from '../rows/row-collection.js';
import { createRowLayout } from '../rows/row-layout.js';
import { ENTRY_BYTES } from '../sort/entry-list.js';

/** Images of the order keys of batches, of which no rows are kept. */
export interface OrderImages {
  /** Of the keys: see `assembly/row-compare.ts`. */
  readonly descriptor: number;
  /** Sort entries, valid until the next call; what rows they name means nothing. */
  readonly entries: number;
  /** Makes the entries of the rows that have these columns. */
  make(columns: readonly Vector[], rowCount: number): void;
  free(): void;
}

/** Keys of fixed width are packed side by side; texts must lie in blocks of rows. */
export function createOrderImages(context: LaneContext, keys: readonly SortKey[]): OrderImages {
  const hasTexts = keys.some(({ expression }) => physicalTypeOf(expression.type) === 'string');
  return hasTexts ? new ImagesOfRows(context, keys) : new ImagesOfPackedKeys(context, keys);
}

function columnsOf(keys: readonly SortKey[]): readonly number[] {
  return keys.map(({ expression }) => (expression as { readonly column: number }).column);
}

class ImagesOfPackedKeys implements OrderImages {
  readonly descriptor: number;
  readonly entries: number;
  private readonly context: LaneContext;
  private readonly columns: readonly number[];
  private readonly packer: KeyPacker;
  private readonly rows: number;

  constructor(context: LaneContext, keys: readonly SortKey[]) {
    const { shared, kernels, scope } = context;
    const types = keys.map(({ expression }) => physicalTypeOf(expression.type));
    const layout = createRowLayout({ keys: types, nullableKeys: true, payload: [] });
    this.context = context;
    this.columns = columnsOf(keys);
    this.packer = new KeyPacker(shared, kernels, scope, layout);
    const slots = layout.keys.map(({ physical, offset, validityOffset }) => {
      const { keyOffset } = layout;
      return { physical, offset: offset - keyOffset, validityOffset: validityOffset - keyOffset };
    });
    this.descriptor = writeKeyDescriptor(shared, scope, keys, slots);
    this.entries = scope.allocate(BATCH_ROWS * ENTRY_BYTES);
    this.rows = scope.allocate(BATCH_ROWS * 4);
    const addresses = Array.from({ length: BATCH_ROWS }, (_, row) => this.packer.keys + row * layout.keyBytes);
    shared.u32.set(addresses, this.rows / 4);
  }

  make(columns: readonly Vector[], rowCount: number): void {
    const { packer, descriptor, rows, entries } = this;
    packer.packUnhashed(
      this.columns.map((column) => columns[column]!),
      rowCount,
    );
    this.context.kernels.makeSortEntries(descriptor, rows, rowCount, entries);
  }

  free(): void {}
}

class ImagesOfRows implements OrderImages {
  readonly descriptor: number;
  readonly entries: number;
  private readonly context: LaneContext;
  private readonly columns: readonly number[];
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly rows: RowCollection;

  constructor(context: LaneContext, keys: readonly SortKey[]) {
    const { shared, kernels, scope, owner } = context;
    const types = keys.map(({ expression }) => physicalTypeOf(expression.type));
    const layout = createRowLayout({ keys: [], nullableKeys: false, payload: types });
    this.context = context;
    this.columns = columnsOf(keys);
    this.packer = new KeyPacker(shared, kernels, scope, layout);
    this.appender = new RowAppender(shared, kernels, scope);
    this.rows = RowCollection.create(shared, owner, scope, layout, 1);
    this.descriptor = writeKeyDescriptor(shared, scope, keys, layout.payload);
    this.entries = scope.allocate(BATCH_ROWS * ENTRY_BYTES);
  }

  make(columns: readonly Vector[], rowCount: number): void {
    const { appender, rows, packer } = this;
    rows.clear();
    appender.append(
      rows,
      packer,
      this.columns.map((column) => columns[column]!),
      rowCount,
    );
    this.context.kernels.makeSortEntries(this.descriptor, appender.rows, rowCount, this.entries);
  }

  free(): void {
    this.rows.clear();
  }
}
