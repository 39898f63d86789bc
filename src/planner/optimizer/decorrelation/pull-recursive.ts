import { bugError } from '../../../common/errors.js';
import { BOOLEAN } from '../../../types/sql-type.js';
import type { ColumnExpression, Expression } from '../../expression.js';
import { equals, FALSE, notOf, refer, substituteColumns, TRUE } from '../../logical/expression-tree.js';
import type {
  LogicalColumn,
  LogicalNode,
  LogicalRecursive,
  LogicalUnionAll,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { needsWorkingRows } from '../../logical/needs-working-rows.js';
import { freeColumnsOf, mapInputs, outputOf } from '../../logical/plan-tree.js';
import { filterOver } from '../rules/predicate-pushdown.js';
import { addDomain, domainOf, handOn } from './domain.js';
import { type Decorrelation, outerEquals, type Pulled } from './pulled.js';
import { rowBounds } from './row-bounds.js';

/** Takes the correlations out of a plan below. */
type PullInput = (node: LogicalNode, state: Decorrelation) => Pulled;

/**
 * A recursion for each value of the outer columns becomes one for all of them, whose rows carry those that they belong to:
 * the anchor begins with the domain, and what the step reads of the round before says which values are meant. Where the
 * step has rows of its own, as a count has, only values are meant that the round before has: the others' have ended. The
 * first round is for all values: where the anchor may have no rows for some, a row for each says so, which no one else sees.
 */
export function pullRecursive(node: LogicalRecursive, state: Decorrelation, pull: PullInput): Pulled {
  const { ids: columnIds } = state.context;
  const ids = [...freeColumnsOf(node)].filter((id) => state.outer.has(id));
  const anchor = addDomain(pull(node.anchor, state), new Set(ids), state);
  const ofAnchor = ids.map((id) => anchor.columns.get(id)!);
  const carry = (name: string): LogicalColumn[] => ofAnchor.map(({ type }) => columnIds.column(name, type, true));
  const first = node.columns.length;
  const hasOwnRows = !needsWorkingRows(node.step, node.number);
  const marksBeginning = hasOwnRows && rowBounds(node.anchor).least === 0;
  const whereGoingOn = ({ plan, carried }: Step): Step => {
    const columns = carry('domain');
    const right: LogicalNode = {
      kind: 'workingTable',
      number: node.number,
      columns,
      positions: columns.map((_, i) => first + i),
    };
    const byId = new Map(outputOf(plan).map((column) => [column.id, column]));
    const conditions = columns.map((column, i) =>
      equals(refer(byId.get(carried[i]!)!), refer(column), 'is not distinct from'),
    );
    return { plan: { kind: 'join', joinKind: 'semi', left: plan, right, conditions }, carried };
  };
  const withCarried = (below: LogicalNode): LogicalNode => {
    if (below.kind !== 'workingTable' || below.number !== node.number) return mapInputs(below, withCarried);
    const added = carry('domain');
    const mark = marksBeginning ? [columnIds.column('beginning', BOOLEAN, false)] : [];
    const columns = [...below.columns, ...added, ...mark];
    const positions = [...below.positions, ...[...added, ...mark].map((_, i) => first + i)];
    return filterOver({ ...below, columns, positions }, [
      ...mark.map((column) => notOf(refer(column))),
      ...ids.map((id, i) => outerEquals(id, added[i]!, state)),
    ]);
  };
  const pulled = standingAlone(pull(withCarried(node.step), state), ids, state);
  const step = hasOwnRows ? whereGoingOn(pulled) : pulled;
  const carried = carry('domain');
  const recursion: LogicalRecursive = {
    ...node,
    anchor: anchor.pulled.plan,
    step: step.plan,
    columns: [...node.columns, ...carried],
    anchorColumns: [...node.anchorColumns, ...ofAnchor.map(({ id }) => id)],
    stepColumns: [...node.stepColumns, ...step.carried],
  };
  return {
    plan: marksBeginning ? withBeginnings(recursion, ids, state) : recursion,
    conjuncts: ids.map((id, i) => outerEquals(id, carried[i]!, state)),
  };
}

/**
 * A recursion with a row for each value of the domain in its anchor, whose last column, which it adds, is true: so the
 * first round is for all values. Only the step sees these rows. The domain is the last columns of `recursion`.
 */
function withBeginnings(recursion: LogicalRecursive, ids: readonly number[], state: Decorrelation): LogicalNode {
  const { ids: columnIds } = state.context;
  const marked = (input: LogicalNode): { readonly plan: LogicalNode; readonly mark: number } => {
    const column = columnIds.column('beginning', BOOLEAN, false);
    const items = [...outputOf(input).map(handOn), { column, expression: FALSE }];
    return { plan: { kind: 'project', input, items }, mark: column.id };
  };
  const [anchor, step] = [marked(recursion.anchor), marked(recursion.step)];
  const domain = domainOf(ids, state);
  const own = recursion.columns.length - ids.length;
  const beginnings: ProjectItem[] = recursion.columns.map(({ name, type }, i) => ({
    column: columnIds.column(name, type, true),
    expression: i < own ? { kind: 'constant', type, value: null } : refer(domain.columns.get(ids[i - own]!)!),
  }));
  beginnings.push({ column: columnIds.column('beginning', BOOLEAN, false), expression: TRUE });
  const begun: LogicalUnionAll = {
    kind: 'unionAll',
    inputs: [anchor.plan, { kind: 'project', input: domain.plan, items: beginnings }],
    columns: beginnings.map(({ column }) => columnIds.column(column.name, column.type, column.nullable)),
    inputColumns: [[...recursion.anchorColumns, anchor.mark], beginnings.map(({ column }) => column.id)],
  };
  const columns = begun.columns.map(({ name, type, nullable }) => columnIds.column(name, type, nullable));
  const rows: LogicalNode = {
    ...recursion,
    anchor: begun,
    step: step.plan,
    columns,
    anchorColumns: begun.columns.map(({ id }) => id),
    stepColumns: [...recursion.stepColumns, step.mark],
  };
  return {
    kind: 'project',
    input: filterOver(rows, [notOf(refer(columns.at(-1)!))]),
    items: recursion.columns.map((column, i) => ({
      column: { ...column, nullable: true },
      expression: refer(columns[i]!),
    })),
  };
}

/** A step, and which of its columns stand for the outer ones. */
interface Step {
  readonly plan: LogicalNode;
  readonly carried: readonly number[];
}

/** The step with its conditions in terms of the columns that it carries, which stand for the outer ones. */
function standingAlone({ plan, conjuncts }: Pulled, ids: readonly number[], state: Decorrelation): Step {
  const carriers = ids.map((id) => conjuncts.find((conjunct) => carrierOf(conjunct, id, state) !== undefined));
  const columns = ids.map((id, i) => carriers[i] && carrierOf(carriers[i], id, state));
  const carried = columns.map((column) => {
    if (column === undefined) throw bugError('a recursive term does not carry an outer column');
    return column;
  });
  const values = new Map<number, Expression>(carried.map((column, i) => [ids[i]!, column]));
  const others = conjuncts.filter((conjunct) => !carriers.includes(conjunct));
  return {
    plan: filterOver(
      plan,
      others.map((conjunct) => substituteColumns(conjunct, values)),
    ),
    carried: carried.map(({ column }) => column),
  };
}

/** The column that has the outer column's value, NULL included, when a condition holds. */
function carrierOf(conjunct: Expression, id: number, { left, outer }: Decorrelation): ColumnExpression | undefined {
  if (conjunct.kind !== 'comparison') return undefined;
  const { left: own, right, operator } = conjunct;
  if (own.kind !== 'column' || own.column !== id || right.kind !== 'column' || outer.has(right.column))
    return undefined;
  const mayBeNull = outputOf(left).find((column) => column.id === id)!.nullable;
  return operator === 'is not distinct from' || (operator === '=' && !mayBeNull) ? right : undefined;
}
