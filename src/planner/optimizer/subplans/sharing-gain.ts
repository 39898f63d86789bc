import { andOf, columnsOf, conjunctsOf, expressionKey } from '../../logical/expression-tree.js';
import type { LogicalAggregate, LogicalNode, LogicalScan } from '../../logical/logical-plan.js';
import { inputsOf, outputOf } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import type { Ids } from '../required-columns.js';
import { filteredPlan, type RunTimeFilter } from './run-time-filters.js';

/*
 * Costs in units of about a nanosecond for a value on one core: what a value costs to decode from a page. The weights
 * are ratios of what EXPLAIN ANALYZE shows for TPC-H; only their order of magnitude matters.
 */
const JOIN_PROBE_ROW = 10;
const JOIN_BUILD_ROW = 25;
const AGGREGATE_ROW = 15;
const GROUP = 40;
/** Without groups: an aggregate of a value, and a condition of FILTER. */
const AGGREGATED_VALUE = 0.5;
const FILTERED_ROW = 0.3;
const SORT_ROW = 30;
/** To be collected, sorted by partition and looked at again. */
const WINDOW_ROW = 150;
const COMPUTED_ROW = 2;
/** A row that a scan looks up in a filter of a build side. */
const LOOKED_UP_ROW = 3;
const WRITTEN_ROW = 10;
const WRITTEN_VALUE = 4;
const READ_ROW = 2;
const READ_VALUE = 2;
/** A further pipeline: lanes to be started and waited for. */
const PIPELINE = 100_000;
/** Estimates err, and collected rows take memory: the gain must be clear. */
const MARGIN = 1.5;

/**
 * What is gained when a plan is computed once and its rows are kept, `width` columns of them, for several readers, whose
 * copies would cost so much each; negative where it costs more.
 */
export function sharingGain(plan: LogicalNode, width: number, copies: readonly number[]): number {
  const { rows } = estimate(plan);
  const writing = rows * (WRITTEN_ROW + WRITTEN_VALUE * width);
  const reading = rows * (READ_ROW + READ_VALUE * width);
  const saved = copies.reduce((sum, work) => sum + work, 0) - workOf(plan);
  return saved - PIPELINE - MARGIN * (writing + copies.length * reading);
}

/**
 * What a copy of a plan costs whose scans leave out rows that find no match above, as those of a plan that several read
 * do not. No more than the plan without: a filter that tells little is given up.
 */
export function copyWork(
  plan: LogicalNode,
  copy: LogicalNode,
  filters: readonly RunTimeFilter[],
  required: Ids,
): number {
  const whole = workOf(plan);
  if (filters.length === 0) return whole;
  const filtered = filteredPlan(copy, filters, required);
  return filtered === copy
    ? whole
    : Math.min(whole, MARGIN * workOfFiltered(filtered, new Set(filters.map(({ build }) => build))));
}

/** Without what makes the filters, which is computed for the joins above. */
function workOfFiltered(node: LogicalNode, builds: ReadonlySet<LogicalNode>): number {
  const tested = new Set<number>();
  let lookedUp = 0;
  let scan = node;
  while (scan.kind === 'join' && builds.has(scan.right)) {
    for (const id of columnsOf(andOf(scan.conditions))) tested.add(id);
    lookedUp += estimate(scan.left).rows;
    scan = scan.left;
  }
  if (scan.kind === 'scan') return scanWork(scan, tested, estimate(node).rows) + lookedUp * LOOKED_UP_ROW;
  return ownWork(node) + inputsOf(node).reduce((sum, input) => sum + workOfFiltered(input, builds), 0);
}

/** `tested` are columns by which rows are left out beside those of its filters; the others are read for what is left. */
function scanWork(scan: LogicalScan, tested: ReadonlySet<number>, rows: number): number {
  const read = new Set([...scan.filters.flatMap((filter) => [...columnsOf(filter)]), ...tested]);
  const first = scan.columns.filter(({ id }) => read.has(id)).length;
  const all = estimate({ ...scan, filters: [], limit: undefined }).rows;
  return all * first + rows * Math.max(1, scan.columns.length - first);
}

const NO_COLUMNS: ReadonlySet<number> = new Set();

/** What is gained when one plan does the work of several, and its rows, a handful, are handed on to their readers. */
export function mergingGain(plans: readonly LogicalNode[], merged: LogicalNode): number {
  return plans.reduce((sum, plan) => sum + workOf(plan), 0) - workOf(merged) - PIPELINE;
}

const cache = new WeakMap<LogicalNode, number>();

/** What it costs to compute a plan. */
function workOf(node: LogicalNode): number {
  let work = cache.get(node);
  if (work === undefined) {
    work = ownWork(node) + inputsOf(node).reduce((sum, input) => sum + workOf(input), 0);
    cache.set(node, work);
  }
  return work;
}

function ownWork(node: LogicalNode): number {
  const { rows } = estimate(node);
  switch (node.kind) {
    case 'scan':
      return scanWork(node, NO_COLUMNS, rows);
    case 'join':
      return (
        estimate(node.left).rows * JOIN_PROBE_ROW +
        estimate(node.right).rows * JOIN_BUILD_ROW +
        rows * outputOf(node).length
      );
    case 'aggregate':
      if (node.groupKeys.length === 0) return workOfReport(node);
      return estimate(node.input).rows * AGGREGATE_ROW + rows * GROUP;
    case 'window':
      return estimate(node.input).rows * (WINDOW_ROW + node.functions.length * COMPUTED_ROW);
    case 'sort':
      return estimate(node.input).rows * SORT_ROW;
    case 'filter':
      return estimate(node.input).rows * node.conjuncts.length * COMPUTED_ROW;
    case 'project': {
      const computed = node.items.filter(({ expression }) => expression.kind !== 'column').length;
      return rows * computed * COMPUTED_ROW;
    }
    default:
      return rows;
  }
}

/** Aggregates without groups: a FILTER that several have is tested once. */
function workOfReport({ input, aggregates }: LogicalAggregate): number {
  const { rows } = estimate(input);
  const conditions = new Set<string>();
  let values = 0;
  for (const { call } of aggregates) {
    const conjuncts = call.filter ? conjunctsOf(call.filter) : [];
    for (const conjunct of conjuncts) conditions.add(expressionKey(conjunct));
    values += conjuncts.length === 0 ? rows : estimate({ kind: 'filter', input, conjuncts }).rows;
  }
  return values * AGGREGATED_VALUE + rows * conditions.size * FILTERED_ROW;
}
