import { notSupportedError } from '../../../common/errors.js';
import { isCounting } from '../../../functions/registry.js';
import { BIGINT } from '../../../types/sql-type.js';
import type { Expression } from '../../expression.js';
import {
  andOf,
  columnsOf,
  equals,
  expressionKey,
  isConstant,
  refer,
  refersToAny,
  substituteColumns,
} from '../../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalFilter,
  LogicalJoin,
  LogicalLimit,
  LogicalNode,
  LogicalProject,
  LogicalUnionAll,
  LogicalUnnest,
  LogicalWindow,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { compareNumber, numberedRows } from '../../logical/numbered-rows.js';
import { expressionsOf, freeColumnsOf, mapExpressions, outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import type { SortKey } from '../../physical/physical-plan.js';
import { foldConstants } from '../rules/constant-folding.js';
import { filterOver } from '../rules/predicate-pushdown.js';
import { isUniqueOn } from '../unique-keys.js';
import { addDomain, addJoinConditions, restoreEmptyRow } from './domain.js';
import { withListOrder } from './list-order.js';
import { pullRecursive } from './pull-recursive.js';
import { type Decorrelation, outerEquals, type Pulled } from './pulled.js';
import { rowBounds } from './row-bounds.js';

/**
 * Takes the correlations out of a plan, from the leaves up. Conditions on outer columns rise as they are through filters,
 * projections and inner joins, and through aggregation where they are equalities, whose inner side becomes a group key.
 * Wherever they cannot rise, the distinct values of the outer columns (the domain) are joined in, and what rises then is
 * "the outer columns equal the domain's" (Neumann & Kemper, Unnesting Arbitrary Queries, BTW 2015).
 */
export function pullUp(node: LogicalNode, state: Decorrelation): Pulled {
  if (!isCorrelatedPlan(node, state)) return { plan: node, conjuncts: [] };
  switch (node.kind) {
    case 'filter':
      return pullFilter(node, state);
    case 'project':
      return pullProject(node, state);
    case 'join':
      return pullJoin(node, state);
    case 'aggregate':
      return pullAggregate(withListOrder(node, state), state);
    case 'expand': {
      const inner = pullRestored(node.input, state);
      return { plan: { ...node, input: inner.plan }, conjuncts: inner.conjuncts };
    }
    case 'unnest':
      return pullUnnest(node, state);
    case 'unionAll':
      return pullUnion(node, state);
    case 'sort':
      // The order of a subquery's rows means nothing without a limit.
      if (node.limit === undefined && !node.offset) return pullUp(node.input, state);
      return pullUp(numbered(node.input, node.keys, node, state), state);
    case 'limit':
      return pullLimit(node, state);
    case 'window':
      return pullWindow(node, state);
    case 'recursive':
      return pullRecursive(node, state, pullRestored);
    default:
      throw notSupportedError(`a correlated ${node.kind} is not supported yet`);
  }
}

function pullLimit(node: LogicalLimit, state: Decorrelation): Pulled {
  const { input, limit, offset } = node;
  if (offset === 0 && limit !== undefined && rowBounds(input).most <= limit) return pullUp(input, state);
  // The order of what is limited lies below the projection that drops what only the order needs.
  if (input.kind === 'project') return pullUp({ ...input, input: { ...node, input: input.input } }, state);
  if (input.kind === 'sort' && input.limit === undefined && !input.offset) {
    return pullUp(numbered(input.input, input.keys, node, state), state);
  }
  return pullUp(numbered(input, [], node, state), state);
}

/** A limit as a filter on the number of the row, which can be counted for each outer row by itself. */
function numbered(
  input: LogicalNode,
  keys: readonly SortKey[],
  { limit, offset = 0 }: Pick<LogicalLimit, 'limit'> & { readonly offset?: number | undefined },
  { context }: Decorrelation,
): LogicalNode {
  const number = context.ids.column('row_number', BIGINT, false);
  const conjuncts: Expression[] = [];
  if (limit === 1) conjuncts.push(compareNumber(number, '=', offset + 1));
  else {
    if (offset > 0) conjuncts.push(compareNumber(number, '>', offset));
    if (limit !== undefined) conjuncts.push(compareNumber(number, '<=', limit + offset));
  }
  return filterOver(numberedRows(input, [], keys, number), conjuncts);
}

/** Windows are computed for each outer row by itself: what the conditions equate with outer values divides them. */
function pullWindow(node: LogicalWindow, state: Decorrelation): Pulled {
  let inner = pullRestored(node.input, state);
  let window = node;
  const own = outerColumns(expressionsOf(node), state);
  if (own.size > 0 || !inner.conjuncts.every((conjunct) => outerEquality(conjunct, state))) {
    const domain = addDomain(inner, own, state);
    inner = domain.pulled;
    window = mapExpressions(node, (expression) => substituteColumns(expression, domain.replacements)) as LogicalWindow;
  }
  const keys = inner.conjuncts.map((conjunct) => outerEquality(conjunct, state)!.inner);
  const known = new Set(window.partitionBy.map(expressionKey));
  const added = keys.filter((key) => !known.has(expressionKey(key)));
  return {
    plan: { ...window, input: inner.plan, partitionBy: [...window.partitionBy, ...added] },
    conjuncts: inner.conjuncts,
  };
}

function isCorrelatedPlan(node: LogicalNode, { outer }: Decorrelation): boolean {
  for (const column of freeColumnsOf(node)) if (outer.has(column)) return true;
  return false;
}

/** As `pullUp`, with a row where the original has one. */
function pullRestored(node: LogicalNode, state: Decorrelation): Pulled {
  const pulled = pullUp(node, state);
  return pulled.emptyRow ? restoreEmptyRow(pulled, state) : pulled;
}

function pullFilter(node: LogicalFilter, state: Decorrelation): Pulled {
  let inner = pullUp(node.input, state);
  if (inner.emptyRow) {
    // A filter that the empty row fails makes it like any other row that is not there.
    const test = foldConstants(substituteColumns(andOf(node.conjuncts), inner.emptyRow), state.context);
    const fails = node.conjuncts.some((conjunct) => {
      const value = foldConstants(substituteColumns(conjunct, inner.emptyRow!), state.context);
      return value.kind === 'constant' && value.value !== true;
    });
    if (fails || isConstant(test, false)) inner = { plan: inner.plan, conjuncts: inner.conjuncts };
    else inner = restoreEmptyRow(inner, state);
  }
  const correlated = node.conjuncts.filter((conjunct) => refersToAny(conjunct, state.outer));
  const own = node.conjuncts.filter((conjunct) => !correlated.includes(conjunct));
  return { plan: filterOver(inner.plan, own), conjuncts: [...inner.conjuncts, ...correlated] };
}

function pullProject(node: LogicalProject, state: Decorrelation): Pulled {
  let inner = pullUp(node.input, state);
  let { items } = node;
  const used = outerColumns(
    items.map((item) => item.expression),
    state,
  );
  if (used.size > 0) {
    if (inner.emptyRow) inner = restoreEmptyRow(inner, state);
    const domain = addDomain(inner, used, state);
    inner = domain.pulled;
    items = items.map((item) => ({ ...item, expression: substituteColumns(item.expression, domain.replacements) }));
  }
  const emptyRow = inner.emptyRow && emptyProjection(items, inner.emptyRow, state);
  const plan: LogicalNode = { kind: 'project', input: inner.plan, items: withNeeded(items, inner, state) };
  return { plan, conjuncts: inner.conjuncts, emptyRow };
}

function pullUnnest(node: LogicalUnnest, state: Decorrelation): Pulled {
  let inner = pullRestored(node.input, state);
  const used = outerColumns(
    node.items.map((item) => item.expression),
    state,
  );
  if (used.size === 0) return { plan: { ...node, input: inner.plan }, conjuncts: inner.conjuncts };
  const domain = addDomain(inner, used, state);
  inner = domain.pulled;
  const replaced = node.items.map((item) => ({
    ...item,
    expression: substituteColumns(item.expression, domain.replacements),
  }));
  return { plan: { ...node, input: inner.plan, items: replaced }, conjuncts: inner.conjuncts };
}

function emptyProjection(
  items: readonly ProjectItem[],
  emptyRow: ReadonlyMap<number, Expression>,
  { context }: Decorrelation,
): ReadonlyMap<number, Expression> {
  return new Map(
    items.map(({ column, expression }) => [column.id, foldConstants(substituteColumns(expression, emptyRow), context)]),
  );
}

/** The projection also hands on what the risen conditions use. */
function withNeeded(items: readonly ProjectItem[], inner: Pulled, { outer }: Decorrelation): readonly ProjectItem[] {
  const present = new Set(items.map((item) => item.column.id));
  const needed = new Set(inner.conjuncts.flatMap((conjunct) => [...columnsOf(conjunct)]));
  const extra = outputOf(inner.plan).filter(({ id }) => needed.has(id) && !outer.has(id) && !present.has(id));
  return [...items, ...extra.map((column) => ({ column, expression: refer(column) }))];
}

function outerColumns(expressions: readonly Expression[], { outer }: Decorrelation): Set<number> {
  const used = new Set<number>();
  for (const expression of expressions) for (const id of columnsOf(expression)) if (outer.has(id)) used.add(id);
  return used;
}

function pullJoin(node: LogicalJoin, state: Decorrelation): Pulled {
  const left = pullRestored(node.left, state);
  const right = pullRestored(node.right, state);
  const correlated = node.conditions.filter((condition) => refersToAny(condition, state.outer));
  const own = node.conditions.filter((condition) => !correlated.includes(condition));
  if (node.joinKind === 'inner') {
    const conditions = [...own, ...impliedEqualities(left, right, state)];
    const plan: LogicalNode = { ...node, left: left.plan, right: right.plan, conditions };
    return { plan, conjuncts: [...left.conjuncts, ...right.conjuncts, ...correlated] };
  }
  if (node.joinKind === 'full') return pullFullJoin(node, left, right, state);
  const extra = [...right.conjuncts];
  const used = outerColumns([...extra, ...correlated], state);
  if (used.size === 0) return { plan: { ...node, left: left.plan, right: right.plan }, conjuncts: left.conjuncts };
  const domain = addDomain(left, used, state);
  const replace = (condition: Expression): Expression => substituteColumns(condition, domain.replacements);
  const base: LogicalJoin = {
    ...node,
    left: domain.pulled.plan,
    right: right.plan,
    conditions: node.conditions.map(replace),
  };
  return { plan: addJoinConditions(base, extra.map(replace), state.context), conjuncts: domain.pulled.conjuncts };
}

/** Where both sides equate something with the same outer expression, they equate it with each other. */
function impliedEqualities(left: Pulled, right: Pulled, state: Decorrelation): Expression[] {
  const ofLeft = new Map(
    left.conjuncts.flatMap((conjunct) => {
      const pair = outerEquality(conjunct, state);
      return pair ? [[expressionKey(pair.outer), pair] as const] : [];
    }),
  );
  return right.conjuncts.flatMap((conjunct) => {
    const pair = outerEquality(conjunct, state);
    const other = pair && ofLeft.get(expressionKey(pair.outer));
    if (!pair || !other) return [];
    const bothNull = pair.operator !== '=' && other.operator !== '=';
    return [equals(other.inner, pair.inner, bothNull ? 'is not distinct from' : '=')];
  });
}

function pullFullJoin(node: LogicalJoin, left: Pulled, right: Pulled, state: Decorrelation): Pulled {
  const used = outerColumns([...left.conjuncts, ...right.conjuncts, ...node.conditions], state);
  const ofLeft = addDomain(left, used, state);
  const ofRight = addDomain(right, used, state);
  const ids = [...used];
  const meet = ids.map((id) =>
    equals(ofLeft.replacements.get(id)!, ofRight.replacements.get(id)!, 'is not distinct from'),
  );
  const conditions = node.conditions.map((condition) => substituteColumns(condition, ofLeft.replacements));
  const input: LogicalNode = {
    ...node,
    left: ofLeft.pulled.plan,
    right: ofRight.pulled.plan,
    conditions: [...conditions, ...meet],
  };
  const merged = ids.map((id): ProjectItem => {
    const operands = [ofLeft.replacements.get(id)!, ofRight.replacements.get(id)!];
    const { type } = operands[0]!;
    return {
      column: state.context.ids.column('domain', type, true),
      expression: { kind: 'coalesce', type, operands },
    };
  });
  const handedOn = outputOf(node).map((column) => ({ column, expression: refer(column) }));
  return {
    plan: { kind: 'project', input, items: [...handedOn, ...merged] },
    conjuncts: ids.map((id, i) => outerEquals(id, merged[i]!.column, state)),
  };
}

interface OuterEquality {
  readonly outer: Expression;
  readonly inner: Expression;
  readonly operator: '=' | 'is not distinct from';
}

/** A condition that equates an expression of outer columns with one of inner columns. */
export function outerEquality(conjunct: Expression, { outer }: Decorrelation): OuterEquality | undefined {
  if (conjunct.kind !== 'comparison') return undefined;
  const { operator } = conjunct;
  if (operator !== '=' && operator !== 'is not distinct from') return undefined;
  const isOuter = (expression: Expression): boolean => {
    const columns = columnsOf(expression);
    return columns.size > 0 && [...columns].every((id) => outer.has(id));
  };
  const isInner = (expression: Expression): boolean => !refersToAny(expression, outer);
  const { left, right } = conjunct;
  if (isOuter(left) && isInner(right)) return { outer: left, inner: right, operator };
  if (isOuter(right) && isInner(left)) return { outer: right, inner: left, operator };
  return undefined;
}

function pullAggregate(node: LogicalAggregate, state: Decorrelation): Pulled {
  let inner = pullRestored(node.input, state);
  let aggregate = node;
  const own = outerColumns(expressionsOfAggregate(node), state);
  if (own.size > 0 || !inner.conjuncts.every((conjunct) => outerEquality(conjunct, state))) {
    const domain = addDomain(inner, own, state);
    inner = domain.pulled;
    aggregate = mapExpressions(node, (expression) =>
      substituteColumns(expression, domain.replacements),
    ) as LogicalAggregate;
  }
  const groupKeys = [...aggregate.groupKeys];
  const conjuncts = inner.conjuncts.map((conjunct) => {
    const { outer, inner: value, operator } = outerEquality(conjunct, state)!;
    const key = expressionKey(value);
    let item = groupKeys.find((existing) => expressionKey(existing.expression) === key);
    if (!item) {
      item = { column: state.context.ids.column('key', value.type, true), expression: value };
      groupKeys.push(item);
    }
    return equals(outer, refer(item.column), operator);
  });
  const plan: LogicalNode = { ...aggregate, input: inner.plan, groupKeys };
  const emptyRow = node.groupKeys.length === 0 ? emptyAggregates(node) : undefined;
  return { plan, conjuncts, emptyRow };
}

function expressionsOfAggregate(node: LogicalAggregate): Expression[] {
  return [
    ...node.groupKeys.map((key) => key.expression),
    ...node.aggregates.flatMap(({ call }) => (call.filter ? [...call.args, call.filter] : call.args)),
  ];
}

/** What aggregates are over no rows: zero for counts, NULL for all others. */
export function emptyAggregates(node: LogicalAggregate): ReadonlyMap<number, Expression> {
  return new Map(
    node.aggregates.map(({ column, call }) => [
      column.id,
      { kind: 'constant', type: column.type, value: isCounting(call.overload) ? 0n : null },
    ]),
  );
}

/** Every input gets the same domain columns, so that the union has them too. */
function pullUnion(node: LogicalUnionAll, state: Decorrelation): Pulled {
  const inputs = node.inputs.map((input) => pullRestored(input, state));
  const used = outerColumns(
    inputs.flatMap((input) => input.conjuncts),
    state,
  );
  const ids = [...used];
  const domains = inputs.map((input) => addDomain(input, used, state));
  const outer = new Map(outputOf(state.left).map((column) => [column.id, column]));
  const columns = ids.map((id) => {
    const { name, type, nullable } = outer.get(id)!;
    return state.context.ids.column(name, type, nullable);
  });
  const plan: LogicalNode = {
    kind: 'unionAll',
    inputs: domains.map((domain) => domain.pulled.plan),
    columns: [...node.columns, ...columns],
    inputColumns: node.inputColumns.map((list, i) => [...list, ...ids.map((id) => domains[i]!.columns.get(id)!.id)]),
  };
  return { plan, conjuncts: ids.map((id, i) => outerEquals(id, columns[i]!, state)) };
}

/** Does the pulled plan have at most one row for each combination of values that its conditions compare with? */
export function isUniquePerOuterRow(pulled: Pulled, state: Decorrelation): boolean {
  const fixed = new Set<number>();
  for (const conjunct of pulled.conjuncts) {
    const pair = outerEquality(conjunct, state);
    if (pair?.inner.kind === 'column') fixed.add(pair.inner.column);
  }
  if (isUniqueOn(pulled.plan, fixed)) return true;
  let { plan } = pulled;
  while (plan.kind === 'project' || plan.kind === 'filter' || plan.kind === 'sort') plan = plan.input;
  if (plan.kind !== 'aggregate') return false;
  const visible = outputIdsOf(pulled.plan);
  return plan.groupKeys.every(({ column }) => fixed.has(column.id) && visible.has(column.id));
}
