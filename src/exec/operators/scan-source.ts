import type { Expression } from '../../planner/expression.js';
import { collectColumns } from '../../planner/expression-columns.js';
import type { ScanNode } from '../../planner/physical/physical-plan.js';
import type { RandomAccessFile } from '../../storage/object-store.js';
import { BOOLEAN, byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { Filter } from '../expression/filter.js';
import type { OperatorCounters } from '../query-block.js';
import { ZEROS } from '../rows/vector-source.js';
import { writeConstant } from '../rows/write-constant.js';
import type { OpenParquetFile } from '../worker/file-cache.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { ScanColumnBuffers } from './scan-column.js';
import { listScanMorsels, type ScanMorsel } from './scan-morsels.js';
import { ScanRowGroup } from './scan-row-group.js';

/**
 * Reads Parquet files, a row group a morsel, and pushes the rows that pass its filters. Columns that filters need are
 * read first; the others are decompressed and decoded only where rows remain. The bytes of the next row group are
 * fetched while the present one is computed.
 */
export class ScanSource implements Source {
  private readonly context: LaneContext;
  private readonly node: ScanNode;
  private readonly next: Operator;
  private readonly morsels: readonly ScanMorsel[];
  private readonly filter: Filter | undefined;
  private readonly filterColumns: readonly number[];
  private readonly outputCount: number;
  private readonly buffers: ScanColumnBuffers[];
  private readonly constants: Map<string, Vector> = new Map();
  private readonly selection: number;
  private readonly counters: OperatorCounters;
  private readonly scopes: [Scope, Scope];
  private readonly queued: ScanMorsel[] = [];

  private current: ScanRowGroup | undefined;
  private upcoming: Promise<ScanRowGroup | undefined> | undefined;
  private opened: { readonly morsel: ScanMorsel; readonly file: Promise<OpenParquetFile> } | undefined;
  private parity = 0;
  private gathered = 0;
  /** Whether the last row group had rows to hand on: its payload is then fetched with the filter columns. */
  private fetchesAll: boolean;

  constructor(context: LaneContext, node: ScanNode, next: Operator) {
    const { kernels, scope, shared, owner } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    this.morsels = listScanMorsels(node);
    const types = node.scanColumns.map((column) => column.type);
    const predicate = conjunctionOf(node.filters);
    this.filter = predicate && new Filter(context.expressions, predicate, types);
    this.filterColumns = predicate === undefined ? [] : [...collectColumns(predicate)].sort((a, b) => a - b);
    this.outputCount = node.columns.length;
    this.buffers = types.map((type) => new ScanColumnBuffers(kernels, scope, physicalTypeOf(type)));
    this.selection = scope.allocate(BATCH_ROWS * 4);
    this.counters = createCounters(context, node.id);
    this.scopes = [new Scope(shared, owner), new Scope(shared, owner)];
    this.fetchesAll = predicate === undefined;
  }

  step(): boolean | Promise<boolean> {
    if (this.current === undefined) return this.advance();
    if (!this.current.isDone) return this.stepWindow(this.current);
    return this.leaveRowGroup(this.current);
  }

  async close(): Promise<void> {
    const upcoming = await this.upcoming?.catch(() => undefined);
    await upcoming?.close();
    await this.current?.close();
    const opened = await this.opened?.file.catch(() => undefined);
    if (opened !== undefined) await closeUnchanged(opened.file, this.context.block.cancelled);
    for (const scope of this.scopes) scope.free();
  }

  private async advance(): Promise<boolean> {
    const present = await (this.upcoming ?? this.openNext());
    this.upcoming = undefined;
    if (present === undefined) return false;
    this.current = present;
    const upcoming = this.openNext();
    upcoming.catch(() => undefined); // reported when it is its turn
    this.upcoming = upcoming;
    return true;
  }

  private async leaveRowGroup(rowGroup: ScanRowGroup): Promise<boolean> {
    this.emitGathered();
    this.fetchesAll = this.filter === undefined || rowGroup.passedRows > 0;
    this.counters.add('bytesRead', rowGroup.bytesRead);
    this.current = undefined;
    await rowGroup.close();
    return true;
  }

  /** Claims a row group and starts to fetch its columns. */
  private async openNext(): Promise<ScanRowGroup | undefined> {
    const morsel = this.queued.shift() ?? this.claim();
    if (morsel === undefined) return undefined;
    const opened = await this.openFile(morsel);
    let { rowGroup } = morsel;
    if (rowGroup === undefined) {
      const count = opened.metadata.rowGroups.length;
      if (count === 0) return this.openNext();
      for (let index = 1; index < count; index++) this.queued.push({ ...morsel, rowGroup: index });
      rowGroup = 0;
    }
    const scope = this.scopes[this.parity]!;
    this.parity = 1 - this.parity;
    scope.reset();
    this.counters.add('rowGroupsRead', 1);
    const { shared, kernels, expressions } = this.context;
    const scan = new ScanRowGroup({
      shared,
      kernels,
      expressions,
      scope,
      opened,
      rowGroup,
      columns: this.node.scanColumns,
      partitionVector: (partition) => this.partitionVector(morsel, partition),
    });
    await scan.fetch(this.fetchesAll ? undefined : this.filterColumns);
    return scan;
  }

  private claim(): ScanMorsel | undefined {
    const { block, pipeline } = this.context;
    if (block.cancelled || block.isStopped(pipeline)) return undefined;
    return this.morsels[block.takeMorsel(pipeline)];
  }

  /** The file of a morsel; kept open while the next morsel has the same. */
  private async openFile(morsel: ScanMorsel): Promise<OpenParquetFile> {
    if (this.opened?.morsel.fileIndex === morsel.fileIndex) return this.opened.file;
    const previous = this.opened;
    const file = this.context.files.open(morsel.file);
    file.catch(() => undefined);
    this.opened = { morsel, file };
    if (previous !== undefined) {
      // The row group being computed may still read from it.
      const { file: handle } = await previous.file;
      if (this.current === undefined) await closeUnchanged(handle, false);
      else this.current.closeAfter(handle);
    }
    return file;
  }

  private partitionVector(morsel: ScanMorsel, partition: number): Vector {
    const key = `${morsel.fileIndex} ${partition}`;
    let vector = this.constants.get(key);
    if (vector !== undefined) return vector;
    const { shared, scope } = this.context;
    const constant = morsel.file.partitionValues[partition]!;
    const physical = physicalTypeOf(constant.type);
    vector = new Vector(physical);
    if (constant.value === null) {
      vector.setConstant(ZEROS, ZEROS);
    } else {
      const data = scope.allocate(byteWidthOf(physical));
      writeConstant(shared, scope, physical, constant.value, data);
      vector.setConstant(data, 0);
    }
    this.constants.set(key, vector);
    return vector;
  }

  private stepWindow(rowGroup: ScanRowGroup): boolean | Promise<boolean> {
    if (this.filter === undefined) {
      this.pushUnfiltered(rowGroup);
      return true;
    }
    const rowCount = rowGroup.windowRows;
    const columns = new Array<Vector>(this.buffers.length);
    for (const column of this.filterColumns)
      columns[column] = rowGroup.readWindow(column, this.buffers[column]!, rowCount, true);
    const selected = this.filter.select({ rowCount, columns }, this.selection);
    if (selected === 0) {
      rowGroup.skipWindow(rowCount, this.filterColumns);
      return true;
    }
    rowGroup.passedRows += selected;
    if (!rowGroup.hasFetchedAll) {
      return rowGroup.fetch(undefined).then(() => {
        this.takeWindow(rowGroup, rowCount, selected, columns);
        return true;
      });
    }
    this.takeWindow(rowGroup, rowCount, selected, columns);
    return true;
  }

  private pushUnfiltered(rowGroup: ScanRowGroup): void {
    const rowCount = rowGroup.windowRows;
    const columns: Vector[] = [];
    for (let column = 0; column < this.outputCount; column++) {
      columns.push(rowGroup.readWindow(column, this.buffers[column]!, rowCount, false));
    }
    rowGroup.passWindow(rowCount);
    this.push(rowCount, columns);
  }

  /** Hands on the selected rows of a window: at once when it is whole, otherwise gathered with those of others. */
  private takeWindow(
    rowGroup: ScanRowGroup,
    rowCount: number,
    selected: number,
    window: readonly (Vector | undefined)[],
  ): void {
    if (selected === rowCount && this.gathered === 0) {
      const columns: Vector[] = [];
      for (let column = 0; column < this.outputCount; column++) {
        columns.push(window[column] ?? rowGroup.readWindow(column, this.buffers[column]!, rowCount, false));
      }
      rowGroup.passWindow(rowCount);
      this.push(rowCount, columns);
      return;
    }
    if (this.gathered + selected > BATCH_ROWS || !this.canGather(rowGroup, rowCount, window)) this.emitGathered();
    const at = this.gathered;
    for (let column = 0; column < this.outputCount; column++) {
      const buffers = this.buffers[column]!;
      if (rowGroup.isConstant(column)) continue;
      const read = window[column];
      if (read === undefined) rowGroup.append(column, buffers, rowCount, this.selection, selected, at);
      else buffers.appendVector(read, this.selection, selected, at);
    }
    rowGroup.passWindow(rowCount);
    this.gathered = at + selected;
    this.gatheredFrom = rowGroup;
  }

  private gatheredFrom: ScanRowGroup | undefined;

  private canGather(rowGroup: ScanRowGroup, rowCount: number, window: readonly (Vector | undefined)[]): boolean {
    for (let column = 0; column < this.outputCount; column++) {
      if (rowGroup.isConstant(column)) continue;
      const buffers = this.buffers[column]!;
      const read = window[column];
      const id =
        read === undefined ? rowGroup.dictionaryIdOf(column, buffers, rowCount) : buffers.vectorDictionaryId(read);
      if (!buffers.canAppend(id, this.gathered)) return false;
    }
    return true;
  }

  private emitGathered(): void {
    const rowGroup = this.gatheredFrom;
    if (this.gathered === 0 || rowGroup === undefined) return;
    const columns: Vector[] = [];
    for (let column = 0; column < this.outputCount; column++) {
      columns.push(rowGroup.isConstant(column) ? rowGroup.constantOf(column) : this.buffers[column]!.output);
    }
    const rowCount = this.gathered;
    this.gathered = 0;
    this.push(rowCount, columns);
  }

  private push(rowCount: number, columns: Vector[]): void {
    this.counters.addBatch(rowCount);
    this.next.push({ rowCount, columns });
  }
}

/** What was read is only right if the file is still the one that was planned with. */
async function closeUnchanged(file: RandomAccessFile, isCancelled: boolean): Promise<void> {
  try {
    if (!isCancelled) await file.assertUnchanged();
  } finally {
    await file.close();
  }
}

/**
 * One predicate of all filters. Those on the same column stand together, so that they are evaluated together, once per
 * entry, where the column comes as a dictionary.
 */
function conjunctionOf(filters: readonly Expression[]): Expression | undefined {
  const byColumns = new Map<string, Expression[]>();
  for (const filter of filters) {
    const key = [...collectColumns(filter)].sort((a, b) => a - b).join(' ');
    const group = byColumns.get(key);
    if (group === undefined) byColumns.set(key, [filter]);
    else group.push(filter);
  }
  return conjoin([...byColumns.values()].map((group) => conjoin(group)!));
}

function conjoin(operands: readonly Expression[]): Expression | undefined {
  return operands.length <= 1 ? operands[0] : { kind: 'and', type: BOOLEAN, operands };
}
