import type { Expression } from '../expression.js';
import { refer, substituteColumns } from './expression-tree.js';
import type { ColumnIds, LogicalColumn, LogicalNode } from './logical-plan.js';
import { mapExpressions, mapInputs } from './plan-tree.js';

export interface ClonedPlan {
  readonly plan: LogicalNode;
  /** From the original's ids to the clone's columns. */
  readonly columns: ReadonlyMap<number, LogicalColumn>;
}

/** A copy whose columns have new ids, so that both can stand in one plan. Free columns keep theirs. */
export function clonePlan(plan: LogicalNode, ids: ColumnIds): ClonedPlan {
  const columns = new Map<number, LogicalColumn>();
  const references = new Map<number, Expression>();
  const renew = (column: LogicalColumn): LogicalColumn => {
    const known = columns.get(column.id);
    if (known) return known.nullable === column.nullable ? known : { ...known, nullable: column.nullable };
    const fresh = { ...column, id: ids.create() };
    columns.set(column.id, fresh);
    references.set(column.id, refer(fresh));
    return fresh;
  };
  const clone = (node: LogicalNode): LogicalNode => {
    // Another reader of the same rows: their plan is one for all.
    if (node.kind === 'shared') return { ...node, columns: node.columns.map(renew) };
    const overInputs = mapInputs(node, clone);
    if (overInputs.kind === 'scan') {
      const scan = { ...overInputs, columns: overInputs.columns.map(renew) };
      return mapExpressions(scan, (expression) => substituteColumns(expression, references));
    }
    const rewritten = mapExpressions(overInputs, (expression) => substituteColumns(expression, references));
    switch (rewritten.kind) {
      case 'values':
        return { ...rewritten, columns: rewritten.columns.map(renew) };
      case 'generateSeries':
        return { ...rewritten, column: renew(rewritten.column) };
      case 'project':
        return { ...rewritten, items: rewritten.items.map((item) => ({ ...item, column: renew(item.column) })) };
      case 'aggregate':
        return {
          ...rewritten,
          groupKeys: rewritten.groupKeys.map((key) => ({ ...key, column: renew(key.column) })),
          aggregates: rewritten.aggregates.map((item) => ({ ...item, column: renew(item.column) })),
        };
      case 'unnest':
        return {
          ...rewritten,
          items: rewritten.items.map((item) => ({ ...item, column: renew(item.column) })),
          ordinality: rewritten.ordinality && renew(rewritten.ordinality),
        };
      case 'expand':
        return {
          ...rewritten,
          keys: rewritten.keys.map((key) => ({ ...key, column: renew(key.column) })),
          setColumn: renew(rewritten.setColumn),
        };
      case 'window': {
        const functions = rewritten.functions.map((item) => ({ ...item, column: renew(item.column) }));
        const limit = rewritten.limit && { ...rewritten.limit, column: columns.get(rewritten.limit.column)!.id };
        return { ...rewritten, functions, limit };
      }
      case 'join':
      case 'apply':
        return rewritten.markColumn ? { ...rewritten, markColumn: renew(rewritten.markColumn) } : rewritten;
      case 'workingTable':
        return { ...rewritten, columns: rewritten.columns.map(renew) };
      case 'recursive':
        return {
          ...rewritten,
          columns: rewritten.columns.map(renew),
          anchorColumns: rewritten.anchorColumns.map((id) => columns.get(id)?.id ?? id),
          stepColumns: rewritten.stepColumns.map((id) => columns.get(id)?.id ?? id),
        };
      case 'unionAll':
        return {
          ...rewritten,
          columns: rewritten.columns.map(renew),
          inputColumns: rewritten.inputColumns.map((list) => list.map((id) => columns.get(id)?.id ?? id)),
        };
      default:
        return rewritten;
    }
  };
  return { plan: clone(plan), columns };
}
