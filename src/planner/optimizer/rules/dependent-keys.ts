import type { SqlType } from '../../../types/sql-type.js';
import type { Expression } from '../../expression.js';
import { refer, refersOnlyTo, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalNode, ProjectItem } from '../../logical/logical-plan.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * A key of GROUP BY that other keys determine makes no more groups: it is computed once a group, above the aggregation.
 *
 *     aggregate count(*) by a, a - 1 as b, 'x' as c   →   project a, a - 1 as b, 'x' as c, count over aggregate count(*) by a
 *
 * Keys that are equal must be the same for that: floats have 0 and -0, intervals a month and 30 days, jsonb 1 and 1.0.
 * A constant that is the only key stays, for without a key there is a row for no rows.
 */
export const dependentKeys: NodeRule = {
  name: 'dependent-keys',
  description: 'Computes keys of GROUP BY that follow from other keys once a group.',
  traversal: 'down',
  rewrite(node) {
    if (node.kind !== 'aggregate' || node.groupKeys.length < 2) return undefined;
    const determining = new Map<number, ProjectItem>();
    for (const key of node.groupKeys) {
      const { expression } = key;
      if (expression.kind !== 'column' || !IDENTICAL_IF_EQUAL.has(expression.type.kind)) continue;
      if (!determining.has(expression.column)) determining.set(expression.column, key);
    }
    const columns = new Set(determining.keys());
    const isDependent = (key: ProjectItem): boolean => {
      const { expression } = key;
      if (expression.kind === 'column')
        return columns.has(expression.column) && determining.get(expression.column) !== key;
      return !isVolatile(expression) && refersOnlyTo(expression, columns);
    };
    const kept = node.groupKeys.filter((key) => !isDependent(key));
    const groupKeys = kept.length > 0 ? kept : node.groupKeys.slice(0, 1);
    if (groupKeys.length === node.groupKeys.length) return undefined;
    const references = new Map<number, Expression>(
      [...determining].map(([column, key]) => [column, refer(key.column)]),
    );
    const keys = node.groupKeys.map(
      (key): ProjectItem => ({
        column: key.column,
        expression: groupKeys.includes(key) ? refer(key.column) : substituteColumns(key.expression, references),
      }),
    );
    const results = node.aggregates.map(({ column }): ProjectItem => ({ column, expression: refer(column) }));
    const input: LogicalNode = { ...node, groupKeys };
    return { kind: 'project', input, items: [...keys, ...results] };
  },
};

/** Types whose values have the same bytes where they are equal. */
export const IDENTICAL_IF_EQUAL: ReadonlySet<SqlType['kind']> = new Set<SqlType['kind']>([
  ...(['boolean', 'smallint', 'integer', 'bigint', 'decimal', 'text', 'varchar', 'bytea'] as const),
  ...(['date', 'time', 'timestamp', 'timestamptz', 'uuid'] as const),
]);
