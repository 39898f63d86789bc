import type { ColumnDistribution, ColumnStatistics } from '../catalog-view.js';
import type { Expression } from '../expression.js';
import { functionOf } from '../format-expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalExpand,
  LogicalNode,
  LogicalScan,
  LogicalUnionAll,
} from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';
import { aggregateMoments } from './aggregate-moments.js';
import { type Distribution, makeDistribution } from './distribution.js';
import { estimateJoin } from './estimate-join.js';
import { estimateUnnest } from './estimate-unnest.js';
import { combinedDistinct, estimateExpression, narrowedBounds } from './expression-estimate.js';
import { capDistinct, type PlanEstimate, scaled } from './plan-estimate.js';
import { type ColumnEstimate, numericValue, ordinalOf, selectivityOfAll, UNKNOWN_COLUMN } from './selectivity.js';

/** Where nobody knows how many rows a file has. */
const BYTES_PER_ROW = 64;
const DEFAULT_TABLE_ROWS = 1000;
/** A column with more distinct values than this share of the rows is taken for a key: statistics are estimates. */
const KEY_SHARE = 0.9;

const cache = new WeakMap<LogicalNode, PlanEstimate>();

export function estimate(node: LogicalNode): PlanEstimate {
  let known = cache.get(node);
  if (!known) {
    known = compute(node);
    cache.set(node, known);
  }
  return known;
}

/** What nobody can know of a recursion: how often its first rows come again, and how many a round adds. */
const ROUNDS = 10;
const WORKING_ROWS = 100;

/** Makes known what is estimated better elsewhere: join order estimates sets of relations, whatever their order. */
export function recordEstimate(node: LogicalNode, known: PlanEstimate): void {
  cache.set(node, known);
}

function compute(node: LogicalNode): PlanEstimate {
  switch (node.kind) {
    case 'scan':
      return estimateScan(node);
    case 'values':
      return { rows: node.rows.length, columns: new Map() };
    case 'generateSeries': {
      const [start, stop, step] = [node.start, node.stop, node.step].map(numericValue);
      const known = start !== undefined && stop !== undefined && step;
      const rows = known ? Math.max(0, Math.floor((stop - start) / step) + 1) : DEFAULT_TABLE_ROWS;
      return { rows, columns: new Map([[node.column.id, { distinct: rows, nullShare: 0, min: start, max: stop }]]) };
    }
    case 'filter':
      return filtered(estimate(node.input), node.conjuncts);
    case 'project': {
      const input = estimate(node.input);
      const columns = new Map<number, ColumnEstimate>();
      for (const { column, expression } of node.items) {
        setColumn(columns, column.id, estimateExpression(expression, input));
      }
      return { rows: input.rows, columns };
    }
    case 'expand':
      return estimateExpand(node);
    case 'unnest':
      return estimateUnnest(node, estimate(node.input));
    case 'aggregate':
      return estimateAggregate(node);
    case 'join':
      return estimateJoin(node, estimate(node.left), estimate(node.right));
    case 'apply':
      return estimateJoin(node, estimate(node.left), estimate(node.right));
    case 'window': {
      const input = estimate(node.input);
      return { rows: input.rows, columns: new Map(input.columns) };
    }
    case 'sort':
      return limitedTo(estimate(node.input), node.limit);
    case 'limit':
      return limitedTo(estimate(node.input), node.limit);
    case 'recursive':
      return { rows: estimate(node.anchor).rows * ROUNDS, columns: new Map() };
    case 'workingTable':
      return { rows: WORKING_ROWS, columns: new Map() };
    case 'unionAll':
      return estimateUnion(node);
    case 'shared': {
      const input = estimate(node.input);
      const columns = new Map<number, ColumnEstimate>();
      node.columns.forEach(({ id }, i) => {
        setColumn(columns, id, input.columns.get(node.inputColumns[i]!));
      });
      return { rows: input.rows, columns };
    }
  }
}

function setColumn(columns: Map<number, ColumnEstimate>, id: number, value: ColumnEstimate | undefined): void {
  if (value) columns.set(id, value);
}

function limitedTo(input: PlanEstimate, limit: number | undefined): PlanEstimate {
  if (limit === undefined || limit >= input.rows) return input;
  return { rows: limit, columns: capDistinct(input.columns, limit) };
}

function estimateScan(node: LogicalScan): PlanEstimate {
  const { files } = node;
  const bytes = files?.files.reduce((sum, file) => sum + file.byteLength, 0);
  const rows = files?.rowCount ?? (bytes === undefined ? DEFAULT_TABLE_ROWS : Math.ceil(bytes / BYTES_PER_ROW));
  if (files?.files.length === 0) return { rows: 0, columns: new Map() };
  const columns = new Map<number, ColumnEstimate>();
  for (const column of node.columns) {
    const statistics = files?.columnStatistics.get(column.name);
    columns.set(column.id, columnEstimate(statistics, Math.max(1, rows), column.type.kind === 'boolean'));
  }
  const full = { rows: Math.max(1, rows), columns };
  return limitedTo(filtered(full, node.filters), node.limit);
}

/** A condition on a column alone takes away its values; one on other columns leaves any of them. */
function filtered(input: PlanEstimate, conjuncts: readonly Expression[]): PlanEstimate {
  const share = selectivityOfAll(conjuncts, input.columns);
  const own = new Map<number, Expression[]>();
  for (const conjunct of conjuncts) {
    const [id, ...others] = columnsOf(conjunct);
    if (id !== undefined && others.length === 0) own.set(id, [...(own.get(id) ?? []), conjunct]);
  }
  const columns = new Map(input.columns);
  for (const [id, conditions] of own) {
    const column = columns.get(id);
    if (column === undefined) continue;
    const kept = selectivityOfAll(conditions, input.columns);
    const keyRows = column.keyRows === undefined ? undefined : Math.max(1, column.keyRows * kept);
    const distinct = Math.max(1, Math.min(...conditions.map(listedValues), column.distinct * kept));
    columns.set(id, { ...column, ...narrowedBounds(column, conditions), distinct, keyRows, distribution: undefined });
  }
  return scaled({ rows: input.rows, columns }, share);
}

/** The most values that a condition leaves of its column. */
function listedValues(condition: Expression): number {
  if (condition.kind === 'inList' && !condition.negated) return condition.items.length;
  const isEquality = condition.kind === 'comparison' && condition.operator === '=';
  if (!isEquality) return Number.POSITIVE_INFINITY;
  return [condition.left, condition.right].some((side) => side.kind === 'constant') ? 1 : Number.POSITIVE_INFINITY;
}

function columnEstimate(statistics: ColumnStatistics | undefined, rows: number, isBoolean: boolean): ColumnEstimate {
  const min = statistics?.min && numericValue(statistics.min);
  const max = statistics?.max && numericValue(statistics.max);
  const nullShare = Math.min(1, (statistics?.nullCount ?? 0) / rows);
  const present = Math.max(1, rows * (1 - nullShare));
  let most = isBoolean ? 2 : present;
  if (isWhole(statistics) && min !== undefined && max !== undefined) most = Math.min(most, max - min + 1);
  const guess = most < present ? most : present / 10;
  const distinct = Math.max(1, Math.min(statistics?.distinctCount ?? guess, most));
  const keyRows = distinct > KEY_SHARE * rows ? rows : undefined;
  return { distinct, nullShare, min, max, keyRows, distribution: distributionOf(statistics?.distribution) };
}

function distributionOf(distribution: ColumnDistribution | undefined): Distribution | undefined {
  if (distribution === undefined) return undefined;
  const { type } = distribution;
  return makeDistribution(distribution, (value) => ordinalOf({ kind: 'constant', type, value }));
}

/** Integers and dates have no more values than lie between their bounds. */
function isWhole(statistics: ColumnStatistics | undefined): boolean {
  return ['smallint', 'integer', 'bigint', 'date'].includes(statistics?.min?.type.kind ?? '');
}

function estimateAggregate(node: LogicalAggregate): PlanEstimate {
  const input = estimate(node.input);
  if (node.groupKeys.length === 0) return { rows: 1, columns: new Map() };
  if (input.rows === 0) return { rows: 0, columns: new Map() };
  const columns = new Map<number, ColumnEstimate>();
  const counts: number[] = [];
  for (const { column, expression } of node.groupKeys) {
    const known = estimateExpression(expression, input);
    const hasNull = known !== undefined && known.nullShare > 0;
    // Each value once: how many rows had it is told no more.
    setColumn(
      columns,
      column.id,
      known && { ...known, nullShare: hasNull ? 1 / (known.distinct + 1) : 0, distribution: undefined },
    );
    counts.push(known === undefined ? input.rows / 10 : known.distinct + (hasNull ? 1 : 0));
  }
  const rows = Math.max(1, Math.min(input.rows, combinedDistinct(counts)));
  for (const { column, call } of node.aggregates) {
    const name = functionOf(call.overload);
    if (name !== 'count' && name !== 'sum' && name !== 'avg') continue;
    const moments = aggregateMoments(call, input, rows);
    // Counts are whole: nearly all lie within three deviations of their mean. Sums differ.
    const isCount = moments !== undefined && name === 'count';
    const distinct = isCount ? Math.min(rows, 1 + 6 * Math.sqrt(moments.variance)) : rows;
    columns.set(column.id, { distinct, nullShare: 0, min: undefined, max: undefined, moments });
  }
  return { rows, columns: capDistinct(columns, rows) };
}

function estimateExpand(node: LogicalExpand): PlanEstimate {
  const input = estimate(node.input);
  const sets = Math.max(1, node.sets.length);
  const columns = new Map(input.columns);
  node.keys.forEach(({ column, expression }, key) => {
    const known = estimateExpression(expression, input);
    if (!known) return;
    const share = node.sets.filter((set) => set.includes(key)).length / sets;
    const nullShare = 1 - share * (1 - known.nullShare);
    columns.set(column.id, { ...known, nullShare, keyRows: undefined, distribution: undefined });
  });
  columns.set(node.setColumn.id, { distinct: sets, nullShare: 0, min: 0, max: sets - 1 });
  return { rows: input.rows * sets, columns };
}

function estimateUnion(node: LogicalUnionAll): PlanEstimate {
  const inputs = node.inputs.map(estimate);
  const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
  const columns = new Map<number, ColumnEstimate>();
  node.columns.forEach((column, c) => {
    const parts = inputs.map((input, i) => input.columns.get(node.inputColumns[i]![c]!) ?? UNKNOWN_COLUMN);
    const distinct = parts.reduce((sum, part) => Math.max(sum, part.distinct), 1);
    columns.set(column.id, { distinct, nullShare: 0, min: undefined, max: undefined });
  });
  return { rows, columns };
}

/** Bytes of a row in memory, by the types of those columns that are used: what a hash table of these rows weighs. */
export function rowWidth(node: LogicalNode, used: ReadonlySet<number>): number {
  return outputOf(node).reduce((sum, { id, type }) => sum + (used.has(id) ? (type.kind === 'text' ? 24 : 8) : 0), 8);
}
