import type { Expression } from '../expression.js';
import { columnsOf, equals, refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';
import { filterOver } from '../optimizer/rules/predicate-pushdown.js';
import { estimate } from '../statistics/estimate.js';
import { closure, findConflicts, type OrderedOperator, type ScopedPredicate } from './conflicts.js';
import { connectGraph } from './connect-graph.js';
import { columnPairOf, equivalenceClasses } from './equivalence-classes.js';
import type { JoinRegion, RegionOperator, RegionScope } from './join-region.js';
import {
  EMPTY_SET,
  firstRelations,
  isSubset,
  lowestRelation,
  overlaps,
  type RelationSet,
  relationsOf,
  setOf,
} from './relation-set.js';

/** Relations and what joins them: what a join order is chosen for. */
export interface JoinGraph {
  readonly region: JoinRegion;
  /** With the conditions that concern them alone. */
  readonly relations: readonly LogicalNode[];
  readonly all: RelationSet;
  /** For each column of a relation, the relation's index. */
  readonly relationOf: ReadonlyMap<number, number>;
  readonly edges: readonly JoinEdge[];
  readonly operators: readonly OrderedOperator[];
  readonly scopes: ReadonlyMap<RegionScope, GraphScope>;
  readonly operatorOf: ReadonlyMap<RegionOperator, OrderedOperator>;
}

/** A scope (see JoinRegion) with its conditions over several relations. */
export interface GraphScope {
  readonly relations: RelationSet;
  /** Columns that are equal to each other in every row, in sets of two or more, one of each relation. */
  readonly classes: readonly (readonly ClassMember[])[];
  readonly predicates: readonly ScopedPredicate[];
}

export interface ClassMember {
  readonly column: LogicalColumn;
  readonly relation: number;
}

/** Sets of relations that can be joined: all of `left` on one side, all of `right` on the other. */
export interface JoinEdge {
  readonly left: RelationSet;
  readonly right: RelationSet;
  /** Is there an equality that a hash table can look up? */
  readonly isHashed: boolean;
  /** No condition at all: only where nothing else connects the graph. */
  readonly isCross: boolean;
}

export function buildJoinGraph(region: JoinRegion): JoinGraph {
  const relationOf = new Map<number, number>();
  const columns = new Map<number, LogicalColumn>();
  region.relations.forEach((relation, i) => {
    for (const column of outputOf(relation)) {
      relationOf.set(column.id, i);
      columns.set(column.id, column);
    }
  });
  const { operators: operatorOf, scopes: conflicts } = findConflicts(region, relationOf);
  const own: Expression[][] = region.relations.map(() => []);
  const scopes = new Map<RegionScope, GraphScope>();
  const edges: JoinEdge[] = [];
  for (const [scope, { relations, predicates, rules }] of conflicts) {
    // Columns that an outer join fills with NULLs are equal to others only above it: they are in no class.
    const isClosed = (relation: number): boolean => closure(setOf(relation), rules) === setOf(relation);
    const equalities = predicates.filter(
      ({ expression, uses }) => columnPairOf(expression) !== undefined && relationsOf(uses).every(isClosed),
    );
    const classes = equivalenceClasses(
      equalities.map(({ expression }) => columnPairOf(expression)!),
      columns,
    ).map((members) => members.map((column) => ({ column, relation: relationOf.get(column.id)! })));
    for (const members of classes) {
      for (const [relation, expression] of equalitiesWithin(members)) own[relation]!.push(expression);
    }
    const others = predicates.filter((one) => !equalities.includes(one));
    for (const { expression, eligible } of others) {
      if (isSingle(eligible)) own[lowestRelation(eligible)]!.push(expression);
    }
    const kept = others.filter(({ eligible }) => !isSingle(eligible));
    const graphClasses = classes.map(oneOfEachRelation).filter((members) => members.length > 1);
    scopes.set(scope, { relations, classes: graphClasses, predicates: kept });
    edges.push(...graphClasses.flatMap(edgesOfClass));
    for (const { expression, eligible } of kept) {
      edges.push(...edgesOfPredicate(expression, eligible, relationOf, (set) => closure(set, rules)));
    }
  }
  const operators = [...operatorOf.values()];
  edges.push(...operators.map((operator) => edgeOfOperator(operator, relationOf)));
  const relations = region.relations.map((relation, i) => filterOver(relation, own[i]!));
  const rows = relations.map((relation) => estimate(relation).rows);
  const crossEdges = connectGraph(region, conflicts, edges, rows);
  return {
    region,
    relations,
    all: firstRelations(relations.length),
    relationOf,
    edges: [...edges, ...crossEdges],
    operators,
    scopes,
    operatorOf,
  };
}

const isSingle = (set: RelationSet): boolean => (set & (set - 1)) === 0;

function equalitiesWithin(members: readonly ClassMember[]): [number, Expression][] {
  return members.flatMap(({ column, relation }, i): [number, Expression][] => {
    const first = members.findIndex((member) => member.relation === relation);
    return first < i ? [[relation, equals(refer(members[first]!.column), refer(column))]] : [];
  });
}

function oneOfEachRelation(members: readonly ClassMember[]): ClassMember[] {
  return members.filter(({ relation }, i) => members.findIndex((member) => member.relation === relation) === i);
}

function edgesOfClass(members: readonly ClassMember[]): JoinEdge[] {
  return members.flatMap(({ relation }, i) =>
    members.slice(i + 1).map((other): JoinEdge => {
      return { left: setOf(relation), right: setOf(other.relation), isHashed: true, isCross: false };
    }),
  );
}

/**
 * An equality joins what its sides are made of. Any other predicate joins one of its relations to the others, in all
 * ways: whoever comes last brings it.
 */
function edgesOfPredicate(
  expression: Expression,
  eligible: RelationSet,
  relationOf: ReadonlyMap<number, number>,
  close: (set: RelationSet) => RelationSet,
): JoinEdge[] {
  const edges: JoinEdge[] = [];
  const add = (one: RelationSet, other: RelationSet, isHashed: boolean): void => {
    const [left, right] = [close(one), close(other)];
    if (left !== EMPTY_SET && right !== EMPTY_SET && !overlaps(left, right)) {
      edges.push({ left, right, isHashed, isCross: false });
    }
  };
  const sides = equalitySides(expression, relationOf);
  if (sides) add(sides[0], sides[1], true);
  const used = relationsUsed(expression, relationOf);
  if (isSingle(used) || (sides && isSingle(sides[0]) && isSingle(sides[1]))) return edges;
  for (let rest = used; rest !== 0; rest &= rest - 1) {
    const one = rest & -rest;
    add(one, eligible & ~close(one), false);
  }
  return edges;
}

function edgeOfOperator(operator: OrderedOperator, relationOf: ReadonlyMap<number, number>): JoinEdge {
  const { eligibleLeft: left, eligibleRight: right } = operator;
  const isHashed = operator.join.conditions.some((condition) => {
    const sides = equalitySides(condition, relationOf);
    if (!sides) return false;
    const [one, other] = sides;
    return (
      (isSubset(one, operator.left) && isSubset(other, operator.right)) ||
      (isSubset(one, operator.right) && isSubset(other, operator.left))
    );
  });
  return { left, right, isHashed, isCross: false };
}

/** The relations on either side of an equality; undefined where they are not apart. */
function equalitySides(
  expression: Expression,
  relationOf: ReadonlyMap<number, number>,
): [RelationSet, RelationSet] | undefined {
  if (expression.kind !== 'comparison') return undefined;
  if (expression.operator !== '=' && expression.operator !== 'is not distinct from') return undefined;
  const left = relationsUsed(expression.left, relationOf);
  const right = relationsUsed(expression.right, relationOf);
  if (left === EMPTY_SET || right === EMPTY_SET || overlaps(left, right)) return undefined;
  return [left, right];
}

function relationsUsed(expression: Expression, relationOf: ReadonlyMap<number, number>): RelationSet {
  let used = EMPTY_SET;
  for (const id of columnsOf(expression)) {
    const relation = relationOf.get(id);
    if (relation !== undefined) used |= setOf(relation);
  }
  return used;
}
