import { BOOLEAN } from '../../../types/sql-type.js';
import type { Expression } from '../../expression.js';
import { buildsLeft, type TableSize } from '../../join-order/join-cost.js';
import { refer } from '../../logical/expression-tree.js';
import type { LogicalColumn, LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs, outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import { keyPair } from '../../lower/join-keys.js';
import { estimate, rowWidth } from '../../statistics/estimate.js';
import { type Ids, requiredOfInputs } from '../required-columns.js';

/** What lowering will ask of scans below the probe side of a join (lower/join-filters.ts), foreseen for estimates. */
export interface RunTimeFilter {
  /** Columns of the node that the filter has reached. */
  readonly keys: readonly LogicalColumn[];
  readonly build: LogicalNode;
  readonly buildKeys: readonly Expression[];
}

type Filters = readonly RunTimeFilter[];

const NONE: Filters = [];

/**
 * The filters that reach each input of a node, of which `required` is asked: those that have reached the node itself, and
 * for a join its own.
 */
export function filtersOfInputs(node: LogicalNode, filters: Filters, required: Ids): readonly Filters[] {
  if (node.kind !== 'join') return passedOn(node, filters);
  const isTurned = isLeftBuilt(node, required);
  const [left, right] = passedThroughJoin(node, filters, isTurned);
  const dropsUnmatched = isTurned ? node.joinKind !== 'full' : node.joinKind === 'inner' || node.joinKind === 'semi';
  const own = dropsUnmatched ? (filterOf(node, isTurned) ?? []) : [];
  return isTurned ? [left, right.concat(own)] : [left.concat(own), right];
}

/** The plan as if scans were semi joins with what filters them. */
export function filteredPlan(node: LogicalNode, filters: Filters, required: Ids): LogicalNode {
  if (filters.length === 0) return node;
  if (node.kind === 'scan') return filters.reduce<LogicalNode>(semiJoin, node);
  const ofInputs = requiredOfInputs(node, required);
  const passed =
    node.kind === 'join' ? passedThroughJoin(node, filters, isLeftBuilt(node, ofInputs)) : passedOn(node, filters);
  let next = 0;
  return mapInputs(node, (input) => filteredPlan(input, passed[next++] ?? NONE, ofInputs));
}

/** As lowering will choose, see `buildsLeft`. */
function isLeftBuilt({ joinKind, left, right }: LogicalJoin, required: Ids): boolean {
  return buildsLeft(joinKind, sizeOf(left, required), sizeOf(right, required));
}

function passedOn(node: LogicalNode, filters: Filters): readonly Filters[] {
  switch (node.kind) {
    case 'project':
      return [renamed(filters, (id) => columnIn(node.items, id))];
    case 'aggregate':
      return [renamed(filters, (id) => columnIn(node.groupKeys, id))];
    case 'filter':
      return [filters];
    case 'sort':
      return [node.limit === undefined && !node.offset ? filters : NONE];
    case 'unionAll':
      return node.inputs.map((input, i) => {
        const sources = new Map(outputOf(input).map((column) => [column.id, column]));
        const positions = new Map(node.columns.map(({ id }, position) => [id, position]));
        return renamed(filters, (id) => sources.get(node.inputColumns[i]![positions.get(id)!]!));
      });
    default:
      return [];
  }
}

/** To the probe side unless the join hands on build rows by their matches; to the build side of an inner join. */
function passedThroughJoin(
  { joinKind, left, right }: LogicalJoin,
  filters: Filters,
  isTurned: boolean,
): readonly [Filters, Filters] {
  if (joinKind === 'full' || filters.length === 0) return [NONE, NONE];
  const within = (side: LogicalNode): Filters => {
    const ids = outputIdsOf(side);
    return filters.filter(({ keys }) => keys.every(({ id }) => ids.has(id)));
  };
  if (joinKind === 'inner') return [within(left), within(right)];
  return [isTurned ? NONE : within(left), NONE];
}

function filterOf({ left, right, conditions }: LogicalJoin, isTurned: boolean): RunTimeFilter | undefined {
  const [probe, build] = isTurned ? [right, left] : [left, right];
  const columns = new Map(outputOf(probe).map((column) => [column.id, column]));
  const ofBuild = outputIdsOf(build);
  const probeIds = outputIdsOf(probe);
  const keys: LogicalColumn[] = [];
  const buildKeys: Expression[] = [];
  for (const condition of conditions) {
    const pair = keyPair(condition, probeIds, ofBuild);
    if (pair === undefined) continue;
    const key = pair.left.kind === 'column' ? columns.get(pair.left.column) : undefined;
    // A filter tests all keys of its join.
    if (key === undefined) return undefined;
    keys.push(key);
    buildKeys.push(pair.right);
  }
  return keys.length === 0 ? undefined : { keys, build, buildKeys };
}

function renamed(filters: Filters, sourceOf: (id: number) => LogicalColumn | undefined): Filters {
  return filters.flatMap((filter) => {
    const keys = filter.keys.map(({ id }) => sourceOf(id));
    return keys.every((key) => key !== undefined) ? [{ ...filter, keys }] : [];
  });
}

function columnIn(
  items: readonly { readonly column: LogicalColumn; readonly expression: Expression }[],
  id: number,
): LogicalColumn | undefined {
  const item = items.find(({ column }) => column.id === id);
  return item?.expression.kind === 'column' ? { ...item.column, id: item.expression.column } : undefined;
}

function semiJoin(left: LogicalNode, { keys, build, buildKeys }: RunTimeFilter): LogicalJoin {
  const conditions = keys.map((key, i): Expression => {
    return { kind: 'comparison', type: BOOLEAN, operator: '=', left: refer(key), right: buildKeys[i]! };
  });
  return { kind: 'join', joinKind: 'semi', left, right: build, conditions };
}

function sizeOf(node: LogicalNode, uses: Ids): TableSize {
  return { rows: estimate(node).rows, width: rowWidth(node, uses) };
}
