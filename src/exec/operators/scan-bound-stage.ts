import type { ScanColumn, ScanSortBound, SortNode } from '../../planner/physical/physical-plan.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { sameType } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { SortBound } from '../sort/sort-bound.js';
import type { LaneContext } from './operator.js';
import type { ScanStage } from './scan-filter.js';

/** Batches of a row group from which the worth of the bound is judged. */
const TRIAL_BATCHES = 2;
/** A bound that lets more than this share of the rows pass costs more than it saves. */
const WORTHWHILE_SHARE = 0.7;

/** Leaves out rows of a scan that the top-N above would drop. */
export class ScanBoundStage implements ScanStage {
  readonly columns: readonly number[];
  readonly selection: number;
  private readonly column: number;
  private readonly bound: SortBound;
  private batches = 0;
  private reached = 0;
  private passed = 0;

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
    const scanned = scanColumns[this.column];
    if (scanned?.kind !== 'file') return false;
    const index = metadata.columns.findIndex(({ name }) => name === scanned.name);
    const type = metadata.columns[index]?.type;
    if (type === undefined || !sameType(type, scanned.type)) return false;
    const { chunks, rowCount } = metadata.rowGroups[rowGroup]!;
    const chunk = chunks[index];
    return chunk !== undefined && this.bound.excludes(chunk.statistics, rowCount);
  }

  beginRowGroup(): void {
    this.batches = 0;
    this.reached = 0;
    this.passed = 0;
  }

  get isIdle(): boolean {
    return !this.bound.isSet || (this.batches >= TRIAL_BATCHES && this.passed > this.reached * WORTHWHILE_SHARE);
  }

  select({ columns, rowCount }: Batch): number {
    const selected = this.bound.select(columns[this.column]!, rowCount, this.selection);
    this.batches++;
    this.reached += rowCount;
    this.passed += selected;
    return selected;
  }
}
