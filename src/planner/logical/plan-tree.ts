import { unreachable } from '../../common/errors.js';
import type { AggregateCall, Expression } from '../expression.js';
import type { SortKey } from '../physical/physical-plan.js';
import { expressionsOfWindowCall, mapWindowCall } from '../window-call.js';
import { columnsOf } from './expression-tree.js';
import type {
  LogicalAggregateItem,
  LogicalColumn,
  LogicalNode,
  LogicalWindowItem,
  ProjectItem,
} from './logical-plan.js';

export function inputsOf(node: LogicalNode): readonly LogicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'generateSeries':
    case 'workingTable':
      return [];
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'expand':
    case 'window':
    case 'unnest':
    case 'sort':
    case 'limit':
    case 'shared':
      return [node.input];
    case 'join':
    case 'apply':
      return [node.left, node.right];
    case 'recursive':
      return [node.anchor, node.step];
    case 'unionAll':
      return node.inputs;
    default:
      return unreachable(node, 'logical node');
  }
}

/** The node over changed inputs; itself when none changed. */
export function mapInputs(node: LogicalNode, change: (input: LogicalNode) => LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'generateSeries':
    case 'workingTable':
      return node;
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'expand':
    case 'window':
    case 'unnest':
    case 'sort':
    case 'limit':
    case 'shared': {
      const input = change(node.input);
      return input === node.input ? node : { ...node, input };
    }
    case 'join':
    case 'apply': {
      const left = change(node.left);
      const right = change(node.right);
      return left === node.left && right === node.right ? node : { ...node, left, right };
    }
    case 'recursive': {
      const anchor = change(node.anchor);
      const step = change(node.step);
      return anchor === node.anchor && step === node.step ? node : { ...node, anchor, step };
    }
    case 'unionAll': {
      const inputs = node.inputs.map(change);
      return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs };
    }
    default:
      return unreachable(node, 'logical node');
  }
}

/** The expressions of a node itself, not of its inputs. */
export function expressionsOf(node: LogicalNode): readonly Expression[] {
  switch (node.kind) {
    case 'scan':
      return node.filters;
    case 'values':
    case 'limit':
    case 'unionAll':
    case 'recursive':
    case 'workingTable':
    case 'shared':
      return [];
    case 'generateSeries':
      return [node.start, node.stop, node.step];
    case 'filter':
      return node.conjuncts;
    case 'project':
    case 'unnest':
      return node.items.map((item) => item.expression);
    case 'expand':
      return node.keys.map((key) => key.expression);
    case 'join':
    case 'apply':
      return node.conditions;
    case 'aggregate':
      return [
        ...node.groupKeys.map((key) => key.expression),
        ...node.aggregates.flatMap(({ call }) => (call.filter ? [...call.args, call.filter] : call.args)),
      ];
    case 'window':
      return [
        ...node.partitionBy,
        ...node.orderBy.map((key) => key.expression),
        ...node.functions.flatMap(({ call }) => expressionsOfWindowCall(call)),
      ];
    case 'sort':
      return node.keys.map((key) => key.expression);
    default:
      return unreachable(node, 'logical node');
  }
}

function mapAll(expressions: readonly Expression[], change: (e: Expression) => Expression): readonly Expression[] {
  const changed = expressions.map(change);
  return changed.every((expression, i) => expression === expressions[i]) ? expressions : changed;
}

function mapItems(items: readonly ProjectItem[], change: (e: Expression) => Expression): readonly ProjectItem[] {
  let same = true;
  const changed = items.map((item) => {
    const expression = change(item.expression);
    if (expression === item.expression) return item;
    same = false;
    return { ...item, expression };
  });
  return same ? items : changed;
}

export function mapCall(call: AggregateCall, change: (e: Expression) => Expression): AggregateCall {
  const args = mapAll(call.args, change);
  const filter = call.filter && change(call.filter);
  return args === call.args && filter === call.filter ? call : { ...call, args, filter };
}

function mapAggregates(
  items: readonly LogicalAggregateItem[],
  change: (e: Expression) => Expression,
): readonly LogicalAggregateItem[] {
  let same = true;
  const changed = items.map((item) => {
    const call = mapCall(item.call, change);
    if (call === item.call) return item;
    same = false;
    return { ...item, call };
  });
  return same ? items : changed;
}

function mapWindowItems(
  items: readonly LogicalWindowItem[],
  change: (e: Expression) => Expression,
): readonly LogicalWindowItem[] {
  const changed = items.map((item) => {
    const call = mapWindowCall(item.call, change, (aggregate) => mapCall(aggregate, change));
    return call === item.call ? item : { ...item, call };
  });
  return changed.every((item, i) => item === items[i]) ? items : changed;
}

function mapKeys(keys: readonly SortKey[], change: (e: Expression) => Expression): readonly SortKey[] {
  const changed = keys.map((key) => {
    const expression = change(key.expression);
    return expression === key.expression ? key : { ...key, expression };
  });
  return changed.every((key, i) => key === keys[i]) ? keys : changed;
}

/** The node with its own expressions changed; itself when none changed. */
export function mapExpressions(node: LogicalNode, change: (expression: Expression) => Expression): LogicalNode {
  switch (node.kind) {
    case 'scan': {
      const filters = mapAll(node.filters, change);
      return filters === node.filters ? node : { ...node, filters };
    }
    case 'values':
    case 'limit':
    case 'unionAll':
    case 'recursive':
    case 'workingTable':
    case 'shared':
      return node;
    case 'generateSeries': {
      const [start, stop, step] = [change(node.start), change(node.stop), change(node.step)];
      const same = start === node.start && stop === node.stop && step === node.step;
      return same ? node : { ...node, start, stop, step };
    }
    case 'filter': {
      const conjuncts = mapAll(node.conjuncts, change);
      return conjuncts === node.conjuncts ? node : { ...node, conjuncts };
    }
    case 'project':
    case 'unnest': {
      const items = mapItems(node.items, change);
      return items === node.items ? node : { ...node, items };
    }
    case 'join':
    case 'apply': {
      const conditions = mapAll(node.conditions, change);
      return conditions === node.conditions ? node : { ...node, conditions };
    }
    case 'expand': {
      const keys = mapItems(node.keys, change);
      return keys === node.keys ? node : { ...node, keys };
    }
    case 'aggregate': {
      const groupKeys = mapItems(node.groupKeys, change);
      const aggregates = mapAggregates(node.aggregates, change);
      const same = groupKeys === node.groupKeys && aggregates === node.aggregates;
      return same ? node : { ...node, groupKeys, aggregates };
    }
    case 'sort': {
      const keys = mapKeys(node.keys, change);
      return keys === node.keys ? node : { ...node, keys };
    }
    case 'window': {
      const partitionBy = mapAll(node.partitionBy, change);
      const orderBy = mapKeys(node.orderBy, change);
      const functions = mapWindowItems(node.functions, change);
      const same = partitionBy === node.partitionBy && orderBy === node.orderBy && functions === node.functions;
      return same ? node : { ...node, partitionBy, orderBy, functions };
    }
    default:
      return unreachable(node, 'logical node');
  }
}

/** Changes the expressions of a whole plan. */
export function mapPlanExpressions(plan: LogicalNode, change: (expression: Expression) => Expression): LogicalNode {
  return mapExpressions(
    mapInputs(plan, (input) => mapPlanExpressions(input, change)),
    change,
  );
}

const columnsCache = new WeakMap<LogicalNode, readonly LogicalColumn[]>();

/** The columns that a node hands to the node above it, in order. */
export function outputOf(node: LogicalNode): readonly LogicalColumn[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'unionAll':
    case 'recursive':
    case 'workingTable':
    case 'shared':
      return node.columns;
    case 'filter':
    case 'sort':
    case 'limit':
      return outputOf(node.input);
    default: {
      let columns = columnsCache.get(node);
      if (!columns) {
        columns = buildOutput(node);
        columnsCache.set(node, columns);
      }
      return columns;
    }
  }
}

const asNullable = (column: LogicalColumn): LogicalColumn => (column.nullable ? column : { ...column, nullable: true });

function buildOutput(
  node: Exclude<
    LogicalNode,
    { kind: 'scan' | 'values' | 'unionAll' | 'recursive' | 'workingTable' | 'shared' | 'filter' | 'sort' | 'limit' }
  >,
): readonly LogicalColumn[] {
  switch (node.kind) {
    case 'generateSeries':
      return [node.column];
    case 'project':
      return node.items.map((item) => item.column);
    case 'expand':
      return [...outputOf(node.input), ...node.keys.map((key) => key.column), node.setColumn];
    case 'unnest': {
      const made = node.items.map((item) => item.column);
      return [...outputOf(node.input), ...made, ...(node.ordinality ? [node.ordinality] : [])];
    }
    case 'aggregate':
      return [...node.groupKeys.map((key) => key.column), ...node.aggregates.map((item) => item.column)];
    case 'window':
      return [...outputOf(node.input), ...node.functions.map((item) => item.column)];
    case 'join':
    case 'apply':
      switch (node.joinKind) {
        case 'inner':
          return [...outputOf(node.left), ...outputOf(node.right)];
        case 'left':
        case 'single':
          return [...outputOf(node.left), ...outputOf(node.right).map(asNullable)];
        case 'full':
          return [...outputOf(node.left).map(asNullable), ...outputOf(node.right).map(asNullable)];
        case 'semi':
        case 'anti':
        case 'nullAwareAnti':
          return outputOf(node.left);
        case 'mark':
          return [...outputOf(node.left), node.markColumn!];
        default:
          return unreachable(node, 'join kind');
      }
    default:
      return unreachable(node, 'logical node');
  }
}

const idsCache = new WeakMap<readonly LogicalColumn[], ReadonlySet<number>>();

export function outputIdsOf(node: LogicalNode): ReadonlySet<number> {
  const columns = outputOf(node);
  let ids = idsCache.get(columns);
  if (!ids) {
    ids = new Set(columns.map((column) => column.id));
    idsCache.set(columns, ids);
  }
  return ids;
}

const freeCache = new WeakMap<LogicalNode, ReadonlySet<number>>();
const NONE: ReadonlySet<number> = new Set();

/** Ids that the plan refers to and does not make itself: its correlations with plans around it. */
export function freeColumnsOf(plan: LogicalNode): ReadonlySet<number> {
  const cached = freeCache.get(plan);
  if (cached) return cached;
  const free = new Set<number>();
  const inputs = inputsOf(plan);
  for (const expression of expressionsOf(plan)) {
    for (const column of columnsOf(expression)) {
      if (!inputs.some((input) => outputIdsOf(input).has(column))) free.add(column);
    }
  }
  if (plan.kind === 'scan') for (const column of outputIdsOf(plan)) free.delete(column);
  inputs.forEach((input, i) => {
    for (const column of freeColumnsOf(input)) {
      const bound = plan.kind === 'apply' && i === 1 && outputIdsOf(plan.left).has(column);
      if (!bound) free.add(column);
    }
  });
  const result = free.size === 0 ? NONE : free;
  freeCache.set(plan, result);
  return result;
}

/** The ids that the plan's expressions refer to, over all its nodes. */
export function visitPlan(plan: LogicalNode, visit: (node: LogicalNode) => void): void {
  visit(plan);
  for (const input of inputsOf(plan)) visitPlan(input, visit);
}

/** Does the plan read the working table of a recursion around it: of any, or of that number? */
export function readsWorkingTable(plan: LogicalNode, number?: number): boolean {
  const tables = workingTablesOf(plan);
  return number === undefined ? tables.size > 0 : tables.has(number);
}

/** The numbers of the recursions around a plan whose working tables it reads. */
function workingTablesOf(plan: LogicalNode): ReadonlySet<number> {
  if (plan.kind === 'workingTable') return new Set([plan.number]);
  if (plan.kind !== 'recursive') return new Set(inputsOf(plan).flatMap((input) => [...workingTablesOf(input)]));
  const ofStep = [...workingTablesOf(plan.step)].filter((number) => number !== plan.number);
  return new Set([...workingTablesOf(plan.anchor), ...ofStep]);
}
