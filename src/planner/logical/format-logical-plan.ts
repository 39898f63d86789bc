import type { Expression } from '../expression.js';
import { formatExpression, formatLogical, functionOf } from '../format-expression.js';
import { formatSortKey, formatWindowCall } from '../format-window.js';
import type { LogicalAggregateItem, LogicalColumn, LogicalNode, LogicalWindow, ProjectItem } from './logical-plan.js';
import { inputsOf, outputOf, visitPlan } from './plan-tree.js';

/** A logical plan as text: one line a node, inputs indented; columns as `name#id`. For tests and traces. */
export function formatLogicalPlan(plan: LogicalNode): string {
  return logicalPlanLines(plan, columnNames(plan)).join('\n');
}

/** `name#id` of every column of some plans. */
export function columnNames(...plans: readonly LogicalNode[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const plan of plans) {
    visitPlan(plan, (node) => {
      for (const column of outputOf(node)) names.set(column.id, `${column.name}#${column.id}`);
    });
  }
  return names;
}

/** As `formatLogicalPlan`, for a part of a plan. */
export function logicalPlanLines(plan: LogicalNode, names: ReadonlyMap<number, string>): string[] {
  const lines: string[] = [];
  const written = new Set<number>();
  const write = (node: LogicalNode, depth: number): void => {
    lines.push(`${'  '.repeat(depth)}${describeNode(node, names)}`);
    // Shared rows are shown where they are first read.
    if (node.kind === 'shared' && written.has(node.number)) return;
    if (node.kind === 'shared') written.add(node.number);
    for (const input of inputsOf(node)) write(input, depth + 1);
  };
  write(plan, 0);
  return lines;
}

/** The line of one node. */
export function describeNode(node: LogicalNode, names: ReadonlyMap<number, string>): string {
  return describe(node, (id) => names.get(id) ?? `outer#${id}`);
}

function describe(node: LogicalNode, nameOf: (column: number) => string): string {
  const format = (expression: Expression): string => formatExpression(expression, nameOf);
  const all = (expressions: readonly Expression[]): string => formatLogical(expressions, 'and', nameOf);
  const list = (columns: readonly LogicalColumn[]): string => columns.map((column) => nameOf(column.id)).join(', ');
  switch (node.kind) {
    case 'scan': {
      const filters = node.filters.length > 0 ? ` where ${all(node.filters)}` : '';
      const limit = node.limit === undefined ? '' : ` limit ${node.limit}`;
      return `scan ${node.table.name} [${list(node.columns)}]${filters}${limit}`;
    }
    case 'values':
      if (node.origin) return `metadata of ${node.origin.table} [${list(node.columns)}] ${node.rows.length} rows`;
      return node.rows.length > 3 || node.rows.length === 0 || node.columns.length === 0
        ? `values [${list(node.columns)}] ${node.rows.length} rows`
        : `values [${list(node.columns)}] ${node.rows.map((row) => `(${row.map(format).join(', ')})`).join(', ')}`;
    case 'generateSeries':
      return `generate_series ${nameOf(node.column.id)} ${[node.start, node.stop, node.step].map(format).join(', ')}`;
    case 'filter':
      return `filter ${all(node.conjuncts)}`;
    case 'project':
      return `project ${formatItems(node.items, format, nameOf)}`;
    case 'join':
    case 'apply': {
      const mark = node.markColumn ? ` ${node.nullAware ? 'null-aware ' : ''}${nameOf(node.markColumn.id)}` : '';
      const on = node.conditions.length > 0 ? ` on ${all(node.conditions)}` : '';
      return `${node.joinKind} ${node.kind}${mark}${on}`;
    }
    case 'aggregate': {
      const keys = node.groupKeys.length > 0 ? ` by ${formatItems(node.groupKeys, format, nameOf)}` : '';
      const calls = node.aggregates.map((item) => formatAggregate(item, format, nameOf)).join(', ');
      return `aggregate${calls ? ` ${calls}` : ''}${keys}`;
    }
    case 'expand': {
      const sets = node.sets.map((set) => `(${set.map((key) => nameOf(node.keys[key]!.column.id)).join(', ')})`);
      return `expand ${formatItems(node.keys, format, nameOf)} as ${nameOf(node.setColumn.id)} of ${sets.join(', ')}`;
    }
    case 'window':
      return formatWindow(node, nameOf);
    case 'unnest': {
      const ordinality = node.ordinality ? ` with ordinality ${nameOf(node.ordinality.id)}` : '';
      return `${node.outer ? 'outer ' : ''}unnest ${formatItems(node.items, format, nameOf)}${ordinality}`;
    }
    case 'sort': {
      const keys = node.keys.map((key) => formatSortKey(key, nameOf));
      return `sort ${keys.join(', ')}${limitText(node.limit, node.offset ?? 0)}`;
    }
    case 'limit':
      return limitText(node.limit, node.offset).trimStart();
    case 'shared':
      return `shared ${node.number} [${list(node.columns)}]`;
    case 'recursive':
      return `recursive ${node.number} ${node.distinct ? 'union' : 'union all'} [${list(node.columns)}]`;
    case 'workingTable':
      return `working table ${node.number} [${list(node.columns)}]`;
    case 'unionAll':
      return `union all [${list(node.columns)}]`;
  }
}

function formatItems(
  items: readonly ProjectItem[],
  format: (expression: Expression) => string,
  nameOf: (column: number) => string,
): string {
  return items
    .map(({ column, expression }) => {
      const text = format(expression);
      const name = nameOf(column.id);
      return text === name ? name : `${text} as ${name}`;
    })
    .join(', ');
}

function formatAggregate(
  { column, call, distinct }: LogicalAggregateItem,
  format: (expression: Expression) => string,
  nameOf: (column: number) => string,
): string {
  const { order } = call;
  const keys = order && order.by !== 'value' ? call.args.slice(-1) : call.args.slice(0, 1);
  const written = order && order.by !== 'value' ? call.args.slice(0, -1) : call.args;
  const args = written.length === 0 ? '*' : written.map(format).join(', ');
  const by = order ? ` order by ${format(keys[0]!)}${order.descending ? ' desc' : ''}` : '';
  const filter = call.filter ? ` filter (${format(call.filter)})` : '';
  return `${functionOf(call.overload)}(${distinct ? 'distinct ' : ''}${args}${by})${filter} as ${nameOf(column.id)}`;
}

function limitText(limit: number | undefined, offset: number): string {
  return `${limit === undefined ? '' : ` limit ${limit}`}${offset > 0 ? ` offset ${offset}` : ''}`;
}

function formatWindow(node: LogicalWindow, nameOf: (column: number) => string): string {
  const calls = node.functions.map(({ column, call }) => {
    const keys = call.orderCount === node.orderBy.length ? '' : ` in the order of ${call.orderCount}`;
    return `${formatWindowCall(call, nameOf)}${keys} as ${nameOf(column.id)}`;
  });
  const partitions = node.partitionBy.map((expression) => formatExpression(expression, nameOf)).join(', ');
  const order = node.orderBy.map((key) => formatSortKey(key, nameOf)).join(', ');
  const by = partitions ? ` by ${partitions}` : '';
  const limit = node.limit ? ` limit ${nameOf(node.limit.column)} ${node.limit.count}` : '';
  return `window ${calls.join(', ')}${by}${order ? ` order by ${order}` : ''}${limit}`;
}
