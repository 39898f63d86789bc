import { userError } from '../../common/errors.js';
import { resolveAggregateFunction } from '../../functions/registry.js';
import { BOOLEAN, type SqlType } from '../../types/sql-type.js';
import type { AggregateCall, Expression } from '../expression.js';
import { clonePlan } from '../logical/clone-plan.js';
import { caseBranch, equals, isNullOf, refer, refersOnlyTo } from '../logical/expression-tree.js';
import type { ColumnIds, LogicalColumn, LogicalNode, LogicalWindow, ProjectItem } from '../logical/logical-plan.js';
import { outputIdsOf, outputOf } from '../logical/plan-tree.js';
import type { WindowFrame } from '../window-call.js';
import type { BindContext } from './bind-context.js';
import { firstOfEach } from './distinct-on.js';

export interface NearestJoin {
  readonly kind: 'inner' | 'left';
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  /** Equalities, and one inequality. */
  readonly conditions: readonly Expression[];
  readonly position: number;
}

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
type Inequality = keyof typeof MIRRORED;

interface Sides {
  readonly keys: readonly { readonly left: Expression; readonly right: Expression }[];
  /** `left operator right`. */
  readonly left: Expression;
  readonly right: Expression;
  readonly operator: Inequality;
}

/** Rows up to the present one. */
const SO_FAR: WindowFrame = {
  unit: 'rows',
  start: { kind: 'unboundedPreceding' },
  end: { kind: 'currentRow' },
  exclude: undefined,
};

/**
 * ASOF JOIN: each left row with the one right row that is nearest by the inequality, among those with equal keys. The
 * rows of both sides are put in order together, partition by partition; the last right value seen is the nearest, and
 * by it (and the keys) the right row is found. No pair of rows is made that is not a result.
 */
export function joinNearest(join: NearestJoin, context: BindContext): LogicalNode {
  const sides = splitConditions(join);
  const { ids } = context;
  const left = withColumns(join.left, [...sides.keys.map((key) => key.left), sides.left], context);
  const right = withColumns(join.right, [...sides.keys.map((key) => key.right), sides.right], context);
  const known: LogicalNode = {
    kind: 'filter',
    input: right.plan,
    conjuncts: right.columns.map((column) => isNullOf(refer(column), true)),
  };
  const one = firstOfEach(known, right.columns, [], ids);
  const nearest = nearestValues(left, { ...right, plan: known }, sides.operator, context);
  return {
    kind: 'join',
    joinKind: join.kind,
    left: nearest.plan,
    right: one,
    conditions: [
      ...left.columns.slice(0, -1).map((column, i) => equals(refer(column), refer(right.columns[i]!))),
      equals(refer(nearest.value), refer(right.columns.at(-1)!)),
    ],
  };
}

function splitConditions({ left, right, conditions, position }: NearestJoin): Sides {
  const [ofLeft, ofRight] = [outputIdsOf(left), outputIdsOf(right)];
  const keys: { left: Expression; right: Expression }[] = [];
  const inequalities: Omit<Sides, 'keys'>[] = [];
  for (const condition of conditions) {
    if (condition.kind !== 'comparison') throw formError(position);
    const { operator } = condition;
    const straight = refersOnlyTo(condition.left, ofLeft) && refersOnlyTo(condition.right, ofRight);
    const turned = refersOnlyTo(condition.left, ofRight) && refersOnlyTo(condition.right, ofLeft);
    if (!straight && !turned) throw formError(position);
    const [a, b] = straight ? [condition.left, condition.right] : [condition.right, condition.left];
    if (operator === '=') keys.push({ left: a, right: b });
    else if (operator in MIRRORED) {
      const inequality = operator as Inequality;
      inequalities.push({ left: a, right: b, operator: straight ? inequality : MIRRORED[inequality] });
    } else throw formError(position);
  }
  const [only, ...others] = inequalities;
  if (!only || others.length > 0) throw formError(position);
  return { ...only, keys };
}

function formError(position: number): Error {
  return userError('42601', 'ASOF JOIN needs equalities of both sides and one inequality', {
    position,
    hint: 'Write ON a.k = b.k AND a.t >= b.t.',
  });
}

interface Extended {
  readonly plan: LogicalNode;
  readonly columns: readonly LogicalColumn[];
}

function withColumns(input: LogicalNode, expressions: readonly Expression[], { ids }: BindContext): Extended {
  const items = expressions.map(
    (expression): ProjectItem => ({ column: ids.column('key', expression.type, true), expression }),
  );
  const handedOn = outputOf(input).map((column): ProjectItem => ({ column, expression: refer(column) }));
  return {
    plan: { kind: 'project', input, items: [...handedOn, ...items] },
    columns: items.map(({ column }) => column),
  };
}

/** The left rows with the nearest value of the right side, NULL where there is none. */
function nearestValues(
  left: Extended,
  right: Extended,
  operator: Inequality,
  { ids }: BindContext,
): { readonly plan: LogicalNode; readonly value: LogicalColumn } {
  const time = left.columns.at(-1)!;
  const { type } = time;
  const isLeft = ids.column('left', BOOLEAN, false);
  const found = ids.column('found', type, true);
  const rows = ordered(left, right, isLeft, found, ids);
  const isAscending = operator.startsWith('>');
  const name = isAscending ? 'max' : 'min';
  const { overload, returns } = resolveAggregateFunction(name, [type]);
  const aggregate: AggregateCall = { overload, type: returns, args: [refer(found)] };
  const last = ids.column('last', type, true);
  // What is as late is seen before, unless it is not to count.
  const sameFirst = operator.endsWith('=');
  const window: LogicalWindow = {
    kind: 'window',
    input: rows,
    partitionBy: left.columns.slice(0, -1).map(refer),
    orderBy: [
      { expression: refer(time), descending: !isAscending, nullsFirst: false },
      { expression: refer(isLeft), descending: !sameFirst, nullsFirst: false },
    ],
    functions: [{ column: last, call: { name, type: returns, args: [], aggregate, orderCount: 2, frame: SO_FAR } }],
  };
  const value = ids.column('nearest', type, true);
  const none: Expression = { kind: 'constant', type, value: null };
  const expression: Expression = {
    kind: 'case',
    type,
    branches: [caseBranch(isNullOf(refer(time)), none)],
    otherwise: refer(last),
  };
  const handedOn = outputOf(left.plan).map((column) => ({ column: asNullable(column), expression: refer(column) }));
  const own: LogicalNode = { kind: 'filter', input: window, conjuncts: [refer(isLeft)] };
  return { plan: { kind: 'project', input: own, items: [...handedOn, { column: value, expression }] }, value };
}

const asNullable = (column: LogicalColumn): LogicalColumn => ({ ...column, nullable: true });

/** The rows of both sides: the left ones as they are, of the right ones the keys, and in `found` what is sought. */
function ordered(
  left: Extended,
  right: Extended,
  isLeft: LogicalColumn,
  found: LogicalColumn,
  ids: ColumnIds,
): LogicalNode {
  const [ofLeft, ofRight] = [clonePlan(left.plan, ids), clonePlan(right.plan, ids)];
  const columns = [...outputOf(left.plan).map(asNullable), isLeft, found];
  const keys = new Map(left.columns.map((column, i) => [column.id, ofRight.columns.get(right.columns[i]!.id)!]));
  const item = (column: LogicalColumn, expression: Expression): ProjectItem => ({
    column: { ...column, id: ids.create(), nullable: true },
    expression,
  });
  const constant = (type: SqlType, value: boolean | null): Expression => ({ kind: 'constant', type, value });
  const known = ofRight.columns.get(right.columns.at(-1)!.id)!;
  const own = outputOf(left.plan).map((column) => item(column, refer(ofLeft.columns.get(column.id)!)));
  const others = outputOf(left.plan).map((column) => {
    const key = keys.get(column.id);
    return item(column, key ? refer(key) : constant(column.type, null));
  });
  const inputs = [
    {
      input: ofLeft.plan,
      items: [...own, item(isLeft, constant(BOOLEAN, true)), item(found, constant(found.type, null))],
    },
    { input: ofRight.plan, items: [...others, item(isLeft, constant(BOOLEAN, false)), item(found, refer(known))] },
  ];
  return {
    kind: 'unionAll',
    inputs: inputs.map(({ input, items }): LogicalNode => ({ kind: 'project', input, items })),
    columns,
    inputColumns: inputs.map(({ items }) => items.map(({ column }) => column.id)),
  };
}
