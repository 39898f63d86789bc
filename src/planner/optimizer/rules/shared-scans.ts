import { physicalTypeOf } from '../../../types/sql-type.js';
import type { AggregateCall, Expression } from '../../expression.js';
import { andOf, someExpression, substituteColumns } from '../../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalAggregateItem,
  LogicalNode,
  LogicalScan,
  LogicalShared,
} from '../../logical/logical-plan.js';
import { freeColumnsOf, inputsOf, mapCall } from '../../logical/plan-tree.js';
import { type ProjectedValues, valuesOver } from '../../logical/projections.js';
import { estimate } from '../../statistics/estimate.js';
import type { PlanRule, RuleContext } from '../rule.js';
import { anyListHolds, splitCommon } from '../subplans/condition-lists.js';
import { PlanMerger } from '../subplans/merge-plans.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { readsTableTwice } from '../subplans/reads-table-twice.js';
import { replaced } from '../subplans/replaced.js';
import { mergingGain } from '../subplans/sharing-gain.js';

/** A condition that leaves more of the rows than this is not worth its work before aggregates test it again. */
const WORTHWHILE_SHARE = 0.5;

/**
 * Aggregates without GROUP BY over one table, under different conditions, are computed in one scan of it: what they have
 * in common is the scan's condition, the rest is the FILTER of each. A report that asks for one figure after the other
 * reads its table once (TPC-DS Q9).
 *
 *     (aggregate max(a) over scan t where p and q) join (aggregate sum(b) over scan t where p and r)
 *     →  shared 1 [max] join shared 1 [sum], of aggregate max(a) filter q, sum(b) filter r over scan t where p and (q or r)
 *
 * Runs before `common-subplans`, which finds parts that are equal.
 */
export const sharedScans: PlanRule = {
  name: 'shared-scans',
  description: 'Computes aggregates over one table under different conditions in one scan.',
  traversal: 'plan',
  rewrite: (plan, context) => (readsTableTwice(plan) ? share(plan, context) : undefined),
};

/** The rows of a scan for which conditions hold; what stands above in terms of its columns. */
interface ScanRows {
  readonly scan: LogicalScan;
  readonly conditions: readonly Expression[];
  readonly values: ProjectedValues;
}

interface Report extends ScanRows {
  readonly node: LogicalAggregate;
}

function share(plan: LogicalNode, { ids, isForced }: RuleContext): LogicalNode | undefined {
  const forms = PlanForms.of(ids);
  const reports = new Map<number, Report[]>();
  collect(plan, forms, (report) => {
    const table = forms.formOf(withoutConditions(report.scan))!.rows;
    reports.set(table, [...(reports.get(table) ?? []), report]);
  });
  const replacements = new Map<LogicalNode, LogicalShared>();
  for (const group of reports.values()) {
    const merged = group.length > 1 ? mergeReports(group, forms, isForced) : undefined;
    if (merged === undefined) continue;
    const number = ids.createShared();
    for (const [i, { node }] of group.entries()) {
      const columns = node.aggregates.map(({ column }) => column);
      const { plan: input, kept } = merged;
      replacements.set(node, { kind: 'shared', number, input, kept, columns, inputColumns: merged.columnsOf[i]! });
    }
  }
  return replacements.size === 0 ? undefined : replaced(plan, replacements);
}

function collect(node: LogicalNode, forms: PlanForms, visit: (report: Report) => void): void {
  // The input of `shared` stands in the plan once for each reader; what recurs is computed in rounds.
  if (node.kind === 'shared' || node.kind === 'recursive') return;
  const rows = node.kind === 'aggregate' && isReport(node) && forms.formOf(node) ? scanRowsOf(node.input) : undefined;
  if (rows) visit({ ...rows, node: node as LogicalAggregate });
  else for (const input of inputsOf(node)) collect(input, forms, visit);
}

/** An aggregate that gives one row, whatever its input. */
function isReport(node: LogicalAggregate): boolean {
  return node.groupKeys.length === 0 && freeColumnsOf(node).size === 0;
}

/**
 * Scans test texts by their dictionaries, which a FILTER does not: each condition that is not a scan's any more would cost
 * more than reading the column again.
 */
function comparesTexts(condition: Expression): boolean {
  return someExpression(condition, ({ type }) => physicalTypeOf(type) === 'string');
}

function scanRowsOf(node: LogicalNode): ScanRows | undefined {
  if (node.kind === 'scan') {
    return node.limit === undefined ? { scan: node, conditions: node.filters, values: new Map() } : undefined;
  }
  if (node.kind !== 'filter' && node.kind !== 'project') return undefined;
  const below = scanRowsOf(node.input);
  if (below === undefined) return undefined;
  if (node.kind === 'filter') {
    const conditions = node.conjuncts.map((conjunct) => substituteColumns(conjunct, below.values));
    return { ...below, conditions: [...below.conditions, ...conditions] };
  }
  return { ...below, values: valuesOver(node.items, below.values) };
}

const withoutConditions = (scan: LogicalScan): LogicalScan => ({ ...scan, filters: [] });

interface MergedReports {
  readonly plan: LogicalAggregate;
  readonly kept: ReadonlySet<number>;
  /** The columns of the plan that are those of each report. */
  readonly columnsOf: readonly (readonly number[])[];
}

/** Undefined where one scan for all costs more. */
function mergeReports(
  reports: readonly Report[],
  forms: PlanForms,
  isForced: boolean = false,
): MergedReports | undefined {
  const merger = new PlanMerger(forms);
  const bare = reports.map(({ scan }) => withoutConditions(scan));
  const scan = bare.reduce((all, one) => merger.merge(all, one) as LogicalScan);
  const conditions = reports.map((report) => report.conditions.map((one) => merger.translated(one)));
  const [common, rests] = splitCommon(conditions, estimate(scan).columns);
  if (!isForced && rests.flat().some(comparesTexts)) return undefined;
  const aggregates = new Map<string, LogicalAggregateItem>();
  const columnsOf = reports.map(({ node, values }, i) =>
    node.aggregates.map((item) => {
      const inScan = (one: Expression): Expression => merger.translated(substituteColumns(one, values));
      const call = filtered(mapCall(item.call, inScan), rests[i]!);
      const key = `${item.distinct} ${forms.callKey(call, new Map())}`;
      const known = aggregates.get(key) ?? { ...item, call };
      aggregates.set(key, known);
      return known.column.id;
    }),
  );
  const input = withRests({ ...scan, filters: common }, rests);
  const plan: LogicalAggregate = { kind: 'aggregate', input, groupKeys: [], aggregates: [...aggregates.values()] };
  if (!isForced && mergingGain(distinctParts(reports, forms), plan) <= 0) return undefined;
  return { plan, kept: new Set(columnsOf.flat()), columnsOf };
}

/** What would be computed without this rule: aggregates of the same rows together. */
function distinctParts(reports: readonly Report[], forms: PlanForms): readonly LogicalAggregate[] {
  const parts = new Map<number, LogicalAggregate>();
  for (const { node } of reports) {
    const { rows } = forms.formOf(node)!;
    const known = parts.get(rows);
    parts.set(rows, known ? { ...known, aggregates: [...known.aggregates, ...node.aggregates] } : node);
  }
  return [...parts.values()];
}

function filtered(call: AggregateCall, conditions: readonly Expression[]): AggregateCall {
  if (conditions.length === 0) return call;
  return { ...call, filter: andOf(call.filter ? [...conditions, call.filter] : conditions) };
}

/** Without the rows that no report wants, where these are many. */
function withRests(scan: LogicalScan, rests: readonly (readonly Expression[])[]): LogicalScan {
  const wanted = anyListHolds(rests);
  if (wanted === undefined) return scan;
  const narrowed = { ...scan, filters: [...scan.filters, wanted] };
  return estimate(narrowed).rows < estimate(scan).rows * WORTHWHILE_SHARE ? narrowed : scan;
}
