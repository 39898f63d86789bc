import { userError } from '../../common/errors.js';
import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { BOOLEAN, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { Filter } from '../expression/filter.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { ZEROS } from '../rows/vector-source.js';
import { ColumnCompactor } from './batch-compactor.js';
import { columnsByKey } from './join-columns.js';
import { JoinIndex } from './join-index.js';
import {
  emitsMatchesOnly,
  JOIN_BUILD_ROWS,
  JOIN_HAS_NULL_KEY,
  JOIN_HEADS,
  JOIN_SHIFT,
  type JoinLayout,
  joinLayoutOf,
} from './join-layout.js';
import { type BuildColumn, columnsOfRows } from './join-row-columns.js';
import { NullKeySelector } from './null-key-selector.js';
import { createCounters, type LaneContext, type Operator, type ResumableOperator } from './operator.js';

/**
 * Looks the rows of its batches up in a join table, chain step by chain step: each step makes at most one output batch.
 * After the matches of a batch come its rows without a match, where the kind of join wants them.
 *
 * The table is that of the node, built by all lanes; or, for `JoinDeferredSource`, one after the other, of partitions or
 * parts of them. Where a probe row meets its partition in several parts, the caller keeps its mark from part to part.
 */
export class JoinProbe implements ResumableOperator {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly next: Operator;
  private readonly layout: JoinLayout;
  private readonly probeWidth: number;
  private readonly keys: Projector;
  private readonly nullKeys: NullKeySelector;
  private readonly packer: KeyPacker;
  private readonly residual: Filter | undefined;
  private readonly counters: OperatorCounters;

  private readonly probeColumns: Map<number, ColumnCompactor>;
  /** By their ordinals. */
  private readonly buildColumns: ReadonlyMap<number, BuildColumn>;
  private readonly nullColumns: Map<number, Vector>;
  private readonly joined: { rowCount: number; columns: Vector[] };

  private readonly probeRows: number;
  private readonly chains: number;
  private readonly matchedProbe: number;
  private readonly matchedRows: number;
  private readonly compactProbe: number;
  private readonly compactRows: number;
  private readonly ownMarks: number;
  private readonly markValidity: number;
  private readonly selection: number;
  private readonly remaining: number;

  /** The table, where it is one by key. */
  private index: JoinIndex | undefined;
  /** Instead of rows and chains there are places: each key has one row, whose columns lie by key. */
  private readonly takesPlaces: boolean;
  private heads: number;
  private shift: number;
  private hashRotation = 0;
  /** One byte a row of the batch: has it found a match? */
  private marks: number;
  private isLastPart = true;
  private readonly buildIsEmpty: boolean;
  private readonly buildHasNull: boolean;
  /**
   * A probe row only marks build rows, and those of its key all of them: where one is marked already, the probe row that
   * did it goes, or has gone, through the rest of the chain.
   */
  private readonly stopsAtMarked: boolean;
  /** Whether rows without a match follow the matches of a batch. */
  private readonly emitsUnmatched: boolean;

  /** The batch whose rows are not all handed on, how many of its keys are not NULL, and what is left of them. */
  private batch: Batch | undefined;
  private valid = 0;
  private candidates = 0;
  /** Output batches so far. */
  private emitted = 0;

  constructor(context: LaneContext, node: HashJoinNode, next: Operator) {
    const { shared, kernels, scope, block } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    this.layout = joinLayoutOf(node);
    this.probeWidth = node.probe.columns.length;
    const probeTypes = node.probe.columns.map((column) => column.type);
    const allTypes: SqlType[] = [...probeTypes, ...node.build.columns.map((column) => column.type)];
    this.keys = new Projector(context.expressions, node.probeKeys);
    this.nullKeys = new NullKeySelector(context, scope, node.nullsEqual);
    this.packer = new KeyPacker(shared, kernels, scope, this.layout.rows);
    this.residual = node.residual && new Filter(context.expressions, node.residual);
    this.counters = createCounters(context, node.id);

    this.index = JoinIndex.attach(context, node, this.layout);
    const keyed = this.index && columnsByKey(context, node, this.layout);
    this.takesPlaces = keyed !== undefined;
    this.buildColumns = keyed ?? columnsOfRows(context, node, this.layout);
    const wanted = new Set([...node.outputs, ...this.layout.residualColumns]);
    this.probeColumns = new Map();
    this.nullColumns = new Map();
    for (const ordinal of wanted) {
      const physical = physicalTypeOf(allTypes[ordinal]!);
      if (ordinal < this.probeWidth) {
        this.probeColumns.set(ordinal, new ColumnCompactor(kernels, scope, physical));
      } else {
        const nulls = new Vector(physical);
        nulls.setConstant(ZEROS, ZEROS);
        this.nullColumns.set(ordinal, nulls);
      }
    }
    this.joined = { rowCount: 0, columns: allTypes.map((type) => new Vector(physicalTypeOf(type))) };

    const allocateRows = (): number => scope.allocate(BATCH_ROWS * 4);
    this.probeRows = allocateRows();
    this.chains = allocateRows();
    this.matchedProbe = allocateRows();
    this.matchedRows = allocateRows();
    this.compactProbe = allocateRows();
    this.compactRows = allocateRows();
    this.selection = allocateRows();
    this.ownMarks = scope.allocate(BATCH_ROWS);
    this.marks = this.ownMarks;
    this.markValidity = node.joinKind === 'mark' ? scope.allocate(BATCH_ROWS) : 0;
    this.remaining = scope.allocate(4);

    this.heads = block.getWord(node.id, JOIN_HEADS);
    this.shift = block.getWord(node.id, JOIN_SHIFT);
    this.buildIsEmpty = block.getWord(node.id, JOIN_BUILD_ROWS) === 0;
    this.buildHasNull = block.getWord(node.id, JOIN_HAS_NULL_KEY) !== 0;
    const { joinKind } = node;
    this.stopsAtMarked = node.residual === undefined && (joinKind === 'rightSemi' || joinKind === 'rightAnti');
    this.emitsUnmatched = !emitsMatchesOnly(joinKind);
  }

  /** Another table, by hash; hashes are turned by `hashRotation` bits before they are looked up in it. */
  useTable(heads: number, shift: number, hashRotation: number): void {
    this.index = undefined;
    this.heads = heads;
    this.shift = shift;
    this.hashRotation = hashRotation;
  }

  /**
   * Before a batch is pushed whose rows meet their build rows in several parts: `marks` says for each row whether it has
   * found a match in the parts before, and is kept up to date. What is due at the end of a batch is done in the last part.
   */
  continueMarks(marks: number, isLastPart: boolean): void {
    this.marks = marks;
    this.isLastPart = isLastPart;
  }

  /** Batches are joined as a whole again. */
  forgetMarks(): void {
    this.marks = this.ownMarks;
    this.isLastPart = true;
  }

  push(batch: Batch): void {
    const { kernels, shared } = this.context;
    if (this.answersWithoutLookup(batch)) return;
    const keys = this.keys.evaluate(batch);
    const valid = this.nullKeys.select(keys, batch.rowCount);
    if (this.marks === this.ownMarks || this.stopsAtMarked) shared.clear(this.ownMarks, batch.rowCount);
    this.batch = batch;
    this.valid = valid;
    this.candidates = this.findCandidates(keys, batch.rowCount);
    if (this.takesPlaces) this.counters.add('keyedRows', this.candidates);
    if (this.marks !== this.ownMarks && this.oneMatchDecides) {
      this.candidates = kernels.dropMarked(this.probeRows, this.chains, this.candidates, this.marks);
    }
    this.advance(batch);
  }

  /** Lists rows whose keys are not NULL and may have matches, and with each the first row of a chain that has them. */
  private findCandidates(keys: readonly Vector[], rowCount: number): number {
    const { kernels } = this.context;
    const { probeRows, chains, valid, index } = this;
    const selection = valid < rowCount ? this.nullKeys.selection : 0;
    if (this.takesPlaces) return index!.findPlaces(keys[0]!, selection, valid, probeRows, chains);
    if (index !== undefined) return index.find(keys[0]!, selection, valid, probeRows, chains);
    this.packer.pack(keys, rowCount);
    const { hashes } = this.packer;
    if (this.hashRotation > 0) kernels.rotateHashes(hashes, this.hashRotation, rowCount);
    return kernels.findCandidates(this.heads, this.shift, hashes, selection, valid, probeRows, chains);
  }

  get hasMore(): boolean {
    return this.batch !== undefined;
  }

  resume(): void {
    if (this.batch !== undefined) this.advance(this.batch);
  }

  /** Up to the next output batch, or to the end of this input batch. */
  private advance(batch: Batch): void {
    while (this.candidates > 0) {
      const { emitted } = this;
      this.candidates = this.stepChains(batch, this.candidates);
      if (this.emitted > emitted && (this.candidates > 0 || this.emitsUnmatched)) return;
      if (this.context.block.cancelled) break;
    }
    this.batch = undefined;
    if (this.isLastPart) this.finishBatch(batch, this.valid);
  }

  finish(): void {
    this.next.finish();
  }

  private get oneMatchDecides(): boolean {
    const { joinKind } = this.node;
    return joinKind === 'semi' || joinKind === 'anti' || joinKind === 'nullAwareAnti' || joinKind === 'mark';
  }

  /** Kinds whose answer is known when the build side is empty, or has a NULL key under NOT IN. */
  private answersWithoutLookup(batch: Batch): boolean {
    const { joinKind } = this.node;
    if (joinKind === 'nullAwareAnti') {
      if (this.buildIsEmpty && !this.buildHasNull) {
        this.emit(batch.rowCount, batch, 0, 0);
        return true;
      }
      return this.buildHasNull && this.residual === undefined;
    }
    return this.buildIsEmpty && (joinKind === 'semi' || emitsMatchesOnly(joinKind));
  }

  /** Follows every candidate's chain by one row; returns how many candidates stay. */
  private stepChains(batch: Batch, candidates: number): number {
    if (this.takesPlaces) return this.testMatches(batch, this.probeRows, this.chains, candidates, 0);
    const matches = this.matchCandidates(candidates);
    const staying = this.context.shared.u32[this.remaining / 4]!;
    return this.testMatches(batch, this.matchedProbe, this.matchedRows, matches, staying);
  }

  /** Pairs of rows with equal keys, of which the residual condition may not hold; returns how many candidates stay. */
  private testMatches(batch: Batch, probe: number, build: number, matches: number, staying: number): number {
    const { kernels } = this.context;
    if (matches === 0 || this.residual === undefined) return this.takeMatches(batch, probe, build, matches, staying);
    for (const ordinal of this.layout.residualColumns) this.fillColumn(ordinal, batch, probe, build, matches);
    this.joined.rowCount = matches;
    const passed = this.residual.select(this.joined, this.selection);
    if (passed === matches) return this.takeMatches(batch, probe, build, matches, staying);
    kernels.gather4(probe, this.selection, passed, this.compactProbe);
    kernels.gather4(build, this.selection, passed, this.compactRows);
    return this.takeMatches(batch, this.compactProbe, this.compactRows, passed, staying);
  }

  /** Pairs of rows with equal keys; those that have a next row in their chain stay candidates. */
  private matchCandidates(candidates: number): number {
    const { kernels } = this.context;
    const { probeRows, chains, matchedProbe, matchedRows, remaining } = this;
    if (this.index !== undefined) {
      kernels.stepIndexed(probeRows, chains, candidates, matchedProbe, matchedRows, remaining);
      return candidates;
    }
    const { rows } = this.layout;
    return kernels.matchCandidates(
      this.packer.hashes,
      this.packer.keys,
      rows.keyBytes,
      rows.keyOffset,
      rows.fixedKeyBytes,
      rows.stringKeyCount,
      probeRows,
      chains,
      candidates,
      matchedProbe,
      matchedRows,
      remaining,
    );
  }

  private takeMatches(batch: Batch, probe: number, build: number, matches: number, staying: number): number {
    const { kernels } = this.context;
    const { joinKind } = this.node;
    if (matches === 0) return staying;
    if (this.layout.marksBuild) {
      const { matchedOffset } = this.layout;
      kernels.markBuildRows(build, matches, matchedOffset, probe, this.stopsAtMarked ? this.ownMarks : 0);
    }
    switch (joinKind) {
      case 'rightSemi':
      case 'rightAnti':
        return this.stopsAtMarked ? kernels.dropMarked(this.probeRows, this.chains, staying, this.ownMarks) : staying;
      case 'inner':
      case 'right':
        this.emit(matches, batch, probe, build);
        return staying;
      case 'left':
      case 'full':
        kernels.markRows(probe, 0, matches, this.marks);
        this.emit(matches, batch, probe, build);
        return staying;
      case 'single':
        if (kernels.markRows(probe, 0, matches, this.marks) > 0) {
          throw userError('21000', 'more than one row returned by a subquery used as an expression', {
            hint: 'Add a LIMIT 1 or an aggregate to the subquery, or make its condition unique.',
          });
        }
        this.emit(matches, batch, probe, build);
        return staying;
      default: // semi, anti, mark: one match decides
        kernels.markRows(probe, 0, matches, this.marks);
        return kernels.dropMarked(this.probeRows, this.chains, staying, this.marks);
    }
  }

  /** What is due once all matches of a batch are known. */
  private finishBatch(batch: Batch, validKeys: number): void {
    const { kernels } = this.context;
    const { rowCount } = batch;
    if (!this.emitsUnmatched) return;
    switch (this.node.joinKind) {
      case 'semi':
        this.emitSelected(batch, kernels.selectMarked(this.marks, 1, rowCount, this.selection));
        return;
      case 'nullAwareAnti':
        if (validKeys < rowCount) kernels.markInvalid(this.nullKeys.selection, validKeys, rowCount, this.marks);
        this.emitSelected(batch, kernels.selectMarked(this.marks, 0, rowCount, this.selection));
        return;
      case 'mark':
        this.emitMark(batch, validKeys);
        return;
      default:
        this.emitSelected(batch, kernels.selectMarked(this.marks, 0, rowCount, this.selection));
    }
  }

  /** Probe rows of `this.selection`, with NULLs for build columns. */
  private emitSelected(batch: Batch, count: number): void {
    if (count > 0) this.emit(count, batch, count === batch.rowCount ? 0 : this.selection, 0);
  }

  private emitMark(batch: Batch, validKeys: number): void {
    const { shared, kernels } = this.context;
    const mark = new Vector(physicalTypeOf(BOOLEAN));
    let validity = 0;
    if (this.node.nullAware && !(this.buildIsEmpty && !this.buildHasNull)) {
      // x IN (…) without a match is NULL when x is NULL or the build side has a NULL.
      validity = this.markValidity;
      if (this.buildHasNull) {
        kernels.copyBytes(this.marks, batch.rowCount, validity);
      } else {
        shared.u8.fill(1, validity, validity + batch.rowCount);
        if (validKeys < batch.rowCount)
          kernels.clearInvalid(this.nullKeys.selection, validKeys, batch.rowCount, validity);
      }
    }
    mark.setFlat(this.marks, validity);
    this.emit(batch.rowCount, batch, 0, 0, mark);
  }

  /**
   * Hands on `rowCount` rows: probe rows listed at `probe` (0 = the whole batch) beside build rows listed at `build`
   * (0 = NULLs).
   */
  private emit(rowCount: number, batch: Batch, probe: number, build: number, mark?: Vector): void {
    const columns: Vector[] = [];
    for (const ordinal of this.node.outputs) {
      this.fillColumn(ordinal, batch, probe, build, rowCount);
      columns.push(this.joined.columns[ordinal]!);
    }
    if (mark !== undefined) columns.push(mark);
    this.counters.addBatch(rowCount);
    this.emitted++;
    this.next.push({ rowCount, columns });
  }

  private fillColumn(ordinal: number, batch: Batch, probe: number, build: number, rowCount: number): void {
    const { columns } = this.joined;
    if (ordinal < this.probeWidth) {
      const vector = batch.columns[ordinal]!;
      // The rows of one step are distinct and ascending: as many as the batch has means all of them.
      const identity = probe === 0 || rowCount === batch.rowCount;
      columns[ordinal] = identity ? vector : this.probeColumns.get(ordinal)!.compact(vector, probe, rowCount);
    } else if (build === 0) {
      columns[ordinal] = this.nullColumns.get(ordinal)!;
    } else {
      columns[ordinal] = this.buildColumns.get(ordinal - this.probeWidth)!.take(build, rowCount);
    }
  }
}
