import type { ScanColumn, ScanSortBound, SortNode } from '../../planner/physical/physical-plan.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { SortBound } from '../sort/sort-bound.js';
import { columnOfStatistics } from './file-column.js';
import type { LaneContext } from './operator.js';
import { readCost, type ScanStage } from './scan-filter.js';
import { StageWorth } from './stage-worth.js';

/** Leaves out rows of a scan that the top-N above would drop. */
export class ScanBoundStage implements ScanStage {
  readonly columns: readonly number[];
  readonly mayFail = false;
  readonly selection: number;
  private readonly column: number;
  private readonly bound: SortBound;
  private readonly worth = new StageWorth();

  static open(context: LaneContext, sort: SortNode, wanted: ScanSortBound): ScanBoundStage | undefined {
    const bound = SortBound.open(context, sort);
    return bound && new ScanBoundStage(context, wanted.column, bound);
  }

  private constructor(context: LaneContext, column: number, bound: SortBound) {
    this.columns = [column];
    this.column = column;
    this.bound = bound;
    this.selection = context.scope.allocate(BATCH_ROWS * 4);
  }

  /** Whether the statistics of a row group prove that all its rows lie beyond the bound. */
  excludesRowGroup(metadata: ParquetMetadata, rowGroup: number, scanColumns: readonly ScanColumn[]): boolean {
    const index = columnOfStatistics(metadata, scanColumns[this.column]);
    if (index === undefined) return false;
    const { chunks, rowCount } = metadata.rowGroups[rowGroup]!;
    const chunk = chunks[index];
    return chunk !== undefined && this.bound.excludes(chunk.statistics, rowCount);
  }

  beginRowGroup(): void {
    this.worth.beginRowGroup();
  }

  get isIdle(): boolean {
    return !this.bound.isSet || this.worth.isPoor;
  }

  costOf({ columns }: Batch): number {
    return readCost(this.columns, columns);
  }

  select({ columns, rowCount }: Batch): number {
    const selected = this.bound.select(columns[this.column]!, rowCount, this.selection);
    this.worth.note(rowCount, selected);
    return selected;
  }
}
