import type { ComparisonExpression, Expression } from '../expression.js';
import { columnsOf, equals, refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';

/** Relations and the predicates between them: what a join order is chosen for. */
export interface JoinGraph {
  readonly relations: readonly LogicalNode[];
  /** For each column of a relation, the relation's index. */
  readonly relationOf: ReadonlyMap<number, number>;
  /** Columns that are equal to each other in every result row, in sets of two or more. */
  readonly classes: readonly (readonly LogicalColumn[])[];
  readonly predicates: readonly JoinPredicate[];
}

/** A predicate that is not an equality of two columns. */
export interface JoinPredicate {
  readonly expression: Expression;
  readonly relations: ReadonlySet<number>;
}

export function buildJoinGraph(relations: readonly LogicalNode[], conjuncts: readonly Expression[]): JoinGraph {
  const relationOf = new Map<number, number>();
  const columns = new Map<number, LogicalColumn>();
  relations.forEach((relation, i) => {
    for (const column of outputOf(relation)) {
      relationOf.set(column.id, i);
      columns.set(column.id, column);
    }
  });
  const equalities: ComparisonExpression[] = [];
  const predicates: JoinPredicate[] = [];
  for (const expression of conjuncts) {
    if (isColumnEquality(expression, relationOf)) equalities.push(expression);
    else {
      const used = [...columnsOf(expression)].flatMap((id) => relationOf.get(id) ?? []);
      predicates.push({ expression, relations: new Set(used) });
    }
  }
  return { relations, relationOf, classes: equivalenceClasses(equalities, columns), predicates };
}

function isColumnEquality(
  expression: Expression,
  relationOf: ReadonlyMap<number, number>,
): expression is ComparisonExpression {
  if (expression.kind !== 'comparison' || expression.operator !== '=') return false;
  const { left, right } = expression;
  return (
    left.kind === 'column' && right.kind === 'column' && relationOf.has(left.column) && relationOf.has(right.column)
  );
}

/** `a = b and b = c` makes `a`, `b` and `c` one class: any two of them can join their relations. */
function equivalenceClasses(
  equalities: readonly ComparisonExpression[],
  columns: ReadonlyMap<number, LogicalColumn>,
): LogicalColumn[][] {
  const classOf = new Map<number, Set<number>>();
  for (const { left, right } of equalities) {
    if (left.kind !== 'column' || right.kind !== 'column') continue;
    const a = classOf.get(left.column) ?? new Set([left.column]);
    const b = classOf.get(right.column) ?? new Set([right.column]);
    const merged = new Set([...a, ...b]);
    for (const id of merged) classOf.set(id, merged);
  }
  return [...new Set(classOf.values())].map((ids) => [...ids].map((id) => columns.get(id)!));
}

/**
 * The conditions under which two parts of a join tree meet: for each class one equality (the others follow from it), and
 * the predicates that become decidable with both parts together.
 */
export function conditionsBetween(
  graph: JoinGraph,
  left: ReadonlySet<number>,
  right: ReadonlySet<number>,
): Expression[] {
  const conditions: Expression[] = [];
  for (const members of graph.classes) {
    const ofLeft = members.find((column) => left.has(graph.relationOf.get(column.id)!));
    const ofRight = members.find((column) => right.has(graph.relationOf.get(column.id)!));
    if (ofLeft && ofRight) conditions.push(equals(refer(ofLeft), refer(ofRight)));
  }
  for (const { expression, relations } of graph.predicates) {
    if (relations.size < 2) continue;
    let inLeft = false;
    let inRight = false;
    let decidable = true;
    for (const relation of relations) {
      if (left.has(relation)) inLeft = true;
      else if (right.has(relation)) inRight = true;
      else decidable = false;
    }
    if (decidable && inLeft && inRight) conditions.push(expression);
  }
  return conditions;
}

/** Predicates of one relation alone: equalities within it, and those of no relation at all go to the first. */
export function conditionsWithin(graph: JoinGraph, relation: number): Expression[] {
  const conditions: Expression[] = [];
  for (const members of graph.classes) {
    const [first, ...others] = members.filter((column) => graph.relationOf.get(column.id) === relation);
    if (first) for (const other of others) conditions.push(equals(refer(first), refer(other)));
  }
  for (const { expression, relations } of graph.predicates) {
    const alone = relations.size === 1 ? relations.has(relation) : relations.size === 0 && relation === 0;
    if (alone) conditions.push(expression);
  }
  return conditions;
}
