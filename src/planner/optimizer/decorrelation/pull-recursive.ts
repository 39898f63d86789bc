import { bugError, notSupportedError } from '../../../common/errors.js';
import type { ColumnExpression, Expression } from '../../expression.js';
import { equals, refer, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode, LogicalRecursive } from '../../logical/logical-plan.js';
import { needsWorkingRows } from '../../logical/needs-working-rows.js';
import { freeColumnsOf, mapInputs, outputOf } from '../../logical/plan-tree.js';
import { filterOver } from '../rules/predicate-pushdown.js';
import { addDomain } from './domain.js';
import { type Decorrelation, outerEquals, type Pulled } from './pulled.js';
import { rowBounds } from './row-bounds.js';

/** Takes the correlations out of a plan below. */
type PullInput = (node: LogicalNode, state: Decorrelation) => Pulled;

/**
 * A recursion for each value of the outer columns becomes one for all of them, whose rows carry those that they belong to:
 * the anchor begins with the domain, and what the step reads of the round before says which values are meant. Where the
 * step has rows of its own, as a count has, only values are meant that the round before has: the others' have ended.
 */
export function pullRecursive(node: LogicalRecursive, state: Decorrelation, pull: PullInput): Pulled {
  const ids = [...freeColumnsOf(node)].filter((id) => state.outer.has(id));
  const anchor = addDomain(pull(node.anchor, state), new Set(ids), state);
  const ofAnchor = ids.map((id) => anchor.columns.get(id)!);
  const carry = (name: string): LogicalColumn[] =>
    ofAnchor.map(({ type }) => state.context.ids.column(name, type, true));
  const first = node.columns.length;
  const whereGoingOn = ({ plan, carried }: Step): Step => {
    // The first round, which there is also for values that begin without rows, cannot be told from the others.
    if (rowBounds(node.anchor).least === 0) throw beginningError();
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
    const positions = [...below.positions, ...added.map((_, i) => first + i)];
    const table: LogicalNode = { ...below, columns: [...below.columns, ...added], positions };
    return filterOver(
      table,
      ids.map((id, i) => outerEquals(id, added[i]!, state)),
    );
  };
  const pulled = standingAlone(pull(withCarried(node.step), state), ids, state);
  const step = needsWorkingRows(node.step, node.number) ? pulled : whereGoingOn(pulled);
  const carried = carry('domain');
  return {
    plan: {
      ...node,
      anchor: anchor.pulled.plan,
      step: step.plan,
      columns: [...node.columns, ...carried],
      anchorColumns: [...node.anchorColumns, ...ofAnchor.map(({ id }) => id)],
      stepColumns: [...node.stepColumns, ...step.carried],
    },
    conjuncts: ids.map((id, i) => outerEquals(id, carried[i]!, state)),
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

function beginningError(): Error {
  return notSupportedError(
    'a correlated recursive query is not supported yet whose first rows may be missing while its recursive term has rows without them',
    {
      hint: 'Join the recursive term with what it reads of the round before in a way that gives no rows where there are none, or begin with one row.',
    },
  );
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
