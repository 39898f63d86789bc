import type { Expression } from '../../planner/expression.js';
import { collectColumns } from '../../planner/expression-columns.js';
import type { HashJoinNode, ScanColumn, ScanJoinFilter } from '../../planner/physical/physical-plan.js';
import { type ColumnConjunct, canSkipRowGroup } from '../../storage/parquet-reader/can-skip-row-group.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import { KeyPacker } from '../rows/key-packer.js';
import { columnOfStatistics } from './file-column.js';
import { JoinKeyFilter } from './join-key-filter.js';
import { listJoinKeys } from './join-key-list.js';
import { JOIN_DEFERRED, joinLayoutOf } from './join-layout.js';
import { NullKeySelector } from './null-key-selector.js';
import type { LaneContext } from './operator.js';
import { mayFail, readCost, type ScanStage } from './scan-filter.js';
import { StageWorth } from './stage-worth.js';

/** Of larger dictionaries, most entries may not occur among the rows that are tested. */
const MAX_FLAGGED_ENTRIES = 32_768;

/** A look-up in the filter, whose words lie anywhere, in reads of an integer. */
const LOOKUP_COST = 1;

/** Leaves out rows of a scan that have no match in a join above, as far as the filter of its build side tells. */
export class ScanJoinStage implements ScanStage {
  readonly columns: readonly number[];
  readonly mayFail: boolean;
  readonly selection: number;
  readonly filter: JoinKeyFilter;
  private readonly context: LaneContext;
  private readonly keys: Projector;
  /** The column that each key is, -1 where it is computed. */
  private readonly keyColumns: readonly number[];
  private readonly nullKeys: NullKeySelector;
  private readonly packer: KeyPacker;
  private readonly deferred: number;
  private readonly nullsEqual: boolean;
  /** Bytes of the key where it is one integer and nothing else, otherwise 0. */
  private readonly integerWidth: number;
  private flags = 0;
  private flaggedDictionary = 0;
  private readonly worth = new StageWorth();
  /** What row groups and pages can be tested for. */
  readonly conditions: readonly ColumnConjunct[];

  /** Undefined where the build side has published no filter. */
  static open(context: LaneContext, join: HashJoinNode, { keys }: ScanJoinFilter): ScanJoinStage | undefined {
    const filter = JoinKeyFilter.attach(context, join, joinLayoutOf(join));
    return filter && new ScanJoinStage(context, join, keys, filter);
  }

  private constructor(context: LaneContext, join: HashJoinNode, keys: readonly Expression[], filter: JoinKeyFilter) {
    const { shared, kernels, scope, block } = context;
    this.context = context;
    this.filter = filter;
    this.columns = [...new Set(keys.flatMap((key) => [...collectColumns(key)]))];
    this.mayFail = keys.some(mayFail);
    this.keyColumns = keys.map((key) => (key.kind === 'column' ? key.column : -1));
    this.keys = new Projector(context.expressions, keys);
    this.nullKeys = new NullKeySelector(context, scope, join.nullsEqual);
    this.packer = new KeyPacker(shared, kernels, scope, joinLayoutOf(join).rows);
    this.deferred = block.getWord(join.id, JOIN_DEFERRED);
    this.nullsEqual = join.nullsEqual.some((equal) => equal);
    const physical = keys.length === 1 ? physicalTypeOf(keys[0]!.type) : 'string';
    // Where validity is part of the key, it is hashed, too.
    const isPlain = this.packer.layout.keyBytes === 8 && (physical === 'i32' || physical === 'i64');
    this.integerWidth = isPlain ? byteWidthOf(physical) : 0;
    this.selection = scope.allocate(BATCH_ROWS * 4);
    this.conditions = this.listConditions(join);
  }

  /** What the build side asks of columns, numbered as in the scan, that are keys: to be one of few values, or within bounds. */
  private listConditions(join: HashJoinNode): ColumnConjunct[] {
    if (this.deferred !== 0 || this.nullsEqual) return [];
    const lists = listJoinKeys(this.context, join, joinLayoutOf(join));
    return this.keyColumns.flatMap((column, key): ColumnConjunct[] => {
      if (column < 0) return [];
      const values = lists?.[key];
      if (values !== undefined) return [{ column, op: 'in', values }];
      const bounds = this.filter.boundsOf(key);
      if (bounds === undefined) return [];
      return [
        { column, op: '>=', value: bounds.least },
        { column, op: '<=', value: bounds.greatest },
      ];
    });
  }

  /** Whether the statistics of a row group prove that it has none of the keys of the build side. */
  excludesRowGroup(metadata: ParquetMetadata, rowGroup: number, scanColumns: readonly ScanColumn[]): boolean {
    return this.conditions.some((condition) => {
      const column = columnOfStatistics(metadata, scanColumns[condition.column]);
      return column !== undefined && canSkipRowGroup(metadata, rowGroup, [{ ...condition, column }]);
    });
  }

  beginRowGroup(): void {
    this.worth.beginRowGroup();
  }

  get isIdle(): boolean {
    return this.worth.isPoor;
  }

  costOf({ columns }: Batch): number {
    const [only = -1] = this.keyColumns.length === 1 ? this.keyColumns : [];
    const isFlagged = only >= 0 && columns[only]!.encoding === 'dictionary';
    return readCost(this.columns, columns) + (isFlagged ? 0 : this.keyColumns.length + LOOKUP_COST);
  }

  select(batch: Batch): number {
    const keys = this.keys.evaluate(batch);
    const selected = this.selectKeys(keys, batch.rowCount);
    this.worth.note(batch.rowCount, selected);
    return selected;
  }

  private selectKeys(keys: readonly Vector[], rowCount: number): number {
    const only = keys.length === 1 && !this.nullsEqual ? keys[0] : undefined;
    if (only !== undefined && only.encoding === 'flat' && this.integerWidth > 0) {
      return this.selectIntegers(only.data, only.validity, rowCount);
    }
    if (only !== undefined && only.encoding === 'dictionary' && only.dictionarySize <= MAX_FLAGGED_ENTRIES) {
      const { kernels } = this.context;
      this.flagEntries(only);
      return kernels.selectFlaggedCodes(only.codes, only.validity, this.flags, rowCount, this.selection);
    }
    const valid = this.nullKeys.select(keys, rowCount);
    return this.selectPacked(keys, rowCount, valid < rowCount ? this.nullKeys.selection : 0, valid);
  }

  private selectIntegers(values: number, validity: number, rowCount: number): number {
    const { kernels } = this.context;
    const { words, shift } = this.filter;
    const { integerWidth, deferred, selection } = this;
    return kernels.selectIntegersByJoinFilter(
      words,
      shift,
      values,
      integerWidth,
      validity,
      rowCount,
      deferred,
      selection,
    );
  }

  private selectPacked(keys: readonly Vector[], rowCount: number, selection: number, count: number): number {
    const { words, shift } = this.filter;
    const { packer, deferred } = this;
    packer.pack(keys, rowCount);
    const { kernels } = this.context;
    return kernels.selectByJoinFilter(words, shift, packer.hashes, selection, count, deferred, this.selection);
  }

  /** Tests each entry of a dictionary, unless it is the one that was tested last. */
  private flagEntries({ data, dictionarySize, dictionaryId, physical }: Vector): void {
    if (dictionaryId !== 0 && dictionaryId === this.flaggedDictionary) return;
    this.flaggedDictionary = dictionaryId;
    const { kernels, scope } = this.context;
    this.flags ||= scope.allocate(MAX_FLAGGED_ENTRIES);
    const entries = new Vector(physical);
    for (let from = 0; from < dictionarySize; from += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, dictionarySize - from);
      entries.setFlat(data + from * byteWidthOf(physical), 0);
      const selected = this.selectPacked([entries], count, 0, count);
      kernels.flagRows(this.selection, selected, count, this.flags + from);
    }
  }
}
