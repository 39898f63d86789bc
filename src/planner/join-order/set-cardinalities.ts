import { columnsOf } from '../logical/expression-tree.js';
import { estimate, rowWidth } from '../statistics/estimate.js';
import { conditionShare, filledWithNulls, joinRows, unmatchedShare } from '../statistics/estimate-join.js';
import { keyDomain } from '../statistics/key-domain.js';
import { capDistinct, type PlanEstimate } from '../statistics/plan-estimate.js';
import { type ColumnEstimate, UNKNOWN_COLUMN } from '../statistics/selectivity.js';
import { BATCH_ROWS, batchesOf } from './batches.js';
import { type CompositeKey, compositeKeys } from './composite-keys.js';
import type { OrderedOperator, ScopedPredicate } from './conflicts.js';
import type { ClassMember, GraphScope, JoinGraph } from './join-graph.js';
import type { RegionOperator, RegionScope, RegionTree } from './join-region.js';
import {
  EMPTY_SET,
  isSubset,
  lowestRelation,
  overlaps,
  type RelationSet,
  relationsOf,
  setOf,
  unionOf,
} from './relation-set.js';

/** Distinct values of a class's columns and their bounds, and of a key among them the rows that it identifies. */
interface MemberEstimate extends Pick<ColumnEstimate, 'distinct' | 'keyRows' | 'min' | 'max'> {
  readonly relation: number;
}

interface ClassEstimate {
  readonly relations: RelationSet;
  readonly members: readonly MemberEstimate[];
  /** By the relations of the class that are there: the share of rows in which the columns are equal. */
  readonly shares: Map<RelationSet, number>;
}

interface ScopeEstimate {
  readonly classes: readonly ClassEstimate[];
  readonly predicates: readonly { readonly eligible: RelationSet; readonly share: number }[];
  readonly compositeKeys: readonly CompositeKey[];
}

/**
 * How many rows a set of relations makes when all that can be joined is joined. It is computed from the query as it was
 * written, restricted to these relations, and once for each set: so it does not depend on the order that is looked at.
 */
export class SetCardinalities {
  private readonly graph: JoinGraph;
  private readonly estimates: readonly PlanEstimate[];
  private readonly widths: readonly number[];
  private readonly columns: ReadonlyMap<number, ColumnEstimate>;
  /** Columns as they are above the outer joins that fill them with NULLs. */
  private readonly filledColumns = new Map<number, ColumnEstimate>();
  private readonly conditionColumns = new Map<OrderedOperator, ReadonlyMap<number, ColumnEstimate>>();
  private readonly scopes = new Map<RegionScope, ScopeEstimate>();
  private readonly batches: readonly number[];
  private readonly known = new Map<RelationSet, number>();
  private readonly knownBatches = new Map<RelationSet, number>();

  constructor(graph: JoinGraph, used: ReadonlySet<number>) {
    this.graph = graph;
    this.estimates = graph.relations.map(estimate);
    this.widths = graph.relations.map((relation) => rowWidth(relation, used));
    this.batches = graph.relations.map(batchesOf);
    this.columns = new Map(this.estimates.flatMap(({ columns }) => [...columns]));
    for (const operator of graph.operators) this.addOperator(operator);
    for (const [scope, inGraph] of graph.scopes) this.scopes.set(scope, this.scopeEstimate(inGraph));
  }

  /** At least 1, but for sets that are known to be empty. */
  rowsOf(relations: RelationSet): number {
    let rows = this.known.get(relations);
    if (rows === undefined) {
      rows = this.rowsOfScope(this.graph.region.root, relations);
      this.known.set(relations, rows);
    }
    return rows;
  }

  /** Bytes of one row, of the columns that are used. */
  widthOf(relations: RelationSet): number {
    let width = 0;
    for (let rest = relations; rest !== 0; rest &= rest - 1) width += this.widths[lowestRelation(rest)]!;
    return width;
  }

  /** In how many batches the rows come: as many as the relation with the most has, unless so few rows are left. */
  batchesOf(relations: RelationSet): number {
    let batches = this.knownBatches.get(relations);
    if (batches === undefined) {
      batches = this.countBatches(relations);
      this.knownBatches.set(relations, batches);
    }
    return batches;
  }

  private countBatches(relations: RelationSet): number {
    let handedOn = relations;
    for (const { kind, left, right } of this.graph.operators) {
      if (kind !== 'left' && kind !== 'full' && overlaps(left, relations)) handedOn &= ~right;
    }
    let most = 1;
    for (const relation of relationsOf(handedOn)) most = Math.max(most, this.batches[relation]!);
    const rows = this.rowsOf(relations);
    return Math.max(rows / BATCH_ROWS, Math.min(rows, most));
  }

  estimateOf(relations: RelationSet): PlanEstimate {
    const rows = this.rowsOf(relations);
    const columns = new Map(relationsOf(relations).flatMap((relation) => [...this.estimates[relation]!.columns]));
    for (const id of columns.keys()) if (this.isFilled(id, relations)) columns.set(id, this.filledColumns.get(id)!);
    return { rows, columns: capDistinct(columns, rows) };
  }

  /** Is there an outer join among the relations that fills the column with NULLs? */
  private isFilled(column: number, relations: RelationSet): boolean {
    const relation = setOf(this.graph.relationOf.get(column)!);
    return this.graph.operators.some(({ kind, left, right }) => {
      if (!overlaps(relations, left) || !overlaps(relations, right)) return false;
      return (kind === 'left' && overlaps(right, relation)) || (kind === 'full' && overlaps(left | right, relation));
    });
  }

  private scopeEstimate({ classes, predicates }: GraphScope): ScopeEstimate {
    return {
      classes: classes.map((members) => ({
        relations: unionOf(members.map(({ relation }) => setOf(relation))),
        members: members.map((member) => this.memberEstimate(member)),
        shares: new Map(),
      })),
      predicates: predicates.map((predicate) => ({ eligible: predicate.eligible, share: this.shareOf(predicate) })),
      compositeKeys: compositeKeys(classes, this.graph.relations, (members) => this.domainOf(members)),
    };
  }

  private memberEstimate({ column, relation }: ClassMember): MemberEstimate {
    const known = this.columns.get(column.id);
    const { rows } = this.estimates[relation]!;
    return { ...(known ?? { ...UNKNOWN_COLUMN, distinct: Math.max(1, rows / 10) }), relation };
  }

  private shareOf({ expression, uses, eligible }: ScopedPredicate): number {
    const rows = uses === EMPTY_SET ? 1 : this.mostRows(uses);
    const columns = uses === eligible ? this.columns : new Map([...this.columns, ...this.filledColumns]);
    return conditionShare(expression, columns, rows);
  }

  private addOperator(operator: OrderedOperator): void {
    const { join, uses, left, right } = operator;
    const used = new Map<number, ColumnEstimate>();
    for (const id of join.conditions.flatMap((condition) => [...columnsOf(condition)])) {
      const column = this.columns.get(id);
      if (column) used.set(id, column);
    }
    this.conditionColumns.set(operator, used);
    if (join.joinKind !== 'left' && join.joinKind !== 'full') return;
    const sides = [left, right].map((side) => this.sideOf(operator, this.mostRows(uses & side), side));
    this.fill(right, unmatchedShare(join.conditions, sides[0]!, sides[1]!));
    if (join.joinKind === 'full') this.fill(left, unmatchedShare(join.conditions, sides[1]!, sides[0]!));
  }

  private mostRows(relations: RelationSet): number {
    return Math.max(...relationsOf(relations).map((relation) => this.estimates[relation]!.rows));
  }

  private fill(relations: RelationSet, share: number): void {
    for (const relation of relationsOf(relations)) {
      for (const [id, column] of this.estimates[relation]!.columns) {
        this.filledColumns.set(id, filledWithNulls(this.filledColumns.get(id) ?? column, share));
      }
    }
  }

  /** One input of an operator, as far as its conditions ask. */
  private sideOf(operator: OrderedOperator, rows: number, side: RelationSet): PlanEstimate {
    const columns = new Map<number, ColumnEstimate>();
    for (const [id, column] of this.conditionColumns.get(operator)!) {
      const relation = this.graph.relationOf.get(id)!;
      if (overlaps(side, setOf(relation))) columns.set(id, column);
    }
    return { rows, columns: capDistinct(columns, rows) };
  }

  private domainOf(members: readonly ClassMember[]): number {
    return domains(members.map((member) => this.memberEstimate(member)))[0]!;
  }

  private rowsOfScope(scope: RegionScope, relations: RelationSet): number {
    const { classes, predicates, compositeKeys: keys } = this.scopes.get(scope)!;
    let rows = this.rowsOfTree(scope.tree, relations);
    if (rows === 0) return 0;
    for (const one of classes) rows *= classShare(one, relations);
    for (const { eligible, share } of predicates) if (isSubset(eligible, relations)) rows *= share;
    let corrected = 0;
    for (const { relations: pair, later, factor } of keys) {
      // Sorted by factor: what a relation has in common with the first that counts.
      if (!isSubset(pair, relations) || overlaps(corrected, later)) continue;
      corrected |= later;
      rows *= factor;
    }
    return Math.max(1, rows);
  }

  private rowsOfTree(tree: RegionTree, relations: RelationSet): number {
    switch (tree.kind) {
      case 'relation':
        return overlaps(relations, setOf(tree.relation)) ? this.estimates[tree.relation]!.rows : 1;
      case 'product':
        return this.rowsOfTree(tree.left, relations) * this.rowsOfTree(tree.right, relations);
      case 'operator':
        return this.rowsOfOperator(tree, relations);
    }
  }

  private rowsOfOperator(tree: RegionOperator, relations: RelationSet): number {
    const operator = this.graph.operatorOf.get(tree)!;
    const { left, right, join } = operator;
    const inLeft = overlaps(relations, left);
    const inRight = overlaps(relations, right);
    const leftRows = (): number =>
      tree.leftScope ? this.rowsOfScope(tree.leftScope, relations) : this.rowsOfTree(tree.left, relations);
    if (!inRight) return inLeft ? leftRows() : 1;
    const rightRows = this.rowsOfScope(tree.right, relations);
    if (!inLeft) return rightRows;
    return joinRows(join, this.sideOf(operator, leftRows(), left), this.sideOf(operator, rightRows, right));
  }
}

function classShare({ relations, members, shares }: ClassEstimate, among: RelationSet): number {
  const present = relations & among;
  if ((present & (present - 1)) === 0) return 1;
  let share = shares.get(present);
  if (share === undefined) {
    const met = domains(members.filter((member) => overlaps(present, setOf(member.relation)))).slice(0, -1);
    share = met.reduce((product, domain) => product / Math.max(1, domain), 1);
    shares.set(present, share);
  }
  return share;
}

/** Among how many values those of each column are found, the most first: a column that meets a key is one of the key's. */
function domains(members: readonly MemberEstimate[]): number[] {
  const referring = members.filter(({ keyRows }) => keyRows === undefined);
  const ofKeys = members.map(({ keyRows, ...key }) => keyRows && keyDomain({ ...key, keyRows }, referring));
  const keys = ofKeys.filter((domain) => domain !== undefined);
  const most = keys.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...keys);
  return members.map(({ distinct }, i) => ofKeys[i] ?? Math.min(distinct, most)).sort((a, b) => b - a);
}
