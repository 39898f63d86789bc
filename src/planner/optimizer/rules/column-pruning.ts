import type { LogicalColumn, LogicalJoin, LogicalNode, LogicalUnionAll } from '../../logical/logical-plan.js';
import { expressionsOf, freeColumnsOf, mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import { type Ids, withUses } from '../required-columns.js';
import type { PlanRule } from '../rule.js';

/**
 * Columns that nothing above uses are not read, computed or carried: scans read fewer columns, projections and
 * aggregations compute less, and a mark that nobody looks at needs no join.
 *
 *     aggregate count(a) over project a, b * 2 as c over scan t [a, b]   →   … over project a over scan t [a]
 */
export const columnPruning: PlanRule = {
  name: 'column-pruning',
  description: 'Drops columns that are not used.',
  traversal: 'plan',
  rewrite: (plan) => pruneColumns(plan, outputIdsOf(plan)),
};

/** The plan without what is needed only for other columns than these. */
export function pruneColumns(node: LogicalNode, required: Ids): LogicalNode {
  switch (node.kind) {
    case 'scan': {
      const used = withUses(required, node.filters);
      const columns = kept(node.columns, (column) => used.has(column.id));
      return columns === node.columns ? node : { ...node, columns };
    }
    case 'values': {
      if (node.columns.every((column) => required.has(column.id))) return node;
      const indexes = node.columns.flatMap((column, i) => (required.has(column.id) ? [i] : []));
      const rows = node.rows.map((row) => indexes.map((i) => row[i]!));
      return { ...node, columns: indexes.map((i) => node.columns[i]!), rows };
    }
    case 'generateSeries':
      return node;
    case 'project': {
      const items = kept(node.items, (item) => required.has(item.column.id));
      const uses = withUses(
        new Set(),
        items.map((item) => item.expression),
      );
      const input = pruneColumns(node.input, uses);
      return items === node.items && input === node.input ? node : { ...node, items, input };
    }
    case 'aggregate': {
      const aggregates = kept(node.aggregates, (item) => required.has(item.column.id));
      // An aggregation without keys and aggregates would be a DISTINCT: one aggregate stays, to make the one row.
      const needed = node.groupKeys.length === 0 && aggregates.length === 0 ? node.aggregates.slice(0, 1) : aggregates;
      const pruned = needed.length === node.aggregates.length ? node : { ...node, aggregates: needed };
      return mapInputs(pruned, (input) => pruneColumns(input, withUses(new Set(), expressionsOf(pruned))));
    }
    case 'window': {
      const functions = kept(
        node.functions,
        ({ column }) => required.has(column.id) || column.id === node.limit?.column,
      );
      if (functions.length === 0) return pruneColumns(node.input, required);
      const longest = functions.reduce((most, { call }) => Math.max(most, call.orderCount), 0);
      const isSame = functions === node.functions && longest === node.orderBy.length;
      const pruned = isSame ? node : { ...node, functions, orderBy: node.orderBy.slice(0, longest) };
      return mapInputs(pruned, (input) => pruneColumns(input, withUses(required, expressionsOf(pruned))));
    }
    case 'expand':
    case 'unnest':
    case 'filter':
    case 'sort':
    case 'limit':
      return mapInputs(node, (input) => pruneColumns(input, withUses(required, expressionsOf(node))));
    case 'join':
      return pruneJoin(node, required);
    case 'apply': {
      const uses = new Set([...withUses(required, node.conditions), ...freeColumnsOf(node.right)]);
      return mapInputs(node, (input) => pruneColumns(input, uses));
    }
    case 'workingTable': {
      const indexes = node.columns.flatMap((column, i) => (required.has(column.id) ? [i] : []));
      if (indexes.length === node.columns.length) return node;
      const [columns, positions] = [indexes.map((i) => node.columns[i]!), indexes.map((i) => node.positions[i]!)];
      return { ...node, columns, positions };
    }
    case 'recursive': {
      // Every round needs all that the one before has made.
      const anchor = pruneColumns(node.anchor, new Set(node.anchorColumns));
      const step = pruneColumns(node.step, new Set(node.stepColumns));
      return anchor === node.anchor && step === node.step ? node : { ...node, anchor, step };
    }
    case 'unionAll':
      return pruneUnion(node, required);
    case 'shared':
      return mapInputs(node, (input) => pruneColumns(input, node.kept));
  }
}

function kept<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  return items.every(test) ? items : items.filter(test);
}

function pruneJoin(node: LogicalJoin, required: Ids): LogicalNode {
  if (node.joinKind === 'mark' && !required.has(node.markColumn!.id)) return pruneColumns(node.left, required);
  return mapInputs(node, (input) => pruneColumns(input, withUses(required, node.conditions)));
}

function pruneUnion(node: LogicalUnionAll, required: Ids): LogicalNode {
  const indexes = node.columns.flatMap((column, i) => (required.has(column.id) ? [i] : []));
  const all = indexes.length === node.columns.length;
  const pick = <T>(items: readonly T[]): readonly T[] => (all ? items : indexes.map((i) => items[i]!));
  const inputColumns = node.inputColumns.map((ids) => pick(ids));
  const inputs = node.inputs.map((input, i) => pruneColumns(input, new Set(inputColumns[i]!)));
  const columns: readonly LogicalColumn[] = pick(node.columns);
  if (all && inputs.every((input, i) => input === node.inputs[i])) return node;
  return { ...node, inputs, columns, inputColumns };
}
