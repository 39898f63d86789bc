import type { Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { columnsOf, refer, refersOnlyTo, substituteColumns } from '../../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalApply,
  LogicalFilter,
  LogicalNode,
  LogicalProject,
  LogicalScan,
  LogicalWindowItem,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { mapCall, outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import { DEFAULT_FRAME } from '../../window-call.js';
import type { NodeRule } from '../rule.js';
import { ColumnClasses, equatedColumns } from '../subplans/column-classes.js';
import { isVolatile } from '../volatility.js';

/**
 * A correlated aggregate over tables that the query around it joins in the same way needs no second look at them: it is an
 * aggregate over the partitions of what is joined already.
 *
 *     p, l where p.k = l.k and p.brand = 'x' and l.q < (select avg(l.q) from l where l.k = p.k)
 *       →   filter q < avg over window avg(q) partition by l.k over (p join l where brand = 'x')
 *
 * Other tables of the query (p) may ask for nothing of the rows but their key, so that a partition is there as a whole or not
 * at all. They may repeat its rows, all of them equally often: which is why only aggregates count that do not mind (an
 * average, not a sum). One of them must have a filter, so that not all of the tables is sorted into partitions. The idea is
 * WinMagic's (Zuzarte et al., SIGMOD 2003).
 */
export const windowedSubqueries: NodeRule = {
  name: 'windowed-subqueries',
  description: 'Makes windows of correlated aggregates over tables joined around them.',
  traversal: 'up',
  rewrite: (node) => (node.kind === 'apply' && node.joinKind === 'single' ? asWindow(node) : undefined),
};

/** Those that are the same when each row is there as often. */
const UNIFORM: ReadonlySet<string> = new Set([
  'min',
  'max',
  'avg',
  'bool_and',
  'bool_or',
  'every',
  'bit_and',
  'bit_or',
]);

/** A join of plans under conditions. */
interface Region {
  readonly leaves: readonly LogicalNode[];
  readonly conjuncts: readonly Expression[];
}

function asWindow({ left, right, conditions }: LogicalApply): LogicalNode | undefined {
  const project = right.kind === 'project' ? right : undefined;
  const aggregate = project ? project.input : right;
  if (conditions.length > 0 || aggregate.kind !== 'aggregate' || !isUniform(aggregate)) return undefined;
  const inner = regionOf(aggregate.input);
  const outer = regionOf(left);
  if ([...inner.conjuncts, ...outer.conjuncts].some(isVolatile)) return undefined;
  // What is aggregated may not depend on the row that asks: in a window each row would bring its own.
  const innerIds = idsOf(inner);
  const aggregated = aggregate.aggregates.flatMap(({ call }) => [...call.args, ...(call.filter ? [call.filter] : [])]);
  if (!aggregated.every((expression) => refersOnlyTo(expression, innerIds) && !isVolatile(expression)))
    return undefined;
  for (const twins of matchings(inner.leaves, outer.leaves)) {
    const partition = partitionOf(inner, outer, twins);
    if (partition) return windowOver(left, project, aggregate, twins, partition);
  }
  return undefined;
}

function idsOf({ leaves }: Region): ReadonlySet<number> {
  return new Set(leaves.flatMap((leaf) => [...outputIdsOf(leaf)]));
}

function isUniform({ groupKeys, aggregates }: LogicalAggregate): boolean {
  const isNot = aggregates.some(
    ({ call, distinct }) => distinct || call.order !== undefined || !UNIFORM.has(functionOf(call.overload)),
  );
  return groupKeys.length === 0 && aggregates.length > 0 && !isNot;
}

function regionOf(node: LogicalNode): Region {
  if (node.kind === 'filter') return withConjuncts(regionOf(node.input), node.conjuncts);
  if (node.kind === 'join' && node.joinKind === 'inner') {
    const [left, right] = [regionOf(node.left), regionOf(node.right)];
    const conjuncts = [...left.conjuncts, ...right.conjuncts, ...node.conditions];
    return { leaves: [...left.leaves, ...right.leaves], conjuncts };
  }
  return { leaves: [node], conjuncts: node.kind === 'scan' ? node.filters : [] };
}

function withConjuncts({ leaves, conjuncts }: Region, more: LogicalFilter['conjuncts']): Region {
  return { leaves, conjuncts: [...conjuncts, ...more] };
}

/** For each column of the inner leaves the column of the outer one that stands for it. */
type Twins = ReadonlyMap<number, Expression>;

/** All ways to find the inner leaves among the outer ones, each a scan of the same table. */
function* matchings(
  inner: readonly LogicalNode[],
  outer: readonly LogicalNode[],
  found: Twins = new Map(),
): Generator<Twins, void> {
  const [first, ...rest] = inner;
  if (first === undefined) {
    yield found;
    return;
  }
  for (const candidate of outer) {
    const twins = twinsOf(first, candidate);
    const others = outer.filter((leaf) => leaf !== candidate);
    if (twins) yield* matchings(rest, others, new Map([...found, ...twins]));
  }
}

function twinsOf(inner: LogicalNode, outer: LogicalNode): Twins | undefined {
  if (inner.kind !== 'scan' || outer.kind !== 'scan' || !isSameTable(inner, outer)) return undefined;
  const byName = new Map(outer.columns.map((column) => [column.name, refer(column)]));
  const twins = new Map<number, Expression>();
  for (const { id, name } of inner.columns) {
    const twin = byName.get(name);
    if (!twin) return undefined;
    twins.set(id, twin);
  }
  return twins;
}

function isSameTable(one: LogicalScan, other: LogicalScan): boolean {
  const key = one.table.shared?.key;
  const isSame = one.table === other.table || (key !== undefined && key === other.table.shared?.key);
  return isSame && one.limit === undefined && other.limit === undefined;
}

/** The columns whose rows the subquery is about, if the rows of the region that agree in them are its rows. */
function partitionOf(inner: Region, outer: Region, twins: Twins): readonly Expression[] | undefined {
  const ownIds = new Set([...twins.values()].flatMap((twin) => [...columnsOf(twin)]));
  const innerIds = idsOf(inner);
  const correlations = inner.conjuncts.filter((conjunct) => !refersOnlyTo(conjunct, innerIds));
  const mapped = inner.conjuncts
    .filter((conjunct) => !correlations.includes(conjunct))
    .map((conjunct) => substituteColumns(conjunct, twins));
  const [around, within] = [new ColumnClasses(outer.conjuncts), new ColumnClasses(mapped)];
  const keys: Expression[] = [];
  for (const correlation of correlations) {
    const pair = equatedColumns(correlation);
    const own = pair?.find((column) => innerIds.has(column));
    const outside = pair?.find((column) => !innerIds.has(column));
    const key = own === undefined ? undefined : twins.get(own);
    if (key?.kind !== 'column' || outside === undefined || !around.areEqual(key.column, outside)) return undefined;
    keys.push(key);
  }
  const isKey = (column: number): boolean =>
    keys.some((key) => key.kind === 'column' && within.areEqual(key.column, column));
  const keepsPartitions = (conjunct: Expression): boolean =>
    [...columnsOf(conjunct)].filter((column) => ownIds.has(column)).every(isKey);
  if (keys.length === 0 || !mapped.every((conjunct) => around.imply(conjunct))) return undefined;
  if (!outer.conjuncts.every((conjunct) => keepsPartitions(conjunct) || within.imply(conjunct))) return undefined;
  const others = outer.leaves.map(outputIdsOf).filter((ids) => [...ids].every((id) => !ownIds.has(id)));
  const isFiltered = outer.conjuncts.some((conjunct) => others.some((ids) => refersOnlyTo(conjunct, ids)));
  return isFiltered ? keys : undefined;
}

function windowOver(
  left: LogicalNode,
  project: LogicalProject | undefined,
  { aggregates }: LogicalAggregate,
  twins: Twins,
  partitionBy: readonly Expression[],
): LogicalNode {
  const functions = aggregates.map(({ column, call }): LogicalWindowItem => {
    const aggregate = mapCall(call, (expression) => substituteColumns(expression, twins));
    const name = functionOf(call.overload);
    return { column, call: { name, type: call.type, args: [], aggregate, orderCount: 0, frame: DEFAULT_FRAME } };
  });
  const window: LogicalNode = { kind: 'window', input: left, partitionBy, orderBy: [], functions };
  if (!project) return window;
  const handedOn = outputOf(left).map((column): ProjectItem => ({ column, expression: refer(column) }));
  return { kind: 'project', input: window, items: [...handedOn, ...project.items] };
}
