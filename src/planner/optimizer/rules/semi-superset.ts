import type { Expression } from '../../expression.js';
import { expressionKey, isNullOf, refer, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode, LogicalScan } from '../../logical/logical-plan.js';
import { outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * Whether a row's key occurs in the table that the row comes from needs no looking up, where the table is asked without
 * conditions, or with conditions that the row has met.
 *
 *     scan t where a > 1 semi join (scan t) on k = k   →   filter k is not null over scan t where a > 1
 */
export const semiSuperset: NodeRule = {
  name: 'semi-superset',
  description: 'Drops semi joins of a table with a superset of its own rows.',
  traversal: 'up',
  rewrite: (node) => (node.kind === 'join' && node.joinKind === 'semi' ? withoutSemi(node) : undefined),
};

/** A column of a plan as the scan has it that it comes from. */
interface Origin {
  readonly scan: LogicalScan;
  readonly name: string;
}

function withoutSemi(join: LogicalJoin): LogicalNode | undefined {
  if (join.conditions.length === 0) return undefined;
  const notNull: Expression[] = [];
  let source: LogicalScan | undefined;
  let target: LogicalScan | undefined;
  for (const condition of join.conditions) {
    if (condition.kind !== 'comparison') return undefined;
    const { left, right, operator } = condition;
    if (operator !== '=' && operator !== 'is not distinct from') return undefined;
    if (left.kind !== 'column' || right.kind !== 'column') return undefined;
    const [own, other] = outputIdsOf(join.left).has(left.column) ? [left, right] : [right, left];
    const from = originOf(join.left, own.column);
    const to = completeOriginOf(join.right, other.column);
    if (!from || !to || from.name !== to.name || from.scan.table.name !== to.scan.table.name) return undefined;
    // All keys must be of one row on each side.
    if ((source ?? from.scan) !== from.scan || (target ?? to.scan) !== to.scan) return undefined;
    source = from.scan;
    target = to.scan;
    if (operator === '=') notNull.push(isNullOf(refer({ id: own.column, type: own.type }), true));
  }
  return source && target && hasAllOf(target, source) ? filterOver(join.left, notNull) : undefined;
}

/** The scan whose rows' values a column has; every row of the plan has one of them. */
function originOf(node: LogicalNode, column: number): Origin | undefined {
  switch (node.kind) {
    case 'scan': {
      const found = node.columns.find(({ id }) => id === column);
      return found && { scan: node, name: found.name };
    }
    case 'filter':
    case 'sort':
    case 'limit':
      return originOf(node.input, column);
    case 'project': {
      const item = node.items.find((candidate) => candidate.column.id === column);
      return item?.expression.kind === 'column' ? originOf(node.input, item.expression.column) : undefined;
    }
    case 'aggregate': {
      // The keys of a group are those of each of its rows.
      const key = node.groupKeys.find((candidate) => candidate.column.id === column);
      return key?.expression.kind === 'column' ? originOf(node.input, key.expression.column) : undefined;
    }
    case 'join':
      if (node.joinKind === 'full') return undefined;
      if (outputIdsOf(node.left).has(column)) return originOf(node.left, column);
      return node.joinKind === 'inner' ? originOf(node.right, column) : undefined;
    default:
      return undefined;
  }
}

/** As `originOf`, where all rows that the scan returns are there. */
function completeOriginOf(node: LogicalNode, column: number): Origin | undefined {
  switch (node.kind) {
    case 'scan':
      return node.limit === undefined ? originOf(node, column) : undefined;
    case 'sort':
      return node.limit === undefined && node.offset === undefined ? completeOriginOf(node.input, column) : undefined;
    case 'project': {
      const item = node.items.find((candidate) => candidate.column.id === column);
      return item?.expression.kind === 'column' ? completeOriginOf(node.input, item.expression.column) : undefined;
    }
    case 'aggregate': {
      const key = node.groupKeys.find((candidate) => candidate.column.id === column);
      return key?.expression.kind === 'column' ? completeOriginOf(node.input, key.expression.column) : undefined;
    }
    default:
      return undefined;
  }
}

/** Does one scan return every row that the other does? */
function hasAllOf(larger: LogicalScan, smaller: LogicalScan): boolean {
  const asked = new Set(smaller.filters.map((filter) => keyByName(smaller, filter)));
  return larger.filters.every((filter) => !isVolatile(filter) && asked.has(keyByName(larger, filter)));
}

function keyByName(scan: LogicalScan, filter: Expression): string {
  const positions = new Map(
    outputOf(scan).map(({ id, name, type }): [number, Expression] => [
      id,
      { kind: 'column', type, column: scan.table.columns.findIndex((column) => column.name === name) },
    ]),
  );
  return expressionKey(substituteColumns(filter, positions));
}
