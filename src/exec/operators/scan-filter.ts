import { scalarOverload } from '../../functions/registry.js';
import type { Expression } from '../../planner/expression.js';
import { collectColumns } from '../../planner/expression-columns.js';
import { operandsOf } from '../../planner/logical/expression-tree.js';
import { BOOLEAN, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { Filter } from '../expression/filter.js';
import { ColumnCompactor } from './batch-compactor.js';
import type { LaneContext } from './operator.js';
import type { ScanColumnBuffers } from './scan-column.js';
import type { ScanRowGroup } from './scan-row-group.js';
import { type OrderedStage, StageOrder } from './stage-order.js';

/** A text that is no entry of a dictionary takes as long to read and to test as so many integers. */
const TEXT_COST = 4;

/** A test of rows by some of their columns. */
export interface ScanStage extends OrderedStage {
  readonly columns: readonly number[];
  /** Where the rows that pass are listed, counted among those that reached the stage. */
  readonly selection: number;
  /** All rows pass: the stage is not worth its work at present. */
  readonly isIdle: boolean;
  beginRowGroup(): void;
  /** What `select` and the reading of its columns take for a row, in reads of an integer. */
  costOf(batch: Batch): number;
  /** Lists the rows that pass; returns how many. */
  select(batch: Batch): number;
}

/** Predicates over the same columns. */
class PredicateStage implements ScanStage {
  readonly columns: readonly number[];
  readonly selection: number;
  readonly isIdle = false;
  readonly mayFail: boolean;
  private readonly filter: Filter;

  constructor(context: LaneContext, columns: readonly number[], predicate: Expression) {
    this.columns = columns;
    this.mayFail = mayFail(predicate);
    this.filter = new Filter(context.expressions, predicate);
    this.selection = context.scope.allocate(BATCH_ROWS * 4);
  }

  beginRowGroup(): void {}

  costOf({ columns }: Batch): number {
    return readCost(this.columns, columns);
  }

  select(batch: Batch): number {
    return this.filter.select(batch, this.selection);
  }
}

/** A column that was read for a stage: the rows it holds are those that had reached that stage. */
interface ReadColumn {
  readonly vector: Vector;
  readonly stage: number;
}

/**
 * The filters of a scan, in stages: a column is read only for the rows that passed the stages before, of which those come
 * first that drop the most rows for their cost. Predicates on the same column are one stage, evaluated together and, where
 * the column comes as a dictionary, once per entry.
 */
export class ScanFilter {
  readonly columns: readonly number[];
  private readonly context: LaneContext;
  private readonly order: StageOrder<ScanStage>;
  private readonly read: Map<number, ReadColumn> = new Map();
  private readonly compactors: Map<number, ColumnCompactor> = new Map();
  /** By stage: the rows that passed all stages, counted among those that reached it. */
  private readonly passed: number[];
  private readonly counts: number[];
  private readonly types: readonly SqlType[];
  private windowRows = 0;

  constructor(
    context: LaneContext,
    filters: readonly Expression[],
    joinStages: readonly ScanStage[],
    types: readonly SqlType[],
  ) {
    this.context = context;
    this.types = types;
    const predicates = groupByColumns(filters).map(
      ({ columns, predicate }) => new PredicateStage(context, columns, predicate),
    );
    this.order = new StageOrder([...predicates, ...joinStages]);
    const { entries } = this.order;
    this.columns = [...new Set(entries.flatMap(({ stage }) => stage.columns))];
    this.passed = entries.map(() => context.scope.allocate(BATCH_ROWS * 4));
    this.counts = entries.map(() => 0);
  }

  beginRowGroup(): void {
    for (const entry of this.order.entries) {
      entry.stage.beginRowGroup();
      // Columns come in other encodings.
      entry.isCostKnown = false;
    }
  }

  /** How many rows of the next window pass; what has been read of it is kept until the next call. */
  select(rowGroup: ScanRowGroup, buffers: readonly ScanColumnBuffers[], rowCount: number): number {
    this.read.clear();
    this.order.beginWindow();
    const { entries } = this.order;
    this.windowRows = rowCount;
    let reached = rowCount;
    /** Rows that reached the stage, as row numbers of the window; 0 while all have. */
    let rows = 0;
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!;
      const { stage } = entry;
      if (stage.isIdle) {
        this.counts[index] = reached;
        continue;
      }
      for (const column of stage.columns) {
        if (this.read.has(column)) continue;
        const vector = rowGroup.readWindow(column, buffers[column]!, rowCount, true, rows, reached);
        this.read.set(column, { vector, stage: index });
      }
      const columns = new Array<Vector>(this.types.length);
      for (const column of stage.columns) columns[column] = this.columnAt(column, index, reached);
      const batch = { rowCount: reached, columns };
      const count = stage.select(batch);
      this.counts[index] = count;
      entry.reached += reached;
      entry.passed += count;
      if (!entry.isCostKnown) {
        entry.cost = stage.costOf(batch);
        entry.isCostKnown = true;
      }
      if (count === 0) return 0;
      if (count < reached) {
        const target = this.passed[index]!;
        if (rows === 0) rows = stage.selection;
        else {
          this.context.kernels.gather4(rows, stage.selection, count, target);
          rows = target;
        }
      }
      reached = count;
    }
    this.rows = rows;
    return reached;
  }

  /** The rows that passed, as numbers of the window: 0 when all did. Valid after `select`, until the next. */
  rows = 0;

  /** Columns that `select` has read of the present window. */
  get readColumns(): readonly number[] {
    return [...this.read.keys()];
  }

  /** The values of a column that the filters have read, for the rows that passed. */
  valuesOf(column: number): Vector | undefined {
    const read = this.read.get(column);
    return read && this.compactFrom(column, read, this.counts.length, this.counts.at(-1)!);
  }

  private columnAt(column: number, stage: number, count: number): Vector {
    return this.compactFrom(column, this.read.get(column)!, stage, count);
  }

  /** Brings a column from the rows that reached its stage to the `count` rows that reached a later one. */
  private compactFrom(column: number, { vector, stage }: ReadColumn, to: number, count: number): Vector {
    const selection = this.selectionBetween(stage, to);
    if (selection === 0) return vector;
    let compactor = this.compactors.get(column);
    if (compactor === undefined) {
      const { kernels, scope } = this.context;
      compactor = new ColumnCompactor(kernels, scope, physicalTypeOf(this.types[column]!));
      this.compactors.set(column, compactor);
    }
    return compactor.compact(vector, selection, count);
  }

  private composed = 0;

  /** Rows that reached stage `to`, counted among those that reached stage `from`; 0 when they are the same. */
  private selectionBetween(from: number, to: number): number {
    const { kernels, scope } = this.context;
    let selection = 0;
    for (let index = to - 1; index >= from; index--) {
      const { selection: own } = this.order.entries[index]!.stage;
      const reached = index === 0 ? this.windowRows : this.counts[index - 1]!;
      if (this.counts[index] === reached) continue; // all passed
      if (selection === 0) {
        selection = own;
        continue;
      }
      this.composed ||= scope.allocate(BATCH_ROWS * 4);
      kernels.gather4(own, selection, this.counts[to - 1]!, this.composed);
      selection = this.composed;
    }
    return selection;
  }
}

function groupByColumns(filters: readonly Expression[]): { columns: number[]; predicate: Expression }[] {
  const groups = new Map<string, { columns: number[]; operands: Expression[] }>();
  for (const filter of filters) {
    const columns = [...collectColumns(filter)].sort((a, b) => a - b);
    const key = columns.join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { columns, operands: [filter] });
    else group.operands.push(filter);
  }
  const rank = ({ columns, operands }: { columns: number[]; operands: Expression[] }): number =>
    (operands.some(mayFail) ? 1000 : 0) + columns.length;
  return [...groups.values()]
    .sort((left, right) => rank(left) - rank(right))
    .map(({ columns, operands }) => ({ columns, predicate: conjoin(operands) }));
}

/** What the columns of a stage take to read, as `costOf` tells it. */
export function readCost(columns: readonly number[], vectors: readonly Vector[]): number {
  return columns.reduce((sum, column) => {
    const { physical, encoding } = vectors[column]!;
    return sum + (physical === 'string' && encoding === 'flat' ? TEXT_COST : 1);
  }, 0);
}

export function mayFail(expression: Expression): boolean {
  if (expression.kind === 'cast') return true;
  if (expression.kind === 'call' && scalarOverload(expression.overload).fallible) return true;
  return operandsOf(expression).some(mayFail);
}

function conjoin(operands: readonly Expression[]): Expression {
  return operands.length === 1 ? operands[0]! : { kind: 'and', type: BOOLEAN, operands };
}
