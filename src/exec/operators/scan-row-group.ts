import { MillraceError, notSupportedError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { ScanColumn } from '../../planner/physical/physical-plan.js';
import type { RandomAccessFile } from '../../storage/object-store.js';
import type { ColumnSource } from '../../storage/parquet-reader/column-source.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { RowGroupReader } from '../../storage/parquet-reader/row-group-reader.js';
import { componentTypes, formatType, isNestedType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { ExpressionContext } from '../expression/expression-context.js';
import { Projector } from '../expression/projector.js';
import { ZEROS } from '../rows/vector-source.js';
import type { OpenParquetFile } from '../worker/file-cache.js';
import type { ExcludedRows } from './excluded-rows.js';
import { findFileColumn } from './file-column.js';
import { ScanColumnBuffers } from './scan-column.js';

export interface ScanRowGroupOptions {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  readonly expressions: ExpressionContext;
  /** For the bytes and dictionaries of this row group. */
  readonly scope: Scope;
  readonly opened: OpenParquetFile;
  readonly rowGroup: number;
  readonly columns: readonly ScanColumn[];
  readonly partitionVector: (partition: number) => Vector;
  readonly excludedRows: ExcludedRows | undefined;
  readonly unit: number;
}

/** Where the values of a scan's column come from in one file. */
type Binding =
  | { readonly kind: 'constant'; readonly vector: Vector }
  /** Read as `type`; `convert` is set when the file's type is not the table's. */
  | {
      readonly kind: 'file';
      readonly index: number;
      readonly type: SqlType | undefined;
      readonly convert: ConvertedColumn | undefined;
    };

/** A column whose file has another type than the table: read as it is, then cast. */
interface ConvertedColumn {
  readonly projector: Projector;
  readonly buffers: ScanColumnBuffers;
  readonly from: SqlType;
}

/** One row group on its way through a scan: its columns advance together, window by window. */
export class ScanRowGroup {
  passedRows = 0;
  hasFetchedAll = false;
  bytesRead = 0;
  readonly unit: number;
  private readonly options: ScanRowGroupOptions;
  private readonly reader: RowGroupReader;
  private readonly bindings: Binding[];
  private readonly readers: (ColumnSource | undefined)[];
  /** Rows that a column is behind, because it was not open when they were passed. */
  private readonly behind: number[];
  private row = 0;
  private readonly closeLater: RandomAccessFile[] = [];

  constructor(options: ScanRowGroupOptions) {
    const { shared, kernels, scope, opened, rowGroup, columns } = options;
    this.options = options;
    this.unit = options.unit;
    this.reader = new RowGroupReader(shared, kernels, scope, opened.file, opened.metadata, rowGroup, opened.digest);
    this.bindings = columns.map((column) => this.bind(column));
    this.readers = columns.map(() => undefined);
    this.behind = columns.map(() => 0);
  }

  private bind(column: ScanColumn): Binding {
    const { opened, partitionVector } = this.options;
    if (column.kind === 'partition') return { kind: 'constant', vector: partitionVector(column.partition) };
    const index = findFileColumn(opened.metadata.columns, column.name);
    if (index < 0) {
      const vector = new Vector(physicalTypeOf(column.type));
      vector.setConstant(ZEROS, ZEROS);
      return { kind: 'constant', vector };
    }
    const fileType = opened.metadata.columns[index]!.type;
    if (fileType === undefined || hasSameValues(fileType, column.type)) {
      return { kind: 'file', index, type: column.type, convert: undefined };
    }
    return { kind: 'file', index, type: fileType, convert: this.createConversion(column, fileType) };
  }

  private createConversion(column: ScanColumn, from: SqlType): ConvertedColumn {
    const { expressions, kernels, scope } = this.options;
    const cast = { kind: 'cast', type: column.type, input: { kind: 'column', type: from, column: 0 } } as const;
    const projector = this.explainingTypes(column, from, () => {
      assertFieldsInOrder(from, column.type);
      return new Projector(expressions, [cast]);
    });
    return { projector, buffers: new ScanColumnBuffers(kernels, scope, physicalTypeOf(from)), from };
  }

  /** The query says nothing of the cast: an error in it is one of the file. */
  private explainingTypes<Result>(column: ScanColumn, from: SqlType, work: () => Result): Result {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof MillraceError) || thrown.kind !== 'user') throw thrown;
      const name = column.kind === 'file' ? column.name : '';
      throw new MillraceError('user', thrown.code, thrown.message, {
        detail: `Column "${name}" of "${this.options.opened.file.path}" is ${formatType(from)}, in the table it is ${formatType(column.type)}.`,
        hint: 'Write the file again with the type that the table has, or read it by its path.',
        cause: thrown,
      });
    }
  }

  /** Reads the bytes of these columns of the scan, or of all. */
  async fetch(columns: readonly number[] | undefined): Promise<void> {
    const wanted = columns ?? this.bindings.map((_, column) => column);
    const indexes: number[] = [];
    for (const column of wanted) {
      const binding = this.bindings[column]!;
      if (binding.kind === 'file' && this.readers[column] === undefined) indexes.push(binding.index);
    }
    const chunks = this.options.opened.metadata.rowGroups[this.options.rowGroup]!.chunks;
    for (const index of new Set(indexes)) this.bytesRead += chunks[index]!.byteLength;
    await this.reader.fetch(indexes);
    for (const column of wanted) {
      const binding = this.bindings[column]!;
      if (binding.kind !== 'file' || this.readers[column] !== undefined) continue;
      const reader = this.reader.column(binding.index, binding.type);
      if (this.behind[column]! > 0) reader.skip(this.behind[column]!);
      this.readers[column] = reader;
    }
    if (columns === undefined) this.hasFetchedAll = true;
  }

  get metadata(): ParquetMetadata {
    return this.options.opened.metadata;
  }

  /** Its number in the file. */
  get rowGroup(): number {
    return this.options.rowGroup;
  }

  get isDone(): boolean {
    return this.row >= this.reader.rowCount;
  }

  isConstant(column: number): boolean {
    return this.bindings[column]!.kind === 'constant';
  }

  constantOf(column: number): Vector {
    const binding = this.bindings[column]!;
    if (binding.kind !== 'constant') throw new TypeError(`column ${column} is not constant`);
    return binding.vector;
  }

  /** How many of the next rows lie in pages of which no row is wanted. */
  get excludedCount(): number {
    return this.options.excludedRows?.countFrom(this.row) ?? 0;
  }

  /** Rows of the next window. */
  get windowRows(): number {
    return Math.min(BATCH_ROWS, this.reader.rowCount - this.row);
  }

  /** Reads a column of the next window, only the rows of `selection` where it is not 0. */
  readWindow(
    column: number,
    buffers: ScanColumnBuffers,
    rowCount: number,
    keepCodes: boolean,
    selection: number,
    count: number,
  ): Vector {
    const binding = this.bindings[column]!;
    if (binding.kind === 'constant') return binding.vector;
    const reader = this.readers[column]!;
    if (binding.convert === undefined) return buffers.readWindow(reader, rowCount, keepCodes, selection, count);
    const { projector, from, buffers: fileBuffers } = binding.convert;
    const raw = fileBuffers.readWindow(reader, rowCount, false, selection, count);
    const batch = { rowCount: count, columns: [raw] };
    return this.explainingTypes(this.options.columns[column]!, from, () => projector.evaluate(batch)[0]!);
  }

  /** The dictionary that `append` will find in the next window; 0 for none. */
  dictionaryIdOf(column: number, buffers: ScanColumnBuffers, rowCount: number): number {
    const binding = this.bindings[column]!;
    if (binding.kind === 'file' && binding.convert !== undefined) return 0;
    return buffers.readerDictionaryId(this.readers[column]!, rowCount);
  }

  /** Reads the selected rows of a column's next window behind the `at` rows that its output holds. */
  append(
    column: number,
    buffers: ScanColumnBuffers,
    rowCount: number,
    selection: number,
    count: number,
    at: number,
  ): void {
    const binding = this.bindings[column]!;
    if (binding.kind === 'file' && binding.convert !== undefined) {
      const converted = this.readWindow(column, buffers, rowCount, false, selection, count);
      buffers.appendVector(converted, count, at);
      return;
    }
    buffers.appendFromReader(this.readers[column]!, rowCount, selection, count, at);
  }

  /** The window was read in every column. */
  passWindow(rowCount: number): void {
    this.row += rowCount;
  }

  /** The window was read in `readColumns` only, and no row of it is wanted. */
  skipWindow(rowCount: number, readColumns: readonly number[]): void {
    this.row += rowCount;
    for (let column = 0; column < this.bindings.length; column++) {
      if (readColumns.includes(column)) continue;
      const reader = this.readers[column];
      if (reader === undefined) this.behind[column]! += rowCount;
      else reader.skip(rowCount);
    }
  }

  closeAfter(file: RandomAccessFile): void {
    this.closeLater.push(file);
  }

  async close(): Promise<void> {
    await this.reader.settle();
    for (const file of this.closeLater) {
      await file.assertUnchanged().finally(() => file.close());
    }
  }
}

/** Whether values of one type can be taken for values of the other as they lie in memory. */
function hasSameValues(from: SqlType, to: SqlType): boolean {
  if (isNestedType(from) || isNestedType(to)) {
    const [parts, targets] = [componentTypes(from), componentTypes(to)];
    if (from.kind !== to.kind || parts.length !== targets.length || !haveSameFields(from, to)) return false;
    return parts.every((part, i) => hasSameValues(part, targets[i]!));
  }
  if (physicalTypeOf(from) !== physicalTypeOf(to)) return false;
  if (from.kind === 'decimal' || to.kind === 'decimal') {
    return (
      from.kind === 'decimal' && to.kind === 'decimal' && from.scale === to.scale && from.precision <= to.precision
    );
  }
  if (physicalTypeOf(to) === 'string') return from.kind === 'bytea' ? to.kind === 'bytea' : to.kind !== 'bytea';
  return from.kind === to.kind || (from.kind === 'smallint' && to.kind === 'integer');
}

function haveSameFields(from: SqlType, to: SqlType): boolean {
  if (from.kind !== 'struct' || to.kind !== 'struct') return true;
  return from.fields.every(({ name }, i) => name.toLowerCase() === to.fields[i]?.name.toLowerCase());
}

/** A cast of rows goes field by field, whatever their names. */
function assertFieldsInOrder(from: SqlType, to: SqlType): void {
  if (!haveSameFields(from, to)) throw notSupportedError('rows with other fields, or in another order, cannot be read');
  const [parts, targets] = [componentTypes(from), componentTypes(to)];
  if (from.kind === to.kind && parts.length === targets.length) {
    parts.forEach((part, i) => {
      assertFieldsInOrder(part, targets[i]!);
    });
  }
}
