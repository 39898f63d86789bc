import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { commonType } from '../../types/coercion.js';
import { type SqlType, sameType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { conjunctsOf, refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode, ProjectItem } from '../logical/logical-plan.js';
import { outputIdsOf, outputOf } from '../logical/plan-tree.js';
import { columnsUsedBy } from './aggregate-owner.js';
import { joinNearest } from './bind-asof-join.js';
import { atPosition, type BindContext, type PendingApply, unsupported, withSubqueries } from './bind-context.js';
import { bindCondition } from './bind-expression.js';
import type { BoundFrom } from './bind-from.js';
import { compare } from './bind-operator.js';
import { isLateral, unnestOver } from './bind-set-relation.js';
import { coerce } from './coerce.js';
import {
  checkDistinctNames,
  findSpelled,
  joinNamespaces,
  type Namespace,
  type Scope,
  type ScopeColumn,
} from './scope.js';

type BindRelation = (relation: Ast.Relation, scope: Scope, lateral: Namespace, context: BindContext) => BoundFrom;

/** A JOIN; tables of a side that need not match are marked as such. */
export function bindJoin(
  join: Ast.JoinRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
  bindRelation: BindRelation,
): BoundFrom {
  const left = bindRelation(join.left, scope, lateral, context);
  const right = bindRelation(join.right, scope, joinNamespaces(lateral, left.namespace), context);
  const { plan, namespace } = joinedSides(join, left, right, scope, lateral, context);
  const optional = new Set<unknown>([
    ...(join.type === 'left' || join.type === 'full' ? right.namespace.tables : []),
    ...(join.type === 'right' || join.type === 'full' ? left.namespace.tables : []),
  ]);
  if (optional.size === 0) return { plan, namespace };
  const tables = namespace.tables.map((table) => (optional.has(table) ? { ...table, isOptional: true } : table));
  return { plan, namespace: { ...namespace, tables } };
}

/** A right join is a left join the other way round, with the columns in the order that was written. */
function joinedSides(
  join: Ast.JoinRelation,
  left: BoundFrom,
  right: BoundFrom,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundFrom {
  const sides: JoinSides = { left, right, isLateral: isLateral(join.right, right.plan, left.plan) };
  checkDistinctNames(left.namespace, right.namespace, join.right.position);
  if (sides.isLateral && (join.type === 'right' || join.type === 'full')) {
    const table = left.namespace.tables[0]?.alias ?? '';
    throw userError('42P10', `invalid reference to FROM-clause entry for table "${table}"`, {
      position: join.right.position,
      hint: 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.',
    });
  }
  const { condition } = join;
  if (!condition) return joined(sides, 'inner', [], [], join.position);
  if (condition.kind === 'on') {
    const namespace = joinNamespaces(left.namespace, right.namespace);
    const subqueries: PendingApply[] = [];
    const inside = { namespace, parent: scope, commonTables: scope.commonTables, toTheLeft: lateral.tables };
    const at = { context, scope: inside, clause: 'JOIN conditions', subqueries };
    const bound = bindCondition(condition.expression, at, 'JOIN/ON');
    if (join.asof) return asofJoin(sides, join, conjunctsOf(bound), subqueries, context);
    return joined(sides, join.type, conjunctsOf(bound), subqueries, join.position);
  }
  return bindUsing(sides, join, condition, context);
}

/** See `joinNearest`. */
function asofJoin(
  { left, right, isLateral }: JoinSides,
  join: Ast.JoinRelation,
  conditions: readonly Expression[],
  subqueries: readonly PendingApply[],
  context: BindContext,
): BoundFrom {
  const isKind = join.type === 'inner' || join.type === 'left';
  if (!isKind || isLateral || subqueries.length > 0) {
    const hint = 'An ASOF JOIN is an inner or a left join of two tables.';
    throw unsupported('this ASOF JOIN', join.position, hint);
  }
  const kind = join.type as 'inner' | 'left';
  const plan = joinNearest({ kind, left: left.plan, right: right.plan, conditions, position: join.position }, context);
  return { plan, namespace: joinNamespaces(left.namespace, right.namespace) };
}

interface JoinSides {
  readonly left: BoundFrom;
  readonly right: BoundFrom;
  readonly isLateral: boolean;
}

function joined(
  { left, right, isLateral }: JoinSides,
  type: Ast.JoinRelation['type'],
  conditions: readonly Expression[],
  subqueries: readonly PendingApply[],
  position: number,
): BoundFrom {
  if (type === 'semi' || type === 'anti') {
    if (subqueries.length > 0) {
      throw unsupported(`a subquery in ON of a ${type} join`, position, 'Use EXISTS in WHERE.');
    }
    const sides = { left: left.plan, right: right.plan, conditions };
    return { namespace: left.namespace, plan: { kind: isLateral ? 'apply' : 'join', joinKind: type, ...sides } };
  }
  const namespace = joinNamespaces(left.namespace, right.namespace);
  const kind = isLateral ? 'apply' : 'join';
  if (type === 'inner' || type === 'cross') {
    const joinKind = 'inner';
    if (subqueries.length === 0) {
      const unnest = unnestOver(left.plan, right.plan, joinKind, conditions);
      if (unnest) return { namespace, plan: unnest };
      return { namespace, plan: { kind, joinKind, left: left.plan, right: right.plan, conditions } };
    }
    const cross: LogicalNode = { kind, joinKind, left: left.plan, right: right.plan, conditions: [] };
    return { namespace, plan: { kind: 'filter', input: withSubqueries(cross, subqueries), conjuncts: conditions } };
  }
  const outer = type === 'left' && subqueries.length === 0 && unnestOver(left.plan, right.plan, type, conditions);
  if (outer) return { namespace, plan: outer };
  const usesBoth = subqueries.some((apply) => uses(apply, left.plan) && uses(apply, right.plan));
  if (usesBoth && type !== 'full') {
    // Computed for each pair of rows: what is joined is a lateral subquery.
    const [outer, inner] = type === 'right' ? [right.plan, left.plan] : [left.plan, right.plan];
    const matching: LogicalNode = { kind: 'filter', input: withSubqueries(inner, subqueries), conjuncts: conditions };
    return { namespace, plan: { kind: 'apply', joinKind: 'left', left: outer, right: matching, conditions: [] } };
  }
  const [leftPlan, rightPlan] = placeSubqueries(left.plan, right.plan, subqueries, position);
  const plan: LogicalNode =
    type === 'right'
      ? { kind: 'join', joinKind: 'left', left: rightPlan, right: leftPlan, conditions }
      : type === 'full'
        ? { kind: 'join', joinKind: 'full', left: leftPlan, right: rightPlan, conditions }
        : { kind, joinKind: 'left', left: leftPlan, right: rightPlan, conditions };
  return { namespace, plan };
}

/** Does a subquery, or what it is compared with, use columns of a side? */
function uses(apply: PendingApply, side: LogicalNode): boolean {
  const used = columnsUsedBy(apply);
  return [...outputIdsOf(side)].some((id) => used.has(id));
}

/** Subqueries in ON of an outer join are computed on the side whose columns they use. */
function placeSubqueries(
  left: LogicalNode,
  right: LogicalNode,
  subqueries: readonly PendingApply[],
  position: number,
): [LogicalNode, LogicalNode] {
  let sides: [LogicalNode, LogicalNode] = [left, right];
  for (const apply of subqueries) {
    if (uses(apply, left) && uses(apply, right)) {
      throw unsupported('a subquery that uses both sides of a full join in its ON', position);
    }
    sides = uses(apply, left)
      ? [withSubqueries(sides[0], [apply]), sides[1]]
      : [sides[0], withSubqueries(sides[1], [apply])];
  }
  return sides;
}

function bindUsing(
  sides: JoinSides,
  join: Ast.JoinRelation,
  condition: Ast.JoinUsing | Ast.JoinNatural,
  context: BindContext,
): BoundFrom {
  const { left, right } = sides;
  const columns = condition.kind === 'using' ? condition.columns : commonColumns(left, right, condition.position);
  const pairs = columns.map((column) => {
    const { position } = column;
    const find = (side: BoundFrom, which: string): ScopeColumn => {
      const found = findSpelled(side.namespace.visible, column, position, 'common column name');
      if (found) return found;
      throw userError('42703', `column "${column.name}" specified in USING clause does not exist in ${which} table`, {
        position,
        hint: 'Both tables must have it; use ON to compare columns of different names.',
      });
    };
    const found = find(left, 'left');
    return { name: found.name, position, left: found, right: find(right, 'right') };
  });
  // Of an ASOF JOIN, the last is what is nearest.
  const conditions = pairs.map((pair, i) => {
    const operator = join.asof && i === pairs.length - 1 ? '>=' : '=';
    return compare(context, operator, refer(pair.left.column), refer(pair.right.column), pair.position);
  });
  const base = join.asof
    ? asofJoin(sides, join, conditions, [], context)
    : joined(sides, join.type, conditions, [], join.position);
  const extra: ProjectItem[] = [];
  const merged = pairs.map((pair) => {
    const isFull = join.type === 'full';
    const type = atPosition(pair.position, () =>
      commonType([pair.left.column.type, pair.right.column.type], 'JOIN/USING'),
    );
    const isOfType = ({ column }: ScopeColumn): boolean => sameType(column.type, type);
    const isRight = join.type === 'right' || (join.type === 'inner' && !isOfType(pair.left) && isOfType(pair.right));
    const one = isRight ? pair.right : pair.left;
    if (!isFull && isOfType(one)) return { name: pair.name, column: one.column };
    const item = mergedItem(pair, type, isFull ? undefined : one, context);
    extra.push(item);
    return { name: pair.name, column: item.column, determinedBy: isFull ? undefined : one.column.id };
  });
  if (join.type === 'semi' || join.type === 'anti') return base;
  const rest = (which: 'left' | 'right'): ScopeColumn[] => {
    const used = new Set(pairs.map((pair) => pair[which].name));
    return sides[which].namespace.visible.filter(({ name }) => !used.has(name));
  };
  const { alias } = condition.kind === 'using' ? condition : { alias: undefined };
  const tables = alias ? [...base.namespace.tables, { alias: alias.name, columns: merged }] : base.namespace.tables;
  const namespace = { tables, visible: [...merged, ...rest('left'), ...rest('right')] };
  return { plan: extra.length > 0 ? withItems(base.plan, extra) : base.plan, namespace };
}

/** The column of one side in the type of both; FULL JOIN USING takes whichever side has the value. */
function mergedItem(
  pair: { readonly name: string; readonly position: number; readonly left: ScopeColumn; readonly right: ScopeColumn },
  type: SqlType,
  one: ScopeColumn | undefined,
  context: BindContext,
): ProjectItem {
  const read = (column: LogicalColumn): Expression => coerce(context, refer(column), type, pair.position);
  const expression: Expression = one
    ? read(one.column)
    : { kind: 'coalesce', type, operands: [read(pair.left.column), read(pair.right.column)] };
  return { column: context.ids.column(pair.name, type, true), expression };
}

/** A projection that hands everything on and adds columns. */
export function withItems(plan: LogicalNode, extra: readonly ProjectItem[]): LogicalNode {
  const handedOn = outputOf(plan).map((column) => ({ column, expression: refer(column) }));
  return { kind: 'project', input: plan, items: [...handedOn, ...extra] };
}

/** What NATURAL means by USING. */
function commonColumns(left: BoundFrom, right: BoundFrom, position: number): Ast.Identifier[] {
  const inRight = new Set(right.namespace.visible.map((column) => column.name));
  const names = left.namespace.visible.map((column) => column.name).filter((name) => inRight.has(name));
  return names.map((name) => ({ kind: 'identifier', name, quoted: true, position }));
}
