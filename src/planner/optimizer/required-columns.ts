import type { Expression } from '../expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { expressionsOf, freeColumnsOf } from '../logical/plan-tree.js';

export type Ids = ReadonlySet<number>;

export function withUses(required: Ids, expressions: readonly Expression[]): Ids {
  let more: Set<number> | undefined;
  for (const expression of expressions) {
    for (const id of columnsOf(expression)) {
      if (required.has(id) || more?.has(id)) continue;
      more ??= new Set(required);
      more.add(id);
    }
  }
  return more ?? required;
}

/** The columns that a node asks of its inputs, given those that are asked of itself; ids of all inputs together. */
export function requiredOfInputs(node: LogicalNode, required: Ids): Ids {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'generateSeries':
      return required;
    case 'project':
      return withUses(
        new Set(),
        node.items.filter(({ column }) => required.has(column.id)).map(({ expression }) => expression),
      );
    case 'aggregate':
      return withUses(new Set(), expressionsOf(node));
    case 'window': {
      const functions = node.functions.filter(
        ({ column }) => required.has(column.id) || column.id === node.limit?.column,
      );
      return withUses(required, expressionsOf({ ...node, functions }));
    }
    case 'expand':
    case 'unnest':
    case 'filter':
    case 'sort':
    case 'limit':
    case 'join':
      return withUses(required, expressionsOf(node));
    case 'apply':
      return new Set([...withUses(required, node.conditions), ...freeColumnsOf(node.right)]);
    case 'shared':
      return new Set(node.inputColumns);
    case 'workingTable':
      return required;
    case 'recursive':
      return new Set([...node.anchorColumns, ...node.stepColumns]);
    case 'unionAll': {
      const wanted = node.columns.flatMap((column, i) => (required.has(column.id) ? [i] : []));
      return new Set(node.inputColumns.flatMap((ids) => wanted.map((i) => ids[i]!)));
    }
  }
}
