import type * as Ast from '../../parser/ast/index.js';
import { refer } from '../logical/expression-tree.js';
import type { ColumnIds, LogicalNode, LogicalShared } from '../logical/logical-plan.js';
import { hasVolatile } from '../logical/other-rows.js';
import { freeColumnsOf, mapInputs, outputIdsOf, outputOf, visitPlan } from '../logical/plan-tree.js';
import type { CommonTable, ScopeColumn } from './scope.js';

/**
 * Must the rows of a WITH be computed once, for all its readers? Where MATERIALIZED says so, or a copy of the plan would
 * return other rows. Where it depends on rows around it, it is computed for each of them anyway.
 */
export function isComputedOnce({ materialized }: Ast.CommonTableExpression, plan: LogicalNode): boolean {
  return (materialized === true || hasVolatile(plan)) && freeColumnsOf(plan).size === 0;
}

/** A WITH whose references all read rows that are computed once. */
export function sharedTable(
  name: string,
  input: LogicalNode,
  columns: readonly ScopeColumn[],
  ids: ColumnIds,
): CommonTable {
  const number = ids.createShared();
  const kept = outputIdsOf(input);
  return {
    name,
    bind() {
      const own = columns.map((one) => ({ ...one, column: { ...one.column, id: ids.create() } }));
      const inputColumns = columns.map(({ column }) => column.id);
      const plan: LogicalShared = {
        kind: 'shared',
        number,
        input,
        kept,
        columns: own.map(({ column }) => column),
        inputColumns,
      };
      return { plan, columns: own };
    },
  };
}

/** What is read once needs not be kept, and does not lose its order. */
export function withoutSingleReaders(plan: LogicalNode): LogicalNode {
  const readers = new Map<number, number>();
  visitPlan(plan, (node) => {
    if (node.kind === 'shared') readers.set(node.number, (readers.get(node.number) ?? 0) + 1);
  });
  if (![...readers.values()].includes(1)) return plan;
  const unwrap = (node: LogicalNode): LogicalNode => {
    const below = mapInputs(node, unwrap);
    if (below.kind !== 'shared' || readers.get(below.number) !== 1) return below;
    const byId = new Map(outputOf(below.input).map((column) => [column.id, column]));
    const items = below.columns.map((column, i) => ({
      column,
      expression: refer(byId.get(below.inputColumns[i]!)!),
    }));
    return { kind: 'project', input: below.input, items };
  };
  return unwrap(plan);
}
