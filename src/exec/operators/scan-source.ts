import type { HashJoinNode, ScanNode, SortNode } from '../../planner/physical/physical-plan.js';
import type { ColumnConjunct } from '../../storage/parquet-reader/can-skip-row-group.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import type { OpenParquetFile } from '../worker/file-cache.js';
import { findExcludedRows } from './excluded-rows.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { ScanBoundStage } from './scan-bound-stage.js';
import { ScanClaims } from './scan-claims.js';
import { ScanColumnBuffers } from './scan-column.js';
import { conditionsOf } from './scan-conditions.js';
import { ScanFiles } from './scan-files.js';
import { ScanFilter, type ScanStage } from './scan-filter.js';
import { ScanJoinStage } from './scan-join-stage.js';
import { listScanWork, type ScanMorsel } from './scan-morsels.js';
import { PartitionValues } from './scan-partition-values.js';
import { ScanRowGroup } from './scan-row-group.js';

/** A morsel that is this lane's. */
interface Claim {
  readonly morsel: ScanMorsel;
  /** Its number among the work, where it is all of it: another lane may take it over as long as it is not begun. */
  readonly work: number | undefined;
}

/**
 * Reads Parquet files, a row group a morsel, and pushes the rows that pass its filters. Columns that filters need are
 * read first; the others are decompressed and decoded only where rows remain. The bytes of the next row group are
 * fetched while the present one is computed.
 */
export class ScanSource implements Source {
  private readonly context: LaneContext;
  private readonly node: ScanNode;
  private readonly next: Operator;
  private readonly work: readonly (readonly ScanMorsel[])[];
  /** Filters of joins above: those of partition columns alone tell which files may be left out. */
  private readonly fileStages: readonly ScanJoinStage[];
  private readonly rowStages: readonly ScanJoinStage[];
  private readonly boundStage: ScanBoundStage | undefined;
  private readonly filter: ScanFilter | undefined;
  /** What can be tested by the statistics of pages. */
  private readonly conditions: readonly ColumnConjunct[];
  private readonly outputCount: number;
  private readonly buffers: ScanColumnBuffers[];
  private readonly files: ScanFiles;
  private readonly partitionValues: PartitionValues;
  private readonly counters: OperatorCounters;
  private readonly scopes: [Scope, Scope];
  private readonly queued: ScanMorsel[] = [];
  private readonly claims: ScanClaims;
  /** What of `upcoming` other lanes may take over. */
  private offered: number | undefined;

  private current: ScanRowGroup | undefined;
  private upcoming: Promise<ScanRowGroup | undefined> | undefined;
  private parity = 0;
  private gathered = 0;
  /** A window that has been filtered and waits to be gathered, since its buffers held a batch that was handed on. */
  private waiting: { readonly rowCount: number; readonly selected: number } | undefined;
  /** Whether the last row group had rows to hand on: its payload is then fetched with the filter columns. */
  private fetchesAll: boolean;

  constructor(
    context: LaneContext,
    node: ScanNode,
    above: readonly (HashJoinNode | SortNode)[],
    coded: ReadonlySet<number>,
    next: Operator,
  ) {
    const { kernels, scope, shared, owner } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    this.work = listScanWork(node);
    const types = node.scanColumns.map((column) => column.type);
    const joinStages = (node.joinFilters ?? []).flatMap((wanted) => {
      const join = above.find((one) => one.kind === 'hashJoin' && one.id === wanted.join) as HashJoinNode;
      return ScanJoinStage.open(context, join, wanted) ?? [];
    });
    const { sortBound } = node;
    const sort = sortBound && (above.find(({ id }) => id === sortBound.sort) as SortNode);
    this.boundStage = sort && ScanBoundStage.open(context, sort, sortBound);
    const isPartition = (column: number): boolean => node.scanColumns[column]!.kind === 'partition';
    this.fileStages = joinStages.filter((stage) => stage.columns.every(isPartition));
    this.rowStages = joinStages.filter((stage) => !this.fileStages.includes(stage));
    const stages: readonly ScanStage[] = this.boundStage ? [this.boundStage, ...this.rowStages] : this.rowStages;
    this.filter =
      node.filters.length + stages.length === 0 ? undefined : new ScanFilter(context, node.filters, stages, types);
    this.conditions = [...conditionsOf(node.filters), ...this.rowStages.flatMap((stage) => stage.conditions)];
    this.outputCount = node.columns.length;
    this.buffers = types.map(
      (type, column) => new ScanColumnBuffers(kernels, scope, physicalTypeOf(type), coded.has(column)),
    );
    this.files = new ScanFiles(context.files);
    this.partitionValues = new PartitionValues(context);
    this.counters = createCounters(context, node.id);
    this.scopes = [new Scope(shared, owner), new Scope(shared, owner)];
    this.claims = new ScanClaims(context, node);
    this.fetchesAll = this.filter === undefined;
  }

  step(): boolean | Promise<boolean> {
    if (this.current === undefined) return this.advance();
    if (this.waiting !== undefined) return this.gatherWaiting(this.current, this.waiting);
    if (!this.current.isDone) return this.stepWindow(this.current);
    return this.leaveRowGroup(this.current);
  }

  async close(): Promise<void> {
    const upcoming = await this.upcoming?.catch(() => undefined);
    this.claims.offer(undefined);
    const closed = await Promise.allSettled([
      upcoming?.close(),
      this.current?.close(),
      this.files.close(this.context.block.cancelled),
    ]);
    // Whatever fails: these use blocks that belong to no query, which nobody else would release.
    for (const scope of this.scopes) scope.free();
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  }

  private async advance(): Promise<boolean> {
    const { upcoming, offered } = this;
    this.upcoming = undefined;
    this.offered = undefined;
    const isOwn = offered === undefined || this.claims.begin(offered);
    const present = await (upcoming ?? this.openNext());
    if (present === undefined) return false;
    if (!isOwn) {
      this.counters.add('rowGroupsRead', -1);
      this.counters.add('bytesRead', present.bytesRead);
      await present.close();
      return true;
    }
    if (this.boundStage?.excludesRowGroup(present.metadata, present.rowGroup, this.node.scanColumns)) {
      this.counters.add('rowGroupsSkipped', 1);
      this.counters.add('rowGroupsRead', -1);
      this.counters.add('bytesRead', present.bytesRead);
      await present.close();
      return true;
    }
    this.current = present;
    this.context.unit.current = present.unit;
    this.filter?.beginRowGroup();
    const next = this.openAhead();
    next.catch(() => undefined); // reported when it is its turn
    this.upcoming = next;
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

  /** The row group after the present one. */
  private async openAhead(): Promise<ScanRowGroup | undefined> {
    this.claims.seek();
    try {
      return await this.openNext();
    } finally {
      if (this.offered === undefined) this.claims.offer(undefined);
    }
  }

  /**
   * Claims a row group and starts to fetch its columns: at once where the file is open, so that the reads are under way
   * before this lane goes on computing and keeps its thread.
   */
  private openNext(): Promise<ScanRowGroup | undefined> {
    const queued = this.queued.shift();
    const claim = queued === undefined ? this.claim() : { morsel: queued, work: undefined };
    if (claim !== undefined) return this.openClaimed(claim);
    return this.current === undefined ? this.takeOver() : Promise.resolve(undefined);
  }

  private async takeOver(): Promise<ScanRowGroup | undefined> {
    const number = await this.claims.takeOver();
    return number === undefined
      ? undefined
      : await this.openClaimed({ morsel: this.work[number]![0]!, work: undefined });
  }

  private openClaimed(claim: Claim): Promise<ScanRowGroup | undefined> {
    const { morsel } = claim;
    const open = this.files.readyFor(morsel);
    if (open !== undefined) return this.startRowGroup(claim, open);
    return this.files.open(morsel, () => this.current).then((opened) => this.startRowGroup(claim, opened));
  }

  private async startRowGroup({ morsel, work }: Claim, opened: OpenParquetFile): Promise<ScanRowGroup | undefined> {
    let { rowGroup } = morsel;
    if (rowGroup === undefined) {
      const count = opened.metadata.rowGroups.length;
      if (count === 0) return this.openNext();
      const others = Array.from({ length: count - 1 }, (_, index) => ({ ...morsel, rowGroup: index + 1 }));
      this.queued.unshift(...others);
      rowGroup = 0;
    }
    const pruning = this.boundStage ? [this.boundStage, ...this.rowStages] : this.rowStages;
    if (pruning.some((stage) => stage.excludesRowGroup(opened.metadata, rowGroup, this.node.scanColumns))) {
      this.counters.add('rowGroupsSkipped', 1);
      return this.openNext();
    }
    const { scanColumns } = this.node;
    const excludedRows = await findExcludedRows(opened, rowGroup, this.conditions, scanColumns);
    if (excludedRows !== undefined) {
      this.counters.add('pagesSkipped', excludedRows.pageCount);
      if (excludedRows.countFrom(0) >= opened.metadata.rowGroups[rowGroup]!.rowCount) {
        this.counters.add('rowGroupsSkipped', 1);
        return this.openNext();
      }
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
      columns: scanColumns,
      excludedRows,
      unit: morsel.unit,
      partitionVector: (partition) => this.partitionValues.vectorOf(morsel, partition),
    });
    // Where this lane waits for it already, it is as good as begun.
    this.offered = this.current === undefined ? undefined : work;
    this.claims.offer(this.offered);
    try {
      await scan.fetch(this.fetchesAll ? undefined : this.filter?.columns);
    } catch (error) {
      await scan.close(); // no read may outlive the memory it fills
      throw error;
    }
    return scan;
  }

  private claim(): Claim | undefined {
    const { block, pipeline } = this.context;
    while (!block.cancelled && !block.isStopped(pipeline)) {
      const number = block.takeMorsel(pipeline);
      const taken = this.work[number];
      if (taken === undefined) return undefined;
      const [first, ...others] = taken.filter((morsel) => this.isWanted(morsel));
      this.counters.add('rowGroupsSkipped', taken.length - (first === undefined ? 0 : others.length + 1));
      this.queued.push(...others);
      if (first === undefined) continue;
      const isWhole = taken.length === 1 && first.rowGroup !== undefined;
      return { morsel: first, work: isWhole ? number : undefined };
    }
    return undefined;
  }

  /** False where the values in the path of a file are not among the keys of a join. */
  private isWanted(morsel: ScanMorsel): boolean {
    return this.fileStages.every((stage) => {
      const columns = new Array<Vector>(this.node.scanColumns.length);
      for (const column of stage.columns) {
        const bound = this.node.scanColumns[column]!;
        if (bound.kind === 'partition') columns[column] = this.partitionValues.vectorOf(morsel, bound.partition);
      }
      return stage.select({ rowCount: 1, columns }) > 0;
    });
  }

  private stepWindow(rowGroup: ScanRowGroup): boolean | Promise<boolean> {
    const { filter } = this;
    const { excludedCount } = rowGroup;
    if (excludedCount > 0) {
      rowGroup.skipWindow(excludedCount, []);
      return true;
    }
    const rowCount = rowGroup.windowRows;
    if (filter === undefined) {
      this.pushWindow(rowGroup, rowCount);
      return true;
    }
    const selected = filter.select(rowGroup, this.buffers, rowCount);
    if (selected === 0) {
      rowGroup.skipWindow(rowCount, filter.readColumns);
      return true;
    }
    rowGroup.passedRows += selected;
    if (!rowGroup.hasFetchedAll) {
      return rowGroup.fetch(undefined).then(() => {
        this.takeWindow(rowGroup, rowCount, selected, filter);
        return true;
      });
    }
    this.takeWindow(rowGroup, rowCount, selected, filter);
    return true;
  }

  /** Hands on a whole window as it stands. */
  private pushWindow(rowGroup: ScanRowGroup, rowCount: number, filter?: ScanFilter): void {
    const columns: Vector[] = [];
    for (let column = 0; column < this.outputCount; column++) {
      const read = filter?.valuesOf(column);
      columns.push(read ?? rowGroup.readWindow(column, this.buffers[column]!, rowCount, false, 0, rowCount));
    }
    rowGroup.passWindow(rowCount);
    this.push(rowCount, columns);
  }

  /** Hands on the selected rows of a window: at once when it is whole, otherwise gathered with those of others. */
  private takeWindow(rowGroup: ScanRowGroup, rowCount: number, selected: number, filter: ScanFilter): void {
    if (selected === rowCount && this.gathered === 0) {
      this.pushWindow(rowGroup, rowCount, filter);
      return;
    }
    if (this.gathered > 0 && (this.gathered + selected > BATCH_ROWS || !this.canGather(rowGroup, rowCount, filter))) {
      this.waiting = { rowCount, selected };
      this.emitGathered();
      return;
    }
    this.gatherWindow(rowGroup, rowCount, selected, filter);
  }

  private gatherWaiting(
    rowGroup: ScanRowGroup,
    { rowCount, selected }: { rowCount: number; selected: number },
  ): boolean {
    this.waiting = undefined;
    this.gatherWindow(rowGroup, rowCount, selected, this.filter!);
    return true;
  }

  /** Puts the selected rows of a window behind those gathered so far. */
  private gatherWindow(rowGroup: ScanRowGroup, rowCount: number, selected: number, filter: ScanFilter): void {
    const at = this.gathered;
    for (let column = 0; column < this.outputCount; column++) {
      if (rowGroup.isConstant(column)) continue;
      const buffers = this.buffers[column]!;
      const read = filter.valuesOf(column);
      if (read === undefined) rowGroup.append(column, buffers, rowCount, filter.rows, selected, at);
      else buffers.appendVector(read, selected, at);
    }
    rowGroup.passWindow(rowCount);
    this.gathered = at + selected;
    this.gatheredFrom = rowGroup;
  }

  private gatheredFrom: ScanRowGroup | undefined;

  private canGather(rowGroup: ScanRowGroup, rowCount: number, filter: ScanFilter): boolean {
    for (let column = 0; column < this.outputCount; column++) {
      if (rowGroup.isConstant(column)) continue;
      const buffers = this.buffers[column]!;
      const read = filter.valuesOf(column);
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
