import { userError } from '../../common/errors.js';
import { resolveAggregateFunction } from '../../functions/registry.js';
import { BOOLEAN, type SqlType } from '../../types/sql-type.js';
import type { AggregateCall, Expression } from '../expression.js';
import { clonePlan } from '../logical/clone-plan.js';
import { caseBranch, isNullOf, refer, refersOnlyTo } from '../logical/expression-tree.js';
import type { ColumnIds, LogicalColumn, LogicalNode, LogicalWindow, ProjectItem } from '../logical/logical-plan.js';
import { outputIdsOf, outputOf } from '../logical/plan-tree.js';
import type { WindowCall, WindowFrame } from '../window-call.js';
import type { BindContext } from './bind-context.js';

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
 * rows of both sides are put in order together, partition by partition; the last right row seen is the nearest, and its
 * columns go on from row to row. No pair of rows is made that is not a result, and either side is read once.
 */
export function joinNearest(join: NearestJoin, context: BindContext): LogicalNode {
  const sides = splitConditions(join);
  const left = withColumns(join.left, [...sides.keys.map((key) => key.left), sides.left], context);
  const right = withColumns(join.right, [...sides.keys.map((key) => key.right), sides.right], context);
  const known: LogicalNode = {
    kind: 'filter',
    input: right.plan,
    conjuncts: right.columns.map((column) => isNullOf(refer(column), true)),
  };
  const rows = inOrder(left, { ...right, plan: known }, context.ids);
  return nearestRows(rows, left, sides.operator, join.kind, context.ids);
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

const asNullable = (column: LogicalColumn): LogicalColumn => ({ ...column, nullable: true });

/** The rows of both sides. */
interface OrderedRows {
  readonly plan: LogicalNode;
  readonly isLeft: LogicalColumn;
  /** What is sought: the right column of the inequality, NULL in left rows. */
  readonly found: LogicalColumn;
  /** The columns of the right side, and what they are called here. */
  readonly carried: readonly { readonly column: LogicalColumn; readonly here: LogicalColumn }[];
}

/** The left rows as they are, with nothing of the right; of the right ones the keys, and what is sought. */
function inOrder(left: Extended, right: Extended, ids: ColumnIds): OrderedRows {
  const [ofLeft, ofRight] = [clonePlan(left.plan, ids), clonePlan(right.plan, ids)];
  const isLeft = ids.column('left', BOOLEAN, false);
  const found = ids.column('found', right.columns.at(-1)!.type, true);
  const carried = outputOf(right.plan).map((column) => {
    return { column, here: ids.column(column.name, column.type, true) };
  });
  const keys = new Map(left.columns.map((column, i) => [column.id, ofRight.columns.get(right.columns[i]!.id)!]));
  const item = (column: LogicalColumn, expression: Expression): ProjectItem => ({
    column: { ...column, id: ids.create(), nullable: true },
    expression,
  });
  const constant = (type: SqlType, value: boolean | null): Expression => ({ kind: 'constant', type, value });
  const known = ofRight.columns.get(right.columns.at(-1)!.id)!;
  const ofLeftRows = [
    ...outputOf(left.plan).map((column) => item(column, refer(ofLeft.columns.get(column.id)!))),
    item(isLeft, constant(BOOLEAN, true)),
    item(found, constant(found.type, null)),
    ...carried.map(({ here }) => item(here, constant(here.type, null))),
  ];
  const ofRightRows = [
    ...outputOf(left.plan).map((column) => {
      const key = keys.get(column.id);
      return item(column, key ? refer(key) : constant(column.type, null));
    }),
    item(isLeft, constant(BOOLEAN, false)),
    item(found, refer(known)),
    ...carried.map(({ column, here }) => item(here, refer(ofRight.columns.get(column.id)!))),
  ];
  const plan: LogicalNode = {
    kind: 'unionAll',
    inputs: [
      { kind: 'project', input: ofLeft.plan, items: ofLeftRows },
      { kind: 'project', input: ofRight.plan, items: ofRightRows },
    ],
    columns: [...outputOf(left.plan).map(asNullable), isLeft, found, ...carried.map(({ here }) => here)],
    inputColumns: [ofLeftRows, ofRightRows].map((items) => items.map(({ column }) => column.id)),
  };
  return { plan, isLeft, found, carried };
}

/** The left rows, each with the columns of the nearest right one: NULL where there is none, unless they are left out. */
function nearestRows(
  { plan, isLeft, found, carried }: OrderedRows,
  left: Extended,
  operator: Inequality,
  kind: NearestJoin['kind'],
  ids: ColumnIds,
): LogicalNode {
  const time = left.columns.at(-1)!;
  const isAscending = operator.startsWith('>');
  const nearest = (name: string, args: readonly Expression[]): LogicalWindow['functions'][number] => {
    const types = args.map(({ type }) => type);
    const { overload, returns } = resolveAggregateFunction(name, types);
    const aggregate: AggregateCall = { overload, type: returns, args };
    const call: WindowCall = { name, type: returns, args: [], aggregate, orderCount: 2, frame: SO_FAR };
    return { column: ids.column('nearest', returns, true), call };
  };
  const last = nearest(isAscending ? 'max' : 'min', [refer(found)]);
  const values = carried.map(({ here }) => nearest(isAscending ? 'max_by' : 'min_by', [refer(here), refer(found)]));
  // What is as late is seen before, unless it is not to count.
  const sameFirst = operator.endsWith('=');
  const window: LogicalWindow = {
    kind: 'window',
    input: plan,
    partitionBy: left.columns.slice(0, -1).map(refer),
    orderBy: [
      { expression: refer(time), descending: !isAscending, nullsFirst: false },
      { expression: refer(isLeft), descending: !sameFirst, nullsFirst: false },
    ],
    functions: [last, ...values],
  };
  const isInner = kind === 'inner';
  const hasMatch = [isNullOf(refer(time), true), isNullOf(refer(last.column), true)];
  // Rows without a time come after all others, and have seen some.
  const unlessTimeless = (value: LogicalColumn): Expression => ({
    kind: 'case',
    type: value.type,
    branches: [caseBranch(isNullOf(refer(time)), { kind: 'constant', type: value.type, value: null })],
    otherwise: refer(value),
  });
  const items = [
    ...outputOf(left.plan).map((column) => ({ column: asNullable(column), expression: refer(column) })),
    ...carried.map(({ column }, i) => {
      const value = values[i]!.column;
      return { column: asNullable(column), expression: isInner ? refer(value) : unlessTimeless(value) };
    }),
  ];
  const conjuncts = [refer(isLeft), ...(isInner ? hasMatch : [])];
  return { kind: 'project', input: { kind: 'filter', input: window, conjuncts }, items };
}
